"""OpenDocument files (odt, ods, odp): properties and authors go, and whatever else no reader sees is refused."""

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from lxml import etree

from .embedded_pictures import bare_picture
from .found import CannotBeRead, CleaningNotes, HiddenData, HiddenThing, refuse
from .office_rules import faults_in
from .ooxml import FONTS, LEADS_OUT, PICTURES, keep_properties
from .xml_parts import bytes_of_tree, drop_found, path_of, short_name, tree_of
from .zipped_parts import read_parts, write_parts

_MIMETYPE, _MANIFEST = "mimetype", "META-INF/manifest.xml"
_MIME = "application/vnd.oasis.opendocument."
_KINDS = {".odp": "presentation", ".ods": "spreadsheet", ".odt": "text"}
# What pages need, and what they do not; anything else is not known, and refused.
_KEPT = re.compile(
    r"mimetype|META-INF/manifest\.xml|(Object \d+/)?(content|styles|meta|settings)\.xml"
    r"|Pictures/[^/]+|Fonts/[^/]+|ObjectReplacements/Object \d+"
)
# What the parts of a folder begin with.
_BEGINNINGS = {"Fonts/": FONTS, "ObjectReplacements/": PICTURES, "Pictures/": PICTURES}
_DROPPED = {
    r"Configurations2/.*": "",
    r"Thumbnails/.*": "thumbnails",
    r"META-INF/\w+signatures\.xml": "signatures",
    r"(Versions/.*|VersionList\.xml)": "former_versions",
    r"(.*/)?(layout-cache|manifest\.rdf)": "",
    r"(Basic|Dialogs)/.*-l[bc]\.xml": "",
}
_MACROS = ("Basic/", "Dialogs/", "Scripts/")
_ENTRIES = path_of("//file-entry")
_PATH = path_of("string(@full-path)")
_DRAWN = path_of("//file-entry[re:test(@media-type, 'opendocument.(chart|formula)$')]/@full-path")
_ENCRYPTED = path_of("//encryption-data")
_META = path_of("//meta")
_LINKS = path_of("//@*[local-name()='href'][not(starts-with(., '#')) and . != '']")
_TOLD = {
    "connection": path_of("//config-item[starts-with(@name, 'CurrentDatabase')][text()]"),
    "custom_data": path_of("//config-item[@name='RedlineProtectionKey'][text()]"),
    "edit_marks": path_of(
        "//@*[contains(local-name(), 'rsid')] | //config-item[starts-with(@name, 'Rsid')]"
    ),
    "printer": path_of("//config-item[@name='PrinterName' or @name='PrinterSetup'][text()]"),
}


def clean_opendocument(source: Path, target: Path, notes: CleaningNotes) -> None:
    """Raises HiddenData and CannotBeRead."""
    parts = read_parts(source)
    if parts.get(_MIMETYPE, b"").strip() != f"{_MIME}{_KINDS[target.suffix]}".encode():
        raise CannotBeRead
    manifest = tree_of(parts.get(_MANIFEST, b""))
    if _ENCRYPTED(manifest):
        raise HiddenData("encrypted")
    _drop_parts(parts, notes)
    trees = {name: tree_of(parts[name]) for name in parts if _is_text(name)}
    for name, root in trees.items():
        if name.endswith("meta.xml"):
            for meta in _META(root):
                keep_properties(meta, notes)
    refuse(
        [
            *_unknown(parts, _DRAWN(manifest)),
            *(fault for root in trees.values() for fault in _led_away(root, parts)),
            *faults_in(target.suffix, trees, {}),
        ]
    )
    for root in trees.values():
        _drop_told(root, notes)
    _drop_entries(manifest, parts)
    for name, root in {**trees, _MANIFEST: manifest}.items():
        parts[name] = bytes_of_tree(root)
    for name, content in parts.items():
        parts[name] = bare_picture(content)
        if parts[name] != content:
            notes.remove("camera_data")
    write_parts(parts, target, plain=(_MIMETYPE,))


def _is_text(name: str) -> bool:
    return name.endswith(".xml") and name != _MANIFEST and bool(_KEPT.fullmatch(name))


def _drop_parts(parts: dict[str, bytes], notes: CleaningNotes) -> None:
    """Takes out the parts that no page needs."""
    for name in list(parts):
        if what := next((each for each in _DROPPED if re.fullmatch(each, name)), None):
            del parts[name]
            if _DROPPED[what]:
                notes.remove(_DROPPED[what])


def _drop_told(root: etree._Element, notes: CleaningNotes) -> None:
    for what, path in _TOLD.items():
        if found := path(root):
            drop_found(found)
            notes.remove(what)


def _drop_entries(manifest: etree._Element, parts: Iterable[str]) -> None:
    """Takes out of the manifest what is not in the file."""
    there = ("/", *parts)
    drop_found(
        entry
        for entry in _ENTRIES(manifest)
        if not any(name.startswith(_PATH(entry)) for name in there)
    )


def _unknown(parts: Mapping[str, bytes], drawn: Collection[str]) -> Iterator[HiddenThing]:
    """What is no text, picture, chart or formula."""
    for name, content in parts.items():
        folder = f"{name.partition('/')[0]}/"
        if name.startswith(_MACROS):
            yield "macros", []
        elif name.startswith("Object ") and folder not in drawn:
            yield "embedded_file", [("named", folder.rstrip("/"))]
        elif not _KEPT.fullmatch(name) or not content.startswith(_BEGINNINGS.get(folder, b"")):
            yield "unknown_part", [("named", name)]


def _led_away(root: etree._Element, parts: Iterable[str]) -> Iterator[HiddenThing]:
    """Links to what is neither in the file nor on the web."""
    for link in _LINKS(root):
        inside, last = link.removeprefix("./"), posixpath.basename(link)
        if short_name(link.getparent()) == "a":
            if not link.lower().startswith(LEADS_OUT):
                yield "local_link", [("named", last)]
        elif not any(name == inside or name.startswith(f"{inside}/") for name in parts):
            yield "external_link", [("named", last)]
