"""What the styles of a Word document say about its text."""

import re
from xml.etree.ElementTree import Element as Node

from .nodes import attribute_of, descendant, value_at, word_name

# What a style says by its name, in Word's English names, Swedish templates and LibreOffice.
_STYLE_ROLES = [
    (re.compile(r"(?:heading|rubrik) ([1-9])", re.I), "Heading"),
    (re.compile(r"toc( heading| \d)|innehåll(sförteckningsrubrik)?( \d)?", re.I), "Contents"),
    (re.compile(r"(title|titel|rubrik)", re.I), "Title"),
    (re.compile(r"(ingress|preamble).*|lead( .*)?", re.I), "Lead"),
    (re.compile(r"(subtitle|underrubrik).*", re.I), "Subtitle"),
    (re.compile(r"(caption|bildtext|beskrivning|tabelltext).*", re.I), "Caption"),
    (
        re.compile(r"(intense quote|quote|quotations|citat|starkt citat|block text).*", re.I),
        "Quote",
    ),
    (re.compile(r"list bullet(?: ([2-5]))?", re.I), "Ul"),
    (re.compile(r"list number(?: ([2-5]))?", re.I), "Ol"),
]
_LONGEST_CHAIN = 20


class WordStyles:
    """What the styles of a document say about its text."""

    def __init__(self, tree: Node) -> None:
        styles = [node for node in tree if word_name(node) == "style"]
        self._by_id = {attribute_of(node, "styleId"): node for node in styles}
        self._roles: dict[str | None, str] = {}

    def role_of(self, paragraph: Node) -> str:
        """What a paragraph is, by its style and the styles that this one is based on."""
        style_id = value_at(paragraph, "pPr", "pStyle")
        if style_id not in self._roles:
            self._roles[style_id] = self._role_named_by(style_id)
        if role := self._roles[style_id]:
            return role
        levels = [value_at(paragraph, "pPr", "outlineLvl")]
        levels += [value_at(style, "pPr", "outlineLvl") for style in self._chain(style_id)]
        level = next((each for each in levels if each is not None), "9")
        return f"Heading{int(level) + 1}" if level in "012345678" else ""

    def _role_named_by(self, style_id: str | None) -> str:
        if style_id is not None and style_id not in self._by_id:
            return role_named(style_id)
        for style in self._chain(style_id):
            name = value_at(style, "name") or ""
            if role := role_named(name) or role_named(attribute_of(style, "styleId") or ""):
                return role
        return ""

    def numbering_of(self, paragraph: Node) -> tuple[str, int]:
        """Which list a paragraph stands in, by its own word or its style's, and its level."""
        own = descendant(paragraph, "pPr")
        user = value_at(own, "numPr", "numId") or ""
        level = value_at(own, "numPr", "ilvl")
        for style in self._chain(value_at(own, "pStyle")):
            user = user or value_at(style, "pPr", "numPr", "numId") or ""
            level = level or value_at(style, "pPr", "numPr", "ilvl")
        return user, int(level) if level and level in "012345678" else 0

    def numbering_of_style(self, style_id: str) -> str:
        """The list that a style of lists stands for."""
        return value_at(self._by_id.get(style_id), "pPr", "numPr", "numId") or ""

    def _chain(self, style_id: str | None) -> list[Node]:
        """A style and those that it is based on, which in Word are ten at most."""
        chain: list[Node] = []
        while style_id in self._by_id and len(chain) < _LONGEST_CHAIN:
            chain.append(self._by_id[style_id])
            style_id = value_at(chain[-1], "basedOn")
        return chain


def role_named(name: str) -> str:
    # An id has no space before its number: "Heading2", "Rubrik2".
    name = re.sub(r"(?<=[a-zåäö])(?=\d$)", " ", name.strip())
    for pattern, role in _STYLE_ROLES:
        if found := pattern.fullmatch(name):
            if role == "Heading":
                return f"Heading{found[1]}"
            return f"{role}{found[1] or 1}" if role in ("Ul", "Ol") else role
    return ""
