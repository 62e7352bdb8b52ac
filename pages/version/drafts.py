"""What of a saved page is only a draft."""

from typing import Any

# What Wagtail writes while an editor works on a draft: nothing that a visitor can see.
DRAFT_FIELDS = frozenset(
    {
        "draft_title", "has_unpublished_changes", "latest_revision",
        "latest_revision_created_at", "locked", "locked_at", "locked_by",
    }
)  # fmt: skip


def may_be_seen(update_fields: Any) -> bool:
    """Whether visitors may see something of what is saved of a page."""
    return update_fields is None or not DRAFT_FIELDS.issuperset(update_fields)
