"""That docs/asvs.md has every item of ASVS 5.0 at L1 and L2, and that what it names is there."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "asvs.md"
SECURITY = DOCUMENT.with_name("security.md")

# The level of each requirement of a section, in their order: facts of the standard, not its text.
LEVELS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23", "3.1": "3", "3.2": "113",
    "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222", "5.1": "2", "5.2": "112333",
    "5.3": "113", "5.4": "222", "6.1": "122", "6.2": "111111112222", "6.3": "11223333",
    "6.4": "112233", "6.5": "22222333", "6.6": "2223", "6.7": "33", "6.8": "2222", "7.1": "222",
    "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22", "8.1": "1233",
    "8.2": "1123", "8.3": "133", "8.4": "23", "9.1": "111", "9.2": "1222", "10.1": "22",
    "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22",
    "10.7": "222", "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222",
    "11.5": "23", "11.6": "23", "11.7": "33", "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233", "14.1": "22",
    "14.2": "12223333", "14.3": "122", "15.1": "12233", "15.2": "12233", "15.3": "1222222",
    "15.4": "3333", "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip
ITEMS = {
    f"{section}.{number}": f"L{level}"
    for section, levels in LEVELS.items()
    for number, level in enumerate(levels, 1)
    if level in "12"
}
TESTED, WRITTEN, OPERATORS, NOT_YET = "a test", "a document", "the operator", "not yet"
STATES = (TESTED, WRITTEN, OPERATORS, NOT_YET)

_ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
_QUOTED = re.compile(r"`([^`]+)`")
_TEST = re.compile(r"(test_\w+\.py)::(test_\w+)")
_LINK = re.compile(r"\]\(([^)#\s]*)#([^)]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@cache
def _text() -> str:
    return DOCUMENT.read_text()


@cache
def _rows() -> list[tuple[str, str, str, str]]:
    return _ROW.findall(_text())


def _state(shown: str) -> str:
    for state in (WRITTEN, OPERATORS, NOT_YET):
        if shown.startswith(f"{state}:"):
            return state
    return TESTED


def _left_out() -> list[str]:
    part = _text().split("## What does not apply")[1].split("\n## ")[0]
    return re.findall(r"\b\d+\.\d+\.\d+\b", part)


@cache
def _tests() -> set[tuple[str, str]]:
    return {
        (path.name, name)
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^\s*(?:async )?def (test_\w+)", path.read_text(), re.MULTILINE)
    }


def test_the_levels_are_those_of_the_standard():
    assert Counter("".join(LEVELS.values())) == {"1": 70, "2": 183, "3": 92}


def test_every_item_stands_once():
    stand = Counter([row[0] for row in _rows()] + _left_out())
    assert stand == Counter(ITEMS.keys())


def test_no_row_of_a_table_is_passed_over():
    part = _text().split("## What does not apply")[0]
    written = re.findall(r"^\| \d+\.\d+\.\d+ \|", part, re.MULTILINE)
    assert len(written) == len(_rows())


def test_what_an_item_names_is_there():
    wrong = {row[0]: list(_wrong_in(*row[2:])) for row in _rows()}
    assert {item: words for item, words in wrong.items() if words} == {}


def _wrong_in(kept: str, shown: str) -> Iterator[str]:
    for name in _QUOTED.findall(kept):
        path, _, inside = name.partition("::")
        if not (ROOT / path).exists() or (inside and inside not in (ROOT / path).read_text()):
            yield f"{name} is gone"
    for name in _QUOTED.findall(shown):
        found = _TEST.fullmatch(name)
        if found and found.groups() not in _tests():
            yield f"{name} is gone"
    if _state(shown) == TESTED and not _TEST.search(shown):
        yield "shown by nothing"
    if _state(shown) == TESTED and not _QUOTED.search(kept):
        yield "kept by nothing"
    if _state(shown) == WRITTEN and not _LINK.search(shown):
        yield "written nowhere"


def test_every_link_into_a_document_meets_its_heading():
    gone = [
        (document.name, f"{file}#{anchor}")
        for document in DOCUMENT.parent.glob("*.md")
        for file, anchor in _LINK.findall(document.read_text())
        for there in [document.parent / file if file else document]
        if anchor not in map(_anchor, _HEADING.findall(there.read_text()))
    ]
    assert gone == []


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def test_the_totals_are_those_of_the_rows():
    counted = Counter((_state(row[3]), ITEMS[row[0]]) for row in _rows())
    apply, left_out = (
        Counter(ITEMS[row[0]] for row in _rows()),
        Counter(map(ITEMS.get, _left_out())),
    )
    expected = {
        **{state: [counted[state, level] for level in ("L1", "L2")] for state in STATES},
        "apply": [apply["L1"], apply["L2"]],
        "do not apply": [left_out["L1"], left_out["L2"]],
    }
    said = {
        name: [int(number) for number in numbers]
        for name, *numbers in re.findall(
            r"^\| ([a-z ]+) \| (\d+) \| (\d+) \| (\d+) \|$", _text(), re.MULTILINE
        )
    }
    assert said == {name: [*numbers, sum(numbers)] for name, numbers in expected.items()}


def test_the_inventory_of_cryptography_names_every_file_that_has_any():
    """The table is read by people: a file that begins to hash, sign or seal has to be put into it."""
    inventory = SECURITY.read_text().split("## Keys and cryptography")[1].split("\n## ")[0]
    uses = re.compile(
        r"^(?:import|from) (?:hashlib|hmac|cryptography\b)|salted_hmac|from django.core.signing",
        re.MULTILINE,
    )
    named = {name for name in _QUOTED.findall(inventory) if "/" in name}
    missing = [
        path.relative_to(ROOT).as_posix()
        for app in ("cooperation", "pages", "sapo_site", "tips")
        for path in sorted((ROOT / app).rglob("*.py"))
        if uses.search(path.read_text())
        and not any(path.is_relative_to(ROOT / name) for name in named)
    ]
    assert missing == []
