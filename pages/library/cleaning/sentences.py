"""What editors are told of a file: what was taken out, or why it was not accepted and what to do."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .found import HiddenThing

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
    "vector_pictures": _("SVG pictures, of which the PNG pictures remain"),
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

# The programs of a kind of file, as a menu of theirs is named.
_PROGRAMS = {
    ".docx": ("Word", "LibreOffice Writer"),
    ".pptx": ("PowerPoint", "LibreOffice Impress"),
    ".xlsx": ("Excel", "LibreOffice Calc"),
}
_DELETE = {"": _("Delete what is not for readers.")}
# What was found -> its name, and what to do: in the programs named so, or in any.
_HIDDEN = {
    "camera_track": (
        _("a track with what the camera wrote of place and movement"),
        {"": _("Export the film again with picture and sound alone.")},
    ),
    "comments": (
        _("comments"),
        {
            "Word PowerPoint": _("Review > Delete > Delete All Comments."),
            "Excel": _("mark all cells, Review > Delete."),
            "Calc": _("mark all cells, Sheet > Cell Comments > Delete Comment."),
            "Writer Impress": _("Edit > Comments > Delete All Comments."),
        },
    ),
    "connection": (
        _("a connection to a database"),
        {"": _("Copy the figures to a new file as values and upload that.")},
    ),
    "embedded_file": (
        _("an embedded file"),
        {"": _("Remove it, or insert it as a picture, and upload again.")},
    ),
    "encrypted": (
        _("it is locked with a password"),
        {"": _("Remove the password and upload again.")},
    ),
    "external_link": (
        _("a link to another file, with its content"),
        {
            "Word PowerPoint": _("File > Info > Edit Links to Files > Break Link."),
            "Excel": _("Data > Edit Links > Break Link."),
            "LibreOffice": _("Edit > External Links > Break Link."),
        },
    ),
    "hidden_column": (
        _("a hidden column"),
        {
            "Excel": _("mark all cells, right-click a letter above them, Unhide."),
            "Calc": _("mark all cells, Format > Columns > Show."),
            **_DELETE,
        },
    ),
    "hidden_layer": (
        _("a layer that is switched off"),
        {"": _("Delete the layer in the original and make the PDF again.")},
    ),
    "hidden_object": (
        _("a hidden object"),
        {
            "Word": _("Layout > Selection Pane > Show All."),
            "Excel": _("Page Layout > Selection Pane > Show All."),
            "PowerPoint": _("Home > Arrange > Selection Pane > Show All."),
            "LibreOffice": _("View > Navigator."),
            **_DELETE,
        },
    ),
    "hidden_row": (
        _("a hidden row"),
        {
            "Word": _("mark the table, Home > Font, clear Hidden."),
            "Excel": _("mark all cells, right-click a number beside them, Unhide."),
            "Calc": _("mark all cells, Format > Rows > Show."),
            **_DELETE,
        },
    ),
    "hidden_sheet": (
        _("a hidden sheet"),
        {
            "Excel": _("right-click a tab, Unhide."),
            "Calc": _("Sheet > Show Sheet."),
            **_DELETE,
        },
    ),
    "hidden_slide": (
        _("a hidden slide"),
        {
            "PowerPoint": _("right-click the slide, Hide Slide."),
            "Impress": _("Slide > Show Slide."),
            "": _("Or delete it."),
        },
    ),
    "hidden_text": (
        _("hidden text"),
        {
            "Word": _("mark all, Home > Font, clear Hidden."),
            "Excel": _("Format Cells > Number > General."),
            "Calc": _("Format > Cells > Numbers > General."),
            "Writer Impress": _("Format > Character > Font Effects, clear Hidden."),
            **_DELETE,
        },
    ),
    "local_link": (
        _("a link to a file on your own computers"),
        {"": _("Right-click the link and remove it.")},
    ),
    "macros": (
        _("macros"),
        {"": _("Save the file without macros and upload again.")},
    ),
    "not_utf8": (
        _("its text is not in UTF-8"),
        {"": _("Save it with that encoding and upload again.")},
    ),
    "pivot_source": (
        _("a pivot table with all the figures behind it"),
        {"": _("Copy the table to a new file as values and upload that.")},
    ),
    "speaker_notes": (
        _("speaker notes"),
        {
            "PowerPoint": _(
                "File > Info > Check for Issues > Inspect Document, Presentation Notes, Remove All."
            ),
            "Impress": _("View > Notes, delete them slide by slide."),
        },
    ),
    "text_beside": (
        _("something beside the slide"),
        {"": _("Zoom out, mark it and delete it.")},
    ),
    "tiny_text": (
        _("text too small to be seen"),
        {"": _("Delete it, or give it a size that can be read.")},
    ),
    "tracked_changes": (
        _("tracked changes"),
        {
            "Word": _("Review > Accept > Accept All Changes and Stop Tracking."),
            "Excel": _("Review > Unshare Workbook."),
            "LibreOffice": _("Edit > Track Changes > Accept All."),
        },
    ),
    "unknown_part": (
        _("something that cannot be looked through"),
        {"": _("Copy what is for readers to a new file, or save as PDF, and upload that.")},
    ),
    "very_hidden_sheet": (
        _("a hidden sheet that no menu of Excel shows"),
        {
            "Excel": _(
                "press Alt+F11 and F4, choose the sheet, set Visible to -1; or ask who made the file."
            ),
            "Calc": _("Sheet > Show Sheet."),
            **_DELETE,
        },
    ),
    "white_text": (
        _("white text on white"),
        {"": _("Delete it, or give it a colour that can be read.")},
    ),
}
_PLACES = {
    "cell": _("in cell %s"),
    "column": _("in column %s"),
    "named": _("(“%s”)"),
    "page": _("on page %s"),
    "row": _("on row %s"),
    "sheet": _("on the sheet “%s”"),
    "slide": _("on slide %s"),
    "words": _("at “%s…”"),
}
# Wagtail puts what is said of many uploads into the page as HTML, and the words are a stranger's.
_NO_MARKUP = str.maketrans("<>&", "‹›+")
# More places of one kind are counted.
_MOST_PLACES = 3


def removed_in_words(removed: Iterable[str]) -> str:
    """What was taken out, most telling first: "author, comments"."""
    codes = sorted(removed, key=lambda code: (code not in _FIRST, code))
    return ", ".join(str(_REMOVED[code]) for code in codes)


def hidden_sentences(faults: Iterable[HiddenThing], ending: str) -> list[str]:
    """Why the file is not accepted: all that it hides, where one finds it first, and what to do."""
    places: dict[str, list[str]] = {}
    for what, place in faults:
        if ending == ".pdf" and what in _COVERED:
            return [str(_COVERED[what]) % dict(place)]
        known = places.setdefault(what, [])
        where = " ".join(str(_PLACES[kind]) % value for kind, value in place).translate(_NO_MARKUP)
        if where not in known:
            known.append(where)
    said: list[str] = []
    for what, known in places.items():
        name, advice = _HIDDEN[what][0], " ".join(_advice(what, ending))
        found = f"{name} {', '.join(known[:_MOST_PLACES])}".strip()
        if more := len(known[_MOST_PLACES:]):
            found = gettext("%(found)s and in %(more)d more places") % {
                "found": found,
                "more": more,
            }
        text = (
            gettext("Also: %(found)s. %(advice)s")
            if said
            else gettext("The file was not accepted: %(found)s. %(advice)s")
        )
        said.append(text % {"found": found, "advice": advice})
    return said


def _advice(what: str, ending: str) -> Iterator[str]:
    """What to do about it in each program of that kind of file, and in any."""
    for named, text in _HIDDEN[what][1].items():
        if not named:
            yield str(text)
        for program in _PROGRAMS.get(ending, ()):
            if any(each in program for each in named.split()):
                yield f"{program}: {text}"


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
