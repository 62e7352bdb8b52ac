"""The outline of a page: levels from where a block stands, and the list "På den här sidan"."""

import json
from typing import Any

import lxml.html
import pytest
from django.test import Client

from cooperation.models import Partner
from pages.content.models import Contact, NewsPage, SectionPage
from tests.factories import (
    AccessibilityDeviationFactory,
    AccessibilityStatementPageFactory,
    ArticlePageFactory,
    CooperationPageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    PartnerFactory,
    ThreatLevelDecisionFactory,
    ThreatLevelPageFactory,
)
from tests.spoken import faults_for_ears, outline


def _heading(text: str, level: str = "h2") -> dict[str, Any]:
    return {"type": "heading", "value": {"text": text, "level": level}}


def _text(html: str) -> dict[str, Any]:
    return {"type": "prose", "value": html}


def _facts(heading: str) -> dict[str, Any]:
    return {"type": "fact_box", "value": {"heading": heading, "text": "<p>Fem.</p>",
                                          "tone": "plain"}}  # fmt: skip


@pytest.fixture
def boxes(section: SectionPage) -> list[tuple[str, dict[str, Any]]]:
    """Every block with a heading of its own, and what that says."""
    contact = Contact.objects.create(locale=section.locale, name="Registrator", phone="010")
    listed = ArticlePageFactory(parent=section)
    question = {"question": "Får jag?", "answer": "<p>Ja.</p>"}
    return [
        ("Fakta", _facts("Fakta")),
        ("Frågor", {"type": "accordion", "value": {"heading": "Frågor", "items": [question]}}),
        ("Registrator", {"type": "contact", "value": contact.pk}),
        ("Läs om", {"type": "page_list", "value": {
            "heading": "Läs om", "source": "chosen", "pages": [listed.pk], "parent": None}}),
        ("Sett något?", {"type": "tip_call", "value": {
            "heading": "Sett något?", "text": "", "button": "Tipsa"}}),
        ("Partner", {"type": "partner_list", "value": {
            "heading": "Partner", "scope": "national"}}),
    ]  # fmt: skip


def _read(client: Client, page: Any) -> Any:
    read = lxml.html.document_fromstring(client.get(page.url).content)
    assert faults_for_ears(read, page.url) == []
    return read


def _listed(page: Any) -> list[str]:
    """The list "På den här sidan", each entry of which leads to a heading with its words."""
    links = page.xpath("//nav[.//h2='På den här sidan']//a")
    for link in links:
        [heading] = page.xpath("//*[@id=$id]", id=link.get("href").removeprefix("#"))
        assert heading.text_content().strip() == link.text
    return [link.text for link in links]


def test_a_box_stands_below_the_heading_above_it(client, section, boxes):
    PartnerFactory(name="Försvarets radioanstalt")
    blocks = [block for _, block in boxes]
    page = CooperationPageFactory(
        parent=section,
        slug="samarbete",
        body=json.dumps([*blocks, _heading("Avsnitt"), *blocks, _heading("Del", "h3"), *blocks]),
    )
    read = _read(client, page)
    names = [name for name, _ in boxes]
    levels = [level for level, text in outline(read) if text in names]
    assert levels == [2] * 6 + [3] * 6 + [4] * 6
    radio = [level for level, text in outline(read) if text == "Försvarets radioanstalt"]
    assert radio == [3, 4, 5, 4]  # the last in the register, below "I Sverige"
    assert _listed(read) == [*names, "Avsnitt", "Dem samarbetar vi med"]


def test_partners_without_a_heading_of_their_own_stand_below_the_heading_above(client, section):
    PartnerFactory(name="Europol", scope=Partner.Scope.INTERNATIONAL)
    partners = {"type": "partner_list", "value": {"heading": "", "scope": "international"}}
    page = CooperationPageFactory(
        parent=section, slug="samarbete", body=json.dumps([_heading("Utomlands"), partners])
    )
    assert (3, "Europol") in outline(_read(client, page))


def test_no_level_is_passed_over_also_where_an_editor_has_chosen_so(client, section):
    page = ArticlePageFactory(
        parent=section,
        body=json.dumps([_heading("Först", "h3"), _facts("Ruta"), _heading("Sedan", "h3")]),
    )
    assert outline(_read(client, page))[1:4] == [(2, "Först"), (3, "Ruta"), (3, "Sedan")]


def test_headings_in_a_text_are_those_of_blocks(client, section):
    text = '<p>Ingång.</p><h2 data-block-key="a">Om <b>R &amp; D</b></h2><p>Ja.</p><h2> </h2><h3>Del</h3>'
    body = [_text(f"<h3>Först</h3>{text}"), _facts("Ruta"), _heading("Sist"), _text("<h3>Del</h3>")]
    page = ArticlePageFactory(parent=section, body=json.dumps(body))
    read = _read(client, page)
    assert outline(read)[2:8] == [
        (2, "Först"), (2, "Om R & D"), (3, "Del"), (4, "Ruta"), (2, "Sist"), (3, "Del"),
    ]  # fmt: skip
    assert _listed(read) == ["Först", "Om R & D", "Sist"]
    assert [each.get("id") for each in read.xpath("//*[@class='heading']")] == [
        "forst", "om-r-d", "del", "sist", "del-2",
    ]  # fmt: skip
    said = [each.text_content() for each in read.xpath("//*[@class='prose']")]
    assert said == ["Ingång.", "Ja.", "Fem."]
    assert page.search_text().splitlines()[:5] == ["Först", "Ingång.", "Om R & D", "Ja.", "Del"]


def test_boxes_beside_the_text_are_sections_of_the_page(client, section):
    page = ArticlePageFactory(
        parent=section,
        body=json.dumps([_heading("Avsnitt"), _heading("Del", "h3")]),
        aside=json.dumps([_facts("Bredvid")]),
    )
    assert (2, "Bredvid") in outline(_read(client, page))


def test_sections_with_the_same_words_are_told_apart_by_their_addresses(client, section):
    page = ArticlePageFactory(
        parent=section,
        body=json.dumps([_heading("Fråga"), _heading("Fråga"), _heading("Sök"), _facts("Fråga")]),
    )
    read = _read(client, page)
    assert read.xpath("//h2[@class='heading']/@id") == ["fraga", "fraga-2", "sok"]
    assert _listed(read) == ["Fråga", "Fråga", "Sök"]


def test_news_have_an_outline(client, home):
    index = NewsIndexPageFactory(parent=home)
    page: NewsPage = NewsPageFactory(
        parent=index, slug="ny", body=json.dumps([_heading("Vad har hänt?"), _facts("Fakta")])
    )
    assert outline(_read(client, page))[1:3] == [(2, "Vad har hänt?"), (3, "Fakta")]


def test_the_page_of_the_threat_level_begins_with_the_level_and_lists_no_sections(client, section):
    page = ThreatLevelPageFactory(parent=section, body=json.dumps([_heading("Så bedöms den")]))
    ThreatLevelDecisionFactory()
    read = _read(client, page)
    assert _listed(read) == []
    assert [text for level, text in outline(read) if level == 2][:4] == [
        "Skalan", "Beslutet", "Så bedöms den", "Alla beslut",
    ]  # fmt: skip
    assert 'id="sa-bedoms-den"' in client.get(page.url).content.decode()


def test_the_accessibility_statement_lists_its_own_sections(client, section):
    page = AccessibilityStatementPageFactory(
        parent=section, body=json.dumps([_heading("Tillsyn"), _facts("Digg")])
    )
    AccessibilityDeviationFactory(what="Filmer saknar syntolkning")
    read = _read(client, page)
    assert _listed(read)[0] == "Så tillgänglig är webbplatsen"
    assert _listed(read)[-1] == "Tillsyn"
    assert (4, "Filmer saknar syntolkning") in outline(read)
    assert (3, "Digg") in outline(read)


def test_what_is_wrong_for_ears_is_heard():
    for html, fault in [
            ("<h1>A</h1><h3>B</h3>", "“B” goes from level 1 to 3"),
            ("<h1>A</h1><h2> </h2>", "an empty heading of level 2"),
            ("<h2>A</h2>", "not one heading of level 1"),
            ("<h1>A</h1><article></article>", "article without a name"),
            ("<h1>A</h1><nav></nav><nav></nav>", "nav without a name"),
            ("<h1>A</h1><a href='/a/'>Till</a><a href='/b/'>till</a>", "“till” leads to /a/ and /b/"),
            ("<h1>A</h1><a href='/a/'><svg></svg></a>", "a link without a name"),
            ("<h1 id='a'>A</h1><p id='a'></p>", "#a twice"),
            ("<h1>A</h1><section aria-labelledby='b'></section>", "#b is not there"),
        ]:  # fmt: skip
        assert fault in faults_for_ears(lxml.html.document_fromstring(f"<main>{html}</main>"))
