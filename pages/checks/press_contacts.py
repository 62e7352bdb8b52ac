"""Invitations of the press that do not say whom to ask."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from pages.content.models import Contact
from pages.content.models.news import NewsKind

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding
from .met import Spot
from .mobile_numbers import telephone_numbers_in

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
