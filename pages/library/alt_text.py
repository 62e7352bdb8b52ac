"""Tells a text alternative from a placeholder."""

import re

# Words that stand in the text alternative when nobody has written one.
_EMPTY_WORDS = frozenset(
    {"alt", "alt text", "alternativtext", "bild", "bildtext", "foto", "image", "logo", "logotyp",
     "photo", "picture", "placeholder"}
)  # fmt: skip
_FILE_NAME = re.compile(r"[\w%+-]+\.(avif|gif|jpe?g|png|svg|webp)", re.IGNORECASE)


def says_something(alt_text: str) -> bool:
    """Whether a text alternative is more than a placeholder or the name of a file."""
    plain = alt_text.strip().strip(".:!").lower()
    return plain not in _EMPTY_WORDS and not _FILE_NAME.fullmatch(plain)
