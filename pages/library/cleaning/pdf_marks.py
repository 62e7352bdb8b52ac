"""What lies on the pages of a PDF: comments, marks, links and fields of forms."""

from pikepdf import Array, Dictionary, Object

from .found import CleaningNotes
from .pdf_actions import clean_actions, forget

_HIDDEN, _NO_VIEW = 2, 32
_LINK, _FIELD = "/Link", "/Widget"
# Notes of people to each other, and files pinned to a page: they are no part of it.
_COMMENTS = {"/Caret", "/Popup", "/Text"}
_ATTACHED = "/3D /FileAttachment /Movie /Projection /RichMedia /Screen /Sound /TrapNet"
_ATTACHMENTS = set(_ATTACHED.split())
# A mark that is seen stays as it looks; whose it is and what is written to it goes.
_SAID = "/Contents /CreationDate /DS /IRT /IT /M /NM /Popup /RC /RT /State /StateModel /Subj /T"
_WORDS = tuple(_SAID.split())
_LOOK = ("/AP", "/QuadPoints", "/InkList", "/Vertices", "/L", "/IC", "/C")


def clean_marks(page: Object, notes: CleaningNotes) -> None:
    """Takes comments and attached files off the page; links, fields and what is painted stay."""
    marks = page.get("/Annots")
    if marks is None:
        return
    kept = [mark for mark in marks if isinstance(mark, Dictionary) and _is_kept(mark, notes)]
    for mark in kept:
        if mark.get("/Subtype") not in (_LINK, _FIELD):
            if any(str(mark.get(key, "")) for key in ("/Contents", "/RC", "/T")):
                notes.remove("comments")
            forget(mark, _WORDS)
        elif (
            mark.get("/Subtype") == _LINK
        ):  # its contents say where it leads, for who cannot see it
            forget(mark, ("/M", "/NM", "/T", "/RC", "/Popup"))
        else:
            forget(mark, ("/M", "/NM"))
        clean_actions(mark, notes)
    if kept:
        page.Annots = Array(kept)
    else:
        del page["/Annots"]


def _is_kept(mark: Object, notes: CleaningNotes) -> bool:
    kind = str(mark.get("/Subtype", ""))
    flags = int(mark.get("/F", 0))
    if kind == _LINK:
        return True
    if kind in _ATTACHMENTS:
        notes.remove("attached_files")
        return False
    if kind == _FIELD:
        if flags & (_HIDDEN | _NO_VIEW):
            notes.remove("hidden_fields")
            return False
        return True
    if kind in _COMMENTS or flags & (_HIDDEN | _NO_VIEW) or not any(key in mark for key in _LOOK):
        notes.remove("comments")
        return False
    if kind == "/FreeText" and "/AP" not in mark:  # it is nothing but its words
        notes.remove("comments")
        return False
    return True
