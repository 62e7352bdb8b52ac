"""Films and texts: of the kind that their name says, and without hidden data."""

from pages.library.cleaning.sentences import removed_in_words
from tests.factories import film_files as film
from tests.factories.office_files import packed
from tests.tables import every_row

from .test_pdf import kept_of, refusal_of

CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\nHej!\n"


@every_row(("name", "content", "frames"), [("film.mp4", film.mp4(), b"\x11" * 100)])
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
        ("film.webm", film.mp4()), ("bild.zip", packed({"a.txt": b"a"})),
        ("okand.exe", b"MZ" + bytes(50)),
    ],
)  # fmt: skip
def test_what_is_not_of_its_kind_is_refused(name, content):
    kind = name.rpartition(".")[2]
    assert f"går inte att läsa som {kind}" in refusal_of(content, name)
