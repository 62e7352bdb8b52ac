"""A server of several that hangs is not named until it answers again."""

from typing import Any

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from pages.store import servers
from tests.pace import until


@pytest.fixture
def database(monkeypatch) -> dict[str, Any]:
    """Two servers named among Django's settings or libpq's, as the test writes."""
    own = {"ENGINE": "django.db.backends.postgresql", "NAME": "sapo", "OPTIONS": {"pool": {}}}
    handler = ConnectionHandler({"default": own})
    monkeypatch.setattr(servers, "connections", handler)
    monkeypatch.setattr(servers, "_ASKS_EVERY_SECONDS", 0.01)
    return handler.settings["default"]


@pytest.fixture
def asked(monkeypatch) -> list[dict[str, Any] | None]:
    """Whom it was asked whether they are back; none is, until None is put there first."""
    found: list[dict[str, Any] | None] = []

    def connect(wrapper: Any) -> None:
        if found[:1] == [None]:
            return
        found.append(wrapper.settings_dict)
        raise OperationalError

    monkeypatch.setattr(
        "django.db.backends.postgresql.base.DatabaseWrapper.ensure_connection", connect
    )
    return found


@pytest.mark.parametrize(
    ("place", "names", "both", "other", "first"),
    [
        ("OPTIONS", ("host", "port"), ("/a,/b", "5433,5432"), ("/b", "5432"), ("/a", "5433")),
        ("OPTIONS", ("host", "port"), ("/a,/b", "5432"), ("/b", "5432"), ("/a", "5432")),
        ("", ("HOST", "PORT"), ("a.se,b.se", "5433,5432"), ("b.se", "5432"), ("a.se", "5433")),
    ],
)
def test_the_one_that_hangs_is_asked_alone_and_all_are_named_when_it_is_back(
    database, asked, place, names, both, other, first
):
    part = database[place] if place else database
    part.update(zip(names, both, strict=True))
    servers.leave_first("default")
    assert tuple(part[name] for name in names) == other
    until(lambda: len(asked) > 1)
    alone = asked[-1][place] if place else asked[-1]
    assert tuple(alone[name] for name in names) == first
    assert "pool" not in asked[-1]["OPTIONS"]
    servers.leave_first("default")  # there is no other any more
    assert tuple(part[name] for name in names) == other
    asked[:] = [None]
    until(lambda: tuple(part[name] for name in names) == both)


def test_one_that_has_no_other_is_left_as_it_is(database, asked):
    database["OPTIONS"]["host"] = "/a"
    servers.leave_first("default")
    assert database["OPTIONS"]["host"] == "/a"
    assert asked == []
