"""What the figures of `./sapo bench` are compared with, and when an aim is met."""

import pytest

from tools.bench import document, search
from tools.bench.__main__ import PARTS
from tools.bench.load import Load
from tools.bench.questions import FOLDER, SETS, Answer, Question, different, figures, read
from tools.bench.rounds import Results
from tools.bench.search import Found, Site
from tools.bench.tables import Aim, Table, aims_table

QUESTIONS = [Question(str(number), "sv", ("/rätt/", "/också/")) for number in range(4)]
WRONG = ("/fel/",)
# First, the second right one as number five, as number six, and nothing.
ANSWERS = [
    Answer(("/rätt/", *WRONG), 10),
    Answer((*WRONG * 4, "/också/"), 20),
    Answer((*WRONG * 5, "/rätt/"), 30),
    Answer((), 400),
]
RIGHT = [Answer(("/rätt/",), 50)] * 4


def test_an_aim_is_met_not_met_or_not_measured():
    rows = aims_table(
        [
            Aim("stored", 0.85, 0.85),
            Aim("304", 0.9, 0.8),
            Aim("nginx", 0.9, 0.9, at_least=True),
            Aim("growth", None, 2),
        ]
    ).rows
    assert [row[2:] for row in rows] == [
        ("0.85", "met"), ("0.9", "**not met**"), ("0.9", "met"), ("–", "not measured"),
    ]  # fmt: skip


def test_a_ratio_is_the_median_of_the_rounds_own():
    # In the second round something else ran on the machine: both were slow.
    ours, empty = ([Load(1, each, 1, 2) for each in us] for us in ((80, 200, 90), (100, 250, 100)))
    results = Results(turns={"ours": ours, "empty": empty})
    assert results.ratio("ours", "empty") == 0.8
    assert results.ratio("ours", "what failed") is None


# The search


def test_shares_are_of_all_questions_and_the_first_right_address_counts():
    its = figures(QUESTIONS, ANSWERS)
    assert (its.first, its.among_five, its.none) == (25, 50, 25)
    assert (its.median, its.slow) == (25, 400)
    with pytest.raises(ValueError, match="shorter"):
        figures(QUESTIONS, ANSWERS[:3])


def test_the_same_addresses_in_another_order_are_another_answer():
    one = [Answer(("/a/", "/b/"), 1), Answer(("/a/",), 1), Answer((), 1)]
    other = [Answer(("/b/", "/a/"), 1), Answer(("/a/",), 9), Answer((), 1)]
    assert different(one, other) == 1


def test_the_worse_database_counts_and_a_difference_between_them_is_a_fault():
    def met(found: Found) -> list[bool | None]:
        return [aim.is_met for aim in search.aims_of(Site(), found, QUESTIONS)]

    assert met({"SQLite": RIGHT, "PostgreSQL": RIGHT}) == [True] * 5
    assert met({"SQLite": RIGHT, "PostgreSQL": ANSWERS}) == [False, False, False, True, False]
    assert met({"SQLite": RIGHT}) == [True, True, True, True, None]


def test_a_table_has_a_row_for_each_database():
    table = search.table_of(Site(), {"SQLite": ANSWERS}, QUESTIONS)
    assert table.rows == [["SQLite", "25", "50", "25", "25", "400"]]


def test_no_set_of_questions_asks_anything_twice():
    sets = [read(FOLDER / f"{name}.tsv") for name in SETS]
    for questions in sets:
        assert len({(each.text.casefold(), each.language) for each in questions}) == len(questions)
        assert all(each.expected and each.language in ("sv", "en") for each in questions)
    assert [*map(len, sets)] == [100, 100, 150, 120, 109, 110]


# What is kept of a run


def test_a_part_takes_its_own_place_in_the_document_and_no_other(tmp_path):
    path = tmp_path / "performance.md"
    path.write_text("Read it so.\n<!-- bench: http -->\nold\n<!-- end: http -->\nAfter.\n")
    table = Table("Pages", ("page", "CPU"), [("article", "0.8")])
    for _ in range(2):  # the second time replaces the first
        document.write("http", [table], [Aim("stored", 0.9, 0.85), Aim("304", 0.6, 0.7)], path)
    text = path.read_text()
    assert text.startswith("Read it so.\n<!-- bench: http -->\nMeasured 20")
    assert "| stored | ≤ 0.85 | 0.9 | **not met** |\n\nOf 2 aims 1 are met: " in text
    assert text.endswith("\n<!-- end: http -->\nAfter.\n")
    assert text.count("### Pages") == 1
    whole = document.DOCUMENT.read_text()
    assert all(f"<!-- {word}: {part} -->" in whole for part in PARTS for word in ("bench", "end"))
