"""Mobile numbers: they belong to somebody, and lead to where that person is."""

from collections.abc import Iterator

import phonenumbers
from django.utils.translation import gettext_lazy as _

from .checked_content import Content
from .findings import ContentCheck, Finding
from .met import Kind, Passage
from .plain_signs import plainly

_FEWEST_DIGITS = 8
_CALLING = ("tel:", "sms:", "https://wa.me/")


class MobileNumbers(ContentCheck):
    name = "mobile_number"
    title = _("Mobile number")
    why = _("“%(words)s” is a mobile number, which leads to one person.")
    fix = _("Give the number of the switchboard, or write why it may stand.")

    def find(self, content: Content) -> Iterator[Finding]:
        for passage in content.passages:
            for match in telephone_numbers_in(passage):
                kind = phonenumbers.number_type(match.number)
                if kind is not phonenumbers.PhoneNumberType.MOBILE:
                    continue
                yield self.finding(passage.spot, words=match.raw_string)


def telephone_numbers_in(passage: Passage) -> Iterator[phonenumbers.PhoneNumberMatch]:
    """The telephone numbers of a passage: of addresses, only those that call one."""
    text = plainly(passage.words)
    if passage.kind is Kind.ADDRESS and not text.startswith(_CALLING):
        return
    if sum(character.isdigit() for character in text) >= _FEWEST_DIGITS:
        yield from phonenumbers.PhoneNumberMatcher(text, "SE")
