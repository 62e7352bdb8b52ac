"""Explains abbreviations: the first use of one in a text is followed by its full name.

For everyone, also on a telephone, by keyboard and on paper, where no tooltip opens.

Apps that know abbreviations register a provider here; this module knows none itself.
"""

import re
from collections.abc import Callable
from html import escape
from typing import NamedTuple

from pages.content.tree.spoken_languages import opening_tag
from pages.ground.version.memory import remembered


class FullName(NamedTuple):
    text: str
    language: str = ""  # where it is another than that of the page


# Language -> abbreviation -> full name.
Provider = Callable[[str], dict[str, FullName]]

_providers: dict[Provider, str] = {}

# Text in these elements is left alone: headings and links are read on their own, and what
# somebody else has said, or a code, must stay exact.
_LEFT_ALONE = frozenset(
    {"a", "blockquote", "button", "caption", "code", "dt", "figcaption", "h2", "h3", "h4", "h5",
     "option", "script", "style", "summary", "th", "title"}
)  # fmt: skip
_TAG_OR_TEXT = re.compile(r"(<!--.*?-->|<[^>]*>)", re.DOTALL)
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)")


def register_abbreviations(provider: Provider, *, kind: str) -> None:
    """Adds a provider: a function from a language to its abbreviations and their full names.

    `kind` is the kind of content that the provider reads (`pages.ground.version.memory`).
    """
    _providers[provider] = kind


def known_abbreviations(language: str) -> dict[str, FullName]:
    """Every abbreviation known in a language, with its full name."""

    def asked() -> dict[str, FullName]:
        known: dict[str, FullName] = {}
        for provider in _providers:
            known |= provider(language)
        return known

    return remembered(f"abbreviations:{language}", tuple(_providers.values()), asked)


def explain(html: str, known: dict[str, FullName]) -> str:
    """The same HTML with the full name in brackets after the first use of each abbreviation.

    Only whole words count, not NCTX or NCT-chef, nor NCT:s, whose name would part it from what it
    owns. One whose full name stands in the text is explained already.
    """
    present = {short: full for short, full in known.items() if short in html}
    if present:
        words = _TAG_OR_TEXT.sub("", html).casefold()
        present = {
            short: full
            for short, full in present.items()
            if escape(full.text).casefold() not in words
        }
    if not present:
        return html
    pattern = re.compile(
        # Not in `&amp;` either, which is no word.
        r"(?<![\w&-])("
        + "|".join(sorted(map(re.escape, present), key=len, reverse=True))
        + r")(?![:'’]?\w|-)"
    )

    def mark(match: re.Match[str]) -> str:
        full = present.pop(match[1], None)
        around = (match.string[: match.start()][-1:], match.string[match.end() :].lstrip()[:1])
        if full is None or around[1] == "(":  # the editor explains it in other words
            return match[0]
        name = escape(full.text)
        if full.language:
            name = f"{opening_tag(full.language)}{name}</span>"
        return f"{match[0]}, {name}" if around == ("(", ")") else f"{match[0]} ({name})"

    parts = _TAG_OR_TEXT.split(html)
    left_alone = 0
    for index, part in enumerate(parts):
        if tag := _TAG.match(part):
            if tag["name"].lower() in _LEFT_ALONE and not part.endswith("/>"):
                left_alone += -1 if tag["close"] else 1
        elif not left_alone and present and not part.startswith("<!--"):
            parts[index] = pattern.sub(mark, part)
    return "".join(parts)
