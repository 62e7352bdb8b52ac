"""Names that a stranger chose for files: whatever they are, they become harmless."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tables import every_row
from tips.sealing.file_names import file_names, safe_name


@every_row(
    "name",
    [
        "bild.jpg", "Bild på bilen.jpeg", "rapport (2).pdf", "arkiv.tar.gz", "utan ändelse",
        "写真.png",
    ],
)  # fmt: skip
def test_an_ordinary_name_is_kept(name):
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"), ("/etc/passwd", "passwd"),
        ("C:\\fakepath\\bild.jpg", "bild.jpg"), ("..\\..\\autorun.inf", "autorun.inf"),
        ("mapp/", "mapp"), ("..", "fil"), (".", "fil"), ("", "fil"), ("   ", "fil"), ("///", "fil"),
        (".bashrc", "bashrc"), ("...dold", "dold"), ("bild.jpg. . ", "bild.jpg"),
        ("a\0b.txt", "ab.txt"), ("a\r\nb\x1b[31m.txt", "ab[31m.txt"),
        ("bild\u202egpj.exe", "bildgpj.exe"), ("\u2066x\u2069.exe", "x.exe"),
        ("a\u200bb\u2028c.txt", "abc.txt"), ("a\ud800b", "ab"),
        ('<a>:"b"|?*.txt', "_a___b____.txt"), ("CON", "_CON"), ("con.txt", "_con.txt"),
        ("Nul .tar.gz", "_Nul .tar.gz"), ("com1", "_com1"), ("LPT¹.log", "_LPT¹.log"),
        ("console.txt", "console.txt"), ("-rf", "_-rf"), ("~root", "_~root"),
        ("a\u030a.txt", "å.txt"),
    ],
)  # fmt: skip
def test_a_name_that_could_harm_is_changed(name, safe):
    assert safe_name(name) == safe


def test_a_long_name_is_cut_in_the_middle_of_no_letter_and_keeps_its_ending():
    assert safe_name("å" * 300 + ".jpeg") == "å" * 65 + ".jpeg"
    assert safe_name("x" * 300) == "x" * 135
    assert len(safe_name("x." + "y" * 300)) == 135


NAMES = st.text() | st.text("./\\ -~\0\u202eaA1åÅ\u030aconCON¹", max_size=12)


@given(NAMES)
@settings(max_examples=1000)
def test_whatever_the_name_it_is_safe(name):
    safe = safe_name(name)

    assert safe
    assert len(safe.encode()) <= 140
    assert not set(safe) & set('/\\\0<>:"|?*')
    assert safe[0] not in ".-~ "
    assert safe[-1] not in ". "
    assert not any(unicodedata.category(letter).startswith("C") for letter in safe)
    assert safe_name(safe) == safe


@given(st.lists(NAMES, max_size=8))
@settings(max_examples=300)
def test_no_two_files_get_one_name(names):
    found = file_names(names, ["tip.txt"])

    assert len(found) == len(names)
    compared = {unicodedata.normalize("NFKC", name).casefold() for name in [*found, "tip.txt"]}
    assert len(compared) == len(names) + 1
    assert all(len(name.encode()) <= 143 for name in found)


def test_names_that_are_alike_are_numbered():
    assert file_names(["bild.jpg", "bild.jpg", "BILD.JPG", "bild (2).jpg", "bild"]) == [
        "bild.jpg",
        "bild (2).jpg",
        "BILD (3).JPG",
        "bild (2) (2).jpg",
        "bild",
    ]


def test_a_name_that_is_taken_is_numbered():
    assert file_names(["TIP.txt"], ["tip.txt"]) == ["TIP (2).txt"]
