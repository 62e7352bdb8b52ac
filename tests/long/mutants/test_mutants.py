"""The tool that tries changed modules: that it tries what it says, and counts it right."""

import gc
import os
import re
import tomllib
from types import ModuleType

import pytest

from tests.unit.tips.test_opener_parts import in_node
from tips.opener import build
from tools.mutants import __main__ as command
from tools.mutants import modules
from tools.mutants.child import ToolFault, in_child
from tools.mutants.making import Mutant, mutants_of
from tools.mutants.swapping import Functions, Program

SOURCE = '''
from functools import wraps
def doubled(function):
    """Twice what it was."""
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
        raise ValueError("code", "A text for people.")
'''


@pytest.mark.parametrize(
    ("becomes", "said"),
    [
        ("return 3 * function()", "6, code"),
        ("return 3", "6, code"),
        ('raise ValueError("CODE", "A text for people.")', "4, CODE"),
    ],
)
def test_a_function_that_was_made_before_runs_the_mutants_code(tmp_path, becomes, said):
    path, boxes = tmp_path / "boxes.py", ModuleType("boxes")
    path.write_text(SOURCE)
    exec(compile(SOURCE, str(path), "exec"), vars(boxes))  # noqa: S102
    gc.freeze()  # as the tests do with all that they have loaded
    made = {mutant.becomes: mutant for mutant in mutants_of(path)}
    assert _says(boxes) == "4, code"
    Functions(path).become(made[becomes])
    gc.freeze()
    assert _says(boxes) == said
    assert not [text for text in made if "TEXT" in text or "XXA" in text or "Twice" in text]


def _says(boxes):
    with pytest.raises(ValueError, match="for people") as told:
        _size = boxes.Box().size
    return f"{boxes.four()}, {told.value.args[0]}"


def test_of_the_browsers_programs_node_reads_the_mutant_and_nobody_else_does(monkeypatch):
    monkeypatch.setattr(build, "FOLDER", build.FOLDER)
    path = build.FOLDER / "words/reference.js"
    whole = path.read_text()
    program = Program(path)
    program.become(Mutant("f", "", "", "export const changed = true;", range(1)))

    assert in_node('return (await import("./words/reference.js")).changed;') is True
    assert path.read_text() == whole


def test_a_process_that_dies_or_goes_on_and_on_says_nothing_and_a_fault_is_no_verdict():
    assert in_child(lambda: "å" * 100_000, 60) == "å" * 100_000
    assert in_child(lambda: os._exit(1), 60) == in_child(lambda: [*iter(int, 1)], 0) == ""
    with pytest.raises(ToolFault, match="ZeroDivisionError"):
        in_child(lambda: str(1 // 0), 60)


@pytest.fixture
def boxes(tmp_path, monkeypatch):
    """A module that has two mutants, and an explanation of the first."""
    (tmp_path / "boxes.py").write_text("def f(a):\n    return a < 3\n")
    why = 'module = "boxes"\nfunction = "f"\nbecomes = ["return a <= 3"]\nreason = "x"\n'
    (tmp_path / "explained.toml").write_text(f"[[mutant]]\n{why}")
    monkeypatch.setattr(modules, "EXPLAINED", tmp_path / "explained.toml")
    monkeypatch.setattr(command, "path_of", lambda module: tmp_path / "boxes.py")
    monkeypatch.setitem(modules.TESTS, "boxes", ("one.py",))


@pytest.mark.usefixtures("boxes")
def test_survivors_are_shown_and_counted_beside_the_explained(monkeypatch, capsys):
    def told(*results):
        monkeypatch.setattr(command, "_try", lambda *_asked: dict(enumerate(results)))
        return command.main(["boxes.py"]), capsys.readouterr().out

    code, said = told("survived", "ended")
    assert code == 0
    assert "1 dödade (1 hängde), 1 förklarade, 0 överlevde" in said
    code, said = told("killed", "survived")
    assert code == 1
    assert "+ 'return a < 4'" in said
    assert "gäller ingen mutant som överlever: f: return a <= 3" in said
    assert "1 överlevde, 0 gick inte att pröva, av 2: 50,0 procent" in said


def test_all_that_the_tables_name_exists_and_every_explanation_says_why():
    named = [modules.path_of(module) for module in modules.TESTS]
    named += [modules.ROOT / name for names in modules.TESTS.values() for name in names]
    assert [path for path in named if not path.is_file()] == []
    for each in tomllib.loads(modules.EXPLAINED.read_text())["mutant"]:
        name = each["function"].rpartition(".")[2]
        assert re.search(rf"\b{name}\b", modules.path_of(each["module"]).read_text()), each
        assert each["becomes"]
        assert each["reason"].endswith(".")
