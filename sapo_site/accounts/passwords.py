"""Refuses passwords that are easy to guess, also long ones."""

import mmap
import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from zxcvbn import zxcvbn

from .own_words import OWN_WORDS

SHORTEST = 15
_SHORT = gettext_lazy("This password is too short. It must have at least 15 characters.")
_EASY = gettext_lazy(
    "This password is easy to guess: it consists of common words, names, dates, "
    "repetitions or keys in a row. Take four words that have nothing to do with "
    "each other, or let a password manager choose."
)
_KNOWN = gettext_lazy("Others have used this password, and it is known. Choose another one.")
_UNCHECKED = gettext_lazy(
    "The list of known passwords cannot be read. Tell those who run the website."
)
# The highest of zxcvbn's marks: more than ten thousand million guesses.
_STRONG = 4
# Its time grows with the square of the length: a second at most for so many signs.
_LONGEST_READ = 48
# So many letters must be left when the words that come to mind are taken away.
_OWN_LETTERS = 6
_AS_LIKE_AS_A_NAME = 0.7
_SHORTEST_NAME = 3
# How letters are written when somebody makes a word harder to read, not to guess.
_SPELT = {
    "a": "aåä4@", "å": "åa4@", "ä": "äa4@", "e": "eé3", "é": "ée3", "g": "g9", "i": "i1!|",
    "l": "l1!|", "o": "oö0", "ö": "öo0", "s": "s5$", "t": "t7+",
}  # fmt: skip


def password_fault(password: str, about: Iterable[str] = ()) -> str | None:
    """What is wrong with a password for one who is called so; nothing if it is good."""
    if len(password) < SHORTEST:
        return str(_SHORT)
    names = [name for name in about if name]
    if _is_easy_to_guess(password, names):
        return str(_EASY)
    try:
        is_listed = _is_listed(password)
    except (OSError, ValueError):  # it is not there, or empty
        return str(_UNCHECKED)
    return str(_KNOWN) if is_listed else None


class PasswordRules:
    """What Django and Wagtail ask, who know whose password it is."""

    def validate(self, password: str, user: AbstractUser | None = None) -> None:
        about = [user.username, user.first_name, user.last_name, user.email] if user else []
        if fault := password_fault(password, about):
            raise ValidationError(fault, code="password_easy_to_guess")

    def get_help_text(self) -> str:
        return _(
            "At least %(count)d characters. Four words that have nothing to do with each other make a "
            "good password. It must not consist of common words, names or dates."
        ) % {"count": SHORTEST}


def _is_easy_to_guess(password: str, names: list[str]) -> bool:
    parts = [part for name in names for part in re.split(r"[\W_]+", name)]
    words = [*OWN_WORDS, *(part for part in parts if len(part) >= _SHORTEST_NAME)]
    if _has_little_but(words, password) or any(_is_like(password, each) for each in names + parts):
        return True
    known = [*OWN_WORDS, *parts]
    known += [_without_marks(word) for word in known]
    return bool(zxcvbn(password[:_LONGEST_READ], user_inputs=known)["score"] < _STRONG)


def _has_little_but(words: list[str], password: str) -> bool:
    """Whether it is made of these words, and of figures and signs between them."""
    longest_first = sorted(set(words), key=len, reverse=True)
    known = re.compile("|".join(_spellings(word) for word in longest_first))
    left, found = known.subn("", unicodedata.normalize("NFC", password.casefold()))
    return found > 0 and len(re.findall(r"[^\W\d_]", left)) < _OWN_LETTERS


def _spellings(word: str) -> str:
    signs = unicodedata.normalize("NFC", word.casefold())
    return "".join(f"[{re.escape(_SPELT.get(sign, sign))}]" for sign in signs)


def _is_like(password: str, name: str) -> bool:
    # Of very different lengths, no two texts are like each other.
    if not name or len(password) > 4 * len(name):
        return False
    likeness = SequenceMatcher(a=password.casefold(), b=name.casefold()).quick_ratio()
    return likeness >= _AS_LIKE_AS_A_NAME


def _without_marks(word: str) -> str:
    """As one types it without å, ä and ö."""
    return unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()


def _is_listed(password: str) -> bool:
    """Whether it is a line of the operator's list, which may be large and in any order."""
    if not settings.PASSWORD_LIST:
        return False
    with (
        Path(settings.PASSWORD_LIST).open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as lines,
    ):
        return any(
            _is_a_line(lines, spelling.encode("utf-8", "replace"))
            for spelling in {password, password.casefold()}
        )


def _is_a_line(lines: mmap.mmap, wanted: bytes) -> bool:
    place = lines.find(wanted)
    while place >= 0:
        end = place + len(wanted)
        before, after = lines[max(place - 1, 0) : place], lines[end : end + 1]
        if before in (b"", b"\n") and after in (b"", b"\n", b"\r"):
            return True
        place = lines.find(wanted, place + 1)
    return False
