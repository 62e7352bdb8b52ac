"""What a version says, as it lies there: less a few names that say nothing to readers.

Every list here is frozen: a name may come to it together with its field, and none leaves it or comes to it later,
for the digests of all that two persons have confirmed go by them. No text is made otherwise: what
differs in one byte is another content.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

# Who, when, where in the tree: of pages, registers and the rows that belong to them.
BOOKKEEPING = frozenset(
    (
        "pk", "path", "depth", "numchild", "url_path", "latest_revision",
        "latest_revision_created_at", "live", "live_revision", "has_unpublished_changes",
        "first_published_at", "last_published_at", "approved_schedule", "draft_title",
        "content_type", "locked", "locked_at", "locked_by", "owner", "expired",
        "wagtail_admin_comments", "alias_of",
    )
)  # fmt: skip
# Wishes of the one who publishes. They are confirmed and used up: what is live is not compared with them.
WISHES = frozenset(("given_changed_on", "go_live_at", "is_minor_change"))
# What publishing itself writes.
COMPUTED = frozenset(("changed_on", "listed_on"))
# The fields that hold blocks. A version keeps them as a text, PostgreSQL with their keys sorted.
STREAMS = frozenset(
    (
        "about_links", "advice", "aside", "body", "contact_links", "image", "legal_links",
        "related", "social_links", "tasks",
    )
)  # fmt: skip
# Of a row that belongs to a page: its own key, and the way back.
_OF_ROWS = COMPUTED | {"pk", "page"}


def content_of(stored: Mapping[str, Any]) -> dict[str, Any]:
    """All that two persons confirm of a version: its `Revision.content`, or `serializable_data()`."""
    written = json.loads(json.dumps(stored, cls=DjangoJSONEncoder))
    left_out = BOOKKEEPING | COMPUTED
    return {name: _told(name, value) for name, value in written.items() if name not in left_out}


def _told(name: str, value: Any) -> Any:
    if name in STREAMS and isinstance(value, str):
        try:
            blocks = json.loads(value)
        except ValueError:
            return value
        return blocks if isinstance(blocks, list) else value
    if name not in STREAMS and isinstance(value, list):
        return [_without_keys(row) if isinstance(row, dict) else row for row in value]
    return value


def _without_keys(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _OF_ROWS}
