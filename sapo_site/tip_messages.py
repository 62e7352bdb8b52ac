"""Hands the website's important messages to the tip form, as a file that it reads at each page."""

import logging
import time
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete, pre_save
from django.utils import timezone
from wagtail.signals import published, unpublished

from pages.models import Alert, ShownAlert
from tips import exchange
from tips.wording.website_messages import is_fit_message

logger = logging.getLogger(__name__)
# Seconds from the commit until the form has it: the sender's screen asks within them.
ON_ITS_WAY = 2.0


def connect_messages() -> None:
    # Before it is saved: what waits for a commit is done in that order, and after a message the
    # first pages of the edition are written. The tip page does not wait for them.
    for signal in (pre_save, published, unpublished, post_delete):
        signal.connect(_carry_over_when_committed, sender=Alert)


def _carry_over_when_committed(**_signal: Any) -> None:
    transaction.on_commit(_carry_over_or_log)


def _carry_over_or_log() -> None:
    """The message stays public even if this fails: Krisläge says so until it has arrived."""
    try:
        carry_over_messages()
    except OSError as error:
        logger.error("The messages of the tip page were not written: %s", error)


def carry_over_messages() -> None:
    """Writes what is out, and what is approved for a time that has not come."""
    exchange.write_messages(list(_messages()))


def have_arrived() -> bool:
    """Whether the form has exactly what is out; it may be on its way this very moment."""
    waits_until = time.monotonic() + ON_ITS_WAY
    while exchange.read_messages() != list(_messages()):
        if time.monotonic() >= waits_until:
            return False
        time.sleep(0.1)
    return True


def is_shown_on_tip_page(alert: Alert) -> bool:
    """Whether the form would show the message in each language that it has."""
    shown = (alert.shown_in(code) for code, _name in settings.LANGUAGES)
    return all(is_fit_message(_words(each)) for each in shown if each is not None)


def _messages() -> Iterator[dict[str, Any]]:
    by_language = {
        code: {each.key: each for each in Alert.objects.shown_in(code)}
        for code, _name in settings.LANGUAGES
    }
    now = timezone.now()
    for key in {key: None for found in by_language.values() for key in found}:
        words = {code: found[key] for code, found in by_language.items() if key in found}
        first = next(iter(words.values()))
        if first.ends_at is None or first.ends_at > now:
            yield as_given(words)


def as_given(by_language: Mapping[str, ShownAlert | None]) -> dict[str, Any]:
    """A message as it is written for the form, by the languages that it has words in."""
    words = {code: each for code, each in by_language.items() if each is not None}
    if not words:
        return {}
    first = next(iter(words.values()))
    return {
        "level": first.level,
        "message_type": first.message_type,
        "said_at": first.said_at.isoformat(),
        "starts_at": first.starts_at.isoformat(),
        "ends_at": first.ends_at and first.ends_at.isoformat(),
        **{code: _words(each) for code, each in words.items()},
    }


def _words(shown: ShownAlert) -> dict[str, str]:
    words = {
        "heading": shown.heading,
        "text": shown.text,
        "what_was_wrong": shown.what_was_wrong,
    }
    # A browser ends lines with two signs, of which the form shows none that is unseen.
    return {name: text.replace("\r\n", "\n") for name, text in words.items()}
