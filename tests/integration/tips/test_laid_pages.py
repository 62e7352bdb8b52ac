"""The pages that a tipster meets before anything is sent: whose they are, what they carry, load and lead to."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core.files.storage import FileSystemStorage

from sapo_site.script.page_leads import leads_of
from sapo_site.script.served_as import ACCEPTED, TIP_FORM_PAGES
from tests.integration.tips.sealing_browser import STANDING
from tests.integration.tips.sending import only_tip, send
from tests.postgres import ROOT
from tips.form import laid_pages
from tips.opener import build

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

FORM = "/tipsa/formular/"
WITHOUT_SCRIPT = f"{FORM}utan-skript/"


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build.build()


def test_each_is_the_same_for_all(client, tip_channel, subtests):
    for address in ("/tipsa/", FORM, WITHOUT_SCRIPT):
        for prefix in ("", "/en"):
            with subtests.test(address=address, prefix=prefix):
                asked = client.get(f"{prefix}{address}?x=1", headers={"Cookie": "a=b"})
                assert asked.content == client.get(f"{prefix}{address}").content


def test_nothing_in_the_form_that_seals_can_be_sent(client, tip_channel, subtests):
    for address in [FORM, f"/en{FORM}"]:
        with subtests.test(address=address):
            response = client.get(address)
            page = BeautifulSoup(response.content, "html.parser")

            assert response.status_code == 203  # kept by no browser to be shown on Back
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
    assert refresh.meta["content"] == f"0; url={WITHOUT_SCRIPT}skriv/"
    assert link.a["href"] == f"{WITHOUT_SCRIPT}skriv/"
    words = page.find(id="forbereds")
    assert "hidden" not in words.attrs
    assert [a["href"] for a in words.find_all("a")][:3] == [
        "tel:+46105687000",
        "tel:11414",
        "tel:112",
    ]


def test_the_one_script_of_each_has_its_sum_and_the_form_names_the_root(client, tip_channel):
    for address in ("/tipsa/", WITHOUT_SCRIPT, FORM):
        page = BeautifulSoup(client.get(address).content, "html.parser")
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
        for name in ("form/tip_form.js", "form/tip_page.js", "form/tip_fields.js")
    )
    codes = set(
        re.findall(
            r'"(token|spent|keyring|form|size|limited|busy|closed)"',
            (build.FOLDER / "form/send.js").read_text(),
        )
    )
    chosen = {"send", "stop", "sealing", "sending", "required", "long", "large", "many", "total",
              "unread", "offline", "unreachable", "stopped", "program", "untrusted",
              "clock", "not here", "closed for long"}  # fmt: skip
    assert chosen | codes == said
    assert all(f'"{word}"' in sources for word in chosen)


def test_the_intake_does_not_write_the_pages_in_production(client, tip_channel, settings):
    settings.TIP_FORM_BY_SERVICE = False
    for address in ("/tipsa/", FORM, WITHOUT_SCRIPT, f"/en{FORM}", "/tipsa/nycklar/keyring.json"):
        response = client.get(address)
        assert response.status_code == 404
        assert b"<script" not in response.content


def test_they_lead_nowhere_but_to_each_other_the_form_without_script_and_what_the_release_names(
    client, tip_channel, settings
):
    ours = {*TIP_FORM_PAGES, *ACCEPTED, "/en/", *settings.PAGES_ABOUT.values()}
    for address in TIP_FORM_PAGES:
        leads = leads_of(f"https://x{address}", client.get(address).content.decode())
        places = {place.removeprefix("https://x").partition("#")[0] for _what, place in leads}
        elsewhere = {each for each in places - ours if not each.startswith(("/static/", "tel:"))}
        assert elsewhere == {"https://www.smhi.se/"}, address


def test_the_page_before_the_form_without_script_says_where_it_is_sealed_and_leads_to_it(
    client, tip_channel
):
    page = BeautifulSoup(client.get(WITHOUT_SCRIPT).content, "html.parser")
    assert page.h1.get_text() == "Formuläret utan skript"
    assert "Tipset förseglas först när det har kommit fram" in page.main.get_text()
    assert page.main.find("a", class_="button")["href"] == f"{WITHOUT_SCRIPT}skriv/"
    numbers = page.main.find_all("a", class_="tip-numbers__number")
    assert [a["href"] for a in numbers] == ["tel:112", "tel:11414", "tel:+46105687000"]


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


def test_while_a_page_is_not_that_of_this_release_and_root_the_form_is_closed(
    client, tip_channel, settings, tmp_path, monkeypatch
):
    settings.TIP_FORM_BY_SERVICE = False
    settings.STATIC_ROOT = tmp_path
    collected = FileSystemStorage(build.BUILT.parent)
    monkeypatch.setattr(laid_pages, "staticfiles_storage", collected)

    def why():
        return client.get(STANDING).json()["why"]

    assert why() == "page"
    (tmp_path / "tip-form").mkdir()
    laid = dict(laid_pages.written_pages(lambda name: (build.BUILT.parent / name).read_bytes()))
    for place, text in laid.items():
        (tmp_path / place).write_text(text)
    assert why() == ""
    for place, text in laid.items():
        (tmp_path / place).write_text(text.replace("112", "113"))
        assert why() == "page"
        (tmp_path / place).write_text(text)
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
