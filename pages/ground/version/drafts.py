"""Tells the saving of a draft from a change that visitors may see."""

from collections.abc import Iterable

# The fields that Wagtail writes while an editor works on a draft. Visitors see none of them.
_OF_LOCKS = {"locked", "locked_at", "locked_by"}
_OF_VERSIONS = {"has_unpublished_changes", "latest_revision", "latest_revision_created_at"}
DRAFT_FIELDS = frozenset({"draft_title"} | _OF_LOCKS | _OF_VERSIONS)


def may_be_seen(update_fields: Iterable[str] | None) -> bool:
    """Whether visitors may see a difference when these fields of a page are saved."""
    return update_fields is None or not DRAFT_FIELDS.issuperset(update_fields)
