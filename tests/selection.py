"""Which tests run, and in which order.

- By default: all tests, with few rounds in the long ones. `--full`: with all rounds.
- `--quick`: the tests to run while writing code.
- `--services`: on PostgreSQL, the tests that use the database. Left out are the browser's
  and those of faults: their result does not depend on the database.
- `--next`: on the next Django and Wagtail, all tests that these take part in. Left out are faults
  and load, which depend on the server and the disk, and tests marked `plain`: among them the browser's
  of the site and the desk, whose HTML integration tests read. Those of the CMS, which is Wagtail's, run.
  These two run a test that has many sets of values with the first one: what the others show of our
  own code, the first command has shown.
- `--machine`: a bare Debian that is installed, attacked, killed, burnt, restored and updated
  (tests/machine). Else none of its tests runs.
"""

from collections import Counter
from collections.abc import Callable, Hashable

import pytest

# Folders with long tests first: the short ones then keep all processes busy until the end.
ORDER = ["fault", "browser", "integration", "architecture", "unit"]
FIRST = 2  # tests of a file
SETS = 1  # of the values of a test


def options(parser: pytest.Parser) -> None:
    group = parser.getgroup("sapo")
    group.addoption("--quick", action="store_true", help="what one runs while writing")
    group.addoption("--full", action="store_true", help="the long rounds in full")
    group.addoption("--services", action="store_true", help="only what asks the database")
    group.addoption("--machine", action="store_true", help="a bare Debian becomes the site")
    group.addoption("--pictures", action="store_true", help="renews the pictures of the handbook")
    group.addoption("--figures", action="store_true", help="renews the statement's figures")
    group.addoption("--next", action="store_true", help="only what the frameworks take part in")


def select(items: list[pytest.Item], config: pytest.Config) -> None:
    on_a_machine = config.getoption("--machine")
    questions = [lambda item: (_folder(item) == "machine") == on_a_machine]
    if config.getoption("--quick"):
        # A change seldom breaks only the last test of a file.
        questions += [_is_quick, _AtMost(FIRST, _file)]
    if config.getoption("--services"):
        questions += [_asks_the_database, _AtMost(SETS, _function)]
    if config.getoption("--next"):
        questions += [_is_of_the_frameworks, _AtMost(SETS, _function)]
    chosen = [item for item in items if all(question(item) for question in questions)]
    left = set(items).difference(chosen)
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = chosen


def longest_first(items: list[pytest.Item]) -> None:
    """Sorts the tests: first those marked `alone`, for which every process has to wait."""
    alone = {item.path for item in items if _has(item, "alone")}
    place = {name: number for number, name in enumerate(ORDER)}
    items.sort(
        key=lambda item: (
            item.path not in alone,
            place.get(_folder(item), 0),
        )
    )


class _AtMost:
    """The first few of the tests that have something in common."""

    def __init__(self, most: int, key: Callable[[pytest.Item], Hashable]) -> None:
        self._most, self._key = most, key
        self._seen: Counter[Hashable] = Counter()

    def __call__(self, item: pytest.Item) -> bool:
        self._seen[self._key(item)] += 1
        return self._seen[self._key(item)] <= self._most


def _is_quick(item: pytest.Item) -> bool:
    return not (_has(item, "browser", "tips_fault", "alone") or _starts_programs(item))


def _file(item: pytest.Item) -> Hashable:
    """The file of an integration test; a unit test is one of a kind: all of them run."""
    return item.path if "integration" in item.path.parts else item


def _function(item: pytest.Item) -> Hashable:
    return item.path, getattr(item, "cls", None), getattr(item, "originalname", item.name)


def _starts_programs(item: pytest.Item) -> bool:
    names = {"subprocess", "run", "cluster", "installed", "installation"}
    return "server" in getattr(item, "fixturenames", ()) or not names.isdisjoint(
        vars(getattr(item, "module", None))
    )


def _asks_the_database(item: pytest.Item) -> bool:
    asks = _has(item, "django_db") or "db" in getattr(item, "fixturenames", ())
    return asks and not _has(item, "browser", "tips_fault")


def _is_of_the_frameworks(item: pytest.Item) -> bool:
    return not _has(item, "tips_fault", "plain", "alone")


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(item.config.rootpath).parts[1]


def _has(item: pytest.Item, *markers: str) -> bool:
    return any(item.get_closest_marker(name) for name in markers)
