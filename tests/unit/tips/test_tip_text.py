"""A tip as a text file: every field under its Swedish label, and none that can pose as another."""

from uuid import UUID

from tests.tables import every_row
from tips.sealing.reference import reference_of
from tips.sealing.tip_text import size_text, tip_text

ID = UUID("7f3c9a52-0000-4000-8000-000000000001")


def _text(fields: dict[str, str], files: list[tuple[str, str, int]] = (), **other: str) -> str:
    """The text of a tip; a file is its name, the name it was saved under, and its size."""
    attachments = [{"name": name, "size": size} for name, _saved, size in files]
    body = {
        "id": str(ID), "received": "2026-11-25T14:15", "fields": fields, "attachments": attachments,
    }  # fmt: skip
    return tip_text({**body, **other}, [saved for _name, saved, _size in files])


def test_a_tip_with_everything_in_it():
    text = _text(
        {
            "text": "En bil står utanför.\r\nVarje kväll.",
            "subject": "hot",
            "when": "I går",
            "where": "Solna",
            "how_known": "saw",
            "people": "ABC 123",
            "urgent": "1",
            "contact": "070-000 00 00",
        },
        [("bild.jpg", "bild.jpg", 1_234_567), ("../x.txt", "x.txt", 12)],
    )

    assert text == (
        f"Tips {reference_of(ID)}\n"
        "\n"
        "Inkom: 2026-11-25 14:15\n"
        "Ämne: Hot mot demokratin eller mot personer som vi skyddar\n"
        "Bråttom: ja\n"
        "\n"
        "== Vad ==\n"
        "En bil står utanför.\n"
        "Varje kväll.\n"
        "\n"
        "== När ==\n"
        "I går\n"
        "\n"
        "== Var ==\n"
        "Solna\n"
        "\n"
        "== Hur du vet det ==\n"
        "Såg eller hörde själv\n"
        "\n"
        "== Personer/fordon/konton ==\n"
        "ABC 123\n"
        "\n"
        "== Kontakt ==\n"
        "070-000 00 00\n"
        "\n"
        "== Filer ==\n"
        "bild.jpg (1,2 MB)\n"
        "x.txt (12 byte), hette ”../x.txt”\n"
    )


def test_a_tip_with_nothing_but_its_text():
    assert _text({"text": "Hej", "subject": "", "when": " ", "urgent": ""}) == (
        f"Tips {reference_of(ID)}\n\nInkom: 2026-11-25 14:15\nÄmne: inte angivet\n"
        "Bråttom: nej\n\n== Vad ==\nHej\n"
    )


@every_row(
    ("way", "line"),
    [
        ("browser", "Förseglat i avsändarens webbläsare\n"),
        ("form", "Förseglat när det kom fram (utan skript)\n"),
        ("annat", ""),
    ],
)
def test_it_says_where_the_tip_was_sealed(way, line):
    body = {"id": str(ID), "received": "2026-11-25T14:15", "way": way, "fields": {"text": "Hej"}}
    assert tip_text(body, []).startswith(
        f"Tips {reference_of(ID)}\n\nInkom: 2026-11-25 14:15\n{line}Ämne: inte angivet\n"
    )


def test_what_a_later_form_lets_choose_is_shown_as_it_was_sealed():
    text = _text({"text": "x", "subject": "nytt", "how_known": "anat"})
    assert "\nÄmne: nytt\n" in text
    assert "== Hur du vet det ==\nanat\n" in text


def test_a_field_of_a_later_form_is_not_lost():
    assert "== vehicle ==\nABC 123\n" in _text({"text": "x", "vehicle": "ABC 123"})


@every_row("end", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_text_cannot_pose_as_another_field(end):
    text = _text({"text": f"Hej{end}{end}== Kontakt =={end}någon annan"})

    assert text.endswith("== Vad ==\nHej\n\n == Kontakt ==\nnågon annan\n")


def test_text_cannot_steer_a_terminal():
    text = _text({"text": "a\x1b[2Jb\x9bc\x07d\x00\te"}, [("\x1b]x\u202e.txt", "x.txt", 0)])

    assert "a\ufffd[2Jb\ufffdc\ufffdd\ufffd\te" in text
    assert "x.txt (0 byte), hette ”\\u001b]x\\u202e.txt”" in text


def test_the_text_is_otherwise_kept_to_the_letter():
    words = "  Indraget\n\n\n“Citat” – 𝔘nicode 🚗 <b>&amp;\u202eomvänt"

    assert f"== Vad ==\n{words}\n" in _text({"text": words})


@every_row(
    ("size", "told"), [(0, "0 byte"), (999, "999 byte"), (1000, "1,0 kB"), (26_214_400, "26,2 MB")]
)
def test_sizes_are_told_as_swedes_write_them(size, told):
    assert size_text(size) == told
