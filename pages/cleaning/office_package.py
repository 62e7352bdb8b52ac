"""A Word, Excel or PowerPoint file as parts that refer to each other."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from .found import CannotBeRead
from .xml_parts import bytes_of_tree, short_name, tree_of
from .zipped_parts import read_parts, write_parts

TYPES = "[Content_Types].xml"
_OF_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OF_RELATIONS_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
# Without what they refer to, these say nothing; of others only the reference goes.
_GO_WITH_TARGET = {"attachedTemplate", "custData", "externalData", "tags", "subDoc"}


@dataclass(frozen=True)
class Relation:
    """That one part refers to another, or to something outside of the file."""

    owner: str
    key: str
    kind: str
    target: str
    is_outside: bool


class OfficePackage:
    """Parts are parsed when they are asked for, and written anew only if somebody changed them."""

    def __init__(self, source: Path) -> None:
        self.parts = read_parts(source)
        if TYPES not in self.parts:
            raise CannotBeRead
        self._trees: dict[str, etree._Element] = {}
        self._changed: set[str] = set()

    def names(self, beginning: str, ending: str = ".xml") -> list[str]:
        return [name for name in self.parts if name.startswith(beginning) and name.endswith(ending)]

    def tree(self, name: str) -> etree._Element:
        if name not in self._trees:
            if name not in self.parts:
                raise CannotBeRead
            self._trees[name] = tree_of(self.parts[name])
        return self._trees[name]

    def changed(self, name: str) -> None:
        self._changed.add(name)

    def replace(self, name: str, content: bytes) -> None:
        self.parts[name] = content
        self._trees.pop(name, None)
        self._changed.discard(name)

    def kind_of(self, name: str) -> str:
        """The content type of a part."""
        ending = posixpath.splitext(name)[1].lstrip(".").lower()
        by_ending = ""
        for each in self.tree(TYPES):
            if each.get("PartName") == f"/{name}":
                return each.get("ContentType", "")
            if each.get("Extension", "").lower() == ending:
                by_ending = each.get("ContentType", "")
        return by_ending

    def main_part(self) -> str:
        for relation in self.relations(""):
            if relation.kind == "officeDocument" and not relation.is_outside:
                return relation.target
        raise CannotBeRead

    def relations(self, owner: str) -> Iterator[Relation]:
        name = _relations_of(owner)
        if name not in self.parts:
            return
        for each in self.tree(name):
            is_outside = each.get("TargetMode") == "External"
            target = each.get("Target", "")
            yield Relation(
                owner,
                each.get("Id", ""),
                each.get("Type", "").rpartition("/")[2],
                target if is_outside else _inside(owner, target),
                is_outside,
            )

    def all_relations(self) -> list[Relation]:
        owners = ["", *(name for name in self.parts if not name.endswith(".rels"))]
        return [relation for owner in owners for relation in self.relations(owner)]

    def drop(self, relation: Relation) -> None:
        """Takes a reference away, and the part that it leads to if no other does."""
        name = _relations_of(relation.owner)
        if name not in self.parts:
            return  # its owner went before
        for each in list(self.tree(name)):
            if each.get("Id") == relation.key:
                self.tree(name).remove(each)
                self.changed(name)
        self._forget_key(relation)
        if not relation.is_outside and all(
            other.target != relation.target
            for other in self.all_relations()
            if not other.is_outside
        ):
            self._remove(relation.target)

    def _forget_key(self, relation: Relation) -> None:
        if not relation.owner.endswith((".xml", ".vml")):
            return
        owner = self.tree(relation.owner)
        for element in list(owner.iter()):
            for name, value in list(element.attrib.items()):
                is_reference = name.startswith(
                    (f"{{{_OF_RELATIONS}}}", f"{{{_OF_RELATIONS_STRICT}}}")
                )
                if is_reference and value == relation.key:
                    self.changed(relation.owner)
                    parent = element.getparent()
                    if short_name(element) in _GO_WITH_TARGET and parent is not None:
                        parent.remove(element)
                    else:
                        del element.attrib[name]

    def _remove(self, name: str) -> None:
        for relation in list(self.relations(name)):
            self.drop(relation)
        for gone in (name, _relations_of(name)):
            self.parts.pop(gone, None)
            self._trees.pop(gone, None)
            self._changed.discard(gone)
        types = self.tree(TYPES)
        for each in list(types):
            if each.get("PartName") == f"/{name}":
                types.remove(each)
                self.changed(TYPES)

    def drop_what_nothing_leads_to(self) -> None:
        """A part that no other part refers to is not seen by anybody."""
        led_to = {relation.target for relation in self.all_relations()}
        for name in list(self.parts):
            if name != TYPES and not name.endswith(".rels") and name not in led_to:
                self._remove(name)

    def write(self, target: Path) -> None:
        for name in self._changed:
            self.parts[name] = bytes_of_tree(self._trees[name])
        write_parts(self.parts, target)


def _relations_of(owner: str) -> str:
    folder, name = posixpath.split(owner)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _inside(owner: str, target: str) -> str:
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(owner), target))
