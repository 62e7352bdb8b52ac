"""The forms that a register number and a decision have: no name of a person fits in them."""

import re

from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from tips.refusals import Refusal

# The agency has its own register since then. No year since can begin a personal identity number:
# the third and fourth figures of one are a month.
FIRST_YEAR = 2015


class RegisterNumber:
    """The form of a register number: "2026-1234", "SÄPO 2026-1234-2".

    No name or personal number fits in it: the only letters are the agency's own
    (TIPS_REGISTER_PREFIX), the year is not a future one, and at most six figures follow.
    """

    refusal = Refusal.NOT_A_REGISTER_NUMBER
    _form = re.compile(
        r"(?:(?P<prefix>[^ ]+) )?(?P<year>20[0-9]{2})-"
        r"(?=(?:-?[0-9]){1,6}\Z)[1-9][0-9]*(?:-[1-9][0-9]?)?"
    )

    def fullmatch(self, text: str) -> re.Match[str] | None:
        found = self._form.fullmatch(text)
        if found is None or found["prefix"] not in (None, settings.TIPS_REGISTER_PREFIX):
            return None
        return found if FIRST_YEAR <= int(found["year"]) <= localdate().year else None


class DecisionReference:
    """The form of a decision: of the National Archives ("RA-MS 2026:12"), or a register number."""

    refusal = Refusal.NOT_A_DECISION
    _form = re.compile(r"RA-(?:MS|FS) (?:19|20)[0-9]{2}:[1-9][0-9]{0,2}")

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self._form.fullmatch(text) or REGISTER_NO.fullmatch(text)


REGISTER_NO = RegisterNumber()
DECISION = DecisionReference()

DECISION_HINT = _("The reference of the decision, such as RA-MS 2026:12 or 2026-1234.")
