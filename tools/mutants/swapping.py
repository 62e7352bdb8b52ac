"""Swaps the code of a module's functions for a mutant's, or the file that Node reads."""

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType, FunctionType

from tips.opener import build

from .making import Mutant


class Unfit(Exception):
    """The mutant's code does not fit the function: it closes over other names."""


class Functions:
    """Every function of a module that exists so far, those wrapped by decorators too."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._codes = list(_codes(compile(path.read_text(), self._path, "exec")))
        self._made: dict[tuple[str, int], list[FunctionType]] = {}
        gc.unfreeze()  # what the tests have frozen is not among the objects (tests/conftest.py)
        for found in gc.get_objects():
            # By `type`: isinstance would evaluate lazy objects.
            if type(found) is FunctionType and found.__code__.co_filename == self._path:
                self._made.setdefault(_place(found.__code__), []).append(found)

    def become(self, mutant: Mutant) -> None:
        mutated = list(_codes(compile(mutant.source, self._path, "exec")))
        inner = f"{mutant.function}.<locals>."
        for name in {code.co_qualname for code in self._codes}:
            if name != mutant.function and not name.startswith(inner):
                continue
            before = [code for code in self._codes if code.co_qualname == name]
            after = [code for code in mutated if code.co_qualname == name]
            if len(before) == len(after):
                for old, new in zip(before, after, strict=True):
                    self._swap(old, new)

    def _swap(self, old: CodeType, new: CodeType) -> None:
        for function in self._made.get(_place(old), ()):
            try:
                function.__code__ = new
            except ValueError as error:
                raise Unfit from error


class Program:
    """The browser's programs where this process alone reads them: one of them is the mutant's."""

    def __init__(self, path: Path) -> None:
        self._place = TemporaryDirectory()
        folder = Path(self._place.name) / build.FOLDER.name
        shutil.copytree(build.FOLDER, folder, ignore=shutil.ignore_patterns(build.MODULES.name))
        (folder / build.MODULES.name).symlink_to(build.MODULES)
        (folder.parent / "sealing").symlink_to(build.FOLDER.parent / "sealing")
        self._path = folder / path.relative_to(build.FOLDER)
        build.FOLDER = folder

    def become(self, mutant: Mutant) -> None:
        self._path.write_text(mutant.source)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _codes(const)


def _place(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno
