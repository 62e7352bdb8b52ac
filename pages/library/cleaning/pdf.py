"""Takes out of a PDF what no reader sees. Each page looks as it did; title and language stay.

What is not known to be for readers goes: of the catalog, of pages and of names only what is listed
here is kept, and the file is written anew from what its pages need, without its former revisions.
"""

from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Object, Stream
from pikepdf.models.metadata import PdfMetadata

from .covered_text import pages_painted_over
from .embedded_pictures import bare_picture
from .found import CannotBeRead, CleaningNotes, HiddenData
from .pdf_actions import clean_actions, clean_forms
from .pdf_marks import clean_marks

_MOST_PAGES = 3_000
_OF_A_CATALOG = (
    "/AcroForm /Dests /Extensions /Lang /MarkInfo /Metadata /Names /OCProperties /OpenAction /Outlines"
    " /OutputIntents /PageLabels /PageLayout /PageMode /Pages /StructTreeRoot /Type /Version"
    " /ViewerPreferences"
)
_OF_A_PAGE = (
    "/Annots /ArtBox /BleedBox /BoxColorInfo /Contents /CropBox /Dur /Group /MediaBox /Parent /Resources"
    " /Rotate /StructParents /Tabs /Trans /TrimBox /Type /UserUnit"
)
_CATALOG_KEPT, _PAGE_KEPT = set(_OF_A_CATALOG.split()), set(_OF_A_PAGE.split())
_NAMES_KEPT = {"/Dests"}
# On any object: what it is called in the file, and whose words stand for it.
_TOLD = {
    "/AF": "attached_files",
    "/Alternates": "thumbnails",
    "/LastModified": "program",
    "/Measure": "program",
    "/Metadata": "properties",
    "/OPI": "program",
    "/PieceInfo": "program",
    "/PtData": "program",
    "/Thumb": "thumbnails",
}
# Of the catalog and of pages, the same in other words.
_CALLED = {
    "/AA": "scripts",
    "/B": "program",
    "/Collection": "attached_files",
    "/DPartRoot": "program",
    "/DSS": "signatures",
    "/Legal": "signatures",
    "/Perms": "signatures",
    "/URI": "program",
}
_PROPERTIES = {
    "/Author": "author",
    "/Company": "company",
    "/CreationDate": "dates",
    "/Creator": "program",
    "/Keywords": "keywords",
    "/Manager": "author",
    "/ModDate": "dates",
    "/Producer": "program",
    "/Subject": "keywords",
}
_PHOTOGRAPHS = {"/DCTDecode", "/JPXDecode"}
_DC = "http://purl.org/dc/elements/1.1/"
_UA = "http://www.aiim.org/pdfua/ns/id/"


def clean_pdf(source: Path, target: Path, notes: CleaningNotes) -> None:
    """Raises HiddenData and CannotBeRead."""
    try:
        with pikepdf.open(source) as document:
            if document.is_encrypted:
                raise HiddenData("encrypted")
            if len(document.pages) > _MOST_PAGES or not len(document.pages):
                raise CannotBeRead
            _refuse_layers(document)
            painted_over = pages_painted_over(source)
            notes.seen |= _facts(document)
            if painted_over:
                notes.seen["painted_over"] = painted_over
            _clean(document, source, notes)
            # Anew from the content, so that a clean file stays as it is to the byte.
            if "/ID" in document.trailer:
                del document.trailer.ID
            document.save(
                target,
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                compress_streams=True,
            )
    except pikepdf.PasswordError as error:
        raise HiddenData("encrypted") from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError) as error:
        # What a damaged file makes a library raise is not one family.
        raise CannotBeRead from error


def _clean(document: pikepdf.Pdf, source: Path, notes: CleaningNotes) -> None:
    _note_former_revisions(source, document, notes)
    _keep_title_alone(document, notes)
    _keep(document.Root, _CATALOG_KEPT, notes)
    if "/Names" in document.Root:
        _note_names(document.Root.Names, notes)
        _keep(document.Root.Names, _NAMES_KEPT, notes)
    for page in document.pages:
        _keep(page.obj, _PAGE_KEPT, notes)
        clean_marks(page.obj, notes)
    clean_forms(document, notes)
    for each in list(document.objects):
        _clean_object(document, each, notes)
    document.remove_unreferenced_resources()


def _facts(document: pikepdf.Pdf) -> dict[str, bool]:
    """What those who use a screen reader need of a PDF, and whether it is there."""
    marks = document.Root.get("/MarkInfo", Dictionary())
    return {
        "title": bool(_title(document)),
        "language": bool(str(document.Root.get("/Lang", "")).strip()),
        "tags": "/StructTreeRoot" in document.Root and bool(marks.get("/Marked", False)),
    }


def _title(document: pikepdf.Pdf) -> str:
    said = str(document.docinfo.get("/Title", "")).strip() if "/Info" in document.trailer else ""
    if not said and "/Metadata" in document.Root:
        said = str(_described(document).get("dc:title") or "").strip()
    return said


def _described(document: pikepdf.Pdf) -> PdfMetadata:
    """The properties in XMP, to be read."""
    return document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False)


def _keep_title_alone(document: pikepdf.Pdf, notes: CleaningNotes) -> None:
    """Writes the properties anew, from the title and the promise that the file is for everybody."""
    title, is_for_everybody = _title(document), None
    if "/Info" in document.trailer:
        for key in sorted(document.docinfo.keys() - {"/Title", "/Trapped"}):
            notes.remove(_PROPERTIES.get(key, "properties"))
    if "/Metadata" in document.Root:
        described = _described(document)
        is_for_everybody = described.get(f"{{{_UA}}}part")
        if set(described) - {f"{{{_DC}}}title", f"{{{_UA}}}part"}:
            notes.remove("properties")
        del document.Root.Metadata
    if "/Info" in document.trailer:
        del document.trailer.Info
    if title:
        document.docinfo["/Title"] = title
    if is_for_everybody:
        with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            metadata.register_xml_namespace(_UA, "pdfuaid")
            metadata[f"{{{_UA}}}part"] = str(is_for_everybody)
            if title:
                metadata["dc:title"] = title


def _keep(owner: Object, kept: set[str], notes: CleaningNotes) -> None:
    for key in sorted(owner.keys() - kept):
        if key in _CALLED or key in _TOLD:
            notes.remove(_CALLED.get(key) or _TOLD[key])
        del owner[key]


def _note_names(names: Object, notes: CleaningNotes) -> None:
    for key, what in (("/JavaScript", "scripts"), ("/EmbeddedFiles", "attached_files")):
        if key in names:
            notes.remove(what)


def _clean_object(document: pikepdf.Pdf, each: Object, notes: CleaningNotes) -> None:
    if not isinstance(each, Dictionary | Stream):
        return
    keys = each.keys()
    for key in sorted(keys & _TOLD.keys()):
        if key == "/Metadata" and _is_catalog_or_own(each):
            continue
        notes.remove(_TOLD[key])
        del each[key]
    if "/AA" in keys:
        notes.remove("scripts")
        del each["/AA"]
    clean_actions(each, notes)
    if isinstance(each, Stream) and each.get("/Subtype") == "/Image":
        _clean_picture(document, each, notes)


def _is_catalog_or_own(each: Object) -> bool:
    return bool(each.get("/Type") == "/Catalog")  # which was written anew


def _clean_picture(document: pikepdf.Pdf, picture: Stream, notes: CleaningNotes) -> None:
    """Takes Exif and its like out of a photograph; the pixels stay as they are coded."""
    filters: Any = picture.get("/Filter")
    names: list[Any] = list(filters) if isinstance(filters, Array) else [filters]
    if not names or names[-1] not in _PHOTOGRAPHS:
        return
    before = picture.read_raw_bytes()
    if len(names) > 1:  # it was packed once more
        packed = document.make_stream(before)
        packed.Filter = Array(names[:-1])
        before = packed.read_bytes()
    bare = bare_picture(before)
    if len(bare) < len(before):
        notes.remove("camera_data")
        parameters: Any = picture.get("/DecodeParms")
        own: Any = parameters[-1] if isinstance(parameters, Array) else parameters
        picture.write(bare, filter=names[-1], decode_parms=own)


def _note_former_revisions(source: Path, document: pikepdf.Pdf, notes: CleaningNotes) -> None:
    content = source.read_bytes()
    ends = content.count(b"%%EOF")
    is_for_web = b"/Linearized" in content[:1024]
    if ends > (2 if is_for_web else 1):
        notes.remove("former_versions")


# Layers


def _refuse_layers(document: pikepdf.Pdf) -> None:
    """Raises HiddenData for a layer that is switched off: a click shows it."""
    layers = document.Root.get("/OCProperties")
    if layers is None or "/D" not in layers:
        return
    off = list(layers.D.get("/OFF", Array()))
    if layers.D.get("/BaseState") == "/OFF":
        on = [each.objgen for each in layers.D.get("/ON", Array())]
        off += [each for each in layers.get("/OCGs", Array()) if each.objgen not in on]
    for layer in off:
        if isinstance(layer, Dictionary):
            raise HiddenData("hidden_layer", ("named", str(layer.get("/Name", "?"))))
