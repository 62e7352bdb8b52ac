"""Reads and writes the XML of a document, which may come from anybody."""

from lxml import etree

from .found import CannotBeRead

# Of a part nothing is fetched, and no entity is replaced by what it stands for.
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=False
)


def tree_of(content: bytes) -> etree._Element:
    """The XML of a part. Raises CannotBeRead, also for one that declares entities."""
    try:
        root = etree.fromstring(content, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CannotBeRead from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise CannotBeRead
    return root


def bytes_of_tree(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(
        root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True
    )
    return written


def short_name(element: etree._Element) -> str:
    """The name of an element without its namespace; of a comment, nothing."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
