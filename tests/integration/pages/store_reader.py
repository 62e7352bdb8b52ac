"""A visitor who meets the site through the page store, as in production."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from pages.store.wsgi import PageStore


@dataclass
class Given:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def html(self) -> str:
        return self.body.decode()


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


@contextmanager
def connection_kept_open() -> Iterator[None]:
    """The end of a request would close the connection that the test's transaction is in."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
