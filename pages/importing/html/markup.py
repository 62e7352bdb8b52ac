"""Which tags are blocks, and the text that stands between tags."""

import re
from html import escape

from bs4.element import NavigableString, PageElement, PreformattedString

from ..documents import visible

HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = ("ul", "ol", "menu")
BLOCKS = (
    *HEADINGS, *LISTS, "address", "article", "aside", "blockquote", "body", "center", "dd", "details",
    "dialog", "div", "dl", "dt", "fieldset", "figure", "footer", "header", "hgroup", "hr", "html",
    "li", "main", "p", "pre", "search", "section", "summary", "table",
)  # fmt: skip
_SPACES = re.compile(r"[ \t\r\n\f\v]+")


def text_between(node: PageElement) -> str:
    """The text of what is not a tag, as HTML; nothing for what a reader does not see."""
    if isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
        return escape(visible(node), quote=False)
    return ""


def tidied(html: str) -> str:
    """The same line without needless spaces, breaks and empty marks."""
    html = _SPACES.sub(" ", html)
    html = re.sub(r" ?<br/> ?", "<br/>", html)
    html = re.sub(r"</([bi])>( ?)<\1>", r"\2", html)
    return re.sub(r"^(?:<br/>|\s)+|(?:<br/>|\s)+$", "", html)
