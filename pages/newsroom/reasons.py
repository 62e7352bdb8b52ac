"""A reason that somebody has to write, and when it says something."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

FEWEST_LETTERS = 10


def says_why(reason: str) -> bool:
    return sum(letter.isalpha() for letter in reason) >= FEWEST_LETTERS


def said_in_words(reason: str) -> str:
    """The reason, if it says something; else ValidationError."""
    if not says_why(reason):
        raise ValidationError(too_short())
    return reason.strip()


def too_short() -> str:
    return gettext("Write the reason, in a few words at least.")
