"""Samarbete med andra: the register of partners and the pages that show it."""

import json
import re

import lxml.html
import pytest

from cooperation.models import Partner
from tests.factories import ArticlePageFactory, CooperationPageFactory, PartnerFactory


@pytest.fixture
def register(db):
    PartnerFactory(name="Försvarets radioanstalt", abbreviation="FRA")
    PartnerFactory(name="Samverkansrådet mot terrorism", kind=Partner.Kind.COUNCIL)
    PartnerFactory(
        name="Counter-Terrorism Group",
        abbreviation="CTG",
        kind=Partner.Kind.FORUM,
        scope=Partner.Scope.INTERNATIONAL,
        countries="EU, Norge, Schweiz, Storbritannien",
        since=2001,
    )


@pytest.fixture
def cooperation_page(section, register):
    return CooperationPageFactory(parent=section, slug="samarbete-med-andra")


def _html(client, page, **query: str) -> str:
    return client.get(page.url, query).content.decode()


def test_partners_stand_grouped_as_national_and_international(client, cooperation_page):
    html = _html(client, cooperation_page)
    national, international = (
        html.index("Försvarets radioanstalt"),
        html.index("Counter-Terrorism Group"),
    )
    assert html.index("I Sverige") < national < html.index("I andra länder") < international


def test_each_group_says_how_many_partners_it_has(client, cooperation_page):
    html = " ".join(_html(client, cooperation_page).split())
    assert re.search(
        r'<h3 id="partnerregister-national">I Sverige</h3> <p[^>]*>2 partner</p>', html
    )
    assert re.search(
        r'<h3 id="partnerregister-international">I andra länder</h3> <p[^>]*>1 partner</p>', html
    )


def test_a_partner_is_told_of_in_one_phrase():
    for given, said in [
        ({"kind": "authority", "since": 1942}, "Myndighet sedan 1942"),
        ({"kind": "authority"}, "Myndighet"),
        ({"kind": "agency", "countries": "EU", "since": 1999}, "Organ inom EU sedan 1999"),
        ({"kind": "agency"}, "Internationellt organ"),
    ]:
        assert Partner(name="Europol", **given).what_and_since == said


def test_a_link_to_a_partner_says_whom_where_and_that_it_leads_away(client, cooperation_page):
    PartnerFactory(name="Europol", website="https://www.europol.europa.eu/om")
    page = lxml.html.fromstring(_html(client, cooperation_page))
    [link] = page.xpath("//a[@href='https://www.europol.europa.eu/om']")
    name = " ".join(link.text_content().split())
    assert name == "Europol, europol.europa.eu (annan webbplats)"


def test_partners_are_filtered_by_kind_without_script(client, cooperation_page):
    html = _html(client, cooperation_page, typ="council")
    assert "Samverkansrådet mot terrorism" in html
    assert "Försvarets radioanstalt" not in html


def test_partners_are_filtered_by_country(client, cooperation_page):
    html = _html(client, cooperation_page, land="Norge")
    assert "Counter-Terrorism Group" in html
    assert "Försvarets radioanstalt" not in html


def test_unknown_filter_is_as_good_as_none(client, cooperation_page):
    for query in [{"typ": "'"}, {"land": "<script>"}, {"typ": "finns-inte"}]:
        html = _html(client, cooperation_page, **query)
        assert "Försvarets radioanstalt" in html
        assert "<script>" not in html.split("</head>")[1].split("<main")[0]


def test_first_use_of_an_abbreviation_is_explained(client, section, register):
    page = ArticlePageFactory(parent=section, live=False)
    page.body = json.dumps(
        [{"type": "prose", "value": "<p>FRA hjälper oss. FRA är en myndighet.</p>", "id": "1"}]
    )
    page.save_revision().publish()
    html = _html(client, page)
    assert "FRA (Försvarets radioanstalt) hjälper oss. FRA är en myndighet." in html


def test_new_partner_is_explained_at_once(client, section, register):
    page = ArticlePageFactory(parent=section, live=False)
    page.body = json.dumps([{"type": "prose", "value": "<p>NCT bedömer hotet.</p>", "id": "1"}])
    page.save_revision().publish()
    assert "NCT bedömer hotet." in _html(client, page)
    PartnerFactory(name="Nationellt centrum för terrorhotbedömning", abbreviation="NCT")
    explained = "NCT (Nationellt centrum för terrorhotbedömning) bedömer hotet."
    assert explained in _html(client, page)


def test_list_of_partners_shows_one_scope(client, section, register):
    page = CooperationPageFactory(parent=section, live=False)
    block = {"heading": "Utomlands", "scope": "international"}
    page.body = json.dumps([{"type": "partner_list", "value": block, "id": "1"}])
    page.save_revision().publish()
    body = _html(client, page).split("Utomlands")[1]
    assert "Counter-Terrorism Group" in body


def test_article_cannot_hold_a_list_of_partners():
    from pages.content.blocks.body import BodyBlock

    assert "partner_list" not in BodyBlock().child_blocks


def test_partners_are_found_and_filtered_in_the_cms(client, chief_editor, register):
    client.force_login(chief_editor)
    listing = "/admin/snippets/cooperation/partner/"
    assert "Counter-Terrorism Group" in client.get(listing, {"q": "CTG"}).content.decode()
    national = client.get(listing, {"scope": "national"}).content.decode()
    assert "Försvarets radioanstalt" in national
    assert "Counter-Terrorism Group" not in national
