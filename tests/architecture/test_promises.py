"""That each test which a document names as keeping a promise is there, and runs where its kind belongs."""

import ast
from collections import defaultdict
from functools import cache

from tests.tiers import ROOT, names_of, promised

LONG = "tests/long/"


@cache
def _meant() -> dict[str, list[tuple[str, str]]]:
    """Each name that a document may use -> the files of the tests that it means, and their marks."""
    found = defaultdict(list)
    for file in (ROOT / "tests").rglob("test_*.py"):
        path, tree = file.relative_to(ROOT).as_posix(), ast.parse(file.read_text())
        of_all = [
            ast.unparse(each)
            for each in tree.body
            if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "pytestmark"
        ]
        for each in ast.walk(tree):
            if isinstance(each, ast.FunctionDef) and each.name.startswith("test_"):
                marks = " ".join(of_all + [ast.unparse(mark) for mark in each.decorator_list])
                for name in names_of(path, each.name):
                    found[name].append((path, marks))
    return found


def test_every_test_that_a_document_names_is_there():
    gone = [name for name in promised() if name not in _meant()]
    assert gone == []


def test_what_keeps_a_promise_runs_in_the_tier_of_its_kind_unless_its_path_says_otherwise():
    left_out = [
        name
        for name in promised()
        if not name.startswith(LONG) and all(path.startswith(LONG) for path, _ in _meant()[name])
    ]
    assert left_out == []


def test_what_keeps_a_promise_is_not_passed_over_and_need_not_be_alone():
    left_out = [
        name
        for name in promised()
        for path, marks in _meant()[name]
        if "mark.skip(" in marks or ("mark.alone" in marks and not path.startswith(LONG))
    ]
    assert left_out == []
