"""Who comes in where: every address of the site, for each role and each method.

The table beside this, addresses.tsv, is written by hand. An address that no line has fails the first
test, which says what the line would be; so a new address is open to nobody until somebody has said to
whom. A line that no address has fails too.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
import wagtail
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.addresses import filled, routes
from tests.handlers import desk_login
from tests.system.as_service import run_as
from tests.whole_site import Keys, part_of, whole_site
from tips.handling import handlers, steps
from tips.keeping import intake

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

TABLE = Path(__file__).with_name("addresses.tsv")
ROLES = ("anonymous", "editor", "chief editor", "superuser", "handler")
READING, WRITING, OTHER = ("GET", "HEAD"), ("POST",), ("PUT", "PATCH", "DELETE", "OPTIONS")
SERVICES = {"p": "public", "e": "editorial", "i": "intake", "d": "desk"}
# The version whose addresses are counted in the table: those of another are looked at first.
WAGTAIL = (7, 4)
# An answer that is let in may still find nothing or want another method.
_IS_IN = {"in", "gone", "method"}


@dataclass(frozen=True)
class Line:
    """Of some addresses: which services have them, and what each role is answered there.

    A cell has what GET and HEAD, POST, and the other methods are answered, or one word for all.
    """

    pattern: str
    services: str
    cells: tuple[str, ...]
    # How many addresses fall under it, where it has a *.
    number: int | None

    def wanted(self, role: str, method: str) -> str:
        kinds = self.cells[ROLES.index(role)].split("/")
        at = next(n for n, some in enumerate((READING, WRITING, OTHER)) if method in some)
        return kinds[min(at, len(kinds) - 1)]


def _lines() -> list[Line]:
    rows = [row.split("\t") for row in TABLE.read_text().splitlines() if row[:1] not in ("", "#")]
    return [Line(row[0], row[1], tuple(row[2:7]), int(row[7]) if row[7:] else None) for row in rows]


LINES = _lines()


def _named(route: str) -> str:
    """The address as the table has it: each register of the CMS is called KIND."""
    plain = route.replace("^", "").replace("$", "").removeprefix("en/")
    return re.sub(r"^(admin/snippets/(?:choose/)?)\w+/\w+/", r"\1KIND/", plain)


@cache
def line_of(route: str) -> Line | None:
    """The first line of the table that the address falls under."""
    named = _named(route)
    return next((line for line in LINES if _falls_under(named, line.pattern)), None)


def _falls_under(named: str, pattern: str) -> bool:
    return named == pattern or fnmatchcase(named, pattern.replace("[", "[[]").replace("?", "[?]"))


# Those who ask


@dataclass(frozen=True)
class Between:
    """One between two roles: which role's answers one gets, in the CMS and at the desk."""

    elsewhere: str
    at_desk: str
    # What lets one in beside.
    more: tuple[str, ...] = ()

    def role_at(self, route: str) -> str:
        return self.at_desk if route.startswith(settings.DESK_PATH) else self.elsewhere


BETWEEN = {
    "handler who has left": Between("handler", "anonymous"),
    "handler and superuser": Between("superuser", "handler"),
    "member of the former group": Between("anonymous", "anonymous", ("GET admin/logout/",)),
}


@dataclass
class Asking:
    """One who asks for addresses, of things that are there."""

    client: Client
    keys: Keys
    tip: dict[str, str]

    def answer(self, route: str, method: str) -> str:
        """In a word; what the request may have changed is undone."""
        path = filled(route, lambda kind, name: self._part(route, kind, name))
        is_api = "/api/" in path
        sends = "{}" if is_api else "tom=1"
        body = sends if method in WRITING else ""
        kind = "application/json" if is_api else "application/x-www-form-urlencoded"
        cookies = self.client.cookies.copy()
        headers = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin", "X-Desk": "1"}
        with transaction.atomic("default"), transaction.atomic("tips"):
            response = self.client.generic(method, path, body, content_type=kind, headers=headers)
            transaction.set_rollback(True, "default")
            transaction.set_rollback(True, "tips")
        self.client.cookies = cookies
        return _in_a_word(response)

    def _part(self, route: str, kind: str, name: str) -> str:
        if kind == "uuid":
            return self.tip[name]
        return part_of(self.keys, route, kind, name)


def _in_a_word(response: HttpResponse) -> str:
    status = response.status_code
    leads_to = response.get("Location", "").partition("?")[0]
    if status == 401 or leads_to == "/admin/login/":
        return "login"
    if status == 403 or (status == 302 and leads_to == "/admin/"):
        return "refused"
    if status in (404, 410):
        return "gone"
    if status == 405:
        return "method"
    assert status < 500, response.content[:500]
    return "in"


@pytest.fixture
def content(section, home, editor, tip_channel) -> tuple[Keys, dict[str, str]]:
    tip_id = intake.leave({"text": "x", "subject": "annat"}, [("a.txt", "text/plain", b"a")])
    steps.open_tip(tip_id, "kollega")
    name = tip_channel.vault.files(tip_id)[2].name
    tip = {"tip_id": str(tip_id), "file_id": name.removesuffix(".age")}
    return whole_site(home, section, editor), tip


@pytest.fixture
def people(handler, editor, chief_editor, admin, no_editor) -> dict[str, Any]:
    """Who logs in to the CMS, by role."""
    no_editor.groups.add(Group.objects.create(name="Tipsmottagare"))
    return {
        "editor": editor, "chief editor": chief_editor, "superuser": admin,
        "handler and superuser": admin, "member of the former group": no_editor,
    }  # fmt: skip


def _asking(role: str, content: tuple[Keys, dict[str, str]], people: dict[str, Any]) -> Asking:
    client = Client(raise_request_exception=False)
    if "handler" in role:
        desk_login(client)
    if role in people:
        client.force_login(people[role])
        client.get("/admin/")  # begins the session's own rows
    return Asking(client, *content)


# The table


def test_every_address_is_in_a_line(content, people):
    lacking = list({_named(route): route for route in routes() if line_of(route) is None}.values())

    if lacking:
        asking = {role: _asking(role, content, people) for role in ROLES}
        services = services_of_routes()
        said = "\n".join(
            "\t".join(
                [_named(route), services[route], *(_cell(one, route) for one in asking.values())]
            )
            for route in lacking
        )
        pytest.fail(f"Look at these lines, and add them to {TABLE.name}:\n{said}")


def _cell(asking: Asking, route: str) -> str:
    answers = [asking.answer(route, method) for method in ("GET", "POST", "DELETE")]
    return answers[0] if len(set(answers)) == 1 else "/".join(answers)


def test_every_line_has_an_address():
    used = {line_of(route) for route in routes()}
    assert [line.pattern for line in LINES if line not in used] == []


@pytest.mark.skipif(wagtail.VERSION[:2] != WAGTAIL, reason="other addresses of Wagtail's")
def test_a_line_with_many_addresses_has_as_many_as_were_looked_at():
    """A new one would else be let in as those beside it are."""
    found = Counter(
        line_of(route) for route in {_named(route): route for route in routes()}.values()
    )
    many = [line for line in LINES if line.pattern not in set(map(_named, routes()))]
    assert len(many) > 30
    assert {line.pattern: found[line] for line in many} == {
        line.pattern: line.number for line in many
    }


def test_an_address_that_is_in_no_line_is_found():
    assert line_of("tipsmottagning/nytt/") is None
    assert line_of("admin/nytt/") is None
    assert line_of("nytt/") is None


_PROGRAM = """
import json, django
django.setup()
from django.urls import resolve
from sapo_site.answering.views import elsewhere
from tests.addresses import served
print(json.dumps(served(elsewhere)))
"""


def services_of_routes() -> dict[str, str]:
    """Address -> the letters of the services that have it."""
    found = dict.fromkeys(routes(), "")
    for letter, role in SERVICES.items():
        for route in json.loads(run_as(role, _PROGRAM)):
            found[route] = found.get(route, "") + letter
    return found


# What each is answered


def _asked(line: Line, rounds: Any) -> Iterator[str]:
    """The addresses of a line; of many alike, one, or with `--long` all."""
    those = [route for route in routes() if line_of(route) == line]
    yield from those[: rounds(1, len(those))]


def _concerns(line: Line, who: Between) -> bool:
    """Where one between two roles could be taken for another than in the rest of the CMS."""
    desk = settings.DESK_PATH
    return line.pattern.startswith(desk) or any(desk not in each for each in who.more)


@pytest.mark.parametrize("roles_asked", [ROLES, tuple(BETWEEN)], ids=["roles", "between"])
def test_each_role_is_answered_as_the_table_says(
    roles_asked, content, people, rounds, drawn, monkeypatch, subtests
):
    for role in roles_asked:
        with (
            subtests.test(role=role), monkeypatch.context() as patch,
            transaction.atomic("default"), transaction.atomic("tips"),
        ):  # fmt: skip
            asking = _asking(role, content, people)
            if role == "handler who has left":
                without = SimpleNamespace(entries=())
                patch.setattr(handlers, "signed_now", lambda ring=without: ring)
            who = BETWEEN.get(role, Between(role, role))
            lines = LINES
            if role in BETWEEN:
                others = [line for line in LINES if not _concerns(line, who)]
                left_out = set(drawn.sample(others, rounds(len(others) * 7 // 8, 0)))
                lines = [line for line in LINES if line not in left_out]
            assert _wrong(asking, who, lines, rounds, drawn) == []
            for alias in ("default", "tips"):
                transaction.set_rollback(True, alias)


def _methods(rounds: Any, drawn: Random) -> tuple[str, ...]:
    """Of those that no page uses, one at every fourth line, or with `--long` all."""
    few = () if drawn.random() > 0.25 else (drawn.choice(OTHER),)
    return ("GET", "POST", *rounds(few, ("HEAD", *OTHER)))


def _wrong(
    asking: Asking, who: Between, lines: list[Line], rounds: Any, drawn: Random
) -> list[str]:
    wrong = []
    for line in lines:
        methods = _methods(rounds, drawn)
        for route in _asked(line, rounds):
            for method in methods:
                wanted, got = line.wanted(who.role_at(route), method), asking.answer(route, method)
                if wanted == "login" and f"{method} {route}" in who.more:
                    wanted = "in"
                # Which of these methods a view takes, and whether it looks for the thing first, may vary.
                is_let_in = wanted in (_IS_IN if method in OTHER else {"in"})
                if not (got == wanted or (is_let_in and got in _IS_IN)):
                    wrong.append(f"{method} {route}: {got}, not {wanted}")
    return wrong
