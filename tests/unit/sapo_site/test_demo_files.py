"""What the demo offers for download holds no hidden data, and is stored as it lies here."""

import tomllib

import pytest
from django.core.files import File

from pages.cleaning.cleaned_files import cleaned
from sapo_site.demo.site import CONTENT

FILES = CONTENT / "files"
NAMES = [row["name"] for row in tomllib.loads((FILES / "files.toml").read_text())["file"]]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_the_demo_passes_to_the_byte(name):
    with (FILES / name).open("rb") as file, cleaned(File(file), name) as kept:
        assert kept.removed == ()
        assert kept.read() == (FILES / name).read_bytes()
        if name.endswith(".pdf"):
            assert kept.inspection["seen"] == {"title": True, "language": True, "tags": True}
