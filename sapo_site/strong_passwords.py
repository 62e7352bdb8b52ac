"""Refuses passwords that are easy to guess, also long ones."""

import unicodedata

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

# What comes to mind here; zxcvbn has its own, which are English.
_WORDS = [
    "Säkerhetspolisen",
    "Säpo",
    "polisen",
    "tips",
    "tipsa",
    "tipsmottagare",
    "tipsmottagning",
    "redaktör",
    "chefredaktör",
    "administratör",
    "kontraspionage",
    "kontraterrorism",
    "terrorhotnivå",
    "säkerhetsskydd",
    "personskydd",
    "författningsskydd",
    "Stockholm",
    "Solna",
    "Sverige",
    "svensk",
    "lösenord",
    "hemlig",
    "hemligt",
    "hemligheten",
    "välkommen",
    "sommar",
    "sommaren",
    "höst",
    "hösten",
    "vinter",
    "vintern",
    "våren",
    "måndag",
    "tisdag",
    "onsdag",
    "torsdag",
    "fredag",
    "lördag",
    "söndag",
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]
# The highest of zxcvbn's marks: more than ten thousand million guesses.
_STRONG = 4
# Its time grows with the square of the length: a second at most for so many signs.
_LONGEST_READ = 48


class GuessValidator:
    """Counts the guesses that zxcvbn would need, if it knew our words and who the person is."""

    def validate(self, password: str, user: AbstractUser | None = None) -> None:
        known = _WORDS + (_names_of(user) if user else [])
        known += [_without_marks(word) for word in known]
        if zxcvbn(password[:_LONGEST_READ], user_inputs=known)["score"] < _STRONG:
            raise ValidationError(
                _(
                    "This password is easy to guess: it consists of common words, names, dates, "
                    "repetitions or keys in a row. Take four words that have nothing to do with "
                    "each other, or let a password manager choose."
                ),
                code="password_easy_to_guess",
            )

    def get_help_text(self) -> str:
        return _(
            "Four words that have nothing to do with each other make a good password. It must not "
            "consist of common words, names or dates."
        )


def _names_of(user: AbstractUser) -> list[str]:
    written = f"{user.username} {user.first_name} {user.last_name} {user.email}"
    return written.replace("@", " ").replace(".", " ").split()


def _without_marks(word: str) -> str:
    """As one types it without å, ä and ö."""
    return unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
