"""What answers say of themselves, and what no address gives: docs/security.md leans on it."""

import json
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pages.content.blocks.draftail import ListKeepingConverter
from pages.library.models import SiteDocument, SiteImage
from pages.library.public_storage import public_storage
from tests.factories import (
    ArticlePageFactory,
    NewsIndexPageFactory,
    SiteDocumentFactory,
    ThreatLevelDecisionFactory,
    ThreatLevelPageFactory,
)
from tests.factories.pages import picture_file
from tests.upload_doors import DOORS, opened, said_in, upload

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

LEVEL = "/terrorhotniva.json"
OPEN = (
    LEVEL, "/terrorhotniva.schema.json", "/meddelanden.json", "/meddelanden.schema.json", "/nyheter.rss",
    "/terrorhotniva.atom", "/meddelanden.atom", "/nyheter.atom", "/nyheter.json", "/datasets/dcat",
)  # fmt: skip
ADDRESSES = [
    "/", "/verksamheten/", "/verksamheten/samarbete/", "/sok/?q=samarbete", "/sok/forslag/?q=sam",
    "/amnen/", "/nyheter/", *OPEN, "/robots.txt", "/sitemap.xml",
    "/.well-known/security.txt", "/halsa/", "/finns-inte/", "/admin/login/", "/tipsa/",
    "/tipsa/formular/", "/tipsmottagning/nyckel/", "/tipsmottagning/finns-inte/",
]  # fmt: skip


@pytest.fixture(autouse=True)
def site(section, tip_channel):
    ArticlePageFactory(parent=section, title="Samarbete", slug="samarbete")
    NewsIndexPageFactory(parent=section.get_parent())
    ThreatLevelPageFactory(parent=section, slug="terrorhotniva")
    ThreatLevelDecisionFactory()


def test_every_answer_says_what_it_is_and_text_in_which_encoding(client, subtests):
    for address in ADDRESSES:
        with subtests.test(address=address):
            kind = client.get(address)["Content-Type"]
            assert kind == "application/json" or kind.endswith("charset=utf-8"), kind


def test_security_txt_leads_to_a_page(client):
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    page = "http://testserver/om-webbplatsen/kontakt/"
    assert [f"Contact: {page}", "Contact: tel:+46-10-568-70-00"] == lines[:2]
    assert f"Policy: {page}" in lines


def test_no_answer_repeats_a_request(client, subtests):
    for address in [*ADDRESSES, "/admin/", "/tipsmottagning/"]:
        with subtests.test(address=address):
            answer = client.trace(address, headers={"x-secret": "hemligt"})
            assert answer.status_code in (302, 403, 404, 405)
            assert b"hemligt" not in answer.content


def test_no_source_no_setting_no_folder_and_no_map_of_addresses_is_given(client, subtests):
    for address in [
        "/.git/HEAD", "/.git/config", "/.env", "/manage.py", "/pyproject.toml",
        "/requirements.txt", "/sapo_site/settings/base.py", "/docs/security.md",
        "/var/db.sqlite3", "/keyring.json", "/static/../manage.py", "/static/%2e%2e/manage.py",
        "/static/css/", "/media/", "/api/", "/api/v2/pages/", "/django-admin/", "/__debug__/",
        "/metrics/", "/graphql/", "/dokument/", "/.well-known/",
    ]:  # fmt: skip
        with subtests.test(address=address):
            assert client.get(address).status_code == 404


def test_only_the_threat_level_and_the_messages_may_be_read_by_programs_of_others(client):
    said = {}
    for address in ADDRESSES:
        answer = client.get(address, headers={"origin": "https://ond.example"})
        assert "Access-Control-Allow-Credentials" not in answer
        said[address] = answer.get("Access-Control-Allow-Origin")
    assert said == {**dict.fromkeys(ADDRESSES), **dict.fromkeys(OPEN, "*")}


def test_programs_of_others_read_of_a_decision_what_readers_meet_and_no_more(client):
    answer = client.get(LEVEL).json()
    of_a_decision = {
        "id", "level", "name", "decided_on", "decided_at", "decided_by", "text", "corrected_by", "corrects",
    }  # fmt: skip
    of_all = {"$schema", "version", "licence", "source", "updated_at", "url", "scale", "history"}
    assert set(answer) == of_a_decision | of_all
    assert set(answer["history"][0]) == of_a_decision


# What comes in is read once, and what goes out is written for its place


def test_an_address_is_decoded_once(client):
    assert client.get("/%76erksamheten/").status_code == 200
    assert client.get("/%2576erksamheten/").status_code == 404
    assert client.get("/verksamheten%252F").status_code == 404
    answer = client.get("/sok/", QUERY_STRING="q=%2541")
    assert re.search(r'name="q"[^>]*value="%41"', answer.content.decode())


def test_of_a_word_given_twice_every_part_takes_the_last(client):
    page = client.get("/sok/?q=verksamheten&q=samarbete").content.decode()
    assert re.search(r'name="q"[^>]*value="samarbete"', page)
    assert "/verksamheten/samarbete/" in page


def test_what_describes_a_page_to_search_engines_cannot_end_before_its_end(client, section):
    title = "</script><script>alert(1)</script>"
    ArticlePageFactory(parent=section, title=title, slug="ond")
    page = client.get("/verksamheten/ond/").content.decode()
    [described] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert title in json.dumps(json.loads(described), ensure_ascii=False)
    assert "<script>alert" not in page


def test_no_name_of_a_file_gets_out_of_its_header_or_folder(client, subtests):
    for name in [
        'års"bok; x=.pdf',
        "a\r\nSet-Cookie: x=1.pdf",
        "../../etc/passwd.pdf",
        "</a>'.pdf",
    ]:
        with subtests.test(name=name):
            document = SiteDocumentFactory(file=SimpleUploadedFile(name, b"%PDF-1.7"))
            public_storage().take(document.file.name)
            answer = client.get(document.url)
            assert answer.status_code == 200
            said = answer["Content-Disposition"]
            plain, encoded = r"filename=\"[\w. -]+\"", r"filename\*=UTF-8''[\w.%-]+"
            assert re.fullmatch(rf"(inline|attachment); {plain}(; {encoded})?", said, re.ASCII), (
                said
            )
            assert "Set-Cookie" not in answer
            assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
            assert ".." not in document.file.name


LINK = {"type": "LINK", "mutability": "MUTABLE"}


def test_rich_text_that_was_made_by_hand_holds_no_program(subtests):
    for address in [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
    ]:
        with subtests.test(address=address):
            text = "<img src=x onerror=alert(1)><script>alert(1)</script>Hit"
            sent = {
                "entityMap": {"0": {**LINK, "data": {"url": address, "onclick": "alert(1)"}}},
                "blocks": [
                    {
                        "key": "a", "type": "unstyled", "depth": 0, "text": text,
                        "inlineStyleRanges": [{"offset": 0, "length": 3, "style": "SCRIPT"}],
                        "entityRanges": [{"offset": len(text) - 3, "length": 3, "key": 0}],
                    }
                ],
            }  # fmt: skip
            stored = ListKeepingConverter(["bold", "link"]).to_database_format(json.dumps(sent))
            assert text.replace("Hit", "") in unescape(re.sub(r"</?(p|a)\b[^>]*>", "", stored))
            assert set(re.findall(r"<(\w+)", stored)) <= {"p", "a"}
            assert "onclick" not in stored
            assert not re.search(r"(javascript|vbscript|data):", stored, re.IGNORECASE)


# The CMS


@pytest.mark.parametrize("door", DOORS)
def test_no_file_that_could_be_a_program_is_taken_at_any_door(client, editor, door):
    client.force_login(editor)
    program = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    refusal = "Ladda upp en giltig bild." if "images" in door else "är inte giltig. Giltiga"
    for name in ("a.svg", "a.html", "a.js", "a.xml", "a.php", "a.pdf.svg", "a"):
        answer = upload(client, opened(door), name, program)
        assert refusal in said_in(answer), name
    taken = ("kust.jpg", picture_file().read()) if "images" in door else ("a.txt", b"Hej")
    assert not SiteDocument.objects.exists()
    assert not SiteImage.objects.exists()
    assert upload(client, opened(door), *taken).status_code < 400
    kept = SiteImage if "images" in door else SiteDocument
    assert kept.objects.count() == 1, "a file that may come in does"


def test_no_form_of_the_cms_is_taken_without_its_token(editor, section):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    for address in (
        "/admin/login/", "/admin/account/", f"/admin/pages/{section.pk}/edit/",
        "/admin/documents/add/", "/admin/images/multiple/add/", "/admin/snippets/content/topic/add/",
    ):  # fmt: skip
        assert strict.post(address, {"title": "x"}).status_code == 403, address
    assert not SiteDocument.objects.exists()


def test_no_page_of_the_cms_is_kept_anywhere(client, editor, section):
    client.force_login(editor)
    for address in (
        "/admin/", f"/admin/pages/{section.pk}/edit/", "/admin/account/", "/admin/images/",
        "/admin/login/",
    ):  # fmt: skip
        answer = client.get(address, follow=True)
        assert "no-store" in answer["Cache-Control"], address
        assert "private" in answer["Cache-Control"], address


def test_every_page_of_the_cms_has_a_way_out(client, editor, section):
    client.force_login(editor)
    for address in ("/admin/", f"/admin/pages/{section.pk}/edit/", "/admin/account/"):
        assert "/admin/logout/" in client.get(address).content.decode(), address


def test_password_is_hidden_and_may_be_filled_in_by_a_password_manager(client):
    page = client.get("/admin/login/").content.decode()
    [field] = re.findall(r"<input\b[^>]*name=\"password\"[^>]*>", page)
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field
    assert not re.search(r"onpaste|readonly|maxlength=\"\d{1,2}\"", field)
