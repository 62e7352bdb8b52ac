"""Reads, searches and writes the XML of a document, which may come from anybody."""

import re
from collections.abc import Iterable

from lxml import etree

from .found import CannotBeRead

# Of a part nothing is fetched, and no entity is replaced by what it stands for. No reader sees comments.
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
)
# A name in a path, but no function, axis, operator, variable or string.
_NAME = re.compile(r"'[^']*'|\$\w+|\b(?:or|and)\b|(@?)([A-Za-z][\w-]*)(?![\w(:-])")
# Office programs read no attribute of another namespace than its element's.
_OWN = "namespace-uri()='' or namespace-uri()=namespace-uri(..)"
_REGEX = {"re": "http://exslt.org/regular-expressions"}


def tree_of(content: bytes) -> etree._Element:
    """The XML of a part. Raises CannotBeRead, also for one that declares entities."""
    try:
        root = etree.fromstring(content, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CannotBeRead from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise CannotBeRead
    return root


def path_of(path: str) -> etree.XPath:
    """An XPath whose names stand for elements of any namespace, and attributes that they may have."""

    def in_any(found: re.Match[str]) -> str:
        own = f"[{_OWN}]" if found[1] else ""
        return f"{found[1]}*[local-name()='{found[2]}']{own}" if found[2] else found[0]

    return etree.XPath(_NAME.sub(in_any, path), namespaces=_REGEX)


def drop_found(found: Iterable[etree._Element | etree._ElementUnicodeResult]) -> None:
    """Takes elements and attributes that a path has found out of their tree."""
    for each in found:
        parent = each.getparent()
        if isinstance(each, str):
            del parent.attrib[each.attrname]  # type: ignore[attr-defined]
        elif parent is not None:
            parent.remove(each)


def bytes_of_tree(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(
        root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True
    )
    return written


def short_name(element: etree._Element) -> str:
    """The name of an element without its namespace; of a comment, nothing."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
