"""What the texts of the tip channel promise, must say, and fall back on."""

import json
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from tests.pace import cpu_seconds
from tests.tables import every_row
from tips import exchange
from tips.wording.leads import leads_in
from tips.wording.promises import promises_in
from tips.wording.texts import (
    BUILT_IN,
    KEYS,
    TEXT_FIELDS,
    built_in_to_edit,
    faults_in,
    shown_texts,
    texts_for,
)


def _lines(name: str) -> list[str]:
    """The texts in a file beside this one, a line each; \\uXXXX in it is that sign."""
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [
        re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), line)
        for line in lines
        if line and not line.startswith("#")
    ]


TIP_PAGES = tuple(BUILT_IN["sv"])
DAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def _in_swedish() -> Iterator[None]:
    with translation.override("sv"):
        yield


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    """The folder that the website and the tip channel share."""
    settings.EXCHANGE_DIR = tmp_path / "exchange"
    return settings.EXCHANGE_DIR


def edited(language: str = "sv", **changed: str) -> dict[str, str]:
    return BUILT_IN[language] | changed


def of_editors(language: str = "sv", **changed: str) -> dict[str, str]:
    return built_in_to_edit(language) | changed


def approve(language: str, texts: dict[str, str]) -> None:
    exchange.write_approved(language, texts, DAY)


# What is promised


@every_row("phrase", _lines("promising_texts.txt"))
def test_what_nobody_may_promise_is_refused(phrase):
    assert promises_in(phrase)
    assert promises_in(f"Hej! Välkommen hit. {phrase}")


@every_row("phrase", _lines("unpromising_texts.txt"))
def test_what_is_honest_is_let_through(phrase):
    assert promises_in(phrase) == []


@every_row("language", BUILT_IN)
def test_built_in_texts_promise_nothing_and_say_everything(language):
    assert faults_in(BUILT_IN[language], language) == []
    assert [promises_in(text) for text in BUILT_IN[language].values()] == [[]] * len(TIP_PAGES)


@every_row("language", BUILT_IN)
def test_built_in_texts_are_whole_and_leave_room_for_an_editor(language):
    assert tuple(BUILT_IN[language]) == TIP_PAGES
    assert set(KEYS) < set(TIP_PAGES)
    for field in TEXT_FIELDS:
        assert 0 < len(BUILT_IN[language][field.key]) < field.max_length, field.key


def test_editor_is_told_which_words_promise_too_much():
    faults = faults_in(edited(start_lead="Hos oss är du Helt\u00a0Anonym. Ring 112."), "sv")
    assert [fault.key for fault in faults] == ["start_lead"]
    assert "”anonym”" in faults[0].message
    assert "lovar mer än lagen tillåter" in faults[0].message


@every_row("key", KEYS)
def test_a_promise_is_found_in_every_text(key):
    assert key in {fault.key for fault in faults_in(edited(**{key: "Du är helt anonym"}), "sv")}


# What leads astray


@every_row("text", _lines("leading_texts.txt"))
def test_what_would_lead_a_tipster_astray_stops_the_text_and_is_shown_to_the_editor(text):
    faults = faults_in(edited(afterwards=f"Vi läser tipset. {text}"), "sv")
    assert {fault.key for fault in faults} == {"afterwards"}


@every_row("text", _lines("honest_texts.txt"))
def test_what_an_agency_writes_passes(text):
    assert faults_in(edited(afterwards=f"Vi läser tipset. {text}"), "sv") == []


@every_row(
    ("text", "piece"),
    [
        ("Gå till https://tips.example/ nu.", "https://tips.example/"),
        ("Ring 08-123 45 67 i dag.", "08-123 45 67"),
        ("Ring noll åtta ett två tre fyra.", "noll åtta ett två tre fyra"),
        ("Skriv till oss på Signal.", "Signal"),
        ("Gå till s\u0430kerhetspolisen.se.", "s\u0430kerhetspolisen"),
        ("Maila oss.", "maila"),
    ],
)
def test_editor_is_told_which_piece_and_what_may_stand_there(text, piece):
    (fault, *_more) = faults_in(edited(afterwards=text), "sv")
    assert f"”{piece}”" in fault.message
    assert "112, 114 14" in fault.message
    assert "sakerhetspolisen.se" in fault.message


def test_numbers_and_addresses_of_the_list_alone_pass(settings):
    assert leads_in("Ring 08-123 45 67 eller se tips.example.") == ["tips.example", "08-123 45 67"]
    settings.NUMBERS_FOR_TIPSTERS = ("08-123 45 67",)
    settings.ADDRESSES_FOR_TIPSTERS = ("tips.example",)
    assert leads_in("Ring 08-123 45 67 eller se tips.example.") == []
    assert leads_in("Ring 114 14 eller se polisen.se.") == ["polisen.se", "114 14"]


@every_row("sign", ["a", "a-", "1 ", ".", "a.", "@", ": ", "[", "ett ", "08-", "( "])
def test_a_text_of_any_signs_is_read_in_a_moment(sign):
    texts = edited(afterwards=(sign * 1500)[:1500])
    assert cpu_seconds(lambda: faults_in(texts, "sv")) < 5


@every_row("key", ["start_lead", "smuggled"])
def test_a_text_that_is_too_long_or_nobodys_is_not_even_read_through(key):
    texts = edited(anonymity="Du behöver inte säga vem du är.") | {key: "\n." * 12_000}
    assert faults_in(texts, "sv")
    assert cpu_seconds(lambda: faults_in(texts, "sv")) < 1


# What must be said


@every_row(
    ("language", "changed", "said"),
    [
        ("sv", {"anonymity": "Du behöver inte säga vem du är."}, "inte kan lova"),
        ("sv", {"official_document": "Tipset omfattas oftast av sekretess."}, "allmän handling"),
        ("sv", {"official_document": "Tipset blir inte en allmän handling."}, "allmän handling"),
        ("en", {"anonymity": "You do not have to say who you are."}, "inte kan lova"),
        ("en", {"official_document": "The tip is usually secret."}, "allmän handling"),
    ],
)
def test_texts_that_have_lost_a_fact_are_refused_where_it_belongs(language, changed, said):
    (fault,) = faults_in(edited(language, **changed), language)
    assert fault.key == next(iter(changed))
    assert said in fault.message


@every_row("language", BUILT_IN)
def test_whom_to_call_comes_with_the_release_and_no_editor_takes_it_away(language):
    said = texts_for(language)
    assert "112" in said["urgent"]
    assert "114 14" in said["police"]
    assert "10-568 70 00" in said["telephone"]
    assert not {"urgent", "police", "telephone"} & set(KEYS)


def test_a_fact_may_stand_in_any_of_the_texts():
    moved = edited(
        anonymity="Du behöver inte säga vem du är.", official_document="Sekretess gäller oftast.",
        afterwards="Tipset blir en allmän handling. Vi kan inte lova att du är anonym.",
    )  # fmt: skip
    assert faults_in(moved, "sv") == []


def test_a_fact_in_a_text_that_is_none_of_the_pages_is_lost():
    lost = edited(anonymity="Du behöver inte säga vem du är.")
    (fault,) = faults_in(lost | {"smuggled": BUILT_IN["sv"]["anonymity"]}, "sv")
    assert fault.key == "anonymity"


def test_a_text_is_neither_empty_nor_too_long():
    faults = faults_in(edited(start_lead=" \n", start_heading="å" * 81), "sv")
    assert [fault.key for fault in faults] == ["start_heading", "start_lead"]
    assert "80 tecken" in faults[0].message


@every_row("sign", ["<", ">", "\x00", "\r", "\u202e", "\u200b", "\ue000"])
def test_a_text_has_no_markup_and_nothing_that_a_handler_would_not_see(sign):
    faults = faults_in(edited(afterwards=f"Vi läser{sign} det."), "sv")
    assert [fault.key for fault in faults] == ["afterwards"]
    assert "inga osynliga tecken" in faults[0].message


def test_a_letter_with_its_accent_apart_is_refused_where_it_is_read_and_joined_where_it_is_saved():
    (fault,) = faults_in(edited(afterwards="Vi la\u0308ser det."), "sv")
    assert "varje bokstav som ett tecken" in fault.message


# What is shown


def test_texts_are_shown_once_a_handler_has_approved_them():
    texts = of_editors(start_heading="Läs det här först")
    exchange.write_texts("sv", texts)
    assert texts_for("sv") == BUILT_IN["sv"]
    approve("sv", texts)
    approve("en", of_editors("en", start_heading="Read this first"))
    assert texts_for("sv") == edited(start_heading="Läs det här först")
    assert texts_for("en")["start_heading"] == "Read this first"
    assert shown_texts("sv").approved_on == DAY


def test_what_editors_want_later_changes_nothing_that_is_shown():
    approve("sv", of_editors(start_heading="Godkänt"))
    exchange.write_texts("sv", of_editors(start_heading="Något annat"))
    assert texts_for("sv")["start_heading"] == "Godkänt"
    exchange.texts_file("sv").write_text("{")
    assert texts_for("sv")["start_heading"] == "Godkänt"
    exchange.texts_file("sv").unlink()
    assert texts_for("sv")["start_heading"] == "Godkänt"


def test_what_a_handler_approves_is_shown_at_once():
    for heading in ("Ett", "Två", "Tre"):
        approve("sv", of_editors(start_heading=heading))
        assert texts_for("sv")["start_heading"] == heading
    approve("sv", {})
    assert texts_for("sv") == BUILT_IN["sv"]
    assert shown_texts("sv").approved_on is None


@every_row("key", sorted(set(BUILT_IN["sv"]) - set(KEYS)))
def test_what_tells_a_tipster_what_to_do_comes_with_the_release_alone(key):
    approve("sv", of_editors(start_heading="Med mera", **{key: "Ring det här numret."}))
    assert texts_for("sv") == BUILT_IN["sv"]


def test_a_language_without_texts_is_swedish():
    assert texts_for("fi") == BUILT_IN["sv"]


def test_shown_texts_can_be_changed_without_changing_the_built_in_ones():
    texts_for("sv")["urgent"] = "Borta"
    approve("sv", of_editors(start_heading="Nytt"))
    texts_for("sv")["urgent"] = "Borta"
    assert "112" in texts_for("sv")["urgent"]


def _approved(language: str = "sv", **changed: object) -> bytes:
    texts = of_editors("sv", start_heading="Nytt")
    content = {
        "format": exchange.APPROVED_FORMAT,
        "approved_on": "2026-11-26",
        "language": language,
        "digest": exchange.digest_of_texts(language, texts),
        "texts": texts,
    }
    return json.dumps(content | changed).encode()


def _with_its_digest(**changed: str) -> bytes:
    texts = of_editors("sv", start_heading="Nytt") | changed
    return _approved(texts=texts, digest=exchange.digest_of_texts("sv", texts))


@every_row(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"[" * 100_000,
        _approved(format="sapo-tip-texts/2"),
        _approved(format="sapo-tip-texts/1"),
        _approved(texts=None),
        _approved(texts=[]),
        _approved(texts={"start_heading": 112}),
        _approved(texts={"start_heading": "112 \ud800"}),
        _approved(texts={"\ud800": "112"}),
        _approved(approved_on="i går"),
        _approved(approved_on=20261126),
        _approved(digest=""),
        _approved(digest=None),
        # Approved for another language, or for other words.
        _approved(language="en"),
        _approved(texts=of_editors(start_heading="Något annat")),
        # Refused by the check, though the digest is right.
        _with_its_digest(start_lead="Du är helt anonym."),
        _with_its_digest(anonymity="Du behöver inte säga vem du är."),
        _with_its_digest(afterwards="Läs <b>mer</b>."),
        _with_its_digest(start_heading="Vidare" * 50),
        _with_its_digest(start_heading=" "),
        _with_its_digest(x="y"),
        _with_its_digest(afterwards="y" * 2**20),
    ],
)
def test_a_broken_or_refused_file_gives_the_releases_texts(content):
    path = exchange.approved_file("sv")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_approved())
    assert texts_for("sv")["start_heading"] == "Nytt"
    path.write_bytes(content)
    assert texts_for("sv") == BUILT_IN["sv"]


def test_a_folder_a_link_or_a_pipe_in_place_of_the_file_gives_the_releases_texts():
    path = exchange.approved_file("sv")
    path.mkdir(parents=True)
    assert texts_for("sv") == BUILT_IN["sv"]
    path.rmdir()
    elsewhere = path.with_name("elsewhere")
    elsewhere.write_bytes(_approved())
    path.symlink_to(elsewhere)
    assert texts_for("sv") == BUILT_IN["sv"]
    path.unlink()
    os.mkfifo(path)
    assert texts_for("sv") == BUILT_IN["sv"]


def test_a_language_is_no_way_to_other_files():
    assert texts_for("../../secret") == BUILT_IN["sv"]
    with pytest.raises(ValueError, match="language"):
        exchange.write_texts("../sv", {})
