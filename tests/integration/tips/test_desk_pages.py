"""The pages where handlers log in and open their keys: whose they are, what they carry and load."""

import re
from base64 import b64encode
from hashlib import sha384

import pytest
from django.test import Client
from django.utils.html import escape
from django.utils.translation import override

from sapo_site.building.static_storage import FlatStaticFilesStorage
from tests.postgres import ROOT
from tips.opener import build, desk_pages
from tips.opener.page import frame_sum
from tips.refusals import Refusal

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

KEY = ["nyckel/"]
TIP = "tips/5f0c2a1e-8a44-4b7e-9a53-0d3e3c3b2a11/"
DESK = ["", TIP, "vad-som-helst/"]
POLICY = {
    "default-src 'none'", f"script-src 'self' '{frame_sum()}'", "style-src 'self'", "img-src 'self'", "font-src data:",
    "connect-src 'self'", "frame-src blob:", "worker-src 'none'", "form-action 'none'", "frame-ancestors 'none'",
    "base-uri 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build.build()


def test_one_page_stands_at_each_address_and_is_the_same_for_all(client, subtests):
    for first, addresses in [("nyckel/", KEY), ("", DESK)]:
        with subtests.test(first=first):
            for address in addresses:
                response = client.get(
                    f"/tipsmottagning/{address}?nasta=/x/", headers={"Cookie": "a=b"}
                )

                assert response.status_code == 200
                assert response.content == client.get(f"/tipsmottagning/{first}").content
                assert not response.cookies
                assert client.post(f"/tipsmottagning/{address}").status_code == 405


def test_the_page_of_the_desk_holds_no_name_and_no_token(at_desk):
    page = at_desk.get("/tipsmottagning/").content.decode()
    assert page == Client().get("/tipsmottagning/").content.decode()
    assert "token" not in page
    assert "csrf" not in page


def test_the_page_of_the_desk_says_which_signers_the_release_believes(
    client, tip_channel, settings
):
    root = tip_channel.trust.root.read_text().strip()
    assert (
        f'<meta name="sapo-root" content="{root}">'
        in client.get("/tipsmottagning/").content.decode()
    )
    settings.TIPS_ROOT = tip_channel.root / "saknas"
    assert '<meta name="sapo-root" content="">' in client.get("/tipsmottagning/").content.decode()


def test_the_page_has_the_swedish_sentence_of_every_code_that_the_service_may_answer(
    client, subtests
):
    for language in ["sv", "en"]:
        with subtests.test(language=language):
            page = client.get("/tipsmottagning/", headers={"Accept-Language": language})

            found = re.findall(r'<p data-code="([a-z-]+)">([^<>{}]+)</p>', page.content.decode())
            said = dict(found)
            with override("sv"):
                assert said == {code: escape(sentence) for code, sentence in Refusal.choices}
            assert said["gone"] == "Tipset finns inte, eller är gallrat."


def test_the_desks_service_does_not_write_them_in_production(client, settings):
    settings.DESK_PAGES_BY_SERVICE = False
    for address in [*KEY, *DESK]:
        response = client.get(f"/tipsmottagning/{address}")
        assert response.status_code == 404
        assert response["Content-Type"] == "application/json"
        assert b".js" not in response.content


@pytest.mark.parametrize("address", ["", "nyckel/"])
def test_nginx_sends_them_with_the_headers_of_the_service(client, address):
    text = (ROOT / "deploy" / "nginx-desk-page.conf").read_text()
    nginx = {name: value.strip('"') for name, value in re.findall(r"add_header (\S+) (.+);", text)}
    service = client.get(f"/tipsmottagning/{address}").headers

    assert set(nginx.pop("Content-Security-Policy").split("; ")) == POLICY
    assert set(service["Content-Security-Policy"].split("; ")) == POLICY
    assert {name: service[name] for name in nginx} == nginx
    # Django's own, which come from a snippet in nginx.
    others = {
        "Content-Security-Policy", "Content-Type", "Referrer-Policy", "X-Content-Type-Options",
        "X-Frame-Options",
    }  # fmt: skip
    assert set(service) - set(nginx) - {"Content-Length", "Vary"} == others


@pytest.mark.parametrize("page", desk_pages.PAGES)
def test_what_is_collected_is_the_page_with_the_hashed_names_under_its_own(
    page, tmp_path, tip_channel
):
    storage = FlatStaticFilesStorage(location=tmp_path, base_url="/static/")
    paths = {}
    for folder, name in (
        (ROOT / "static", "css/desk.css"),
        (ROOT / "static", "icons/favicon.svg"), (build.BUILT.parent, page.program),
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        text = (folder / name).read_text()
        (tmp_path / name).write_text(re.sub(r"@import.*", "", text) if ".css" in name else text)
        paths[name] = (storage, name)

    list(storage.post_process(paths))

    text = (tmp_path / page.name).read_text()
    loaded = dict(re.findall(r'="/static/(\S+\.[0-9a-f]{12}\.(?:js|css))" integrity="(\S+)"', text))
    assert [name.rpartition(".")[2] for name in loaded] == ["css", "js"]
    for name, total in loaded.items():
        octets = (tmp_path / name).read_bytes()
        assert total == f"sha384-{b64encode(sha384(octets).digest()).decode()}"
    (script,) = (name for name in loaded if name.endswith(".js"))
    assert (tmp_path / script).read_bytes() == (build.BUILT.parent / page.program).read_bytes()
    is_of_keys = page is desk_pages.DESK_PAGE
    assert (tip_channel.trust.root.read_text().strip() in text) == is_of_keys
    assert [f"desk/{path.name}" for path in (tmp_path / "desk").iterdir()] == [page.name]
