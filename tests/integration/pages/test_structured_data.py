"""What search engines are told of a page (JSON-LD, schema.org)."""

import json
import re
from datetime import UTC, date, datetime

from tests.factories import (
    ArticlePageFactory,
    ContactFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SiteImageFactory,
)


def graph_of(client, path):
    html = client.get(path).content.decode()
    (data,) = re.findall('<script type="application/ld\\+json">(.*?)</script>', html)
    said = json.loads(data)
    assert said["@context"] == "https://schema.org"
    return {each["@type"]: each for each in said["@graph"]}


def questions(*pairs):
    items = [{"type": "item", "id": q, "value": {"question": q, "answer": a}} for q, a in pairs]
    return json.dumps([{"type": "accordion", "value": {"heading": "", "items": items}}])


def test_news_have_a_picture_an_author_and_the_moments_of_publication_and_change(client, home):
    image = {"image": SiteImageFactory().pk, "decorative": True, "alt_text": ""}
    page = NewsPageFactory(
        parent=NewsIndexPageFactory(parent=home),
        published_on=date(2026, 11, 20),
        first_published_at=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
        last_published_at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
        changed_on=date(2026, 11, 21),
        image=json.dumps([{"type": "figure", "value": {"image": image, "caption": ""}}]),
    )
    said = graph_of(client, page.url)["NewsArticle"]
    assert re.fullmatch(r"http://testserver/media/\S+\.jpg", said["image"])
    assert said["author"]["name"] == said["publisher"]["name"] == "Säkerhetspolisen"
    assert said["datePublished"] == "2026-11-20T09:30:00+01:00"
    assert said["dateModified"] == "2026-11-21T10:00:00+01:00"


def test_the_start_page_says_how_the_agency_is_reached(client, home, english_home):
    ContactFactory(
        name="Växel",
        phone="010-568 70 00",
        address="Säkerhetspolisen, Box 12312,\n102 28 Stockholm",
    )
    ContactFactory(name="Presstjänsten", phone="", email="press@sakerhetspolisen.se")
    ContactFactory(name="Utkast", phone="010-1", live=False)
    agency = graph_of(client, "/")["GovernmentOrganization"]
    assert agency["@id"] == "http://testserver/#myndigheten"
    assert agency["address"] == "Säkerhetspolisen, Box 12312, 102 28 Stockholm"
    assert re.fullmatch(r"http://testserver/static/images/apple-touch-icon\S*\.png", agency["logo"])
    points = {point["contactType"]: point for point in agency["contactPoint"]}
    assert points.keys() == {"Växel", "Presstjänsten"}
    assert points["Växel"]["telephone"] == "+46105687000"
    assert points["Presstjänsten"]["email"] == "press@sakerhetspolisen.se"
    assert graph_of(client, "/en/")["GovernmentOrganization"]["contactPoint"] == []


def test_other_pages_name_the_agency_by_the_same_id_and_no_more(client, section):
    said = graph_of(client, section.url)
    assert said.keys() == {"CollectionPage", "BreadcrumbList"} or "WebPage" in said
    assert "GovernmentOrganization" not in said
    (page, *_rest) = said.values()
    assert page["publisher"]["@id"] == "http://testserver/#myndigheten"
    assert "contactPoint" not in page["publisher"]


def test_questions_with_answers_are_told_as_such(client, section):
    page = ArticlePageFactory(
        parent=section,
        body=questions(
            ("Får jag ringa?", "<p>Ja, <b>dygnet runt</b>.</p><ul><li>Ring växeln.</li></ul>"),
            ("Vad kostar det?", "<p>Ingenting.</p>"),
        ),
    )
    first, second = graph_of(client, page.url)["FAQPage"]["mainEntity"]
    assert first["name"] == "Får jag ringa?"
    assert first["acceptedAnswer"]["text"] == "Ja, dygnet runt. Ring växeln."
    assert second["acceptedAnswer"] == {"@type": "Answer", "text": "Ingenting."}
    assert "FAQPage" not in graph_of(client, section.url)


def test_no_text_ends_the_element_it_stands_in(client, section):
    for text in ["</script><script>alert(1)</script>", "<!--<script>", "a & b"]:
        page = ArticlePageFactory(parent=section, title=text, body=questions((text, "<p>Nej.</p>")))
        said = graph_of(client, page.url)
        assert said["WebPage"]["name"] == text
        assert said["FAQPage"]["mainEntity"][0]["name"] == text
