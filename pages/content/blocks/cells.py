"""What editors write in a cell of a table: words, and links as [words](address) or as they stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.template.defaultfilters import linebreaksbr
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from .links import is_address

_LINK = re.compile(
    r"\[(?P<words>[^\[\]\n]+)\]\((?P<address>[^()\s]+)\)"
    r"|(?<![\w@./+-])(?P<mail>[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w@./-])(?P<bare>(?:https?://)?(?:[a-z0-9-]+\.)+(?:com|eu|int|net|nu|org|se)\b(?:/[\w./%-]*)?(?<![.]))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class CellLink:
    """A link in a cell: its words, and where it leads."""

    words: str
    address: str

    @property
    def is_right(self) -> bool:
        """Whether its address is one that a link may have."""
        try:
            is_address(self.address)
        except ValidationError:
            return False
        return True

    @property
    def html(self) -> SafeString:
        """The link; its words alone where it is not right."""
        if not self.is_right:
            return escape(self.words)
        is_external = self.address.startswith("http")
        link = (
            '<a href="{}" rel="noopener noreferrer">{}</a>'
            if is_external
            else '<a href="{}">{}</a>'
        )
        return format_html(link, self.address, self.words)

    @classmethod
    def of(cls, found: re.Match[str]) -> "CellLink":
        if found["words"]:
            return cls(found["words"], found["address"])
        if found["mail"]:
            return cls(found["mail"], f"mailto:{found['mail']}")
        bare = found["bare"]
        return cls(bare, bare if "://" in bare else f"https://{bare}")


def links_in(cell: str) -> Iterator[CellLink]:
    yield from map(CellLink.of, _LINK.finditer(cell))


def cell_words(cell: str) -> str:
    """The cell as it is read: of a link its words alone."""
    return _LINK.sub(lambda found: CellLink.of(found).words, cell)


def cell_html(cell: str | None) -> SafeString:
    """The cell as HTML, with its links and breaks of lines: nothing where nobody has written."""
    cell = (cell or "").strip()
    parts: list[str] = []
    end = 0
    for found in _LINK.finditer(cell):
        parts += [escape(cell[end : found.start()]), CellLink.of(found).html]
        end = found.end()
    parts.append(escape(cell[end:]))
    return linebreaksbr(format_html_join("", "{}", ([part] for part in parts)))
