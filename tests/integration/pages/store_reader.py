"""A visitor who meets the site through the page store, as in production."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.utils import timezone

from pages.content.models import Alert, HomePage
from pages.ground.models import ContentVersion
from pages.public.store import wsgi
from pages.public.store.wsgi import PageStore
from tests.databases import connection_kept_open


@dataclass
class Given:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def html(self) -> str:
        return self.body.decode()


@contextmanager
def a_reader(monkeypatch: pytest.MonkeyPatch) -> Iterator["Reader"]:
    """One whose process learns of changes at once: the watch would ask on a connection of its own, which sees nothing of the test's transaction."""
    monkeypatch.setattr(wsgi.watch, "current", ContentVersion.current)
    monkeypatch.setattr(wsgi.watch, "withdrawn", frozenset())
    monkeypatch.setattr(wsgi.watch, "mistakes", frozenset())
    with connection_kept_open():
        yield Reader()


class Reader:
    """Asks one process, which keeps what it has answered."""

    def __init__(self) -> None:
        self.store = PageStore(WSGIHandler())

    def get(self, path: str, method: str = "GET", query: str = "", **headers: str) -> Given:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "testserver",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            **headers,
        }
        started: list[tuple[str, list[tuple[str, str]]]] = []
        response = self.store(environ, lambda status, given: started.append((status, given)))
        body = b"".join(response)
        getattr(response, "close", lambda: None)()
        status, given = started[0]
        return Given(int(status.split()[0]), dict(given), body)


def notice_in_half_a_minute(home: HomePage, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The notice "Driftstörning", which begins so soon; what is returned lets the time go by."""
    now = timezone.now()
    Alert.objects.create(
        locale=home.locale, heading="Driftstörning", text="Text.",
        starts_at=now + timedelta(seconds=30),
    )  # fmt: skip

    def let_it_begin() -> None:
        monkeypatch.setattr(timezone, "now", lambda: now + timedelta(seconds=31))
        monkeypatch.setattr(time, "time", lambda: now.timestamp() + 31)

    return let_it_begin
