"""Takes out of Word, Excel and PowerPoint files what no reader sees, and refuses what only some see."""

import posixpath
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from .embedded_pictures import bare_picture
from .found import CannotBeRead, CleaningNotes, HiddenData
from .office_package import OfficePackage, Relation
from .sheets import clean_sheets, refuse_hidden_cells
from .slides import clean_slides, refuse_hidden_slides
from .word_text import clean_word, refuse_hidden_words
from .xml_parts import short_name

_MAIN = "application/vnd.openxmlformats-officedocument."
# By ending: what the main part must be, who refuses, and who cleans.
_Step = Callable[[OfficePackage], None]
_Cleaning = Callable[[OfficePackage, CleaningNotes], None]
_KINDS: dict[str, tuple[str, _Step, _Cleaning]] = {
    ".docx": ("wordprocessingml.document.main+xml", refuse_hidden_words, clean_word),
    ".xlsx": ("spreadsheetml.sheet.main+xml", refuse_hidden_cells, clean_sheets),
    ".pptx": ("presentationml.presentation.main+xml", refuse_hidden_slides, clean_slides),
}

# By kind of reference: nobody who reads the file meets what it leads to.
_DROPPED = {
    "attachedTemplate": "template",
    "authors": "author",
    "changesInfo": "former_versions",
    "classificationlabels": "properties",
    "commentAuthors": "author",
    "custom-properties": "properties",
    "customXml": "custom_data",
    "customXmlProps": "custom_data",
    "digital-signature/origin": "signatures",
    "glossaryDocument": "template",
    "keyMapCustomizations": "template",
    "mailMergeHeaderSource": "local_links",
    "mailMergeSource": "local_links",
    "origin": "signatures",
    "people": "author",
    "person": "author",
    "printerSettings": "printer",
    "recipientData": "custom_data",
    "revisionInfo": "former_versions",
    "tags": "custom_data",
    "thumbnail": "thumbnails",
    "ui/extensibility": "template",
    "userCustomization": "template",
    "webextensiontaskpanes": "scripts",
}
# What a program keeps there and its author seldom knows of: we do not guess what should become of it.
_REFUSED = {
    "activeXControlBinary": "macros",
    "aFChunk": "embedded_file",
    "control": "macros",
    "connections": "connection",
    "externalLink": "external_link",
    "externalLinkPath": "external_link",
    "frame": "external_link",
    "oleObject": "embedded_file",
    "package": "embedded_file",
    "pivotCacheDefinition": "pivot_source",  # names each value once, also without the records
    "pivotCacheRecords": "pivot_source",
    "queryTable": "connection",
    "subDocument": "external_link",
    "vbaProject": "macros",
    "wordVbaData": "macros",
    "xlIntlMacrosheet": "macros",
    "xlMacrosheet": "macros",
}
_CORE_KEPT = {"title", "language"}
_CORE = {
    "category": "keywords", "created": "dates", "creator": "author", "description": "keywords",
    "keywords": "keywords", "lastModifiedBy": "author", "lastPrinted": "dates", "modified": "dates",
    "revision": "former_versions", "subject": "keywords",
}  # fmt: skip
_EXTENDED = {"Company": "company", "Manager": "author", "Template": "template",
             "HyperlinkBase": "local_links"}  # fmt: skip
_OURS = ("file:", "\\\\", "smb:")


def clean_ooxml(source: Path, target: Path, notes: CleaningNotes) -> None:
    """Raises HiddenData and CannotBeRead."""
    package = OfficePackage(source)
    kind, refuse, clean = _KINDS[target.suffix]
    if package.kind_of(package.main_part()) != _MAIN + kind:
        if "macroEnabled" in package.kind_of(package.main_part()):
            raise HiddenData("macros")
        raise CannotBeRead
    refuse(package)
    for relation in package.all_relations():
        _refuse(package, relation)
    for relation in package.all_relations():
        if what := _dropped_as(relation):
            notes.remove(what)
            package.drop(relation)
    clean(package, notes)
    _clean_properties(package, notes)
    package.drop_what_nothing_leads_to()
    clean_media(package.parts, notes)
    package.write(target)


def _refuse(package: OfficePackage, relation: Relation) -> None:
    what = _REFUSED.get(relation.kind)
    name = posixpath.basename(relation.target.replace("\\", "/"))
    if relation.kind == "hyperlink":
        if relation.is_outside and relation.target.lower().startswith(_OURS):
            raise HiddenData("local_link", ("named", name))
    elif relation.is_outside and not _dropped_as(relation):
        raise HiddenData("external_link", ("named", name))
    elif what and not _is_data_of_chart(relation):
        raise HiddenData(what, ("part", name))


def _dropped_as(relation: Relation) -> str | None:
    """A chart is drawn from figures of its own; the whole workbook behind it is not seen."""
    if _is_data_of_chart(relation):
        return "chart_source"
    return _DROPPED.get(relation.kind)


def _is_data_of_chart(relation: Relation) -> bool:
    return relation.kind in ("package", "oleObject") and "/charts/" in f"/{relation.owner}"


def _clean_properties(package: OfficePackage, notes: CleaningNotes) -> None:
    for relation in list(package.relations("")):
        if relation.kind == "core-properties":
            _keep_properties(package, relation.target, _CORE_KEPT, _CORE, notes)
        elif relation.kind == "extended-properties":
            _keep_properties(package, relation.target, set(), _EXTENDED, notes)
            package.drop(relation)


def _keep_properties(
    package: OfficePackage, name: str, kept: set[str], called: dict[str, str], notes: CleaningNotes
) -> None:
    root = package.tree(name)
    for each in list(root):
        if short_name(each) not in kept:
            if (each.text or "").strip() or len(each):
                notes.remove(called.get(short_name(each), "properties"))
            root.remove(each)
    etree.cleanup_namespaces(root)
    package.changed(name)


def clean_media(parts: dict[str, bytes], notes: CleaningNotes) -> None:
    """Takes Exif and its like out of the pictures of a document."""
    for name, content in parts.items():
        if name.lower().endswith((".jpg", ".jpeg", ".jpe", ".png", ".webp", ".jp2")):
            bare = bare_picture(content)
            if bare != content:
                notes.remove("camera_data")
                parts[name] = bare
