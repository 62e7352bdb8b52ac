"""Tells the saving of a draft from a change that visitors may see."""

from typing import Any

# The fields that Wagtail writes while an editor works on a draft. Visitors see none of them.
DRAFT_FIELDS = frozenset(
    {
        "draft_title", "has_unpublished_changes", "latest_revision",
        "latest_revision_created_at", "locked", "locked_at", "locked_by",
    }
)  # fmt: skip


def may_be_seen(update_fields: Any) -> bool:
    """Whether visitors may see a difference when these fields of a page are saved."""
    return update_fields is None or not DRAFT_FIELDS.issuperset(update_fields)
