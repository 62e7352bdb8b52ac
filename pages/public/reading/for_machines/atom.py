"""Levels and messages as feeds."""

from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pages.content.models import MessageType, ThreatLevelDecision
from pages.content.models.threat_level import history_of_the_level

from ..feed_formats import AtomOfItsOwn, writable
from .said import (
    LICENCE,
    MESSAGES_IN_FEED,
    SaidMessage,
    decided_at,
    first_said_at,
    level_page_in,
    message_page_in,
    messages,
    start_page_in,
)


class _OfOurs(Feed):
    feed_type: type = AtomOfItsOwn
    feed_copyright = LICENCE

    def get_object(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpRequest:
        return request

    def author_name(self) -> str:
        return _("Swedish Security Service")


class LevelAtom(_OfOurs):
    """Every decision on the level; one that was wrong says so, and what is right."""

    def title(self) -> str:
        return _("The terrorist threat level in Sweden")

    def subtitle(self) -> str:
        return _("Every decision on the level, with what was wrong and its correction.")

    def link(self) -> str:
        return level_page_in(_language())

    def items(self, request: HttpRequest) -> list[tuple[HttpRequest, ThreatLevelDecision]]:
        return [(request, each) for each in history_of_the_level()]

    def item_title(self, item: tuple[HttpRequest, ThreatLevelDecision]) -> str:
        _request, decision = item
        title = f"{decision.level} – {decision.level_name}"
        if decision.correction is not None:
            return _("This decision was wrong: %(title)s") % {"title": title}
        return _("Correction: %(title)s") % {"title": title} if decision.corrects_id else title

    def item_description(self, item: tuple[HttpRequest, ThreatLevelDecision]) -> str:
        _request, decision = item
        words = [decision.explanation]
        if (right := decision.correction) is not None:
            # Not within the braces of another string, where older Pythons find no text to translate.
            right_is = _("Right is:")
            words.insert(0, f"{right_is} {right.level}, {right.level_name}.")
        return escape(writable(" ".join(words)))

    def item_link(self, item: tuple[HttpRequest, ThreatLevelDecision]) -> str:
        return level_page_in(_language())

    def item_guid(self, item: tuple[HttpRequest, ThreatLevelDecision]) -> str:
        request, decision = item
        return _name_of(request, f"level-{decision.pk}")

    def item_pubdate(self, item: tuple[HttpRequest, ThreatLevelDecision]) -> datetime:
        return item[1].decided_at

    def item_updateddate(self, item: tuple[HttpRequest, ThreatLevelDecision]) -> datetime:
        _request, decision = item
        return max(map(decided_at, filter(None, (decision, decision.correction))))


class MessagesAtom(_OfOurs):
    """The important messages, the latest first."""

    def title(self) -> str:
        return _("Important messages from the Swedish Security Service")

    def subtitle(self) -> str:
        return _("What stands above every page, with what was corrected and when a danger is over.")

    def link(self) -> str:
        return start_page_in(_language())

    def items(self, request: HttpRequest) -> list[tuple[HttpRequest, SaidMessage]]:
        return [(request, each) for each in messages(_language())[:MESSAGES_IN_FEED]]

    def item_title(self, item: tuple[HttpRequest, SaidMessage]) -> str:
        shown = item[1].shown
        if shown.message_type == MessageType.CORRECTION:
            return _("Correction: %(title)s") % {"title": writable(shown.heading)}
        return writable(shown.heading)

    def item_description(self, item: tuple[HttpRequest, SaidMessage]) -> str:
        shown = item[1].shown
        return escape(writable(" ".join(filter(None, (shown.what_was_wrong, shown.text)))))

    def item_link(self, item: tuple[HttpRequest, SaidMessage]) -> str:
        return message_page_in(item[1].message, _language())

    def item_guid(self, item: tuple[HttpRequest, SaidMessage]) -> str:
        request, said = item
        return _name_of(request, said.message.identifier)

    def item_pubdate(self, item: tuple[HttpRequest, SaidMessage]) -> datetime:
        return first_said_at(item[1].message)

    def item_updateddate(self, item: tuple[HttpRequest, SaidMessage]) -> datetime:
        return item[1].message.said_at


def _name_of(request: HttpRequest, identifier: str) -> str:
    """The name of an entry, which stays the same wherever the pages move (RFC 4151)."""
    return f"tag:{request.get_host()},2026:{_language()}/{identifier}"


def _language() -> str:
    return get_language() or "sv"
