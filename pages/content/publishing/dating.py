""" "Senast ändrad": a date that the reader can trust.

Publishing sets it to today, unless the editor marks the change as minor, gives another date, or
has changed nothing; what has a time gets the day on which it goes out. Saving, moving and copying
never change it.
"""

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from pages.ground.json_types import JsonObject

from .stored import WISHES, content_of

# What changes nothing that a reader of the page sees.
_UNDATED = WISHES | {"expire_at", "locale", "show_in_menus", "translation_key"}


def date_of_change(
    *, published: JsonObject | None, now: JsonObject, changed_on: date | None
) -> date:
    """The date to show after `now` is published in place of `published`.

    Both are contents of revisions; `published` is None the first time. `changed_on` is the date
    shown so far.
    """
    today = timezone.localdate()
    if given := now.get("given_changed_on"):
        return min(date.fromisoformat(given), today)
    if changed_on is not None:
        if now.get("is_minor_change"):
            return changed_on
        if published is not None and _seen(published) == _seen(now):
            return changed_on
    start = goes_out_at(now)
    return max(today, timezone.localdate(start)) if start else today


def goes_out_at(revision: JsonObject) -> datetime | None:
    """The moment from which readers are to meet this content, if it says one."""
    return parse_datetime(revision.get("go_live_at") or "")


def on_day(day: date | None, moment: datetime | None) -> datetime | None:
    """The moment in the site's time, if it is on this day."""
    if day is None or moment is None or timezone.localdate(moment) != day:
        return None
    return timezone.localtime(moment)


def _seen(revision: JsonObject) -> JsonObject:
    said = content_of(revision)
    return {name: said[name] for name in said.keys() - _UNDATED}
