"""What is counted of answers, how it is shown, and what has to hold of it."""

import pytest

from tools.bench import judging, search
from tools.bench.__main__ import arguments
from tools.bench.judging import Answer, figures
from tools.bench.questions import Question
from tools.bench.search import Found, Site

QUESTIONS = [Question(str(number), "sv", ("/rätt/", "/också/")) for number in range(4)]
WRONG = ("/fel/",)
# First, the second right one as number five, as number six, and nothing.
ANSWERS = [
    Answer(("/rätt/", *WRONG), 10),
    Answer((*WRONG * 4, "/också/"), 20),
    Answer((*WRONG * 5, "/rätt/"), 30),
    Answer((), 400),
]


def test_each_right_address_counts_and_the_place_of_the_first_of_them():
    pairs = zip(QUESTIONS, ANSWERS, strict=True)
    assert [answer.place_of(question) for question, answer in pairs] == [1, 5, 6, None]


def test_shares_are_of_all_questions_also_of_those_without_an_answer():
    its = figures(QUESTIONS, ANSWERS)
    assert (its.questions, its.first, its.among_five, its.none) == (4, 25, 50, 25)
    assert (its.median, its.slow) == (25, 400)


def test_one_in_twenty_may_be_slower_than_the_95th_percentile():
    times = [Answer((), ms) for ms in range(1, 101)]
    assert figures(QUESTIONS * 25, times).slow == 95


def test_answers_must_be_as_many_as_questions():
    with pytest.raises(ValueError, match="shorter"):
        figures(QUESTIONS, ANSWERS[:3])


def test_the_same_addresses_in_another_order_are_another_answer():
    one = [Answer(("/a/", "/b/"), 1), Answer(("/a/",), 1), Answer((), 1)]
    other = [Answer(("/b/", "/a/"), 1), Answer(("/a/",), 9), Answer((), 1)]
    assert judging.different(one, other) == 1


# The tables


def _found(ours: list[Answer], rival: list[Answer]) -> Found:
    return Found(answers={"ours, SQLite": ours, "ours, PostgreSQL": ours, "grep": rival})


def test_each_set_has_columns_of_its_own_beside_those_of_all():
    sets = {"one": QUESTIONS[:2], "two": QUESTIONS[2:]}
    table = search.table_of(Site(), _found(ANSWERS, ANSWERS), sets)
    assert table.title == "Found, the demo"
    assert table.columns[-4:] == ("one: 1st", "one: 5", "two: 1st", "two: 5")
    assert table.rows[0] == [
        "ours, SQLite", "25", "50", "25", "25", "400", "50", "100", "0", "0",
    ]  # fmt: skip


def test_a_file_of_questions_alone_has_no_columns_for_sets():
    table = search.table_of(Site(300), _found(ANSWERS, ANSWERS), {"egna": QUESTIONS})
    assert table.columns[-1] == "95th, ms"


def test_each_language_stands_beside_the_best_rival_in_it():
    english = [Question("x", "en", ("/en/",))]
    ours, rival = [*ANSWERS, Answer((), 1)], [*ANSWERS, Answer(("/en/",), 1)]
    rows = search.by_language(Site(), _found(ours, rival), {"egna": [*QUESTIONS, *english]}).rows
    assert [(row[0], row[1], row[2], row[-2], row[-1]) for row in rows] == [
        ("egna, sv", "4", "25", "25", "50"),
        ("egna, en", "1", "0", "100", "100"),
    ]


def test_the_table_of_parts_has_the_whole_search_first():
    found = Found(answers={"ours, SQLite": ANSWERS}, without={"synonyms": ANSWERS[3:] * 4})
    rows = search.by_part(Site(), found, QUESTIONS).rows
    assert [(row[0], row[1]) for row in rows] == [("nothing", "25"), ("synonyms", "0")]


def test_what_did_not_come_first_is_listed_with_what_did():
    table = search.misses(Site(), _found(ANSWERS, ANSWERS), QUESTIONS)
    assert [row[0] for row in table.rows] == ["1", "2", "3"]
    assert table.rows[0][2:] == ("5", "/rätt/ /också/", "/fel/")
    assert table.rows[-1][2:] == ("–", "/rätt/ /också/", "–")


# The aims


def _aims(found: Found) -> dict[str, bool | None]:
    aims = search.aims_of(Site(), found, QUESTIONS)
    return {aim.text.removeprefix("the demo: "): aim.is_met for aim in aims}


def test_all_aims_are_met_by_one_who_finds_everything_at_once():
    right = [Answer(("/rätt/",), 50)] * 4
    assert set(_aims(_found(right, ANSWERS)).values()) == {True}


def test_as_good_as_a_rival_is_not_better():
    right = [Answer(("/rätt/",), 50)] * 4
    aims = _aims(_found(right, right))
    assert [text for text, is_met in aims.items() if not is_met] == [
        "first, questions more than the best rival",
        "among 5, questions more than the best rival",
    ]


def test_the_worse_database_counts_and_a_difference_between_them_is_a_fault():
    right = [Answer(("/rätt/",), 50)] * 4
    aims = _aims(Found(answers={"ours, SQLite": right, "ours, PostgreSQL": ANSWERS}))
    assert aims["first, %"] is False
    assert aims["median, ms"] is True
    assert aims["questions that SQLite and PostgreSQL answer differently"] is False
    assert aims["first, questions more than the best rival"] is None


def test_with_one_database_nothing_is_said_of_both():
    aims = _aims(Found(answers={"ours, SQLite": ANSWERS}))
    assert aims["questions that SQLite and PostgreSQL answer differently"] is None


# The flags


@pytest.mark.parametrize(
    "words",
    [
        ["--questions", "egna.tsv"],
        ["--only", "growth", "--questions", "egna.tsv"],
        ["--only", "search", "--questions", "egna.tsv", "--write"],
        ["--only", "search", "--misses"],
    ],
)
def test_other_questions_belong_to_the_search_and_stay_out_of_the_document(words, capsys):
    with pytest.raises(SystemExit, match="2"):
        arguments(words)
    assert "går bara med" in capsys.readouterr().err


def test_other_questions_may_be_asked_with_their_misses():
    asked = arguments(["--only", "search", "--questions", "egna.tsv", "--misses"])
    assert (str(asked.questions), asked.misses) == ("egna.tsv", True)
