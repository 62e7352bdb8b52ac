"""What each command runs, how many rows of a table, and which tests keep a promise.

A tier is a folder: what is not wanted is not imported. docs/definition_of_done.md says what belongs where.
"""

import os
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Where the promises stand: each names the test that would fail.
DOCUMENTS = [
    "tips/README.md",
    *(f"docs/{each}.md" for each in ("security", "asvs", "promises", "law")),
]
ROWS = 5  # of a table of values, where no promise hangs on each of them

_QUOTED = re.compile(r"`([^`\n]+)`")
_NAMED = re.compile(r"(?:((?:tests/\S+/)?test_\w+\.py)(?:::)?)?(test_\w+)?")


def options(parser: pytest.Parser) -> None:
    group = parser.getgroup("sapo")
    group.addoption("--long", action="store_true", help="all rows of all tables, all rounds")
    group.addoption("--changed", action="store_true", help="files that were not named by hand")
    group.addoption("--seed", help="of the rows and delays that are drawn")
    group.addoption("--pictures", action="store_true", help="renews the pictures of the handbook")


def seed(config: pytest.Config) -> str:
    """What everything is drawn by: given, or drawn once and handed to every process of the run."""
    if given := config.getoption("--seed"):
        os.environ["SAPO_TEST_SEED"] = given
    return os.environ.setdefault("SAPO_TEST_SEED", str(random.randrange(100_000)))


@cache
def promised() -> dict[str, str]:
    """Each test, or file of tests, that a document names -> the document."""
    named = {}
    for document in DOCUMENTS:
        for quoted in _QUOTED.findall((ROOT / document).read_text()):
            if found := _NAMED.fullmatch(quoted):
                named["::".join(filter(None, found.groups()))] = document
    return named


def names_of(path: str, test: str) -> Iterator[str]:
    """The names by which a document may name a test of this file."""
    file = Path(path).name
    yield from (test, path, file, f"{path}::{test}", f"{file}::{test}")


def mark_promises(items: list[pytest.Item]) -> None:
    """Marks each test that a document names with `promise`."""
    for item in items:
        path = item.path.relative_to(ROOT).as_posix()
        names = names_of(path, getattr(item, "originalname", item.name))
        if not promised().keys().isdisjoint(names):
            item.add_marker("promise")


def draw_rows(items: list[pytest.Item], config: pytest.Config) -> None:
    """Leaves some rows of each table, drawn by the seed; a test that keeps a promise keeps all."""
    by_hand = not config.getoption("--changed") and any(".py" in each for each in config.args)
    if config.getoption("--long") or by_hand:
        return
    rows = defaultdict(list)
    for item in items:
        if not item.get_closest_marker("promise"):
            rows[item.nodeid.partition("[")[0]].append(item)
    left: set[pytest.Item] = set()
    for name, table in rows.items():
        if len(table) > ROWS:
            drawn = random.Random(f"{seed(config)} {name}").sample(table, ROWS)
            left.update(set(table).difference(drawn))
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = [item for item in items if item not in left]
