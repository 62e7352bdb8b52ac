"""Who gets what at which address: every address of the desk, the intake and the CMS, and its API.

The tables are written by hand. An address that none of them has fails the last test, so that a new
one is not open until somebody has said to whom.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from django.utils.timezone import localdate
from wagtail.models import Collection, Locale, Site, Task, Workflow

from pages.newsdesk.closed_doors import CLOSED_ADDRESSES
from tests.handlers import PASSWORD, ask_desk, desk_login
from tips.handling import steps
from tips.keeping import intake
from tips.models import Handler
from tips.opener import build

pytestmark = [pytest.mark.tips, pytest.mark.django_db(databases=["default", "tips"])]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LOGIN = "/tipsmottagning/logga-in/"

# The desk: what a handler is answered. A form and an empty object are what is sent, so that 400
# means "let in, and refused for what was sent". Other methods are 405, to everybody.
#
# address below /tipsmottagning/              kind   GET  POST
DESK = """
                                              page   200  -
tips/<uuid:tip_id>/                           page   200  -
tips/<uuid:tip_id>/forseglat.zip              file   200  -
logga-in/                                     static 200  -
ny/                                           static 200  -
konto/                                        static 200  -
personer/                                     static 200  -
logga-ut/                                     open   -    302
nycklar/                                      page   200  -
gallring/                                     page   200  400
register/                                     page   200  -
register/register.csv                         page   200  -
handelser/                                    page   200  -
texter/                                       page   200  400
api/ko/                                       api    200  -
api/ko/nytt/                                  api    400  -
api/tips/<uuid:tip_id>/oppna/                 api    -    200
api/tips/<uuid:tip_id>/filer/<uuid:file_id>/  file   200  -
api/tips/<uuid:tip_id>/steg/                  api    -    400
api/tips/<uuid:tip_id>/anteckningar/          api    -    400
api/omslag/                                   api    200  400
api/logga-in/                                 login  -    400
api/logga-in/igen/                            own    400  400
api/logga-ut/                                 login  -    200
api/ny/                                       login  -    400
api/konto/                                    half   200  -
api/konto/nyckel/                             half   200  400
api/konto/totp/                               half   200  400
api/konto/koder/                              own    -    400
api/konto/ta-bort/                            own    -    400
api/konto/losenord/                           own    -    400
api/konto/sessioner/                          own    -    400
api/fraga-igen/                               own    200  400
api/personer/                                 own    200  400
api/personer/stang/                           own    -    400
^(?:.*/)?$                                    none   404  404
"""
# Who has no session of the desk, or is no handler any more, is asked to log in.
LOGGED_OUT = {"page": 302, "file": 401, "api": 401, "own": 401, "half": 401}
# By a script of the desk's own pages alone.
OF_ACCOUNTS = ("login", "own", "half")

# The intake knows nobody: all are answered alike.
#
# address                GET  POST
INTAKE = """
tipsa/                   200  405
tipsa/formular/          203  415
en/tipsa/                200  405
en/tipsa/formular/       203  415
"""

# The CMS, by its parts: which of editor, chief editor and administrator come in. Nobody else does:
# neither visitors nor handlers, in whatever way they have logged in.
#
# address below /admin/                 editor  chief  admin
CMS = """
(start)                                  yes     yes    yes
account                                  yes     yes    yes
api/main/^documents                      yes     yes    yes
api/main/^images                         yes     yes    yes
api/main/^pages                          yes     yes    yes
block-preview                            yes     yes    yes
bulk                                     yes     yes    yes
choose-anchor-link                       yes     yes    yes
choose-email-link                        yes     yes    yes
choose-external-link                     yes     yes    yes
choose-page                              yes     yes    yes
choose-phone-link                        yes     yes    yes
collections                              no      no     yes
dismissibles                             yes     yes    yes
documents                                yes     yes    yes
editing-sessions                         yes     yes    yes
embeds                                   yes     yes    yes
failwhale                                no      no     no
groups                                   no      no     yes
handbok                                  yes     yes    yes
images                                   yes     yes    yes
inloggning                               yes     yes    yes
locales                                  no      no     no
pages                                    yes     yes    yes
phrase                                   yes     yes    yes
redaktion                                yes     yes    yes
redirects                                no      no     no
reports/aging-pages                      yes     yes    yes
reports/links                            yes     yes    yes
reports/locked                           no      yes    yes
reports/page-types-usage                 yes     yes    yes
reports/site-history                     yes     yes    yes
reports/tips-per-day                     yes     yes    yes
reports/unmet-queries                    yes     yes    yes
reports/workflow                         yes     yes    yes
reports/workflow_tasks                   yes     yes    yes
sites                                    no      no     no
snippets                                 no      no     no
snippets/choose/cooperation/partner      yes     yes    yes
snippets/choose/pages/alert              yes     yes    yes
snippets/choose/pages/contact            yes     yes    yes
snippets/choose/pages/cookienotice       yes     yes    yes
snippets/choose/pages/footer             yes     yes    yes
snippets/choose/pages/recommendation     yes     yes    yes
snippets/choose/pages/redirection        yes     yes    yes
snippets/choose/pages/synonym            yes     yes    yes
snippets/choose/pages/threatleveldecision  yes   yes    yes
snippets/choose/pages/topic              yes     yes    yes
snippets/choose/pages/withdrawal         yes     yes    yes
snippets/choose/sapo_site/tiptexts       yes     yes    yes
snippets/cooperation/partner             yes     yes    yes
snippets/pages/alert                     yes     yes    yes
snippets/pages/contact                   yes     yes    yes
snippets/pages/cookienotice              yes     yes    yes
snippets/pages/footer                    yes     yes    yes
snippets/pages/recommendation            yes     yes    yes
snippets/pages/redirection               yes     yes    yes
snippets/pages/synonym                   yes     yes    yes
snippets/pages/threatleveldecision       yes     yes    yes
snippets/pages/topic                     yes     yes    yes
snippets/pages/withdrawal                yes     yes    yes
snippets/sapo_site/tiptexts              yes     yes    yes
tag-autocomplete                         yes     yes    yes
test404                                  no      no     no
translation/submit/page                  yes     yes    yes
translation/submit/snippet               no      yes    yes
uppladdning                              yes     yes    yes
users                                    no      no     yes
workflows                                no      no     no
^.*                                      yes     yes    yes
"""
# What the CMS answers everybody: how to log in and out, and the words and icons of that page.
CMS_FOR_ALL = {
    "admin/login/": 200,
    "admin/logout/": 302,
    "admin/login/andra-steget/": 302,
    "admin/login/nyckel/": 405,
    "admin/login/nyckel/fraga/": 405,
    "admin/nytt-losenord/<uidb64>/<token>/": 200,
    "admin/password_reset/": 404,
    "admin/password_reset/done/": 404,
    "admin/password_reset/confirm/<uidb64>/<token>/": 404,
    "admin/password_reset/complete/": 404,
    "admin/jsi18n/": 200,
    "admin/sprite/": 200,
}

# What Wagtail has and we do not: it is there for nobody (`tests/integration/pages/test_doors.py`).
TAKEN_AWAY = {"^admin/redirects/", *(f"^admin/{address}" for address in CLOSED_ADDRESSES)}

# The pages for visitors: no account changes what they are, and none holds a tip.
PUBLIC = {
    "halsa/", ".well-known/security.txt", "robots.txt", "sitemap.xml", "vidare.json", "^dokument/(\\d+)/(.*)$",
    "dokument/^(\\d+)/(.*)$",
    "dokument/authenticate_with_password/<int:restriction_id>/", "^media/(?P<path>.+)$", "sok/",
    "sok/beskrivning.xml", "sok/forslag/",
    "amnen/", "amnen/<slug:slug>/", "amnen/<slug:slug>.rss", "amnen/<slug:slug>.atom",
    "amnen/<slug:slug>.json", "nyheter.rss", "nyheter.atom", "nyheter.json", "terrorhotniva.json", "kakor/stang/",
    "^(?P<path>(?:[\\w-]+/)+)kalender\\.ics$", "^(?P<path>[\\w/-]+)\\.html$", "^((?:[\\w\\-]+/)*)$",
}  # fmt: skip


def _routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _routes(pattern.url_patterns, route)


def _all_routes() -> list[str]:
    found: dict[str, None] = {}
    for language in ("sv", "en"):
        with translation.override(language):
            found |= dict.fromkeys(_routes(get_resolver().url_patterns))
    return list(found)


def _rows(table: str) -> list[list[str]]:
    """The lines of a table; what begins with a space has the empty address."""
    lines = [line for line in table.splitlines() if line.strip()]
    return [(["", *line.split()] if line.startswith(" ") else line.split()) for line in lines]


DESK_ROUTES = [row[0] for row in _rows(DESK)]
CMS_AREAS = [row[0] for row in _rows(CMS)]
CMS_ROUTES = [
    route for route in _all_routes() if route.startswith("admin/") and route not in CMS_FOR_ALL
]


def _area(route: str) -> str:
    """The part of the CMS that an address belongs to: the longest that begins it."""
    below = route.removeprefix("admin/")
    if not below:
        return "(start)"
    areas = [area for area in CMS_AREAS if below == area or below.startswith(f"{area}/")]
    return max(areas, key=len, default="")


# Those who ask


@dataclass
class Visitor:
    """One who asks, and how far that one has come at the desk and in the CMS."""

    name: str
    client: Client
    is_at_desk: bool = False
    is_half: bool = False  # the password was right, and a second factor is to be made
    in_cms: str = ""  # the column of the table


WHO = [
    "anonymous", "editor", "chief editor", "admin", "member of the former group", "handler",
    "handler and admin", "half a handler", "locked handler", "closed handler",
]  # fmt: skip
IN_CMS = ("editor", "chief editor", "admin", "handler and admin")


@pytest.fixture
def visitor(request, roles) -> Visitor:
    return _visitor(request.param, request)


def _visitor(name: str, request: pytest.FixtureRequest) -> Visitor:
    client = Client(raise_request_exception=False)
    if name in ("editor", "chief editor", "admin"):
        client.force_login(request.getfixturevalue(name.replace(" ", "_")))
        return Visitor(name, client, in_cms=name.split()[0])
    if name == "anonymous":
        return Visitor(name, client)
    if name == "member of the former group":
        user = request.getfixturevalue("no_editor")
        user.groups.add(Group.objects.create(name="Tipsmottagare"))
        client.force_login(user)
        return Visitor(name, client)
    handler = request.getfixturevalue("handler")
    if name == "half a handler":
        request.getfixturevalue("settings").SECOND_FACTOR_REQUIRED = True
        ask_desk(client, "logga-in/", {"username": handler.username, "password": PASSWORD})
        return Visitor(name, client, is_half=True)
    desk_login(client, handler.username)
    if name == "handler and admin":
        client.force_login(request.getfixturevalue("admin"))
        return Visitor(name, client, is_at_desk=True, in_cms="admin")
    # Beside our own ways, which end the sessions too.
    if name == "locked handler":
        Handler.objects.update(is_locked=True)
    if name == "closed handler":
        Handler.objects.update(closed_on=localdate())
    return Visitor(name, client, is_at_desk=name == "handler")


everybody = pytest.mark.parametrize("visitor", WHO, indirect=True, ids=str)
nobody_in_the_cms = pytest.mark.parametrize(
    "visitor", [name for name in WHO if name not in IN_CMS],
    indirect=True, ids=str,
)  # fmt: skip


SIGNS = {"Sec-Fetch-Site": "same-origin", "X-Desk": "1", "Origin": "http://testserver"}


def _ask(
    client: Client, method: str, path: str, *, as_json: bool = False, by_script: bool = False
) -> HttpResponse:
    """Asks, and undoes what it may have changed."""
    kind = "application/json" if as_json else "application/x-www-form-urlencoded"
    body = ("{}" if as_json else "tom=1") if method == "POST" else ""
    cookies = client.cookies.copy()
    with transaction.atomic("default"), transaction.atomic("tips"):
        headers = SIGNS if by_script else {}
        response = client.generic(method, path, body, content_type=kind, headers=headers)
        transaction.set_rollback(True, "default")
        transaction.set_rollback(True, "tips")
    client.cookies = cookies
    return response


# The desk and its API


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build.build()


@pytest.fixture
def tip(tip_channel) -> tuple[str, str]:
    """A tip that somebody has opened, and a file of it."""
    tip_id = intake.leave({"text": "x", "subject": "annat"}, [("a.txt", "text/plain", b"a")])
    steps.open_tip(tip_id, "kollega")
    return str(tip_id), tip_channel.vault.files(tip_id)[2].name.removesuffix(".age")


@everybody
@pytest.mark.parametrize("row", _rows(DESK), ids=lambda row: row[0] or "start")
def test_desk_answers_as_the_table_says(visitor, row, tip):
    route, kind, get, post = row
    path = route.replace("<uuid:tip_id>", tip[0]).replace("<uuid:file_id>", tip[1])
    path = "/tipsmottagning/" + ("finns-inte/" if kind == "none" else path)
    answers = {"GET": get, "HEAD": get, "POST": post}

    of_accounts = kind in OF_ACCOUNTS
    for method in METHODS:
        as_json = kind == "api" or of_accounts
        response = _ask(visitor.client, method, path, as_json=as_json, by_script=of_accounts)

        wanted = answers.get(method, "-")
        if kind == "none":
            expected = 404
        elif wanted == "-":
            expected = 405
        elif (
            kind in ("open", "login", "static")
            or visitor.is_at_desk
            or (visitor.is_half and (kind == "half" or route == "api/logga-in/igen/"))
        ):
            expected = int(wanted)
        else:
            expected = LOGGED_OUT[kind]
        assert response.status_code == expected, (visitor.name, method, path)
        if expected == 302:
            assert response["Location"].partition("?")[0] == LOGIN
        if not visitor.is_at_desk and kind not in ("open", "none", "static"):
            assert tip[1] not in getattr(response, "content", b"").decode()
        if of_accounts and expected != 405:
            from_elsewhere = _ask(visitor.client, method, path, as_json=True)
            assert from_elsewhere.status_code in (401, 403), (visitor.name, method, path)


# The intake


@everybody
@pytest.mark.parametrize("row", _rows(INTAKE), ids=lambda row: row[0])
def test_intake_answers_everybody_alike(visitor, row, tip_channel):
    path, get, post = row
    for method in METHODS:
        response = _ask(visitor.client, method, f"/{path}")

        answers = {"GET": get, "HEAD": get, "POST": post}
        assert response.status_code == int(answers.get(method, 405)), (visitor.name, method)
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")


# The CMS


def _path(route: str, objects: dict[str, int]) -> str:
    """An address of the route, of something that is there where there is any."""
    area = route.split("/")[1]
    names = {
        r"<\w+:(\w*page\w*|destination_id)>": objects["page"],
        r"<int:task_id>": objects["task"],
        r"<int:workflow_pk>": objects["workflows"],
        r"<(?:int|str):pk>": objects.get(area, 1),
        r"<int:\w+>": 1,
        r"<\w+:(content_type_app_name|app_label|app_name)>": "pages",
        r"<\w+:(content_type_model_name|model_name)>": "articlepage",
        r"<(\w+:)?\w+>": "x",
    }
    path = re.sub(r"[\^$]", "", route).replace("\\.", ".").replace("(?:.*/)?", "")
    path = re.sub(r"\(\?P<\w+>[^()]*\)|\((?:\\d\+|[^()]*)\)", "1", path).replace(".*", "x")
    for pattern, value in names.items():
        path = re.sub(pattern, str(value), path)
    return f"/{path}"


@pytest.fixture
def objects(section, chief_editor) -> dict[str, int]:
    return {
        "page": section.pk,
        "users": chief_editor.pk,
        "groups": Group.objects.first().pk,
        "sites": Site.objects.first().pk,
        "locales": Locale.objects.first().pk,
        "collections": Collection.objects.first().pk,
        "workflows": Workflow.objects.first().pk,
        "task": Task.objects.first().pk,
    }


def _is_refused(response: HttpResponse) -> bool:
    """Sent to the login, or back to where one's own part of the CMS begins; or forbidden."""
    if response.status_code == 302:
        return response["Location"].partition("?")[0] in ("/admin/", "/admin/login/")
    return response.status_code == 403


@nobody_in_the_cms
def test_handlers_and_strangers_get_nothing_of_the_cms(visitor, objects, tip_channel):
    for route in CMS_ROUTES:
        for method in ("GET", "POST"):
            path = _path(route, objects)
            response = _ask(visitor.client, method, path)
            assert response.status_code == 302, (visitor.name, method, path)
            assert response["Location"].startswith("/admin/login/"), (visitor.name, method, path)


@pytest.mark.parametrize("row", _rows(CMS), ids=lambda row: row[0])
@pytest.mark.parametrize("visitor", ["editor", "chief editor", "admin"], indirect=True, ids=str)
def test_each_part_of_the_cms_lets_in_those_of_the_table(visitor, row, objects, tip_channel):
    area, comes_in = row[0], row[1 + ["editor", "chief", "admin"].index(visitor.in_cms)] == "yes"
    routes = [route for route in CMS_ROUTES if _area(route) == area]
    if not routes:
        pytest.skip("Den här versionen av Wagtail har inte den delen.")
    if comes_in:
        answers = [_ask(visitor.client, "GET", _path(route, objects)) for route in routes]
        assert not all(map(_is_refused, answers))
        return
    for route in routes:
        for method in ("GET", "POST"):
            response = _ask(visitor.client, method, _path(route, objects))
            # What is not there is not there for anybody.
            assert _is_refused(response) or response.status_code in (404, 405), (method, route)


@pytest.mark.parametrize("route", sorted(CMS_FOR_ALL))
def test_login_of_the_cms_is_open(route, client, objects, tip_channel):
    assert client.get(_path(route, objects)).status_code == CMS_FOR_ALL[route]


# Nothing beside the tables


def test_every_address_is_in_a_table():
    intake_routes = [row[0] for row in _rows(INTAKE)]
    lacking = []
    for route in set(_all_routes()) - TAKEN_AWAY:
        if route.startswith("tipsmottagning/"):
            known = route.removeprefix("tipsmottagning/") in DESK_ROUTES
        elif route.startswith("admin/"):
            known = route in CMS_FOR_ALL or _area(route) != ""
        else:
            known = route in intake_routes or route.removeprefix("en/") in PUBLIC
        if not known:
            lacking.append(route)

    assert lacking == []


def test_every_row_of_the_desk_and_the_intake_is_an_address():
    routes = _all_routes()

    assert [row[0] for row in _rows(INTAKE) if row[0] not in routes] == []
    assert [row for row in DESK_ROUTES if f"tipsmottagning/{row}" not in routes] == []
    assert sorted(route for route in CMS_FOR_ALL if route not in routes) == []


def test_address_that_is_in_no_table_is_found():
    assert _area("admin/nytt/") == ""
    assert _area("admin/pagesx/") == ""
    assert _area("admin/pages/x/") == "pages"
    assert _area("admin/snippets/pages/nytt/") == "snippets"
