"""What a PDF does by itself or on a click, and its form."""

import re

import pikepdf
from pikepdf import Array, Dictionary, Name, Object

from .found import CleaningNotes

# What a click may do: lead to a place.
_ACTIONS_KEPT = {"/GoTo", "/GoToR", "/Named", "/URI"}
_ADDRESSES_OF_OURS = ("file:", "\\\\", "smb:")
_ADDRESSES_KEPT = ("http://", "https://", "mailto:", "tel:")
_IGNORED = re.compile(r"[\x00-\x20\x7f-\xa0]+")  # by what shows the file, in an address


def forget(owner: Object, keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in owner:
            del owner[key]


def clean_forms(document: pikepdf.Pdf, notes: CleaningNotes) -> None:
    """A form can still be filled in; its scripts, signatures and hidden fields are gone."""
    catalog = document.Root
    form = catalog.get("/AcroForm")
    if form is None:
        return
    for key, what in (("/XFA", "scripts"), ("/CO", "scripts"), ("/SigFlags", "signatures")):
        if key in form:
            notes.remove(what)
            del form[key]
    shown = {
        mark.objgen
        for page in document.pages
        for mark in page.obj.get("/Annots", Array())
        if mark.get("/Subtype") == "/Widget"
    }
    form["/Fields"] = Array(
        [field for field in form.get("/Fields", Array()) if _has_shown(field, shown, notes)]
    )
    if not len(form.Fields):
        del catalog["/AcroForm"]


def _has_shown(
    field: Object, shown: set[tuple[int, int]], notes: CleaningNotes, depth: int = 0
) -> bool:
    if depth > 50 or not isinstance(field, Dictionary):
        return False
    if field.get("/FT") == "/Sig" and "/V" in field:
        notes.remove("signatures")
        forget(field, ("/V", "/Lock", "/SV"))
    if "/Kids" not in field:
        return field.objgen in shown
    kids = [kid for kid in field.Kids if _has_shown(kid, shown, notes, depth + 1)]
    field["/Kids"] = Array(kids)
    return bool(kids)


def clean_actions(owner: Object, notes: CleaningNotes) -> None:
    """Takes away what a click or an opening starts, but leading to a place."""
    for key in ("/A", "/OpenAction", "/PA"):
        action = owner.get(key)
        if isinstance(action, Dictionary) and not _is_link(action, notes):
            del owner[key]
    if "/JS" in owner:  # an action that several share
        notes.remove("scripts")
        forget(owner, ("/JS", "/Next"))
        owner["/S"] = Name.Named
        owner["/N"] = Name.NextPage


def _is_link(action: Object, notes: CleaningNotes) -> bool:
    if "/S" not in action:
        return True  # no action: a dictionary that is called the same, as in structure elements
    if "/Next" in action:
        notes.remove("scripts")
        del action["/Next"]
    if action.get("/S") not in _ACTIONS_KEPT:
        notes.remove("scripts")
        return False
    if "/URI" not in action:
        return action.get("/S") != "/URI"
    address = _IGNORED.sub("", str(action.get("/URI"))).lower()
    if address.startswith(_ADDRESSES_KEPT):
        return True
    notes.remove("local_links" if address.startswith(_ADDRESSES_OF_OURS) else "other_links")
    return False
