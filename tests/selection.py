"""Which tests run, and in which order: the rounds of `./sapo test`."""

import pytest

# Where the tests lie that take long, first: at the end all processes are then busy with short ones.
ORDER = ["fault", "browser", "integration", "architecture", "unit"]


def options(parser: pytest.Parser) -> None:
    group = parser.getgroup("sapo")
    group.addoption("--quick", action="store_true", help="what one runs while writing")
    group.addoption("--full", action="store_true", help="the long rounds in full")
    group.addoption("--services", action="store_true", help="only what asks the database")
    group.addoption("--next", action="store_true", help="only what the frameworks take part in")


def select(items: list[pytest.Item], config: pytest.Config) -> None:
    questions = []
    if config.getoption("--quick"):
        questions.append(_is_quick)
    if config.getoption("--services"):
        questions.append(_asks_the_database)
    if config.getoption("--next"):
        questions.append(_is_of_the_frameworks)
    chosen = [item for item in items if all(question(item) for question in questions)]
    left = set(items).difference(chosen)
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = chosen


def longest_first(items: list[pytest.Item]) -> None:
    """Before all others those that every process has to wait for."""
    alone = {item.path for item in items if _has(item, "alone")}
    items.sort(
        key=lambda item: (
            item.path not in alone,
            ORDER.index(item.path.relative_to(item.config.rootpath).parts[1]),
        )
    )


def _is_quick(item: pytest.Item) -> bool:
    """Without browser, faults and load."""
    return not _has(item, "browser", "tips_fault")


def _asks_the_database(item: pytest.Item) -> bool:
    """What a browser makes of a page, faults and load are the same whatever lies beneath."""
    asks = _has(item, "django_db") or "db" in getattr(item, "fixturenames", ())
    return asks and not _has(item, "browser", "tips_fault")


def _is_of_the_frameworks(item: pytest.Item) -> bool:
    """Faults and load are those of the server and the disk, whatever the framework's version."""
    return not _has(item, "tips_fault")


def _has(item: pytest.Item, *markers: str) -> bool:
    return any(item.get_closest_marker(name) for name in markers)
