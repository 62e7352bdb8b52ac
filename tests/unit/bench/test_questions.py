"""How questions to the search are read, and what is said of a file that cannot be."""

from pathlib import Path

import pytest

from tools.bench.questions import FOLDER, BadQuestions, Question, built_in, check, read

WHOLE = "livvakter\tsv\t/verksamheten/personskydd/\n"


def _written(folder: Path, text: str | bytes) -> Path:
    path = folder / "egna.tsv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_question_has_a_language_and_one_address_or_several(tmp_path):
    path = _written(tmp_path, f"{WHOLE}\nrecords check\ten\t/en/check/ file:stod.pdf\r\n")
    assert read(path) == [
        Question("livvakter", "sv", ("/verksamheten/personskydd/",), "egna.tsv, rad 1"),
        Question("records check", "en", ("/en/check/", "file:stod.pdf"), "egna.tsv, rad 3"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("livvakter sv /a/\n", "egna.tsv, rad 1: har 1 kolumner, inte tre med tabb emellan"),
        (f"{WHOLE}a\tsv\t/a/\t/b/\n", "egna.tsv, rad 2: har 4 kolumner, inte tre"),
        (f"{WHOLE} \tsv\t/a/\n", "egna.tsv, rad 2: frågan är tom"),
        ("a\tfi\t/a/\n", "egna.tsv, rad 1: språket är ”fi”, inte sv eller en"),
        ("a\tsv\t \n", "egna.tsv, rad 1: ingen adress"),
        ("a\tsv\t/a/ b/\n", "egna.tsv, rad 1: ”b/” börjar varken med / eller file:"),
        (f"{WHOLE}LIVVAKTER\tsv\t/a/\n", "egna.tsv, rad 2: samma fråga som egna.tsv, rad 1"),
        ("\n \n", "egna.tsv: har inga frågor"),
        ("fråga\tsv\t/a/\n".encode("latin-1"), "egna.tsv: är inte UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(tmp_path, text, said):
    with pytest.raises(BadQuestions) as refused:
        read(_written(tmp_path, text))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_same_question_may_be_asked_on_both_sites(tmp_path):
    assert len(read(_written(tmp_path, f"{WHOLE}livvakter\ten\t/en/a/\n"))) == 2


@pytest.mark.parametrize("name", ["saknas.tsv", "."])
def test_a_file_that_is_none_is_refused(tmp_path, name):
    with pytest.raises(BadQuestions, match="kan inte läsas"):
        read(tmp_path / name)


def test_a_question_may_not_lead_to_what_the_site_does_not_have():
    asked = [Question("a", "sv", ("/a/", "/b/"), "egna.tsv, rad 7")]
    check(asked, {"/a/", "/b/", "/c/"})
    with pytest.raises(BadQuestions, match="rad 7: /b/ finns inte på webbplatsen"):
        check(asked, {"/a/"})


def test_two_sets_of_a_hundred_are_there():
    sets = built_in()
    assert {name: len(its) for name, its in sets.items()} == {"first": 100, "second": 100}
    assert {path.stem for path in FOLDER.iterdir()} == set(sets)
