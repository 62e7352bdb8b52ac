"""The important messages of the website that tipsters meet above the pages of the form.

Two persons of the newsroom have confirmed them, and no handler: a crisis cannot wait for one. So what
lies in the file is taken for something that may be wrong. It is shown as words of the website, as
text without links, above what the release says, in few and short messages, or not at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tips import exchange

from .texts import faults_of_text

MOST_SHOWN = 3
_MOST_READ = 20
_LONGEST = {"heading": 120, "text": 600, "what_was_wrong": 600}
# More of them push what the release says out of view.
_MOST_LINES = 20
_LEVELS = ("information", "warning", "danger")


@dataclass(frozen=True)
class WebsiteMessage:
    """One message in one language, which has passed every check."""

    level: str
    message_type: str
    said_at: datetime
    starts_at: datetime
    ends_at: datetime | None
    heading: str
    text: str
    what_was_wrong: str

    @property
    def label(self) -> str:
        if self.message_type == "update":
            return _("Message from the website, updated")
        if self.message_type == "correction":
            return _("Message from the website, corrected")
        return _("Message from the website")

    @property
    def said_in_words(self) -> str:
        at = timezone.localtime(self.said_at)
        hour = date_format(at, pgettext("time of day", "H:i"))
        return _("%(day)s at %(hour)s") % {"day": date_format(at, "j F Y"), "hour": hour}


def messages_now(language: str) -> list[WebsiteMessage]:
    """The messages to show in a language at this moment, by our own clock; the latest first."""
    now = timezone.now()
    shown = [
        each
        for each in _readable(language)
        if each.starts_at <= now and (each.ends_at is None or now < each.ends_at)
    ]
    return sorted(shown, key=lambda each: each.starts_at, reverse=True)[:MOST_SHOWN]


def is_fit_message(words: Mapping[str, str]) -> bool:
    """Whether tipsters may be shown a message with these words."""
    return bool(words.get("heading", "").strip()) and all(
        _may_be_shown(words.get(name, ""), longest) for name, longest in _LONGEST.items()
    )


@lru_cache(maxsize=64)
def _may_be_shown(text: str, longest: int) -> bool:
    return text.count("\n") < _MOST_LINES and not any(faults_of_text(text, longest))


def _readable(language: str) -> Iterator[WebsiteMessage]:
    for given in exchange.read_messages()[:_MOST_READ]:
        found = message_in(given, language) if isinstance(given, dict) else None
        if found is not None:
            yield found


def message_in(given: dict[str, Any], language: str) -> WebsiteMessage | None:
    """The message, if nothing of it is wrong."""
    words = given.get(language)
    if not isinstance(words, dict) or given.get("level") not in _LEVELS:
        return None
    said = {name: words.get(name, "") for name in _LONGEST}
    said_at, starts_at = _moment(given.get("said_at")), _moment(given.get("starts_at"))
    ends_at = _moment(given.get("ends_at"))
    if said_at is None or starts_at is None or (ends_at is None and given.get("ends_at")):
        return None
    if not all(map(exchange.is_text, said.values())) or not is_fit_message(said):
        return None
    message_type = given.get("message_type")
    return WebsiteMessage(
        given["level"], message_type if isinstance(message_type, str) else "",
        said_at, starts_at, ends_at, **said,
    )  # fmt: skip


def _moment(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    # Of no year in which adding an hour would fail.
    is_sane = at is not None and at.tzinfo is not None and 2000 < at.year < 2200
    return at if is_sane else None
