"""Tries each mutant in a process of its own, forked from one in which the tests are ready."""

import gc
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from coverage import Coverage
from django.db import connections

from .child import in_child
from .making import Mutant
from .swapping import Functions, Program, Unfit

_DATABASE_IS_EMPTIED = {"transactional_db", "live_server", "django_db_reset_sequences"}
# On top of the tests' usual time: a mutant that takes this much longer has been noticed.
_SECONDS_MORE, _TIMES_MORE = 10.0, 5.0


class Trying:
    """A pytest plugin that runs the tests again and again, each time with another mutant."""

    def __init__(
        self, path: Path, mutants: Iterator[tuple[int, Mutant]], tell: Callable[[int, str], None]
    ) -> None:
        self._path = path
        self._mutants = mutants
        self._tell = tell
        self._seconds: dict[str, float] = {}
        self._of_line: dict[int, list[str]] = {}
        self._latest: list[str] = []  # tests that noticed mutants, the latest last

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        _prepare_databases(session.items[0])
        failed = self._see_what_tests_run(session.items)
        if failed:
            raise pytest.UsageError(f"Utan mutant faller {failed}.")
        code = Functions(self._path) if self._path.suffix == ".py" else Program(self._path)
        gc.collect()
        gc.freeze()
        for number, mutant in self._mutants:
            chosen = [items[name] for name in self._in_order(mutant)]
            result, test = self._try(code, mutant, chosen)
            if test:
                self._latest.append(test)
            self._tell(number, result)
        return True

    def _see_what_tests_run(self, items: Sequence[pytest.Item]) -> str:
        """Notes which lines each test runs without a mutant; returns one that fails, if any."""
        told = in_child(partial(_watch, items, self._path), 3600.0)
        if not told.startswith("+"):
            return told.removeprefix("-") or "något test"
        for line in told[1:].splitlines():
            name, seconds, *lines = line.split("\t")
            self._seconds[name] = float(seconds)
            for number in lines:
                self._of_line.setdefault(int(number), []).append(name)
        return ""

    def _in_order(self, mutant: Mutant) -> list[str]:
        """The tests that run the mutated lines, first those likeliest to notice.

        All tests, if none is known to run them: a process that a test starts may.
        """
        names = {name for line in mutant.lines for name in self._of_line.get(line, ())}
        names = names or set(self._seconds)
        rank = {name: place for place, name in enumerate(self._latest)}
        return sorted(names, key=lambda name: (-rank.get(name, -1), self._seconds[name]))

    def _try(
        self, code: Functions | Program, mutant: Mutant, items: list[pytest.Item]
    ) -> tuple[str, str]:
        items.sort(key=_empties_the_database)
        limit = _SECONDS_MORE + _TIMES_MORE * sum(self._seconds[item.nodeid] for item in items)
        told = in_child(partial(_noticed_by, code, mutant, items), limit)
        if told == "?":
            return "unfit", ""
        if told == "+":
            return "survived", ""
        # A mutant that died, or never ended, has been noticed too.
        return ("killed", told.removeprefix("-")) if told else ("ended", "")


def _prepare_databases(first: pytest.Item) -> None:
    """Makes the databases by running the first test: pytest-django puts those with one first."""
    runtestprotocol(first, log=False, nextitem=first.parent)
    connections.close_all()


def _make_databases_whole() -> None:
    """Copies the databases anew: the mutant before may have been killed while it wrote."""
    for connection in connections.all():
        name = Path(str(connection.settings_dict["NAME"]))
        whole = name.with_name(f"{name.name}.whole")
        if whole.exists():  # else no test of the module asks for it
            for rest in ("-wal", "-shm"):
                name.with_name(name.name + rest).unlink(missing_ok=True)
            shutil.copy(whole, name)


def _empties_the_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    is_asked = bool(_DATABASE_IS_EMPTIED.intersection(getattr(item, "fixturenames", ())))
    return is_asked or bool(marker and marker.kwargs.get("transaction"))


def _watch(items: Sequence[pytest.Item], path: Path) -> str:
    seconds: dict[str, float] = {}
    coverage = Coverage(data_file=None, include=[str(path)])
    coverage.start()
    for item, following in _in_turn(items):
        coverage.switch_context(item.nodeid)
        started = time.process_time()
        if _fails(item, following):
            return f"-{item.nodeid}"
        seconds[item.nodeid] = time.process_time() - started
    coverage.stop()
    lines: dict[str, list[int]] = defaultdict(list)
    for line, names in coverage.get_data().contexts_by_lineno(str(path)).items():
        for name in names:
            lines[name].append(line)
    told = ("\t".join([name, str(seconds[name]), *map(str, lines[name])]) for name in seconds)
    return "+" + "\n".join(told)


def _noticed_by(code: Functions | Program, mutant: Mutant, items: Sequence[pytest.Item]) -> str:
    try:
        code.become(mutant)
    except Unfit:
        return "?"
    for item, following in _in_turn(items):
        if _fails(item, following):
            return f"-{item.nodeid}"
    return "+"


def _in_turn(items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, object]]:
    _make_databases_whole()
    if items:
        # Tears down what the parent process had set up for its own test.
        items[0].session._setupstate.teardown_exact(items[0])
        yield from zip(items, [*items[1:], items[-1].parent], strict=True)


def _fails(item: pytest.Item, following: object) -> bool:
    failed = [each for each in runtestprotocol(item, log=False, nextitem=following) if each.failed]
    for report in failed:
        print(report.nodeid, report.longreprtext, flush=True)
    return bool(failed)
