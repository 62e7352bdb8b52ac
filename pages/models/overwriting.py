"""Which versions Wagtail's autosave may overwrite: drafts, never what somebody has stood behind."""

from datetime import datetime

from wagtail.models import Revision

from .confirming import Approval, Publication, SubmittedItem


def draft_to_overwrite(revision: Revision | None, published_at: datetime | None) -> Revision | None:
    """The version that autosave wants to overwrite, or None if it must become one of its own.

    Published versions are the record of what readers have seen, and date the next one. Sent ones
    are what others read before they approve.
    """
    if revision is None or (published_at and revision.created_at <= published_at):
        return None
    return None if is_on_record(revision) else revision


def is_on_record(revision: Revision) -> bool:
    """Whether the version was sent, approved or published."""
    return (
        SubmittedItem.objects.filter(revision=revision).exists()
        or Approval.objects.filter(revision=revision).exists()
        or Publication.objects.filter(revision=revision).exists()
    )
