"""What editors are told of a file: what was taken out, or why it was not accepted and what to do."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_PROGRAMS = {".docx": "Word", ".pptx": "PowerPoint", ".xlsx": "Excel"}
_PROGRAM_OF_OTHERS = "LibreOffice"

_REMOVED = {
    "attached_files": _("attached files"),
    "author": _("author"),
    "camera_data": _("what the camera wrote"),
    "chart_source": _("the workbook behind a chart"),
    "comments": _("comments"),
    "company": _("company"),
    "connection": _("connections to databases"),
    "custom_data": _("data of other programs"),
    "dates": _("dates"),
    "edit_marks": _("traces of editing"),
    "former_versions": _("edit history"),
    "hidden_fields": _("hidden form fields"),
    "keywords": _("keywords and description"),
    "local_links": _("addresses of your own computers"),
    "other_links": _("links that do not lead to the web"),
    "printer": _("printer settings"),
    "program": _("program"),
    "properties": _("other properties"),
    "scripts": _("scripts"),
    "signatures": _("digital signatures"),
    "template": _("template"),
    "thumbnails": _("thumbnails"),
}
# Those that say most of a person first.
_FIRST = ("author", "company", "comments", "former_versions", "camera_data")

# What hides a text in a PDF -> the sentence.
_COVERED = {
    "outside_page": _(
        "The file was not accepted: outside of page %(page)s one can read “%(words)s…”. Remove the "
        "text in the original and make the PDF again."
    ),
    "tiny_text": _(
        "The file was not accepted: page %(page)s has text too small to be seen: “%(words)s…”. "
        "Remove the text in the original and make the PDF again."
    ),
    "under_black_box": _(
        "The file was not accepted: under the black box on page %(page)s one can read “%(words)s…”. "
        "Remove the text for real, for example by printing the page as a picture."
    ),
    "under_box": _(
        "The file was not accepted: under a box on page %(page)s one can read “%(words)s…”. Remove "
        "the text for real, for example by printing the page as a picture."
    ),
    "under_picture": _(
        "The file was not accepted: under the picture on page %(page)s one can read “%(words)s…”. "
        "Remove the text for real, for example by printing the page as a picture."
    ),
    "unseen_text": _(
        "The file was not accepted: page %(page)s has text that is not seen: “%(words)s…”. Remove "
        "the text in the original and make the PDF again."
    ),
}

# What was found -> its name, and what to do.
_HIDDEN = {
    "camera_track": (
        _("a track with what the camera wrote of place and movement"),
        _("Export the film again with picture and sound alone."),
    ),
    "comments": (
        _("comments"),
        _("Delete them in %(program)s and upload again."),
    ),
    "connection": (
        _("a connection to a database"),
        _("Copy the figures to a new file as values and upload that."),
    ),
    "embedded_file": (
        _("an embedded file"),
        _("Remove it, or insert it as a picture, and upload again."),
    ),
    "external_link": (
        _("a link to another file, with its content"),
        _("Break the link in %(program)s and upload again."),
    ),
    "hidden_column": (
        _("a hidden column"),
        _("Show it or delete it in %(program)s and upload again."),
    ),
    "hidden_layer": (
        _("a layer that is switched off"),
        _("Delete the layer in the original and make the PDF again."),
    ),
    "hidden_row": (
        _("a hidden row"),
        _("Show it or delete it in %(program)s and upload again."),
    ),
    "hidden_sheet": (
        _("a hidden sheet"),
        _("Show it or delete it in %(program)s and upload again."),
    ),
    "hidden_slide": (
        _("a hidden slide"),
        _("Show it or delete it in %(program)s and upload again."),
    ),
    "hidden_text": (
        _("hidden text"),
        _("Show it or delete it in %(program)s and upload again."),
    ),
    "in_archive": (
        _("a file of a kind that cannot be looked through"),
        _("Take it out of the zip file and upload again."),
    ),
    "local_link": (
        _("a link to a file on your own computers"),
        _("Remove the link in %(program)s and upload again."),
    ),
    "macros": (
        _("macros"),
        _("Save the file without macros and upload again."),
    ),
    "pivot_source": (
        _("a pivot table with all the figures behind it"),
        _("Copy the table to a new file as values and upload that."),
    ),
    "speaker_notes": (
        _("speaker notes"),
        _("Delete them in %(program)s and upload again."),
    ),
    "text_beside": (
        _("text beside the slide"),
        _("Delete it in %(program)s and upload again."),
    ),
    "tiny_text": (
        _("text too small to be seen"),
        _("Delete it in %(program)s and upload again."),
    ),
    "tracked_changes": (
        _("tracked changes"),
        _("Accept or reject them in %(program)s and upload again."),
    ),
    "unreadable_entry": (
        _("a file that cannot be read"),
        _("Save it again in the program it was made with, pack it and upload again."),
    ),
    "white_text": (
        _("white text on white"),
        _("Delete it in %(program)s and upload again."),
    ),
}
_PLACES = {
    "cell": _("in cell %s"),
    "column": _("in column %s"),
    "entry": _("in “%s”"),
    "named": _("(“%s”)"),
    "page": _("on page %s"),
    "part": _("(%s)"),
    "row": _("on row %s"),
    "sheet": _("on the sheet “%s”"),
    "slide": _("on slide %s"),
    "words": _("at “%s…”"),
}
_PARTS = {
    "footer": _("footer"),
    "header": _("header"),
    "notes": _("footnote"),
}


def removed_in_words(removed: Iterable[str]) -> str:
    """What was taken out, most telling first: "author, comments"."""
    codes = sorted(removed, key=lambda code: (code not in _FIRST, code))
    return ", ".join(str(_REMOVED[code]) for code in codes)


def hidden_sentence(what: str, place: Sequence[tuple[str, Any]], ending: str) -> str:
    """Why the file is not accepted, where that stands, and what to do."""
    where = dict(place)
    if ending == ".pdf" and what in _COVERED:
        return str(_COVERED[what]) % where
    if what == "encrypted":
        return _in_entry(
            gettext(
                "The file was not accepted: it is locked with a password. Remove the password and "
                "upload again."
            ),
            place,
        )
    if what == "not_utf8":
        return _in_entry(
            gettext(
                "The file was not accepted: its text is not in UTF-8. Save it with that encoding and "
                "upload again."
            ),
            place,
        )
    # A PDF in an archive has its own ways to hide a text.
    name, advice = _HIDDEN["hidden_text" if what in _COVERED and "entry" in where else what]
    found = " ".join([str(name), *_said(place)])
    text = gettext("The file was not accepted: %(found)s. %(advice)s")
    program = _PROGRAMS.get(ending, _PROGRAM_OF_OTHERS)
    return text % {"found": found, "advice": str(advice) % {"program": program}}


def _in_entry(sentence: str, place: Sequence[tuple[str, Any]]) -> str:
    return " ".join([sentence, *(f"({value})" for kind, value in place if kind == "entry")])


def _said(place: Sequence[tuple[str, Any]]) -> list[str]:
    return [str(_PLACES[kind]) % _PARTS.get(value, value) for kind, value in place]


def unreadable_sentence(ending: str) -> str:
    """What is said of a file that nobody could look through."""
    return gettext(
        "The file was not accepted: it cannot be read as %(kind)s. Save it again in the program it was "
        "made with and upload again."
    ) % {"kind": ending.lstrip(".") or gettext("file")}


def too_large_sentence(megabytes: int) -> str:
    return gettext("The file was not accepted: it is larger than %(most)d MB.") % {
        "most": megabytes
    }
