"""Explains abbreviations: the first use of one in a text gets its full name.

Apps that know abbreviations register a provider here; this module knows none itself.
"""

import re
from collections.abc import Callable
from html import escape

from pages.version.memory import remembered

# Language -> abbreviation -> full name.
Provider = Callable[[str], dict[str, str]]

_providers: dict[Provider, str] = {}

# Text in these elements is left alone: headings and links are read on their own, an `abbr` is
# explained already, and code must stay exact.
_LEFT_ALONE = frozenset(
    {"a", "abbr", "button", "code", "figcaption", "h1", "h2", "h3", "h4", "option", "script",
     "style", "summary", "title"}
)  # fmt: skip
_TAG_OR_TEXT = re.compile(r"(<!--.*?-->|<[^>]*>)", re.DOTALL)
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)")


def register_abbreviations(provider: Provider, *, kind: str) -> None:
    """Adds a provider: a function from a language to its abbreviations and their full names.

    `kind` is the kind of content that the provider reads (`pages.version.memory`).
    """
    _providers[provider] = kind


def known_abbreviations(language: str) -> dict[str, str]:
    """Every abbreviation known in a language, with its full name."""

    def asked() -> dict[str, str]:
        known: dict[str, str] = {}
        for provider in _providers:
            known |= provider(language)
        return known

    return remembered(f"abbreviations:{language}", tuple(_providers.values()), asked)


def explain(html: str, known: dict[str, str]) -> str:
    """The same HTML with `abbr` around the first use of each known abbreviation.

    Only whole words count: NCT, and NCT:s, but not NCTX.
    """
    present = {short: full for short, full in known.items() if short in html}
    if not present:
        return html
    pattern = re.compile(
        # Not in `&amp;` either, which is no word.
        r"(?<![\w&])("
        + "|".join(sorted(map(re.escape, present), key=len, reverse=True))
        + r")(?!\w)"
    )

    def mark(match: re.Match[str]) -> str:
        full_name = present.pop(match[1], None)
        if full_name is None:
            return match[1]
        return f'<abbr title="{escape(full_name)}">{match[1]}</abbr>'

    parts = _TAG_OR_TEXT.split(html)
    left_alone = 0
    for index, part in enumerate(parts):
        if tag := _TAG.match(part):
            if tag["name"].lower() in _LEFT_ALONE and not part.endswith("/>"):
                left_alone += -1 if tag["close"] else 1
        elif not left_alone and present and not part.startswith("<!--"):
            parts[index] = pattern.sub(mark, part)
    return "".join(parts)
