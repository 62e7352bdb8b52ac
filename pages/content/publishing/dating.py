""" "Senast ändrad": a date that the reader can trust.

Publishing sets it to today, unless the editor marks the change as minor, gives another date, or
has changed nothing. Saving, moving and copying never change it.
"""

import json
import re
from datetime import date, datetime
from typing import Any

from django.utils import timezone

# The fields of a revision that are not content: who, when, and how it is published.
BOOKKEEPING = frozenset(
    {
        "alias_of", "approved_schedule", "changed_on", "comments", "content_type", "depth",
        "draft_title", "expire_at", "expired", "first_published_at", "given_changed_on",
        "go_live_at", "has_unpublished_changes", "is_minor_change", "last_published_at",
        "latest_revision", "latest_revision_created_at", "live", "live_revision", "locale",
        "locked", "locked_at", "locked_by", "numchild", "owner", "path", "pk", "show_in_menus",
        "sort_order", "translation_key", "url_path", "wagtail_admin_comments",
    }
)  # fmt: skip


_OPENING_TAG = re.compile(r'<(?P<name>[a-z0-9]+)(?P<attributes>(?: [\w-]+="[^"]*")+)')
_ATTRIBUTE = re.compile(r' [\w-]+="[^"]*"')


def date_of_change(
    *, published: dict[str, Any] | None, now: dict[str, Any], changed_on: date | None
) -> date:
    """The date to show after `now` is published in place of `published`.

    Both are contents of revisions; `published` is None the first time. `changed_on` is the date
    shown so far.
    """
    if given := now.get("given_changed_on"):
        return min(date.fromisoformat(given), timezone.localdate())
    if changed_on is not None:
        if now.get("is_minor_change"):
            return changed_on
        if published is not None and content_of(published) == content_of(now):
            return changed_on
    return timezone.localdate()


def on_day(day: date | None, moment: datetime | None) -> datetime | None:
    """The moment in the site's time, if it is on this day."""
    if day is None or moment is None or timezone.localdate(moment) != day:
        return None
    return timezone.localtime(moment)


def content_of(revision: dict[str, Any]) -> dict[str, Any]:
    """The content of a revision that readers see, in a form that can be compared."""
    return {key: _plain(value) for key, value in revision.items() if key not in BOOKKEEPING}


def _plain(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in "[{":  # a stream field
        try:
            return _plain(json.loads(value))
        except ValueError:
            return value
    if isinstance(value, str):
        return _plain_html(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        # A child row gets a new key when it is stored again.
        return {key: _plain(item) for key, item in value.items() if key not in ("pk", "page")}
    return value


def _plain_html(html: str) -> str:
    """The same HTML without the changes that the rich text editor makes when a text is only opened.

    The editor gives each paragraph a key, sorts attributes in its own order, and drops the line
    breaks between paragraphs.
    """

    def plain_tag(tag: re.Match[str]) -> str:
        attributes = sorted(_ATTRIBUTE.findall(tag["attributes"]))
        kept = (each for each in attributes if not each.startswith(" data-block-key="))
        return f"<{tag['name']}{''.join(kept)}"

    return _OPENING_TAG.sub(plain_tag, html.replace(">\n<", "><"))
