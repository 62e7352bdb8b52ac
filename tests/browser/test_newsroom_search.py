"""Visitors look for something in vain; two editors see to it that the next ones find it."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from pages.models import SectionPage, UnmetQuery
from tests.factories import ArticlePageFactory


@pytest.fixture
def asked(settings, tmp_path, site):
    """What visitors have asked for in vain."""
    settings.SEARCHES_DIR = tmp_path / "searches"
    section = SectionPage.objects.get(slug="verksamheten")
    ArticlePageFactory(parent=section, title="Registerkontroll", slug="registerkontroll")
    yesterday = localdate() - timedelta(days=1)
    UnmetQuery.objects.create(language="sv", query="registerkoll", day=yesterday, times=12)


def test_what_was_looked_for_in_vain_is_found_when_two_have_made_it_a_synonym(asked, newsroom):
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
