"""Visitors look for something in vain; two editors see to it that the next ones find it."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Browser, expect

from pages.models import SectionPage, UnmetQuery
from pages.newsroom.before_the_rule import record_all
from sapo_site.groups import set_up_roles
from tests.factories import ArticlePageFactory

from .newsroom_people import Newsroom, hire_everybody


@pytest.fixture
def newsroom(browser: Browser, live_server, site, settings, tmp_path):
    settings.SEARCHES_DIR = tmp_path / "searches"
    set_up_roles()
    hire_everybody()
    section = SectionPage.objects.get(slug="verksamheten")
    ArticlePageFactory(parent=section, title="Registerkontroll", slug="registerkontroll")
    record_all()
    yesterday = localdate() - timedelta(days=1)
    UnmetQuery.objects.create(language="sv", query="registerkoll", day=yesterday, times=12)
    before = len(browser.contexts)
    room = Newsroom(browser, live_server.url, takes_pictures=False, failures=[])
    yield room
    for context in browser.contexts[before:]:
        context.close()
    assert room.failures == []


def test_what_was_looked_for_in_vain_is_found_when_two_have_made_it_a_synonym(newsroom):
    reader = newsroom.reader()
    reader.opens("/sok/?q=registerkoll")
    reader.reads("Visar träffar för registerkontroll.")

    rolf = newsroom.enters("Rolf")
    rolf.opens("/admin/reports/unmet-queries/")
    rolf.reads("Ordet ”registerkoll” finns inte på webbplatsen. Närmast:")
    rolf.follows("Lägg till ”registerkoll” som synonym till ”Registerkontroll”")
    expect(rolf.page.locator("#id_names")).to_have_value("registerkoll, Registerkontroll")
    rolf.sends()
    rolf.opens("/admin/reports/unmet-queries/")
    rolf.reads("Ett utkast har redan orden")

    cecilia = newsroom.enters("Cecilia")
    cecilia.opens("/admin/")
    cecilia.follows("Öppna registerkoll, Registerkontroll")
    cecilia.approves()
    cecilia.is_told("”registerkoll, Registerkontroll” är publicerad kl.")

    reader.opens("/sok/?q=registerkoll")
    reader.follows("Registerkontroll")
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Registerkontroll")
    rolf.opens("/admin/reports/unmet-queries/")
    rolf.reads("Hittas nu.")
