"""Films, texts and archives: of the kind that their name says, and without hidden data."""

import io
import zipfile

from pages.cleaning.sentences import removed_in_words
from tests.factories import film_files as film
from tests.factories.office_files import packed, parts_of, word_file
from tests.factories.pdf_files import box, lines, pdf_of, telling_jpeg, text
from tests.tables import every_row

from .test_pdf import kept_of, refusal_of

CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\nHej!\n"


@every_row(
    ("name", "content", "frames"),
    [
        ("film.mp4", film.mp4(), b"\x11" * 100),
    ],
)
def test_place_camera_and_time_are_overwritten_in_a_film_and_nothing_moves(name, content, frames):
    kept = kept_of(content, name)
    after = kept.read()
    assert kept.removed
    assert b"hemlig" not in after
    assert len(after) == len(content)
    assert after.index(frames) == content.index(frames)
    again = kept_of(after, name)
    assert again.read() == after


@every_row(("name", "content"), [("film.mp4", film.mp4(told=False))])
def test_a_film_that_tells_nothing_passes_to_the_byte(name, content):
    kept = kept_of(content, name)
    assert (kept.removed, kept.read()) == ((), content)


def test_a_film_with_a_track_of_places_is_refused():
    assert refusal_of(film.mp4(film.track(b"meta")), "film.mp4") == (
        "Filen togs inte emot: ett spår där kameran har skrivit plats och rörelse. Exportera filmen på "
        "nytt med bara bild och ljud."
    )


@every_row(
    ("name", "content"),
    [("lista.csv", "Namn;Ort\nÅsa;Växjö\n"), ("text.txt", "\ufeffHej på dig\n"),
     ("film.vtt", CAPTIONS)],
)  # fmt: skip
def test_a_text_passes_to_the_byte(name, content):
    kept = kept_of(content.encode(), name)
    assert (kept.removed, kept.read().decode()) == ((), content)


def test_comments_in_captions_are_taken_out():
    told = CAPTIONS.replace("00:00.000", "NOTE Anna: hemligt\n\n00:00.000")
    kept = kept_of(told.encode(), "film.vtt")
    assert removed_in_words(kept.removed) == "kommentarer"
    assert kept.read().decode() == CAPTIONS


def test_a_text_in_another_encoding_is_refused_with_what_to_do():
    assert refusal_of("Åsa".encode("cp1252"), "lista.csv") == (
        "Filen togs inte emot: texten är inte i UTF-8. Spara den med den kodningen och ladda upp igen."
    )


@every_row(
    ("name", "content"),
    [
        ("lista.csv", b"MZ\x90\x00\x03"),
        ("lista.txt", b"<!DOCTYPE html><script>alert(1)</script>"), ("lista.txt", b"%PDF-1.7\n"),
        ("film.vtt", b"<html></html>"), ("film.vtt", b"1\n00:00:00,000 --> 00:00:02,000\nHej"),
        ("film.mp4", b"<html></html>"), ("film.mp4", film.mp4()[:60]),
        ("film.webm", film.mp4()), ("bild.zip", b"MZ" + bytes(50)),
        ("okand.exe", b"MZ" + bytes(50)),
    ],
)  # fmt: skip
def test_what_is_not_of_its_kind_is_refused(name, content):
    kind = name.rpartition(".")[2]
    assert f"går inte att läsa som {kind}" in refusal_of(content, name)


def test_each_file_of_an_archive_is_cleaned():
    archive = packed(
        {"mapp/plan.pdf": pdf_of(lines), "plan.docx": word_file(), "bild.jpg": telling_jpeg().getvalue(),
         "läs mig.txt": "Hej å".encode()}
    )  # fmt: skip
    kept = kept_of(archive, "allt.zip")
    parts = parts_of(kept.read())
    assert list(parts) == ["mapp/plan.pdf", "plan.docx", "bild.jpg", "läs mig.txt"]
    assert not any(b"Hemlig" in content for content in parts.values())
    assert {"author", "camera_data"} <= set(kept.removed)
    assert parts["läs mig.txt"].decode() == "Hej å"


def _with_comment(parts):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.comment = b"hemlig"
        for name, content in parts.items():
            archive.writestr(name, content)
    return output.getvalue()


def test_the_comment_of_an_archive_and_what_stands_before_it_go():
    kept = kept_of(b"hemlig" + _with_comment({"a.txt": b"a"}), "allt.zip")
    assert b"hemlig" not in kept.read()


@every_row(
    ("inside", "words"),
    [
        ({"svart.pdf": pdf_of(lines, text("Anna Svensson"), box(60, 90, 200, 25))},
         "dold text i ”svart.pdf” på sida 1 vid ”Anna Svensson…”"),
        ({"inre.zip": packed({"a.txt": b"a"})},
         "en fil av ett slag som inte går att kontrollera i ”inre.zip”"),
        ({"program.exe": b"MZ"}, "en fil av ett slag som inte går att kontrollera i ”program.exe”"),
        ({"trasig.pdf": b"MZ"}, "en fil som inte går att läsa i ”trasig.pdf”"),
    ],
)  # fmt: skip
def test_an_archive_with_one_bad_file_is_refused_by_its_name(inside, words):
    said = refusal_of(packed({"bra.txt": b"a", **inside}), "allt.zip")
    assert said.startswith("Filen togs inte emot: ")
    assert words in said


def test_all_files_of_an_archive_that_hide_something_are_named_at_once():
    bad = {"a.exe": b"MZ", "b.docx": word_file(lambda d: d.add_comment(d.paragraphs[1].runs, "x"))}
    said = refusal_of(packed({**bad, "c.exe": b"MZ"}), "allt.zip")
    assert "kontrollera i ”a.exe”, i ”c.exe”. Ta ut den ur zip-filen" in said
    assert "Dessutom: kommentarer i ”b.docx” vid ”Varje lokal ska ha en ansvarig.…”" in said


@every_row(
    "parts",
    [{"../../x.txt": b"a"}, {"/etc/x.txt": b"a"}, {f"{n}.txt": b"" for n in range(5_001)},
     {"noll.txt": bytes(60_000_000)}],
    ids=["slip", "root", "many", "bomb"],
)  # fmt: skip
def test_an_archive_made_to_harm_is_refused(parts):
    assert "går inte att läsa som zip" in refusal_of(packed(parts), "allt.zip")
