"""What Wagtail's autosave may write over: drafts that it has seen, never what somebody has stood behind."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext
from wagtail.models import Revision

# Each says of a version whether somebody stands behind it, so that it stays as it is; the newsroom adds its own.
ON_RECORD: list[Callable[[Revision], bool]] = []


class AutosavedMixin:
    """A page or row whose versions an autosave may overwrite."""

    # The newest version when an autosave began; None when it is no autosave that saves.
    autosaved_upon: int | None = None

    def begin_autosave(self) -> None:
        """From now on a version is refused if somebody saves another one first."""
        self.autosaved_upon = self.latest_revision_id  # type: ignore[attr-defined]

    def save_revision(
        self, *args: Any, overwrite_revision: Revision | None = None, **kwargs: Any
    ) -> Revision:
        published_at: datetime | None = self.last_published_at  # type: ignore[attr-defined]
        with transaction.atomic():
            if self.autosaved_upon is not None:
                self._refuse_older_words()
            overwritten = _draft_to_overwrite(overwrite_revision, published_at)
            return super().save_revision(  # type: ignore[misc]
                *args, overwrite_revision=overwritten, **kwargs
            )

    def _refuse_older_words(self) -> None:
        """Raises PermissionDenied, which the form answers, if the version to follow is no longer the newest.

        Wagtail compares too, but with what it read before: what was saved meanwhile would be lost.
        """
        # The row is held until the version is saved. What it says of its newest version is not asked:
        # a form writes the whole row of a draft, with what it read before.
        row: Any = type(self)._base_manager.select_for_update().get(pk=self.pk)  # type: ignore[attr-defined]
        newest = row.revisions.order_by("-pk").values_list("pk", flat=True).first()
        if newest != self.autosaved_upon:
            raise PermissionDenied(gettext("A newer version has been saved meanwhile."))


def _draft_to_overwrite(
    revision: Revision | None, published_at: datetime | None
) -> Revision | None:
    """The version that autosave wants to overwrite, or None if it must become one of its own.

    Published versions are the record of what readers have seen, and date the next one. Sent ones
    are what others read before they approve.
    """
    if revision is None or (published_at and revision.created_at <= published_at):
        return None
    return None if any(is_on_record(revision) for is_on_record in ON_RECORD) else revision
