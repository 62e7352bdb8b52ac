"""A link to a page that is not there yet: words until it is, then a link, and nobody has to approve it again."""

import json
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from pages.checks.findings import Colour
from pages.checks.running import run_checks
from pages.content.blocks.draftail import ListKeepingConverter
from pages.content.blocks.text import TEXT_FEATURES
from pages.content.references.links_to_come import where_they_lead
from pages.importing.build import article_from
from pages.importing.proof import prove_import
from pages.importing.read import read_article
from pages.newsroom.digest import live_digest_of
from tests.factories import ArticlePageFactory

from .store_reader import a_reader

STORED = '<a linktype="waiting" address="/verksamheten/malet/">målet</a>'


@pytest.fixture
def article(section, tmp_path):
    """What was imported, public, before the page it links to exists."""
    path = tmp_path / "a.html"
    path.write_text(
        '<h1>Titel</h1><p>Så arbetar vi.</p><p>Läs om <a href="malet.html">målet</a> nu.</p>'
        '<p><a href="/verksamheten/malet.html">Målet ensamt</a></p>'
    )
    article = read_article(path)
    page = article_from(article, parent=section)
    assert "En länk väntar tills en sida är publik på /verksamheten/malet.html." in (
        article.notes.to_check
    )
    assert article.notes.to_complete == []
    assert prove_import(article, page).losses == []
    page.save_revision().publish()
    page.refresh_from_db()
    return page


@pytest.fixture
def reader(db, monkeypatch, settings):
    settings.PAGE_STORE = True
    with a_reader(monkeypatch) as reader:
        yield reader


def target(section, **more):
    return ArticlePageFactory(parent=section, title="Målet", slug="malet", **more)


def _links(html: str) -> list[str]:
    return re.findall(r"Läs om <a([^>]*)>målet</a> nu", html)


def test_the_link_comes_alive_when_its_page_does_and_is_words_again_when_it_goes(
    reader, article, section
):
    digest = live_digest_of(article)
    assert _links(reader.get(article.url).html) == [""]
    page = target(section, live=False)
    page.save_revision()
    assert _links(reader.get(article.url).html) == [""]
    page.latest_revision.publish()
    html = reader.get(article.url).html
    assert _links(html) == [' href="/verksamheten/malet/"']
    assert '<a href="/verksamheten/malet/">Målet ensamt</a>' in html
    article.refresh_from_db()
    assert live_digest_of(article) == digest
    page.refresh_from_db()
    page.unpublish()
    assert _links(reader.get(article.url).html) == [""]


def test_a_redirection_from_the_address_makes_it_a_link_too(reader, article, section):
    page = ArticlePageFactory(parent=section, title="Nytt", slug="nytt")
    assert _links(reader.get(article.url).html) == [""]
    Redirect.add_redirect("/verksamheten/malet.html", redirect_to=page)
    assert _links(reader.get(article.url).html) == [' href="/verksamheten/nytt/"']


def test_a_redirection_leads_from_each_spelling_of_its_address(section):
    page = ArticlePageFactory(parent=section, title="Nytt", slug="nytt")
    Redirect.add_redirect("/gammalt/x", redirect_to=page)
    ways = {"/gammalt/x", "/gammalt/x/", "/gammalt/x.html"}
    assert where_they_lead(ways) == dict.fromkeys(ways, "/verksamheten/nytt/")


def test_a_page_that_has_moved_on_since_is_still_found(client, article, section):
    page = target(section)
    page.slug = "malet-2"
    page.save_revision().publish()
    Redirect.add_redirect("/verksamheten/malet/", redirect_to=page)
    html = client.get(article.url).content.decode()
    assert _links(html) == [' href="/verksamheten/malet-2/"']


def test_the_editor_shows_it_as_a_link_and_keeps_it_when_the_text_is_saved():
    converter = ListKeepingConverter(features=TEXT_FEATURES)
    opened = converter.from_database_format(f"<p>Läs {STORED}.</p>")
    [entity] = json.loads(opened)["entityMap"].values()
    assert entity["data"] == {"url": "/verksamheten/malet/", "waiting": True}
    assert STORED in re.sub(
        r'<a address="([^"]*)" linktype="waiting">',
        r'<a linktype="waiting" address="\1">',
        converter.to_database_format(opened),
    )


def test_an_address_elsewhere_cannot_wait():
    for address in ["javascript:alert(1)", "//elsewhere.example/", "https://a.se/"]:
        converter = ListKeepingConverter(features=TEXT_FEATURES)
        opened = json.loads(converter.from_database_format(f"<p>Läs {STORED}.</p>"))
        for entity in opened["entityMap"].values():
            entity["data"]["url"] = address
        assert "waiting" not in converter.to_database_format(json.dumps(opened))


def test_search_finds_the_words_and_nothing_of_the_address(article):
    text = article.search_text()
    assert "Läs om målet nu." in text
    assert "verksamheten" not in text


def test_who_approves_is_told_that_it_waits_and_not_stopped(article, section):
    [first, second] = [each for each in run_checks(article) if each.check == "waiting_link"]
    assert {first.colour, second.colour} == {Colour.AMBER}
    assert "när något är publikt på /verksamheten/malet.html" in first.why
    assert not [each for each in run_checks(article) if each.colour is Colour.RED]
    target(section)
    assert not [each for each in run_checks(article) if each.check == "waiting_link"]


def test_the_report_on_links_lists_those_that_wait_until_they_do_not(
    client, article, section, editor
):
    call_command("check_links", stdout=StringIO())
    client.force_login(editor)
    html = client.get(reverse("links_report")).content.decode()
    assert "/verksamheten/malet.html" in html
    assert "Titel" in html
    assert "där finns ingen sida än" in html
    target(section)
    call_command("check_links", stdout=StringIO())
    html = client.get(reverse("links_report")).content.decode()
    assert "/verksamheten/malet.html" not in html


def test_a_link_to_a_draft_waits_as_well(section, tmp_path):
    target(section, live=False)
    path = tmp_path / "a.html"
    path.write_text('<h1>T</h1><p>I.</p><p>Läs <a href="malet">målet</a>.</p>')
    article = read_article(path)
    page = article_from(article, parent=section)
    assert 'address="/verksamheten/malet/"' in page.body[0].value.source
    assert prove_import(article, page).losses == []
