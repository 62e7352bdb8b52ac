"""Personal identity numbers and coordination numbers that could be somebody's."""

import re
from collections.abc import Iterator
from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext

from .checked_content import Content
from .findings import ContentCheck, Finding
from .met import Kind
from .plain_signs import plainly

_NUMBER = re.compile(
    r"""(?<![\d])(?<!\d[.,])
    (?P<century>18|19|20)?(?P<between>[ ]?)
    (?P<year>\d\d)(?P<first>[-./ ]?)(?P<month>\d\d)(?P=first)(?P<day>\d\d)
    (?P<sign>[ ]{0,2}[-+/][ ]{0,2}|[ ]{1,2})?
    (?P<last>\d{4})
    (?!\d)(?![.,]\d)""",
    re.VERBOSE | re.ASCII,
)
# Four and four digits, as on a payment card; three and three, as in an amount.
_GROUPS = re.compile(r"(?<!\d)(?:\d{4}[ -]){3}\d{1,4}(?!\d)", re.ASCII)
_SPOKEN_OF = re.compile(
    r"person(?:liga )?n(?:umme)?r|p(?:ers)?\.?nr|samordningsn|född", re.IGNORECASE
)
# Ten digits in a row that begin like a mobile or a national telephone number.
_LIKE_A_TELEPHONE = re.compile(r"0(?:10|20|7[0-9]|[1-9])\d+")
_BEFORE = 60


class PersonalNumbers(ContentCheck):
    name = "personal_number"

    def find(self, content: Content) -> Iterator[Finding]:
        for passage in content.passages:
            if not any(character.isdigit() for character in passage.words):
                continue
            for words, is_coordination in numbers_in(
                passage.words, is_address=passage.kind is Kind.ADDRESS
            ):
                yield self.finding(
                    passage.spot,
                    title=gettext("Coordination number")
                    if is_coordination
                    else gettext("Personal identity number"),
                    why=(
                        gettext("“%(words)s” is a real coordination number.")
                        if is_coordination
                        else gettext("“%(words)s” is a real personal identity number.")
                    )
                    % {"words": words},
                    fix=gettext("Take it out. Is it made up? Write why it may stand."),
                    words=words,
                )


def numbers_in(text: str, *, is_address: bool = False) -> Iterator[tuple[str, bool]]:
    """Each number as it is written, and whether it is a coordination number.

    In an address only those with their dash: any digits may stand in one.
    """
    plain = plainly(text)
    cards = [match.span() for match in _GROUPS.finditer(plain)]
    position = 0
    while match := _NUMBER.search(plain, position):
        kind = _kind_of(match)
        is_other = (
            any(start <= match.start() and match.end() <= end for start, end in cards)
            or (is_address and (match["sign"] or "").strip() not in ("-", "+"))
            or _may_be_a_telephone(match)
        )
        if kind is None or is_other:
            position = match.start() + 1
            continue
        yield match[0].strip(), kind
        position = match.end()


def _kind_of(match: re.Match[str]) -> bool | None:
    """Whether it is a coordination number; None if it is no such number at all."""
    year, month, day = match["year"], match["month"], match["day"]
    if match["between"] and not match["century"]:
        return None
    if _check_digit(f"{year}{month}{day}{match['last'][:3]}") != int(match["last"][3]):
        return None
    is_coordination = int(day) > 60
    born = int(day) - 60 if is_coordination else int(day)
    centuries = [match["century"]] if match["century"] else ["19", "20", "18"]
    if any(_has_been(int(f"{century}{year}"), int(month), born) for century in centuries):
        return is_coordination
    return None


def _check_digit(nine: str) -> int:
    """The digit that makes nine digits a number, by Luhn."""
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(nine))
    return -sum(each // 10 + each % 10 for each in doubled) % 10


def _has_been(year: int, month: int, day: int) -> bool:
    try:
        return date(year, month, day) <= localdate()
    except ValueError:
        return False


def _may_be_a_telephone(match: re.Match[str]) -> bool:
    """Ten digits in a row, unless the words before say that they are a person's."""
    before = match.string[max(0, match.start() - _BEFORE) : match.start()]
    return bool(_LIKE_A_TELEPHONE.fullmatch(match[0])) and not _SPOKEN_OF.search(before)
