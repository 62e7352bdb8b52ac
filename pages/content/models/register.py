"""What is common to the rows of all registers, which editors keep beside the pages."""

import copy
from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import translation
from wagtail.models import (
    DraftStateMixin,
    Locale,
    LockableMixin,
    PreviewableMixin,
    Revision,
    RevisionMixin,
    WorkflowMixin,
)

from pages.content.publishing.finished import refuse_unfinished
from pages.ground.models import ContentVersion
from pages.ground.version.drafts import may_be_seen

from .overwriting import AutosavedMixin
from .page_form import FinishedForm


class RegisterRows(models.QuerySet):
    def public(self) -> Self:
        """The rows that readers meet: no draft, and nothing that is withdrawn."""
        return self.filter(live=True)


class RegisterEntry(
    AutosavedMixin, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin,
    models.Model,
):  # fmt: skip
    """A row of a register, with versions, locks and a preview; readers meet it only while it is live."""

    # As Wagtail's own, but with a name, so that versions can be asked for by their row.
    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="%(class)s",
        for_concrete_model=False,
    )
    _workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="%(class)s",
        for_concrete_model=False,
    )

    # Whether the last `save` changed what readers meet. Loading a fixture, which asks nothing, does.
    concerns_readers = True

    preview_template = "content/frame_preview.html"
    base_form_class = FinishedForm
    exclude_fields_in_copy = [
        "expire_at", "expired", "first_published_at", "go_live_at", "has_unpublished_changes",
        "last_published_at", "live_revision", "locked", "locked_at", "locked_by",
    ]  # fmt: skip

    objects = RegisterRows.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.concerns_readers = may_be_seen(kwargs.get("update_fields")) and (
            self.live or self._was_live()
        )
        super().save(*args, **kwargs)

    def _was_live(self) -> bool:
        return type(self)._base_manager.filter(pk=self.pk, live=True).exists()

    @property
    def was_public(self) -> bool:
        """Whether readers have met the row, now or before."""
        return self.live or self.first_published_at is not None

    def clean(self) -> None:
        """Refuses also a draft that could not be published beside the rows that are live."""
        super().clean()
        published = copy.copy(self)
        published.live = True
        published.validate_constraints()

    def refuse_faults(self) -> None:
        """Raises a ValidationError with what keeps the row from being published, and not from a draft."""

    def publish(self, revision: Revision, user: Any = None, **options: Any) -> None:
        if user is not None:  # somebody who can be told
            refuse_unfinished(revision.as_object())
        with transaction.atomic():
            ContentVersion.hold()
            super().publish(revision, user=user, **options)

    def with_content_json(self, content: dict[str, Any]) -> "RegisterEntry":
        row = super().with_content_json(content)
        # Of the row, not of a version: Wagtail would take down what is scheduled again by them.
        row.live_revision_id = self.live_revision_id
        row.last_published_at = self.last_published_at
        return row

    def copy_for_translation(self, locale: Locale, exclude_fields: Any = None) -> "RegisterEntry":
        """A draft, whose original may be live."""
        translated = super().copy_for_translation(locale, exclude_fields)
        translated.live = False
        return translated

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return self.preview_template

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        with translation.override(self.preview_language(mode_name)):
            response = super().serve_preview(request, mode_name)
            return response.render() if hasattr(response, "render") else response

    def preview_language(self, mode_name: str) -> str:
        locale = getattr(self, "locale", None)
        return str(locale.language_code) if locale else settings.LANGUAGE_CODE
