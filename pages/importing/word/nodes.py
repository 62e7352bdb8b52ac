"""Reads names and values in Word's XML."""

from xml.etree.ElementTree import Element as Node

_NAMESPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
OFF = ("0", "false", "off")


def word_name(node: Node) -> str:
    """A tag of Word's own without its namespace; nothing for others."""
    for namespace in _NAMESPACES:
        if node.tag.startswith(namespace):
            return node.tag[len(namespace) :]
    return ""


def local_name(node: Node) -> str:
    return node.tag.rpartition("}")[2]


def attribute_of(node: Node, name: str) -> str | None:
    """An attribute by its name, in Word's namespace or none."""
    for namespace in ("", *_NAMESPACES):
        if (value := node.get(namespace + name)) is not None:
            return value
    return None


def descendant(node: Node | None, *names: str) -> Node | None:
    """The descendant that the names lead to, step by step."""
    for name in names:
        if node is None:
            return None
        node = next((child for child in node if word_name(child) == name), None)
    return node


def value_at(node: Node | None, *names: str) -> str | None:
    found = descendant(node, *names)
    return None if found is None else attribute_of(found, "val")


def is_on(properties: Node | None, name: str) -> bool | None:
    """Whether a property is on or off; None when nothing is said."""
    found = descendant(properties, name)
    return None if found is None else attribute_of(found, "val") not in OFF
