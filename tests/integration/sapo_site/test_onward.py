"""From page to page without waiting: what browsers may draw before a click, and keep after one."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from tests.factories import ArticlePageFactory, NewsIndexPageFactory, TopicFactory

PUBLIC = ["/", "/verksamheten/", "/verksamheten/samarbete/", "/nyheter/", "/amnen/", "/amnen/sabotage/"]  # fmt: skip
OTHERS = ["/sok/", "/sok/?q=samarbete", "/finns-inte/", "/nyheter.rss", "/robots.txt", "/vidare.json",
          "/tipsa/", "/tipsa/formular/", "/en/tipsa/", "/admin/login/", "/tipsmottagning/nyckel/"]  # fmt: skip


@pytest.fixture(autouse=True)
def pages(section, tip_channel):
    ArticlePageFactory(parent=section, slug="samarbete")
    NewsIndexPageFactory(parent=section.get_parent())
    TopicFactory(slug="sabotage")


@pytest.mark.django_db(databases=["default", "tips"])
def test_a_public_page_names_the_rules(client, subtests):
    for path in PUBLIC:
        with subtests.test(path=path):
            assert client.get(path)["Speculation-Rules"] == '"/vidare.json"'


@pytest.mark.django_db(databases=["default", "tips"])
def test_nothing_else_does(client, subtests):
    for path in OTHERS:
        with subtests.test(path=path):
            assert "Speculation-Rules" not in client.get(path)


def test_neither_do_pages_that_an_editor_sees(client, admin, section):
    client.force_login(admin)
    section.save_revision()
    for path in ("/", "/verksamheten/", f"/admin/pages/{section.pk}/view_draft/"):
        assert "Speculation-Rules" not in client.get(path)


def test_a_browser_takes_the_rules_and_keeps_them_for_a_day(client):
    answer = client.get("/vidare.json")
    assert answer["Content-Type"] == "application/speculationrules+json"
    assert answer["Cache-Control"] == "public, max-age=86400"
    assert "Save-Data" in answer["Vary"]


def test_what_is_crossed_is_fetched_and_what_is_pointed_at_for_a_moment_is_drawn(client):
    rules = client.get("/vidare.json").json()
    [fetched], [drawn] = rules["prefetch"], rules["prerender"]
    assert (fetched["eagerness"], drawn["eagerness"]) == ("immediate", "moderate")
    assert fetched["where"] == drawn["where"]
    assert {"selector_matches": ":hover"} in drawn["where"]["and"]  # never what is only in sight


def test_who_saves_data_is_given_no_rules(client):
    assert client.get("/vidare.json", headers={"Save-Data": "on"}).json() == {}


def test_nginx_names_the_rules_with_a_page_of_the_edition_and_nowhere_else(client):
    for file in (settings.PROJECT_DIR / "deploy").glob("nginx*.conf"):
        said = re.findall(r"Speculation-Rules '(.+)'", file.read_text())
        assert said == ([client.get("/")["Speculation-Rules"]] if "edition" in file.name else [])


def test_browsers_may_keep_a_page_for_when_its_reader_goes_back(client, subtests):
    """A page that no store may keep, or that listens for its end, would be fetched again."""
    for path in PUBLIC:
        with subtests.test(path=path):
            answer = client.get(path)
            assert "no-store" not in answer["Cache-Control"]
            scripts = re.findall(r'<script[^>]+src="/static/([^"?]+)"', answer.content.decode())
            assert scripts
            for script in scripts:
                source = Path(finders.find(re.sub(r"\.[0-9a-f]{12}(?=\.js$)", "", script)))
                assert not re.search("unload|WebSocket|BroadcastChannel", source.read_text()), (
                    script
                )
