"""Which tags are blocks, and the text that stands between tags."""

import re
from html import escape

from bs4 import Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from ..documents import visible

HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = ("ul", "ol", "menu")
_MORE_BLOCKS = (
    "address article aside blockquote body center dd details dialog div dl dt fieldset figure footer"
    " header hgroup hr html li main p pre search section summary table"
)
BLOCKS = (*HEADINGS, *LISTS, *_MORE_BLOCKS.split())
_BLOCK_NAMES = frozenset(BLOCKS)
# The number of an item, where the document holds it apart from its text.
NUMBER_MARK = "\ue001"
WRITTEN_NUMBER = re.compile(f"{NUMBER_MARK}([^{NUMBER_MARK}<]*){NUMBER_MARK}")
_SPACES = re.compile(r"[ \t\r\n\f\v]+")


def holds_a_block(tag: Tag) -> bool:
    return any(isinstance(each, Tag) and each.name in _BLOCK_NAMES for each in tag.descendants)


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
    return re.sub(r"^(?:<br/>|\s)++|(?<!\s)(?<!<br/>)(?:<br/>|\s)++$", "", html)
