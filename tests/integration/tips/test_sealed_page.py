"""The page in which tips are sealed: whose it is, what it carries, and what it loads."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core.files.storage import FileSystemStorage

from tests.integration.tips.sealing_browser import STANDING
from tests.integration.tips.sending import only_tip, send
from tests.postgres import ROOT
from tips.form import sealed_page
from tips.opener import build

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

FORM = "/tipsa/formular/"


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build.build()


def test_it_is_the_same_for_all_and_nothing_in_it_can_be_sent(client, tip_channel, subtests):
    for address in [FORM, f"/en{FORM}"]:
        with subtests.test(address=address):
            response = client.get(f"{address}?x=1", headers={"Cookie": "a=b"})
            page = BeautifulSoup(response.content, "html.parser")

            assert response.status_code == 203  # kept by no browser to be shown on Back
            assert response.content == client.get(address).content
            (form,) = page.find_all("form")
            assert (form["method"], form.get("action")) == ("dialog", None)
            assert form.find_all("button") == form.find_all("input", type="submit") == []
            assert "disabled" in form.fieldset.attrs
            controls = form.find_all(["input", "textarea"])
            assert {each["type"] for each in controls if each.get("name")} == {"radio"}
            assert len(controls) > 15


def test_it_leads_those_without_script_on_and_says_whom_to_call_until_it_is_open(
    client, tip_channel
):
    page = BeautifulSoup(client.get(FORM).content, "html.parser")

    refresh, link = page.find_all("noscript")
    assert refresh.meta["content"] == f"0; url={FORM}utan-skript/"
    assert link.a["href"] == f"{FORM}utan-skript/"
    words = page.find(id="forbereds")
    assert "hidden" not in words.attrs
    assert [a["href"] for a in words.find_all("a")][:3] == [
        "tel:+46105687000",
        "tel:11414",
        "tel:112",
    ]


def test_its_one_script_has_its_sum_and_it_names_the_root(client, tip_channel):
    page = BeautifulSoup(client.get(FORM).content, "html.parser")
    (script,) = page.find_all("script")
    assert script["integrity"].startswith("sha384-")
    assert script["crossorigin"] == "anonymous"
    root = page.find("meta", attrs={"name": "sapo-root"})["content"]
    assert root == tip_channel.trust.root.read_text().strip()


def test_every_word_that_the_script_may_choose_stands_there(client, tip_channel):
    page = BeautifulSoup(client.get(FORM).content, "html.parser")
    said = {each["data-says"] for each in page.find_all(attrs={"data-says": True})}

    sources = "".join(
        (build.FOLDER / name).read_text()
        for name in ("tip_form.js", "tip_page.js", "tip_fields.js")
    )
    codes = set(
        re.findall(
            r'"(token|spent|keyring|form|size|limited|busy|closed)"',
            (build.FOLDER / "send.js").read_text(),
        )
    )
    chosen = {"send", "stop", "sealing", "sending", "required", "long", "large", "many", "total",
              "unread", "offline", "unreachable", "stopped", "program", "untrusted",
              "clock", "not here", "closed for long"}  # fmt: skip
    assert chosen | codes == said
    assert all(f'"{word}"' in sources for word in chosen)


def test_the_intake_does_not_write_the_page_in_production(client, tip_channel, settings):
    settings.TIP_FORM_BY_SERVICE = False
    for address in (FORM, f"/en{FORM}", "/tipsa/nycklar/keyring.json"):
        response = client.get(address)
        assert response.status_code == 404
        assert b"tip_form" not in response.content


@pytest.mark.parametrize("by_service", [True, False])
def test_what_is_sent_from_a_form_of_before_is_kept(client, tip_channel, settings, by_service):
    settings.TIP_FORM_BY_SERVICE = by_service
    response = send(client, path=FORM)
    assert "Tack för ditt tips" in response.content.decode()
    assert only_tip(tip_channel)["way"] == "form"


def test_nginx_sends_it_with_the_headers_of_the_service(client, tip_channel):
    text = (ROOT / "deploy" / "nginx-tip-form.conf").read_text()
    text = text.partition("location ^~ /tip-form/")[2].partition("\n}")[0]
    found = re.findall(r'add_header (\S+) ("[^"]*"|\S+)(?: always)?;', text)
    nginx = {name: value.strip('"').replace("$sapo_language", "sv") for name, value in found}
    service = dict(client.get(FORM).headers)

    policies = [each.pop("Content-Security-Policy") for each in (nginx, service)]
    assert set(policies[0].split("; ")) == set(policies[1].split("; "))
    assert {name: service[name] for name in nginx} == nginx
    # Django's own, which come from a snippet in nginx.
    others = {"Content-Type", "Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options"}
    assert set(service) - set(nginx) - {"Content-Length"} == others


def test_while_the_page_is_not_that_of_this_release_and_root_the_form_is_closed(
    client, tip_channel, settings, tmp_path, monkeypatch
):
    settings.TIP_FORM_BY_SERVICE = False
    settings.STATIC_ROOT = tmp_path
    program = (build.BUILT / "tip_form.js").read_bytes()
    collected = FileSystemStorage(build.BUILT.parent)
    monkeypatch.setattr(sealed_page, "staticfiles_storage", collected)

    def why():
        return client.get(STANDING).json()["why"]

    assert why() == "page"
    for language in ("sv", "en"):
        place = tmp_path / sealed_page.file_of(language)
        place.parent.mkdir(exist_ok=True)
        place.write_text(sealed_page.written_page(language, program))
    assert why() == ""
    place.write_text(place.read_text().replace("112", "113"))
    assert why() == "page"
    place.write_text(sealed_page.written_page("en", program))
    assert why() == ""
    settings.TIPS_ROOT = tmp_path / "root"
    settings.TIPS_ROOT.write_text(f"1:{'0' * 64}\n")
    assert why() in ("keyring", "page")


def test_the_keys_are_shown_and_nothing_else_of_their_folder(client, tip_channel):
    for name in ("keyring.json", "keyring-1.json.sig", "signers-1.json", "signers-1.json.sig"):
        response = client.get(f"/tipsa/nycklar/{name}")
        assert response.status_code == 200
        assert response["Content-Type"] == "application/json"
        assert response.content == (tip_channel.trust.path / name).read_bytes()
    for name in ("root", "keyring-9.json", "..", "keyring.json.part", "trust-seen"):
        assert client.get(f"/tipsa/nycklar/{name}").status_code == 404
