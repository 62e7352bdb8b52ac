"""What a recorded page names, led to the records of the same moment."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from django.utils.translation import gettext
from lxml import html as lxml_html
from lxml.etree import ParserError

# The address at which the records show what is named; empty for what lies elsewhere.
Placing = Callable[[str], str]

_LEFT_OUT = ("script", "base", "iframe", "object", "embed", "frame", "frameset")
_ONE = ("src", "poster", "data", "background")
_SEVERAL = ("srcset", "imagesrcset")
_LINKS = ("a", "area")
_OF_ROOT = re.compile(rb"""(url\(\s*|@import\s+)(["']?)(/[^/"')\s][^"')\s]*)""")


def page_as_it_stood(body: bytes, address: str, place: Placing) -> bytes:
    """The page with its pictures, files and styles from the same moment; its links lead nowhere."""
    tree = page_tree(body)
    if tree is None:
        return b""
    for element in list(tree.iter()):
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if tag in _LEFT_OUT or (tag == "meta" and element.get("http-equiv")):
            element.drop_tree()
            continue
        for name in list(element.attrib):
            if name.startswith("on"):
                del element.attrib[name]
        _lead(element, address, place)
    return lxml_html.tostring(tree, encoding="utf-8", doctype="<!DOCTYPE html>")


def style_as_it_stood(body: bytes, place: Placing) -> bytes:
    """A style sheet; what it names beside itself is found there as it is."""
    return _OF_ROOT.sub(
        lambda found: found[1] + found[2] + place(found[3].decode("utf-8", "replace")).encode(),
        body,
    )


def recorded_links(body: bytes, address: str) -> Iterator[tuple[str, str]]:
    """Words and address of each link to a page of the same website, once."""
    tree = page_tree(body)
    met = set()
    for link in tree.iter("a") if tree is not None else ():
        target = own_address(link.get("href") or "", address)
        if target and target != address and target not in met:
            met.add(target)
            yield " ".join(link.text_content().split()) or target, target


def own_address(named: str, address: str) -> str:
    """The address on this website that is named at another, without query; empty if it lies elsewhere."""
    try:
        parts = urlsplit(urljoin(address, named.strip()))
    except ValueError:
        return ""
    path = unquote(parts.path)
    # A browser would follow it out of the records.
    climbs = not {".", ".."}.isdisjoint(path.split("/"))
    return "" if parts.scheme or parts.netloc or climbs else path


def page_tree(body: bytes) -> Any:
    """The page as a tree; None if there is nothing in it."""
    try:
        return lxml_html.document_fromstring(body, parser=lxml_html.HTMLParser(encoding="utf-8"))
    except ParserError:  # nothing in it
        return None


def _lead(element: Any, address: str, place: Placing) -> None:
    def placed(named: str) -> str:
        own = own_address(named, address)
        return place(own) + _fragment(named) if own else ""

    for name in _ONE:
        if element.get(name) is not None:
            element.set(name, placed(element.get(name)))
    for name in _SEVERAL:
        if element.get(name) is not None:
            element.set(name, ", ".join(_sources(element.get(name), placed)))
    for name in ("href", "xlink:href"):
        named = element.get(name)
        if named is None or named.startswith("#"):
            continue
        if element.tag in _LINKS:
            element.set(name, "#")
            element.set("title", gettext("Led to %(address)s") % {"address": named})
        else:
            element.set(name, placed(named))


def _sources(named: str, placed: Placing) -> Iterator[str]:
    for source in named.split(","):
        address, _, size = source.strip().partition(" ")
        if there := placed(address):
            yield f"{there} {size}".strip()


def _fragment(named: str) -> str:
    fragment = urldefrag(named).fragment
    return f"#{fragment}" if fragment else ""
