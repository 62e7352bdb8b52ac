"""Tells a text alternative from a placeholder."""

import re

# Words that stand in the text alternative when nobody has written one.
_EMPTY_WORDS = re.compile(
    "alt( text)?|alternativtext|bild(text)?|foto|image|logo(typ)?|photo|picture|placeholder"
)
_FILE_NAME = re.compile(r"[\w%+-]+\.(avif|gif|jpe?g|png|svg|webp)", re.IGNORECASE)

# What says hardly more: nobody is refused for these, but somebody should look.
_POOR_WORDS = re.compile(
    "alt-text|alternativ text|asdf|(ingen )?beskrivning|(bild|foto) (av|på)|bilden|dekorativ|en bild"
    "|ett foto|fotografi|illustration|image of|namnlös|pressbild|saknas|tbd|test|todo|untitled"
)
_ANY_FILE_NAME = re.compile(
    r"[\w%+()\s-]+\.(avif|gif|heic|jpe?g|png|svg|tiff?|webp)", re.IGNORECASE
)
# As a camera, a telephone or a hurried person calls a picture: a word, and a number.
_NUMBERED = re.compile(
    r"(?:alt|bild|bildtext|dsc[fn]?|fig(?:ur|ure)?|foto|image|img|namnlös|p|photo|pict?|picture|pxl|scan"
    r"|screen ?shot|skärm(?:avbild|bild|dump|klipp)|untitled|whatsapp image)"
    r"[\W\d_]*(?:at|kl|kopia|copy)?[\W\d_]*",
    re.IGNORECASE,
)
_NO_WORD = re.compile(r"[\W\d_]*|x+|\w", re.IGNORECASE)
# Parts of a name held together by signs, and no space.
_HELD_TOGETHER = re.compile(r"\S*_\S*|\w+(?:-\w+){2,}")


def says_something(alt_text: str) -> bool:
    """Whether a text alternative is more than a placeholder or the name of a file."""
    plain = _plain(alt_text)
    return not _EMPTY_WORDS.fullmatch(plain) and not _FILE_NAME.fullmatch(plain)


def describes_something(alt_text: str) -> bool:
    """Whether it may tell somebody what a picture shows: stricter, and a person may know better."""
    plain = _plain(alt_text)
    return (
        says_something(alt_text)
        and not _POOR_WORDS.fullmatch(plain)
        and not any(
            pattern.fullmatch(plain)
            for pattern in (_ANY_FILE_NAME, _NUMBERED, _NO_WORD, _HELD_TOGETHER)
        )
    )


def _plain(alt_text: str) -> str:
    return alt_text.strip().strip(".:!").lower()
