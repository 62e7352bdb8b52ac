"""The fields of a Word document: what they tell that they should not, and their links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element as Node

from django.utils.translation import gettext as _

from ..documents import Notes
from ..sniff import MAX_DEPTH, too_deep
from .nodes import attribute_of, word_name

# Fields that show what the file knows of its author and its place.
_TELLING = re.compile(
    r"\s*(AUTHOR|COMMENTS|DOCPROPERTY|FILENAME|INFO|LASTSAVEDBY|TEMPLATE|USERADDRESS"
    r"|USERINITIALS|USERNAME)\b",
    re.I,
)
_LINK = re.compile(r"\s*HYPERLINK\b", re.I)
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"?|(\\[a-z]|[^\s"]+)', re.I | re.S)
_SWITCHES_WITH_A_WORD = ("\\l", "\\o", "\\t")


@dataclass
class _Field:
    instructions: list[Node] = field(default_factory=list)
    is_read: bool = False
    is_telling: bool = False

    def read(self) -> None:
        """Takes in its instructions, of which there are no more."""
        self.is_read = True
        instruction = "".join(node.text or "" for node in self.instructions)
        self.is_telling = bool(_TELLING.match(instruction))
        if _LINK.match(instruction):
            for node in self.instructions:
                node.text = ""
            self.instructions[0].text = _plain_link(instruction)


class _OpenFields:
    """Fields in runs: each begins, gives its instruction, separates, shows its result, ends."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._fields: list[_Field] = []

    def keep(self, child: Node) -> bool:
        """Reads the next child of a run; whether it stays."""
        name = word_name(child)
        kind = attribute_of(child, "fldCharType") if name == "fldChar" else None
        if kind == "begin":
            self._fields.append(_Field())
            if len(self._fields) > MAX_DEPTH:
                raise too_deep()
        elif name == "fldChar" and self._fields:
            self._go_on(is_end=kind == "end")
        elif name == "instrText" and self._fields:
            self._fields[-1].instructions.append(child)
        else:
            return not any(each.is_telling for each in self._fields)
        return True

    def _go_on(self, *, is_end: bool) -> None:
        if not self._fields[-1].is_read:
            self._fields[-1].read()
        if is_end and self._fields.pop().is_telling:
            self._notes.drop(_("fields that tell of the file or its author"))


def settle_fields(story: Node, notes: Notes) -> None:
    """Takes out the fields that tell of the file, and leaves of a link its address."""
    # From within and out, so that a field in a field is unfolded as well.
    for parent in reversed(list(story.iter())):
        if any(word_name(child) == "fldSimple" for child in parent):
            parent[:] = [each for child in parent for each in _unfolded(child, notes)]
    fields = _OpenFields(notes)
    for run in [node for node in story.iter() if word_name(node) == "r"]:
        run[:] = [child for child in run if fields.keep(child)]


def _unfolded(node: Node, notes: Notes) -> Iterator[Node]:
    """What a simple field shows; a link with the runs that make it one."""
    if word_name(node) != "fldSimple":
        yield node
        return
    instruction = attribute_of(node, "instr") or ""
    if _TELLING.match(instruction):
        notes.drop(_("fields that tell of the file or its author"))
    elif _LINK.match(instruction):
        namespace = node.tag[: -len("fldSimple")]
        told = Node(f"{namespace}instrText")
        told.text = instruction
        yield from (_run(namespace, "begin"), _run(namespace, told))
        yield from (_run(namespace, "separate"), *node, _run(namespace, "end"))
    else:
        yield from node


def _run(namespace: str, content: Node | str) -> Node:
    run = Node(f"{namespace}r")
    if isinstance(content, str):
        content = Node(f"{namespace}fldChar", {f"{namespace}fldCharType": content})
    run.append(content)
    return run


def _plain_link(instruction: str) -> str:
    """The instruction of a link with its address alone, as mammoth reads it."""
    address = place = switch = ""
    for word in _WORD.finditer(instruction, _end_of_name(instruction)):
        if word[2] and word[2].startswith("\\"):
            switch = word[2].lower()
            continue
        value = re.sub(r"\\(.)", r"\1", word[1]) if word[1] is not None else word[2]
        if switch not in _SWITCHES_WITH_A_WORD:
            address = address or value
        elif switch == "\\l":
            place = value
        switch = ""
    if not address:
        return f'HYPERLINK \\l "{_quoted(place)}"' if place else ""
    return f'HYPERLINK "{_quoted(f"{address}#{place}" if place else address)}"'


def _end_of_name(instruction: str) -> int:
    found = _LINK.match(instruction)
    return found.end() if found else 0


def _quoted(address: str) -> str:
    return " ".join(address.split()).replace('"', "%22")
