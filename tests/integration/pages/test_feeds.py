"""Feeds and structured data tell when something was published, to the second where it is known."""

import json
import re
from datetime import UTC, date, datetime

import pytest
from lxml import etree

from tests.atom import faults_in
from tests.factories import (
    ArticlePageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SiteImageFactory,
    TopicFactory,
)
from tests.feed_rules import faults_in_json_feed, faults_in_rss

HALF_PAST_NINE = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def index(home):
    return NewsIndexPageFactory(parent=home)


def published(index, at=HALF_PAST_NINE, **fields):
    """News that was written the day before and published at this time."""
    page = NewsPageFactory(parent=index, live=False, first_published_at=at, **fields)
    page.save_revision().publish()
    return page


def entries(client, path="/nyheter.atom"):
    content = client.get(path).content
    assert faults_in(content) == []
    return etree.fromstring(content).findall("a:entry", ATOM)


def text(entry, name):
    return entry.find(f"a:{name}", ATOM).text


def described(client, page):
    html = client.get(page.url).content.decode()
    (data,) = re.findall('<script type="application/ld\\+json">(.+?)</script>', html)
    times = re.findall('<meta property="article:published_time" content="([^"]+)"', html)
    return json.loads(data)["@graph"][0].get("datePublished"), times


def test_news_tell_the_hour_of_their_publication(client, index):
    page = published(index, published_on=date(2026, 11, 20))

    assert text(entries(client)[0], "published") == "2026-11-20T09:30:00+01:00"
    assert "Fri, 20 Nov 2026 09:30:00 +0100" in client.get("/nyheter.rss").content.decode()
    assert described(client, page) == ("2026-11-20T09:30:00+01:00", ["2026-11-20T09:30:00+01:00"])
    assert '<time datetime="2026-11-20">20 november 2026</time>' in (
        client.get(page.url).content.decode()
    )


def test_news_of_another_day_tell_no_hour(client, index):
    """Moved from elsewhere, for example: nobody knows the hour, and a feed needs one."""
    page = published(index, published_on=date(2015, 3, 17))

    assert text(entries(client)[0], "published") == "2015-03-17T12:00:00+01:00"
    assert described(client, page) == ("2015-03-17", ["2015-03-17"])


def test_articles_tell_no_date_of_publication(client, section):
    assert described(client, ArticlePageFactory(parent=section)) == (None, [])


def test_feed_tells_when_news_were_changed_but_not_of_minor_changes(client, index):
    page = published(index, published_on=date(2026, 11, 20))
    page.given_changed_on = date(2026, 11, 23)
    page.save_revision().publish()
    assert text(entries(client)[0], "updated") == "2026-11-23T12:00:00+01:00"
    page.refresh_from_db()
    page.title, page.is_minor_change = "Rättat stavfel", True
    page.save_revision().publish()
    assert text(entries(client)[0], "updated") == "2026-11-23T12:00:00+01:00"


def test_feed_says_what_has_changed(client, index):
    page = published(index, published_on=date(2026, 11, 20), lead="Ny chef.")
    page.change_note = "Namnet är rättat."
    page.save_revision().publish()
    assert text(entries(client)[0], "summary") == "Senast ändrad: Namnet är rättat.\n\nNy chef."


def test_news_are_never_changed_before_they_are_published(client, index):
    page = published(index, published_on=date(2026, 11, 20))
    page.given_changed_on = date(2026, 11, 20)  # at noon, for all that is known
    page.first_published_at = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    page.save()
    page.save_revision().publish()
    (entry,) = entries(client)
    assert text(entry, "updated") >= text(entry, "published") == "2026-11-20T16:00:00+01:00"


def test_feed_says_who_writes_it_in_its_language(client, index, english_home):
    for path, author in (
        ("/nyheter", "Säkerhetspolisen"),
        ("/en/nyheter", "Swedish Security Service"),
    ):
        feed = etree.fromstring(client.get(f"{path}.atom").content)
        assert feed.findtext("a:author/a:name", namespaces=ATOM) == author


def test_feed_of_what_nobody_has_written_yet_is_valid(client, home):
    TopicFactory(slug="tomt")
    for path in ("/nyheter", "/amnen/tomt"):
        assert entries(client, f"{path}.atom") == []
        assert faults_in_rss(client.get(f"{path}.rss").content) == []
        feed = client.get(f"{path}.json")
        assert faults_in_json_feed(feed.content) == []
        assert feed.json()["items"] == []


def with_picture():
    image = {"image": SiteImageFactory().pk, "decorative": True, "alt_text": ""}
    return json.dumps([{"type": "figure", "value": {"image": image, "caption": ""}}])


def test_json_feed_says_what_the_page_and_the_list_say(client, index):
    page = published(index, published_on=date(2026, 11, 20), lead="Hot < 3 & \x07“terror” > 2")
    answer = client.get("/nyheter.json")
    assert answer["Content-Type"] == "application/feed+json; charset=utf-8"
    assert faults_in_json_feed(answer.content) == []
    feed = answer.json()
    assert feed["feed_url"].endswith("/nyheter.json")
    assert feed["language"] == "sv"
    assert feed["authors"] == [{"name": "Säkerhetspolisen"}]
    (item,) = feed["items"]
    assert item["url"].endswith(page.url)
    assert item["title"] == page.title
    assert item["summary"] == "Hot < 3 &  “terror” > 2"
    assert item["content_html"] == "<div><p>Hot &lt; 3 &amp;  “terror” &gt; 2</p></div>"
    assert item["date_published"] == "2026-11-20T09:30:00+01:00"
    assert item["tags"] == ["Nyhet"]


def test_news_feeds_hold_the_whole_text_with_whole_addresses(client, index, section):
    link = f'<p>Läs <a linktype="page" id="{section.pk}">mer</a>. <a href="#laget">Upp</a>\x07</p>'
    body = [{"type": "heading", "value": {"text": "Läget", "level": "h2"}}, {"type": "prose", "value": link},
            *json.loads(with_picture())]  # fmt: skip
    page = published(index, lead="Ny chef.", body=json.dumps(body))
    rss, atom = (
        etree.fromstring(client.get(f"/nyheter.{form}").content) for form in ("rss", "atom")
    )
    whole = rss.findtext(".//{http://purl.org/rss/1.0/modules/content/}encoded")
    said = '<div><p>Ny chef.</p><h2>Läget</h2> <div><p>Läs <a href="http://testserver/verksamheten/">mer</a>'
    assert " ".join(whole.split()).startswith(said), whole
    assert re.search(r'<img src="http://testserver/media/\S+"[^>]*>', whole)
    assert not re.search("class=|srcset|<svg|<source", whole)
    assert f'<a href="http://testserver{page.url}#laget">' in whole
    assert whole == text(atom.find("a:entry", ATOM), "content")
    assert whole == client.get("/nyheter.json").json()["items"][0]["content_html"]
    assert text(atom.find("a:entry", ATOM), "summary") == "Ny chef."


def test_every_feed_names_the_picture_of_an_item_with_its_whole_address(client, index):
    published(index, image=with_picture())
    published(index)
    rss, atom, feed = (client.get(f"/nyheter.{form}") for form in ("rss", "atom", "json"))
    assert faults_in_rss(rss.content) == faults_in(atom.content) == []
    assert faults_in_json_feed(feed.content) == []
    (shown,) = [item["image"] for item in feed.json()["items"] if "image" in item]
    assert re.fullmatch(r"http://[\w.:]+/media/\S+\.jpg", shown)
    for xml in (rss, atom):
        (media,) = etree.fromstring(xml.content).iter("{http://search.yahoo.com/mrss/}content")
        assert (media.get("url"), media.get("medium")) == (shown, "image")


def test_pictures_of_many_items_cost_no_more_queries(client, index, django_assert_max_num_queries):
    for _number in range(2):
        published(index, image=with_picture(), body=with_picture())
    with django_assert_max_num_queries(100) as of_two:
        client.get("/nyheter.json")
    for _number in range(6):
        published(index, image=with_picture(), body=with_picture())
    with django_assert_max_num_queries(len(of_two)):
        assert len(client.get("/nyheter.json").json()["items"]) == 8


def test_each_feed_has_an_id_of_its_own_also_where_two_lead_to_one_page(client, index):
    feeds = ["/nyheter.atom", "/en/nyheter.atom", "/meddelanden.atom", "/terrorhotniva.atom"]
    ids = [text(etree.fromstring(client.get(feed).content), "id") for feed in feeds]
    assert ids == [f"http://testserver{feed}" for feed in feeds]


def test_the_catalogue_of_open_data_names_each_form_of_each_set(client, index):
    names = {
        "dcat": "http://www.w3.org/ns/dcat#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    }
    answer = client.get("/datasets/dcat")
    assert answer["Content-Type"] == "application/rdf+xml; charset=utf-8"
    told = etree.fromstring(answer.content)
    about, resource = (f"{{{names['rdf']}}}{name}" for name in ("about", "resource"))
    sets = [each.get(about) for each in told.iterfind("dcat:Dataset", names)]
    assert len(sets) == 3
    assert [each.get(resource) for each in told.iterfind("*/dcat:dataset", names)] == sets
    forms = [each.get(resource) for each in told.iterfind(".//dcat:downloadURL", names)]
    assert len(forms) == 7
    assert {client.get(form).status_code for form in forms if "niva.json" not in form} == {200}
    pointed = {each.get(resource) for each in told.iterfind("dcat:Dataset/*", names)} - {None}
    within = {each.get(about) for each in told}
    assert {each for each in pointed if each.startswith("http://testserver/")} <= within


def test_pages_and_lists_lead_to_their_feeds_in_all_forms(client, index):
    TopicFactory(slug="sabotage")
    for path, feed in (("/nyheter/", "/nyheter"), ("/amnen/sabotage/", "/amnen/sabotage")):
        html = client.get(path).content.decode()
        for form, kind in (("rss", "rss+xml"), ("atom", "atom+xml"), ("json", "feed+json")):
            link = rf'<link rel="alternate" type="application/{re.escape(kind)}" title="[^"]+" href="{feed}.{form}">'
            assert re.search(link, html), (path, form)
            assert f'<a href="{feed}.{form}">' in html


def test_signs_of_html_in_a_text_are_no_html(client, index):
    published(index, lead="Hot < 3 & “terror” > 2")
    assert text(entries(client)[0], "summary") == "Hot &lt; 3 &amp; “terror” &gt; 2"


def test_a_feed_that_breaks_the_rules_is_recognized(client, index):
    published(index, published_on=date(2026, 11, 20))
    content = re.sub("<content.*?</content>", "", client.get("/nyheter.atom").content.decode())
    for broken, fault in [
        (("<updated>", "<published>", 1), "feed: 0 updated"),
        (("T09:30:00", " 09:30:00", -1), "is no date"),
        (("<author><name>Säkerhetspolisen</name></author>", "", -1), "entry: without an author"),
        (('rel="self"', 'rel="via"', -1), "feed: does not say where it is"),
        (("<id>http", "<id> http", -1), "is no absolute IRI"),
        (('term="', 'label="', -1), "category: without a term"),
        (("<entry>", "<entry><pubDate>i dag</pubDate>", -1), "pubDate does not belong there"),
        (('rel="alternate"', 'rel="related"', -1), "neither content nor a link to it"),
    ]:
        old, other, times = broken
        wrong = content.replace(old, other, times)
        if old == "<updated>":
            wrong = wrong.replace("</updated>", "</published>", 1)
        assert wrong != content
        assert any(fault in each for each in faults_in(wrong.encode())), faults_in(wrong.encode())


def test_an_rss_feed_that_breaks_the_rules_is_recognized(client, index):
    published(index, published_on=date(2026, 11, 20))
    content = client.get("/nyheter.rss").content.decode()
    for old, other, fault in [
        ("<pubDate>Fri, 20", "<pubDate>Freitag, 2o", "is no date"),
        ("<guid>http", "<guid>:", "is no address"),
        ('rel="self"', 'rel="via"', "does not say where it is"),
        ("<item>", "<item><updated>i dag</updated>", "updated does not belong there"),
        ("<description>", "<summary>", "without description"),
    ]:
        assert old in content
        wrong = content.replace(old, other)
        if old == "<description>":
            wrong = wrong.replace("</description>", "</summary>")
        assert any(fault in each for each in faults_in_rss(wrong.encode()))


def test_a_json_feed_that_breaks_the_rules_is_recognized(client, index):
    published(index, published_on=date(2026, 11, 20))
    for change, fault in [
        ({"id": 7}, "id is 7"),
        ({"date_modified": "2026-11-20"}, "is no date"),
        ({"url": "/nyheter/"}, "is no address"),
        ({"image": "/media/x.jpg"}, "image lies at"),
        ({"tags": [""]}, "tags are"),
        ({"pubDate": "i dag"}, "pubDate is"),
    ]:
        feed = client.get("/nyheter.json").json()
        feed["items"][0] |= change
        assert any(fault in each for each in faults_in_json_feed(json.dumps(feed).encode()))
