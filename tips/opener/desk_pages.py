"""The desk's pages, which are files: each names what it loads by what is in it."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.translation import override

from tips.refusals import Refusal

from . import build


class DeskPage(NamedTuple):
    """A page, and the program that fills it."""

    source: str
    program: str

    @property
    def name(self) -> str:
        """Where it is put among the static files: that does not change, since its addresses do not."""
        return f"desk/{self.source.rpartition('/')[2]}"


DESK_PAGE = DeskPage("desk/desk.html", "tips/desk.js")
KEY_PAGE = DeskPage("key/key.html", "tips/key.js")
PAGES = (DESK_PAGE, KEY_PAGE)
_ICON, _STYLE = "icons/favicon.svg", "css/desk.css"
_PART = re.compile(r"\{([a-z-]+)\}")


def filled(
    page: DeskPage,
    address_of: Callable[[str], str],
    its_sum: Callable[[str], str],
    root: object,
    words: Mapping[str, str | Promise],
) -> str:
    """The page with what it loads by address and sum, whom it believes, and what it says of codes."""
    parts = {
        "icon": address_of(_ICON),
        "style": address_of(_STYLE),
        "style-sum": its_sum(_STYLE),
        "script": address_of(page.program),
        "script-sum": its_sum(page.program),
        "root": str(root or ""),
        "refusals": _by_code(Refusal.choices),
        "words": _by_code(words.items()),
    }
    # What both pages have above, in which other parts stand.
    above = {
        "head": _read("desk/desk_head.html").strip(),
        "name": _read("desk/desk_name.html").strip(),
    }
    text = _PART.sub(lambda part: above.get(part[1], part[0]), _read(page.source))
    return _PART.sub(lambda part: parts[part[1]], text)


def _read(name: str) -> str:
    return (build.FOLDER / name).read_text(encoding="utf-8")


def _by_code(words: Iterable[tuple[str, str | Promise]]) -> str:
    """Each word or sentence that the service may choose, by its code."""
    with override("sv"):
        return format_html_join("", '<p data-code="{}">{}</p>', words)
