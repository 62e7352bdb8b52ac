"""The tool that tries changed modules: what it changes, what it keeps, and when it is content."""

import gc
import importlib
import os
import sys
import tomllib
from pathlib import Path

import pytest

from tools.mutants import __main__ as command
from tools.mutants import modules, verdicts
from tools.mutants.child import ToolFault, in_child
from tools.mutants.making import mutants_of
from tools.mutants.swapping import Functions
from tools.mutants.verdicts import Verdict, Verdicts

SOURCE = '''
from contextlib import contextmanager
from functools import wraps
from django.utils.translation import gettext as _

LIMIT = 5


def is_young(age: int = 3) -> bool:
    """Says whether."""
    if age > LIMIT:
        raise ValueError(_("Too old."))
    return age < 3


@contextmanager
def opened():
    yield 1


def doubled(function):
    @wraps(function)
    def twice():
        return 2 * function()

    return twice


@doubled
def four():
    return 2


class Box:
    @property
    def size(self):
        return 7
'''


@pytest.fixture
def boxes(tmp_path, monkeypatch):
    """A module with functions of many kinds."""
    (tmp_path / "boxes.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    boxes = importlib.import_module("boxes")
    gc.freeze()  # as the tests do with all that they have loaded
    yield boxes
    gc.freeze()
    del sys.modules["boxes"]


def _become(function, becomes):
    return next(
        mutant
        for mutant in mutants_of(SOURCE)
        if (mutant.function, mutant.becomes) == (function, becomes)
    )


def test_a_comparison_is_turned_and_texts_for_people_are_left():
    made = {(mutant.function, mutant.becomes) for mutant in mutants_of(SOURCE)}
    assert ("is_young", "return age <= 3") in made
    assert ("is_young", "if age >= LIMIT:") in made
    assert not [becomes for _name, becomes in made if "old" in becomes.lower() and "_(" in becomes]
    assert not [becomes for _name, becomes in made if "Says" in becomes or "LIMIT = " in becomes]


@pytest.mark.parametrize(
    ("function", "becomes", "is_so"),
    [
        ("is_young", "return age <= 3", lambda boxes: boxes.is_young(3)),
        ("opened", "yield 2", lambda boxes: boxes.opened().__enter__() == 2),
        ("doubled", "return 3 * function()", lambda boxes: boxes.four() == 6),
        ("four", "return 3", lambda boxes: boxes.four() == 6),
        ("Box.size", "return 8", lambda boxes: boxes.Box().size == 8),
    ],
)
def test_a_function_that_was_made_before_runs_the_mutants_code(boxes, function, becomes, is_so):
    assert not is_so(boxes)
    Functions(Path(boxes.__file__)).become(_become(function, becomes))
    assert is_so(boxes)


def test_what_a_process_says_is_heard_and_one_that_dies_says_nothing():
    assert in_child(lambda: "å" * 100_000, 60) == "å" * 100_000
    assert in_child(lambda: os._exit(1), 60) == ""


def _for_ever():
    while True:
        pass


def test_a_process_that_goes_on_and_on_is_ended():
    assert in_child(_for_ever, 0) == ""


def test_a_fault_of_the_tool_is_no_verdict():
    with pytest.raises(ToolFault, match="ZeroDivisionError"):
        in_child(lambda: str(1 // 0), 60)


# What is kept


@pytest.fixture
def tests(tmp_path, monkeypatch):
    """Two files of tests, named for a module."""
    for name in ("one.py", "other.py"):
        (tmp_path / name).write_text("as it was")
    monkeypatch.setattr(verdicts, "ROOT", tmp_path)
    monkeypatch.setenv("SAPO_VAR", str(tmp_path))
    monkeypatch.setitem(modules.TESTS, "boxes", ("one.py", "other.py"))
    return tmp_path


def _kept():
    found = Verdicts("boxes")
    return {key for key in ("a", "b") if found.of(_mutant(key))}


def _mutant(key):
    return next(iter(mutants_of(SOURCE))).__class__("f", "was", "becomes", "", range(1), key)


def test_a_run_that_was_cut_off_goes_on_where_it_was(tests):
    known = Verdicts("boxes")
    known.add(Verdict("a", "killed", "one.py::test_it"))
    known.add(Verdict("b", "survived"))
    with (tests / "mutants" / "boxes.jsonl").open("a") as file:
        file.write('{"key": "c", "res')
    assert _kept() == {"a", "b"}


@pytest.mark.parametrize(("name", "kept"), [("one.py", set()), ("other.py", {"a"})])
def test_a_verdict_holds_as_long_as_the_tests_it_was_found_with(tests, name, kept):
    known = Verdicts("boxes")
    known.add(Verdict("a", "killed", "one.py::test_it"))
    known.add(Verdict("b", "survived"))
    (tests / name).write_text("as it is now")
    assert _kept() == kept


def test_what_was_found_may_be_forgotten(tests):
    Verdicts("boxes").add(Verdict("a", "survived"))
    Verdicts("boxes", anew=True)
    assert _kept() == set()


# What is printed


def _told(tests, monkeypatch, capsys, results, explained=""):
    (tests / "boxes.py").write_text("def f(a):\n    return a < 3\n")
    (tests / "explained.toml").write_text(explained)
    monkeypatch.setattr(verdicts, "EXPLAINED", tests / "explained.toml")
    monkeypatch.setattr(command, "path_of", lambda module: tests / "boxes.py")
    known = Verdicts("boxes")
    made = mutants_of((tests / "boxes.py").read_text())
    assert len(made) == len(results)
    for mutant, result in zip(made, results, strict=True):
        known.add(Verdict(mutant.key, result))
    code = command.main(["boxes.py"])
    return code, capsys.readouterr().out


def test_a_survivor_is_shown_and_too_many_are_a_failure(tests, monkeypatch, capsys):
    code, said = _told(tests, monkeypatch, capsys, ["survived", "killed"])
    assert code == 1
    assert "- return a < 3\n+ 'return a <= 3'" in said
    assert "boxes: 1 dödade (0 hängde), 0 förklarade, 1 överlevde" in said
    assert "50,0 procent" in said


def test_a_survivor_that_is_explained_counts_apart(tests, monkeypatch, capsys):
    why = (
        '[[mutant]]\nmodule = "boxes"\nfunction = "f"\nbecomes = ["return a <= 3"]\nreason = "x"\n'
    )
    code, said = _told(tests, monkeypatch, capsys, ["survived", "ended"], why)
    assert code == 0
    assert "boxes: 1 dödade (1 hängde), 1 förklarade, 0 överlevde" in said
    assert "Förklaringen" not in said


def test_an_explanation_that_explains_nothing_is_told(tests, monkeypatch, capsys):
    why = '[[mutant]]\nmodule = "boxes"\nfunction = "f"\nbecomes = ["return b"]\nreason = "x"\n'
    _code, said = _told(tests, monkeypatch, capsys, ["killed", "killed"], why)
    assert "Förklaringen gäller ingen mutant som överlever: f: return b" in said


def test_a_module_that_is_not_tried_is_refused_in_one_line(capsys):
    assert command.main(["tips.nothing"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("Det finns inga mutanter för tips.nothing")
    assert said.count("\n") == 1


# The tables


@pytest.mark.parametrize("module", modules.TESTS)
def test_every_module_and_every_file_of_tests_that_is_named_exists(module):
    assert modules.path_of(module).is_file()
    assert modules.TESTS[module]
    for name in modules.TESTS[module]:
        assert (modules.ROOT / name).is_file()


def test_every_explanation_is_of_a_function_that_there_is_and_says_why():
    for each in tomllib.loads(verdicts.EXPLAINED.read_text()).get("mutant", []):
        name = each["function"].rpartition(".")[2]
        assert f"def {name}(" in modules.path_of(each["module"]).read_text(), each
        assert each["becomes"]
        assert each["reason"].endswith(".")
