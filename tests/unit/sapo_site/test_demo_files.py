"""What the demo offers for download: it holds no hidden data, and says what it is called and in which language.

The tags inside are looked at when a file is made (`tests/demo_files.py`): it lies here as it was made then.
"""

import tomllib
from typing import Any

import pikepdf
import pytest
from bs4 import BeautifulSoup
from django.core.files import File

from pages.library.cleaning.cleaned_files import cleaned
from tests.demo_files import FILES, SOURCES
from tests.tables import every_row

NAMES = [row["name"] for row in tomllib.loads((FILES / "files.toml").read_text())["file"]]
PRINTED = [name for name in NAMES if name.endswith(".pdf")]
each_printed = pytest.mark.parametrize("name", PRINTED)


@every_row("name", NAMES)
def test_a_file_of_the_demo_passes_to_the_byte(name):
    with (FILES / name).open("rb") as file, cleaned(File(file), name) as kept:
        assert kept.removed == ()
        assert kept.read() == (FILES / name).read_bytes()
        if name.endswith(".pdf"):
            assert kept.inspection["seen"] == {"title": True, "language": True, "tags": True}


def test_every_printed_file_is_made_from_a_source():
    assert {f"{source.stem}.pdf" for source in SOURCES} == set(PRINTED)


@each_printed
def test_it_says_what_it_is_called_in_which_language_and_that_it_is_for_everybody(name):
    with pikepdf.open(FILES / name) as document:
        title = _source(name).title.get_text()
        assert str(document.docinfo.Title) == title
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "sv"
        described = document.open_metadata()
        assert described["dc:title"] == title
        assert described["pdfuaid:part"] == "1"


def _source(name: str) -> Any:
    return BeautifulSoup((FILES / "printed" / name).with_suffix(".html").read_text(), "lxml")
