"""The texts of the tip form, which editors write here and the tip channel reads from files."""

import logging
import uuid
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import set_urlconf
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import MultiFieldPanel, PublishingPanel
from wagtail.models import DraftStateMixin, Locale, Revision, RevisionMixin, WorkflowMixin

from pages.models.settings import OneForEachLanguage
from tips.form import limits
from tips.wording.texts import BUILT_IN, FALLBACK, KEYS, TEXT_FIELDS, faults_in

logger = logging.getLogger(__name__)


def built_in(language: str) -> dict[str, str]:
    return BUILT_IN.get(language, BUILT_IN[FALLBACK])


def _column(label: Any, max_length: int, is_long: bool) -> models.Field:
    # `faults_in` checks the length of the long texts.
    return models.TextField(label) if is_long else models.CharField(label, max_length=max_length)


def _keys(first: str, last: str) -> list[str]:
    return list(KEYS[KEYS.index(first) : KEYS.index(last) + 1])


class TipTexts(WorkflowMixin, DraftStateMixin, RevisionMixin, OneForEachLanguage):
    """The texts on the pages of the tip channel in one language, shown only when approved."""

    raises_version = False  # visitors see them in the tip channel, which reads files

    vars().update(
        {each.key: _column(each.label, each.max_length, each.is_long) for each in TEXT_FIELDS}
    )

    preview_modes = [
        ("start", _("Before you leave a tip")),
        ("form", _("The form")),
        ("received", _("The thank-you page")),
        ("closed", _("When the form is closed")),
        ("limited", _("When too many tips come at once")),
    ]
    panels = [
        MultiFieldPanel(_keys("start_heading", "start_button"), _("Before you leave a tip")),
        MultiFieldPanel(_keys("form_heading", "files_hint"), _("The form")),
        MultiFieldPanel(_keys("received_heading", "received_text"), _("The thank-you page")),
        MultiFieldPanel(_keys("closed_text", "limited_text"), _("When no tip can be left")),
        PublishingPanel(),
    ]

    class Meta(OneForEachLanguage.Meta):
        verbose_name = _("texts of the tip form")
        verbose_name_plural = _("texts of the tip form")

    @classmethod
    def begin(cls, locale: Locale) -> "TipTexts":
        """A draft with the built-in texts, for an editor to start from."""
        other = cls.objects.first()
        key = other.translation_key if other else uuid.uuid4()
        return cls(locale=locale, translation_key=key, live=False, **built_in(locale.language_code))

    def copy_for_translation(self, locale: Locale, exclude_fields: Any = None) -> "TipTexts":
        """Starts from the built-in texts too, since texts in another language are no help."""
        return self.begin(locale)

    @property
    def texts(self) -> dict[str, str]:
        return {key: getattr(self, key) for key in KEYS}

    def clean(self) -> None:
        super().clean()
        for key, text in self.texts.items():
            setattr(self, key, "\n".join(text.splitlines()).strip())
        self.refuse_faults()

    def refuse_faults(self) -> None:
        """Raises a ValidationError with all faults, each on its text."""
        found: dict[str, list[str]] = {}
        for fault in faults_in(self.texts, self.locale.language_code):
            key = fault.key if fault.key in KEYS else NON_FIELD_ERRORS
            found.setdefault(key, []).append(fault.message)
        if found:
            raise ValidationError(found)

    def publish(self, revision: Revision, user: Any = None, **options: Any) -> None:
        """Publishes only texts that pass the check, however publishing was started."""
        try:
            revision.as_object().refuse_faults()
        except ValidationError as error:
            if user is not None or revision.approved_go_live_at is None:
                raise
            # Scheduled: nobody would see the error, and it would keep others from being published.
            revision.approved_go_live_at = None
            revision.save(update_fields=["approved_go_live_at"])
            logger.error("%s: refused at the time set for it: %s", self, error.message_dict)
            return
        super().publish(revision, user=user, **options)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return f"tips/{mode_name}.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        from tips.form.forms import TipForm

        # Without a token, so that nothing can be sent from a preview.
        return {
            "request": request,
            "texts": self.texts,
            "form": TipForm(),
            "token": "",
            "errors": [],
            "files_lost": False,
            "limits": limits,
            "reference": "0000-0000",
        }

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        # The process that serves the CMS may lack the addresses of the tip channel.
        set_urlconf("sapo_site.tip_addresses")
        try:
            return super().serve_preview(request, mode_name)
        finally:
            set_urlconf(None)
