"""Whatever a visitor's program sends, the site answers: none of it ends in a 500.

The tip form is tried in tests/long/fault/test_fuzz.py.
"""

import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from random import Random
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.core.signals import got_request_exception
from wagtail.models import Page

from pages.ground.models import ContentVersion
from pages.public.store import wsgi
from sapo_site.wsgi import SiteHandler
from tests import hostile
from tests.addresses import filled, routes
from tests.databases import connection_kept_open
from tests.whole_site import whole_site

_OTHERS = tuple(f"/{path}" for path in (site_settings.ADMIN_PATH, site_settings.DESK_PATH))
METHODS = [
    *["GET"] * 14, *["HEAD"] * 2, *["POST"] * 2, "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE",
    "SÖK", "",
]  # fmt: skip
NAMES = ["q", "sida", "efter", "fore", "amne", "typ", "utm_source", "x", "", "q[]", "nasta", "\0"]
HEADERS = {
    "HTTP_HOST": ["testserver", "", "evil.example", "a b", "[::1", "testserver:99999", "testserver@evil", "å"],
    "HTTP_COOKIE": ["kakmeddelande=stangt", "__Host-session=x", "sessionid=\0", "=;=;", "a" * 9000, "å=ä", "kakmeddelande"],
    "HTTP_RANGE": ["bytes=0-", "bytes=-1", "bytes=9-1", "bytes=0-0,2-3", "x", "bytes=99999999999999999999-", "bytes=a-b"],
    "HTTP_IF_NONE_MATCH": ["*", '"x"', "x", 'W/"', "," * 500],
    "HTTP_IF_MATCH": ["*", '"x"'],
    "HTTP_IF_MODIFIED_SINCE": ["Thu, 01 Jan 1970 00:00:00 GMT", "x", "Thu, 99 Foo 0000 00:00:00 GMT", "Mon, 01 Jan 99999 00:00:00 GMT"],
    "HTTP_IF_UNMODIFIED_SINCE": ["Thu, 01 Jan 1970 00:00:00 GMT", "x"],
    "HTTP_ACCEPT_ENCODING": ["gzip", "br", "gzip;q=x", "*", "identity;q=0"],
    "HTTP_ACCEPT_LANGUAGE": ["en", "xx" * 300, "*;q=2", "å"],
    "HTTP_ACCEPT": ["application/json", "*/*;q=x", "/", "text/html;q=0", "\xff"],
    "HTTP_AUTHORIZATION": ["Basic x", "Bearer " + "x" * 4000],
    "HTTP_X_FORWARDED_PROTO": ["https", "x,y"],
    "HTTP_X_FORWARDED_HOST": ["evil.example"],
    "HTTP_ORIGIN": ["null", "https://evil.example", "[", "http://[::1"],
    "HTTP_REFERER": ["http://[::1", "x", "https://testserver/\r\nA: b"],
    "HTTP_X_REQUESTED_WITH": ["XMLHttpRequest"],
    "HTTP_TRANSFER_ENCODING": ["chunked"],
    "CONTENT_LENGTH": ["", "-1", "x", "99999999999999999999", "0"],
    "CONTENT_TYPE": ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data",
                     "application/x-www-form-urlencoded; charset=utf-16", "text/plain; charset=x", "å/\0", ";;;="],
}  # fmt: skip


class Visitors:
    """Asks the site as the server in front of it would hand the requests on."""

    def __init__(self, files: list[str]) -> None:
        self.application = wsgi.PageStore(SiteHandler())
        every = [route for route in routes() if not filled(route, _plain).startswith(_OTHERS)]
        self.routes = every
        self.pages = [page.url for page in Page.objects.live().filter(depth__gt=1) if page.url]
        self.pages += files
        self.statuses: Counter[int] = Counter()
        self.faults: dict[str, str] = {}
        self._raised: BaseException | None = None
        got_request_exception.connect(self._note_error)

    def _note_error(self, **_signal: Any) -> None:
        self._raised = sys.exc_info()[1]

    def ask(self, random: Random, values: list[str]) -> None:
        environ = self._environ(random, values)
        self._raised = None
        started: list[str] = []
        try:
            response = self.application(environ, lambda status, headers: started.append(status))
            b"".join(response)
            getattr(response, "close", lambda: None)()
        except Exception as error:
            self._raised, started = error, ["599 raised"]
        status = int(started[0].split()[0])
        self.statuses[status] += 1
        if status >= 500:
            error = self._raised
            where = traceback.extract_tb(error.__traceback__)[-1] if error else None
            kind = (
                f"{type(error).__name__} in {where.filename}:{where.lineno}"
                if where
                else str(status)
            )
            asked = {
                name: str(value)[:200] for name, value in environ.items() if "wsgi" not in name
            }
            self.faults.setdefault(kind, f"{asked}: {str(error)[:200]}")

    def _environ(self, random: Random, values: list[str]) -> dict[str, Any]:
        def value() -> str:
            return random.choice(values)

        path = self._path(random, values)
        pairs = [(random.choice(NAMES), value()) for _ in range(random.choice([0, 0, 1, 1, 2, 5]))]
        query = hostile.urlencode(pairs, errors="surrogatepass")
        if random.random() < 0.1:
            query += random.choice(
                ["&" * 2000, "&q=%ff", "&q", "%", "=", "&sida=2&sida=3", "\xff", "&q=%00"]
            )
        body = hostile.urlencode([(random.choice(NAMES), value())], errors="surrogatepass").encode()
        environ: dict[str, Any] = {
            "REQUEST_METHOD": random.choice(METHODS),
            "PATH_INFO": path.encode("utf-8", "surrogatepass").decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": random.choice(["HTTP/1.1", "HTTP/1.0"]),
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "testserver",
            "wsgi.url_scheme": "http",
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
        }
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or random.random() < 0.03:
            environ |= {"CONTENT_LENGTH": str(len(body)),
                        "CONTENT_TYPE": "application/x-www-form-urlencoded"}  # fmt: skip
        for name in random.sample(sorted(HEADERS), random.choice([0, 0, 1, 2, 4])):
            said = random.choice(HEADERS[name]) if random.random() < 0.9 else value()
            environ[name] = said.encode("utf-8", "surrogatepass").decode("latin-1")
        return {**environ, "wsgi.input": BytesIO(body)}

    def _path(self, random: Random, values: list[str]) -> str:
        kind = random.random()
        if kind < 0.45:
            path = random.choice(self.pages)
        elif kind < 0.85:
            route = random.choice(self.routes)
            path = filled(route, lambda kind, name: self._part(random, kind, name, values))
        else:
            path = "/" + random.choice(["", "en/", "verksamheten/"]) + random.choice(values)
        if random.random() < 0.2:
            at = random.randrange(len(path) + 1)
            path = (
                path[:at]
                + random.choice(["/", "//", "..", "%00", "\0", ".html", "\xff", "\ud800", "?", ";"])
                + path[at:]
            )
        return path[:5000]

    def _part(self, random: Random, kind: str, name: str, values: list[str]) -> str:
        if random.random() < 0.4:
            return _plain(kind, name)
        return hostile.part(random, kind, values)


def _plain(kind: str, name: str) -> str:
    return {"int": "1", "slug": "kontraterrorism"}.get(kind, "x")


@pytest.fixture
def visitors(
    section, home, english_home, editor, tip_channel, monkeypatch, settings
) -> Iterator[Visitors]:
    # The watch asks on a connection of its own, which sees nothing of the test's transaction.
    monkeypatch.setattr(wsgi.watch, "current", ContentVersion.current)
    monkeypatch.setattr(wsgi.watch, "withdrawn", frozenset())
    monkeypatch.setattr(wsgi.watch, "mistakes", frozenset())
    settings.PAGE_STORE = True
    whole_site(home, section, editor)
    files = ["/verksamheten.html", "/media/original_images/kust.jpg", "/dokument/1/vagledning.pdf"]
    with connection_kept_open():
        yield Visitors(files)


@pytest.mark.django_db(databases=["default", "tips"])
def test_hostile_requests_to_the_public_site_are_answered(visitors, rounds):
    hostile.in_rounds(visitors.ask, examples=rounds(3, 1000), requests=100, texts=50)

    assert visitors.faults == {}
    assert visitors.statuses[200] > 0
