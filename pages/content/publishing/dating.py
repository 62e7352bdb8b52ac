""" "Senast ändrad": a date that the reader can trust.

Publishing sets it to today, unless the editor marks the change as minor, gives another date, or
has changed nothing. Saving, moving and copying never change it.
"""

from datetime import date, datetime

from django.utils import timezone

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
    if given := now.get("given_changed_on"):
        return min(date.fromisoformat(given), timezone.localdate())
    if changed_on is not None:
        if now.get("is_minor_change"):
            return changed_on
        if published is not None and _seen(published) == _seen(now):
            return changed_on
    return timezone.localdate()


def on_day(day: date | None, moment: datetime | None) -> datetime | None:
    """The moment in the site's time, if it is on this day."""
    if day is None or moment is None or timezone.localdate(moment) != day:
        return None
    return timezone.localtime(moment)


def _seen(revision: JsonObject) -> JsonObject:
    said = content_of(revision)
    return {name: said[name] for name in said.keys() - _UNDATED}
