"""The page where handlers log in: whose it is, what it carries, and what it loads."""

import re

import pytest

from sapo_site.static_storage import FlatStaticFilesStorage
from tests.postgres import ROOT
from tips.opener import build, login_page

pytestmark = [pytest.mark.tips, pytest.mark.django_db(databases=["default", "tips"])]

ADDRESSES = ["logga-in/", "ny/", "konto/", "personer/"]


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build.build()


def _parts(policy: str) -> set[str]:
    return set(policy.split("; "))


@pytest.mark.parametrize("address", ADDRESSES)
def test_one_page_stands_at_each_address_and_is_the_same_for_all(client, address):
    response = client.get(f"/tipsmottagning/{address}?nasta=/x/", headers={"Cookie": "a=b"})

    assert response.status_code == 200
    assert response.content == client.get("/tipsmottagning/logga-in/").content
    assert not response.cookies
    assert client.post(f"/tipsmottagning/{address}").status_code == 405


def test_the_desks_service_does_not_write_it_in_production(client, settings):
    settings.DESK_LOGIN_BY_SERVICE = False

    for address in ADDRESSES:
        response = client.get(f"/tipsmottagning/{address}")
        assert response.status_code == 404
        assert b"login.js" not in response.content


def test_nginx_sends_it_with_the_headers_of_the_service(client):
    text = (ROOT / "deploy" / "nginx-desk-login.conf").read_text()
    nginx = {name: value.strip('"') for name, value in re.findall(r"add_header (\S+) (.+);", text)}
    service = client.get("/tipsmottagning/logga-in/").headers

    parts = _parts(nginx.pop("Content-Security-Policy"))
    assert parts == _parts(service["Content-Security-Policy"])
    assert {name: service[name] for name in nginx} == nginx
    # Django's own, which come from a snippet in nginx.
    others = {
        "Content-Security-Policy",
        "Content-Type",
        "Referrer-Policy",
        "X-Content-Type-Options",
        "X-Frame-Options",
    }
    assert set(service) - set(nginx) - {"Content-Length", "Vary"} == others


def test_its_policy_lets_nothing_but_its_own_host_in_and_sends_no_form(client):
    policy = client.get("/tipsmottagning/logga-in/")["Content-Security-Policy"]

    assert _parts(policy) == {
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
        "connect-src 'self'", "form-action 'none'", "frame-ancestors 'none'", "base-uri 'none'",
        "require-trusted-types-for 'script'", "trusted-types 'none'",
    }  # fmt: skip


def test_what_is_collected_is_the_page_with_the_hashed_names_under_its_own(tmp_path):
    storage = FlatStaticFilesStorage(location=tmp_path, base_url="/static/")
    paths = {}
    for folder, name in (
        (ROOT / "static", "css/desk.css"),
        (ROOT / "static", "icons/favicon.svg"), (build.BUILT.parent, login_page.PROGRAM),
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        text = (folder / name).read_text()
        (tmp_path / name).write_text(re.sub(r"@import.*", "", text) if ".css" in name else text)
        paths[name] = (storage, name)

    list(storage.post_process(paths))

    page = (tmp_path / login_page.NAME).read_text()
    assert re.search(r'href="/static/css/desk\.[0-9a-f]{12}\.css"', page)
    (name,) = re.findall(r'src="/static/(tips/login\.[0-9a-f]{12}\.js)"', page)
    assert (tmp_path / name).read_bytes() == (build.BUILT / "login.js").read_bytes()
    assert [path.name for path in (tmp_path / "desk").iterdir()] == ["login.html"]
