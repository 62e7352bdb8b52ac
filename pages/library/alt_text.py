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
# What names the kind of picture, and then hardly what it shows: "Foto på poliser", "Porträtt".
_KIND = (
    r"(?:(?:färg|svartvit|svartvitt|en|ett|a|an|the|arkiv|genre|press)?[ -]?(?:bild(?:en)?|foto(?:t)?|fotografi(?:et)?|illustration(?:en)?"
    r"|skärmbild|skärmdump|porträtt|porträttbild|närbild|image|picture|photo(?:graph)?|portrait|screenshot|illustration|logga|symbol|ikon|grafik"
    r"|graphic|icon|diagram|karta|tabell|figur|chart|map|table|logotyp|logo))"
)
_NAMED_KIND = re.compile(
    rf"{_KIND}(?:[ ,:]+(?:som (?:visar|föreställer)|(?:på|av|från|med|över|of|showing|that shows|from|with)))?(?:[ :,]+(?P<rest>.*))?",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:foto(?:graf)?|photo(?:grapher)?(?: by)?|bild|illustration|källa|©|copyright)\s?[:©]\s?.{0,80}|(?:foto|photo) [A-ZÅÄÖ][^/]{2,40}/[A-ZÅÄÖ]\w+.*"
    r"|(?:genre|arkiv|illustrations|press|omslags|topp|puff|profil|mål)bild(?:en|er)?|.{0,30}\((?:genrebild|arkivbild)\)"
    r"|(?:se )?(?:bild)?text(?:en)? (?:nedan|ovan|under|bredvid)|(?:se )?bildtext(?:en)?|bild till (?:artikeln|texten|nyheten|sidan)|dekor(?:ationsbild)?|(?:dekorativ|decorative) (?:bild|image)",
    re.IGNORECASE,
)
_SMALL = " en ett ett den det två tre fyra fem flera några många och i på av med vid för som till hos the a an and of in on at some two three "
_FEWEST_WORDS = 3
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


def tells_enough(alt_text: str) -> bool:
    """Whether it says more than the kind of picture and one or two things, or who has taken it."""
    plain = alt_text.strip().strip(".:!").strip()
    if _CREDIT.fullmatch(plain):
        return False
    named = _NAMED_KIND.fullmatch(plain)
    if named is None:
        return len(_words_told(plain)) > 1
    told = _words_told(named["rest"] or "")
    # A name says whom one sees.
    return len(told) >= _FEWEST_WORDS or sum(word[0].isupper() for word in told) > 1


def _words_told(text: str) -> list[str]:
    return [
        word
        for word in re.findall(r"[^\W_]+(?:[-’'][^\W_]+)*", text)
        if f" {word.casefold()} " not in _SMALL
    ]


def _plain(alt_text: str) -> str:
    return alt_text.strip().strip(".:!").lower()
