"""What an editor pastes from Word or the web, as blocks of a page."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from pages.importing import reading_apart
from pages.library.apart.parent import NoTurnError
from pages.library.models import SiteImage
from tests.factories import ArticlePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pasted(editor, section):
    client = Client()
    client.force_login(editor)

    def paste(html: str):
        return client.post(f"/admin/redaktion/klistra/{section.pk}/", {"html": html})

    return paste


def _kinds(answer) -> list[str]:
    return [block["type"] for block in answer.json()["blocks"]]


def _lines(block) -> list[tuple[str, str]]:
    return [(each["type"], each["text"]) for each in json.loads(block["value"])["blocks"]]


def test_headings_and_lists_become_a_text_tables_blocks_and_what_was_left_out_is_told(pasted):
    answer = pasted(
        "<p class=MsoNormal>Vi ser <b>tre</b> saker.</p><h2>Nationellt</h2>"
        "<ul><li>ett</li><li>två</li></ul><h3>Must</h3><p>Mer.</p>"
        "<table><tr><th>Klass</th><th>Gäller</th></tr><tr><td>1</td><td>Mest</td></tr></table><img src='file:///c:/a.png'>"
    )
    assert _kinds(answer) == ["prose", "table"]
    text, table = answer.json()["blocks"]
    assert _lines(text) == [
        ("unstyled", "Vi ser tre saker."), ("header-two", "Nationellt"),
        ("unordered-list-item", "ett"), ("unordered-list-item", "två"),
        ("header-three", "Must"), ("unstyled", "Mer."),
    ]  # fmt: skip
    assert table["value"]["data"] == [["Klass", "Gäller"], ["1", "Mest"]]
    assert "bild" in answer.json()["told"]


def test_the_first_heading_and_paragraph_stay_where_they_stood(pasted):
    answer = pasted('<h1>Överst</h1><p class="ingress">Först.</p><h2>Sedan</h2><p>Mer.</p>')
    (text,) = answer.json()["blocks"]
    assert _lines(text) == [
        ("header-two", "Överst"), ("unstyled", "Först."), ("header-three", "Sedan"), ("unstyled", "Mer."),
    ]  # fmt: skip


def test_a_link_to_a_page_of_ours_finds_it(pasted, section):
    page = ArticlePageFactory(parent=section, title="Hotbilden", slug="hotbilden")
    answer = pasted('<h2>A</h2><p>Se <a href="https://www.sakerhetspolisen.se/verksamheten/hotbilden.html">mer</a> här.</p>')  # fmt: skip
    (link,) = json.loads(answer.json()["blocks"][0]["value"])["entityMap"].values()
    assert link["data"]["id"] == page.pk


def test_a_picture_within_it_is_left_out_and_nothing_is_stored(pasted):
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    answer = pasted(f'<h2>A</h2><p>B</p><img alt="" src="data:image/png;base64,{pixel}"><p>C</p>')
    assert _kinds(answer) == ["prose"]
    assert answer.json()["told"] == "Utelämnat: bilder: 1."
    assert not SiteImage.objects.exists()


def test_what_word_writes_unseen_is_not_told(pasted):
    answer = pasted("<style>p {margin: 0}</style><!--StartFragment--><h2>A</h2><p>B</p>")
    assert _kinds(answer) == ["prose"]
    assert answer.json()["told"] == ""


def test_what_cannot_be_read_is_told_in_one_sentence(pasted):
    answer = pasted("<div>" * 200 + "<h2>A</h2>")
    assert answer.status_code == 422
    assert answer.json()["told"]
    assert "blocks" not in answer.json()


def test_who_has_to_wait_for_others_too_long_is_told(pasted, monkeypatch):
    def busy(*_given):
        raise NoTurnError

    monkeypatch.setattr(reading_apart, "ask_child", busy)
    answer = pasted("<h2>A</h2>")
    assert (answer.status_code, "blocks" in answer.json()) == (422, False)
    assert "många filer laddas upp just nu" in answer.json()["told"]


def test_who_may_not_write_there_has_nothing_read(section, monkeypatch):
    monkeypatch.setattr(reading_apart, "ask_child", lambda *_given: pytest.fail("it was read"))
    guest = get_user_model().objects.create_user("gast", password="x")
    guest.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = Client()
    client.force_login(guest)
    answer = client.post(f"/admin/redaktion/klistra/{section.pk}/", {"html": "<h2>A</h2>"})
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/admin/")
