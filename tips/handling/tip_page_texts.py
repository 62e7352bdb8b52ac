"""Which texts editors want on the tip page, and what a handler has said of them.

The website can only ask: what the form shows stands in a file that the desk alone writes, and each
approval in the event log.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from tips import exchange
from tips.models import Event
from tips.router import DATABASE
from tips.wording.text_faults import TextFault
from tips.wording.texts import ShownTexts, faults_in, is_fit, shown_texts

from . import events


class OtherTexts(Exception):
    """The texts are no longer those that were shown to the handler."""


class UnfitTexts(Exception):
    """The texts say what the form would refuse to show."""


@dataclass(frozen=True)
class WantedTexts:
    """What the editors want in one language, beside what is shown; empty: the release's own."""

    language: str
    texts: dict[str, str]
    digest: str
    shown: ShownTexts
    # What a handler has said of these very texts, if nothing was said of others since.
    answer: Event | None

    @property
    def is_refused(self) -> bool:
        return self.answer is not None and self.answer.verb == "texts_refused"

    @property
    def faults(self) -> list[TextFault]:
        return faults_in(self.texts, self.language) if self.texts else []

    @property
    def can_be_shown(self) -> bool:
        return not self.texts or is_fit(self.texts, self.language)


def wanted_texts(language: str) -> WantedTexts | None:
    """What the editors want in this language; None where it is what is shown."""
    texts, shown = exchange.read_texts(language), shown_texts(language)
    if texts is None:
        return None
    digest = exchange.digest_of_texts(language, texts)
    if digest == shown.digest:
        return None
    return WantedTexts(language, texts, digest, shown, events.last_about_texts(language, digest))


def are_waiting() -> bool:
    """Whether the editors want texts that no handler has answered."""
    wanted = [wanted_texts(code) for code, _name in settings.LANGUAGES]
    return any(each is not None and not each.is_refused for each in wanted)


def approve_texts(language: str, digest: str, actor: str) -> None:
    """Shows the texts on the tip page; the log says first who has approved them."""
    wanted = _as_shown_to_the_handler(language, digest)
    if not wanted.can_be_shown:
        raise UnfitTexts
    _note("texts_approved", wanted, actor)
    exchange.write_approved(language, wanted.texts, localdate())


def refuse_texts(language: str, digest: str, actor: str) -> None:
    """Leaves the tip page as it is, and lets the editors know."""
    wanted = _as_shown_to_the_handler(language, digest)
    _note("texts_refused", wanted, actor)
    exchange.write_refused(language, digest, localdate())


def hand_on_answers() -> None:
    """Writes what the log says was answered, where the file was lost or never written."""
    for language, _name in settings.LANGUAGES:
        wanted = wanted_texts(language)
        if wanted is None or wanted.answer is None:
            continue
        if wanted.is_refused:
            exchange.write_refused(language, wanted.digest, wanted.answer.on)
        elif wanted.can_be_shown:
            exchange.write_approved(language, wanted.texts, wanted.answer.on)


def _as_shown_to_the_handler(language: str, digest: str) -> WantedTexts:
    is_ours = language in dict(settings.LANGUAGES)
    wanted = wanted_texts(language) if is_ours else None
    if wanted is None or wanted.digest != digest:
        raise OtherTexts
    return wanted


def _note(verb: str, wanted: WantedTexts, actor: str) -> None:
    with transaction.atomic(using=DATABASE):
        events.append_about_texts(verb, wanted.language, wanted.digest, on=localdate(), actor=actor)
