"""Pages that no topic leads to, and invitations of the press that do not say whom to ask."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from pages.content.models import BasePage, Contact
from pages.content.models.news import NewsKind

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding
from .met import Spot
from .mobile_numbers import telephone_numbers_in


class MissingTopics(ContentCheck):
    name = "no_topic"
    colour = Colour.AMBER
    title = _("No topic is chosen")
    why = _("The page will be hard to find.")
    fix = _("Tick two or three topics.")

    def find(self, content: Content) -> Iterator[Finding]:
        page: Any = content.object
        # Only those whose form offers topics.
        if BasePage.topics_panel not in getattr(page, "content_panels", ()):
            return
        # A twin is found from the page that it is the twin of.
        if not page.page_topics.all() and not getattr(page, "twin_kind", ""):
            yield self.finding(Spot("topics", "topics"))


_TITLE = re.compile(
    r"\W*(?:press[- ]?inbjudan|inbjudan till press|press invitation)", re.IGNORECASE
)
_MAIL = re.compile(r"[\w.+-]@[\w-]+\.\w")


class PressContacts(ContentCheck):
    name = "press_contact"
    colour = Colour.AMBER
    title = _("The invitation has no contact")
    why = _("Journalists do not see whom they can ask.")
    fix = _("Add the contact of the press service, a number or an e-mail address.")

    def find(self, content: Content) -> Iterator[Finding]:
        if _invites(content) and not _says_whom_to_ask(content):
            yield self.finding(Spot("body", "body"))


def _invites(content: Content) -> bool:
    is_of_the_kind = getattr(content.object, "kind", "") == NewsKind.PRESS_INVITATION
    return is_of_the_kind or bool(_TITLE.match(getattr(content.object, "title", "")))


def _says_whom_to_ask(content: Content) -> bool:
    return any(mention.model is Contact for mention in content.mentions) or any(
        _MAIL.search(passage.words) or any(telephone_numbers_in(passage))
        for passage in content.passages
    )
