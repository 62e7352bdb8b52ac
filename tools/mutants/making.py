"""The mutants of a module: its source, changed in one place by an operator of mutmut or StrykerJS."""

import ast
import difflib
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
import libcst.matchers as m
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import Mutation, MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

from tips.opener import build

FOLDER = Path(__file__).parent  # package-lock.json names StrykerJS
# Texts for people: translated, or logged.
_TEXT = m.Call(
    func=m.Name("_")
    | m.Name(value=m.MatchRegex("n?p?gettext(_lazy)?"))
    | m.Attribute(value=m.Name("logger"))
)
_SENTENCE = m.SimpleString(value=m.MatchRegex(r".* .*")) | m.FormattedString()
_SPOKEN = m.Raise(exc=m.Call(args=[m.ZeroOrMore(), m.Arg(_SENTENCE)]))
# What a JavaScript program declares, beside or under the other declarations.
_DECLARED = re.compile(r"(?:export )?(?:async )?(?:function|class|const|let) [\[{]?(\w+)")
_DEFINED_ONCE = m.Decorator() | m.Param() | m.Annotation()


@dataclass(frozen=True)
class Mutant:
    """A module's source with one change in one function."""

    function: str
    was: str
    becomes: str
    source: str
    lines: range  # of the statement, in the unchanged source


def mutants_of(path: Path) -> list[Mutant]:
    """Every mutant, in the order of the source."""
    make = _in_python if path.suffix == ".py" else _in_javascript
    return list(make(path.read_text()))


def _in_javascript(source: str) -> Iterator[Mutant]:
    build.node_modules(FOLDER)
    command = [build.node(), str(FOLDER / "stryker.mjs")]
    told = subprocess.run(command, input=source, capture_output=True, text=True, check=True)
    rows = enumerate(source.splitlines())
    declared = {at: found[1] for at, row in rows if (found := _DECLARED.match(row))}
    for line, mutated in json.loads(told.stdout):
        function = declared[max(at for at in declared if at < line)]
        yield Mutant(function, *_change(source, mutated), mutated, range(line, line + 1))


def _in_python(source: str) -> Iterator[Mutant]:
    wrapper = MetadataWrapper(cst.parse_module(source))
    visitor = _Visitor(mutation_operators, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    names = dict(_functions(wrapper.module))
    statements = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
    positions = wrapper.resolve(PositionProvider)
    for mutation in visitor.mutations:
        function = names.get(mutation.contained_by_top_level_function)
        if function is None:
            continue
        mutated = _with(source, wrapper.module, mutation, positions)
        line = positions[mutation.original_node].start.line
        yield Mutant(function, *_change(source, mutated), mutated, _lines(statements, line))


class _Visitor(MutationVisitor):
    """Goes into decorated functions too, which mutmut cannot try."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if m.matches(node, _TEXT | _DEFINED_ONCE):
            return True
        if m.matches(node, _SPOKEN):
            for code in node.exc.args[:-1]:  # what stands before the text is for programs
                code.visit(self)
            return True
        if isinstance(node, cst.FunctionDef):
            return False
        return super()._skip_node_and_children(node)


def _functions(module: cst.Module) -> Iterator[tuple[cst.CSTNode, str]]:
    for node in module.body:
        if isinstance(node, cst.FunctionDef):
            yield node, node.name.value
        elif isinstance(node, cst.ClassDef):
            for inner in node.body.body:
                if isinstance(inner, cst.FunctionDef):
                    yield inner, f"{node.name.value}.{inner.name.value}"


def _with(source: str, module: cst.Module, mutation: Mutation, positions: dict) -> str:
    old, new = mutation.original_node, mutation.mutated_node
    if isinstance(old, cst.BaseCompoundStatement):
        return deep_replace(module, old, new).code
    lines = source.splitlines(keepends=True)
    begin, end = positions[old].start, positions[old].end
    before = "".join(lines[: begin.line - 1]) + lines[begin.line - 1][: begin.column]
    after = lines[end.line - 1][end.column :] + "".join(lines[end.line :])
    return before + module.code_for_node(new) + after


def _change(source: str, mutated: str) -> tuple[str, str]:
    """The lines that differ, before and after; "without …" if lines were only left out."""
    sides: dict[str, list[str]] = {"-": [], "+": []}
    for line in difflib.ndiff(source.splitlines(), mutated.splitlines()):
        if line[0] in sides:
            sides[line[0]].append(line[2:].strip())
    was, becomes = (" ".join(lines) for lines in sides.values())
    return was, becomes or f"without {was}"


def _lines(statements: list[ast.stmt], line: int) -> range:
    """The lines of the innermost statement around the line, without the statements inside it."""
    holding = [each for each in statements if each.lineno <= line <= (each.end_lineno or 0)]
    inner = min(holding, key=lambda each: (each.end_lineno or 0) - each.lineno)
    body = getattr(inner, "body", None)
    last = body[0].lineno - 1 if body and not isinstance(inner, ast.Match) else inner.end_lineno
    return range(inner.lineno, max(inner.lineno, last or 0) + 1)
