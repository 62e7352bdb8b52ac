"""An uncached page costs the same however much it holds and however much there is."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages.content.models import Contact, PageTopic
from tests.factories import (
    AlertFactory,
    ArticlePageFactory,
    CooperationPageFactory,
    FooterFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    PartnerFactory,
    SectionPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    ThreatLevelDecisionFactory,
    ThreatLevelPageFactory,
    TopicFactory,
)

AFTER_A_CHANGE, IN_A_NEW_PROCESS, OTHERS = 4, 14, 6


def _queries(client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def _block(kind: str, value: object) -> dict[str, object]:
    return {"type": kind, "value": value, "id": f"{kind}-{id(value)}"}


def _figure() -> list[dict[str, object]]:
    image = {"image": SiteImageFactory().pk, "alt_text": "Kust", "decorative": False}
    return [_block("figure", {"image": image, "caption": ""})]


def test_no_view_of_a_page_writes_anything(client, section, home):
    """The public process may not write: every rendition was made at upload."""
    page = ArticlePageFactory(parent=section, live=False)
    _fill(page, 1, section, home)
    film = {
        "title": "Film", "file": SiteDocumentFactory().pk, "poster": SiteImageFactory().pk,
        "captions": SiteDocumentFactory().pk, "transcript": "<p>Text</p>",
    }  # fmt: skip
    page.body = json.dumps([*_every_block(1, section, home), _block("video", film)])
    page.save_revision().publish()
    writing = ("INSERT", "UPDATE", "DELETE")
    assert [query for query in _queries(client, page.url) if query.startswith(writing)] == []


def _every_block(times: int, section, home) -> list[dict[str, object]]:
    """Each kind of block that refers to something, so many times, each to something else."""
    blocks = []
    for _ in range(times):
        target = ArticlePageFactory(parent=section)
        document = SiteDocumentFactory()
        contact = Contact.objects.create(name="Registrator", locale=home.locale)
        blocks += [
            _block("prose", f'<p><a linktype="page" id="{target.pk}">Länk</a> '
                            f'<a linktype="document" id="{document.pk}">Fil</a></p>'),
            _block("heading", {"text": "Rubrik", "level": "h2"}),
            *_figure(),
            _block("link_row", [_block("page", {"page": target.pk, "label": ""})]),
            _block("file", {"file": document.pk, "label": ""}),
            _block("contact", contact.pk),
            _block("page_list", {"heading": "Läs", "source": "chosen", "parent": None,
                                 "pages": [_block("item", target.pk)]}),
            _block("accordion", {"heading": "", "items": [_block("item", {
                "question": "Fråga", "answer": f'<p><a linktype="page" id="{target.pk}">x</a></p>'
            })]}),
        ]  # fmt: skip
    return blocks


@pytest.fixture
def article(section, home):
    page = ArticlePageFactory(parent=section, slug="samarbete", live=False)
    _fill(page, 1, section, home)
    return page


def _fill(page, times: int, section, home) -> None:
    blocks = json.dumps(_every_block(times, section, home))
    page.body = blocks
    page.image = json.dumps(_figure())
    page.aside = json.dumps([block for block in json.loads(blocks) if block["type"] == "contact"])
    for _ in range(times):
        page.page_topics.add(PageTopic(topic=TopicFactory()))
    page.save_revision().publish()


def test_article_takes_one_query_in_a_process_that_has_met_it(client, article):
    client.get(article.url)
    queries = _queries(client, article.url)
    assert len(queries) == 1, "\n".join(queries)


def test_article_with_every_kind_of_block_takes_at_most_four_after_another_page_is_published(
    client, article, section
):
    client.get(article.url)
    ArticlePageFactory(parent=section)
    queries = _queries(client, article.url)
    assert len(queries) <= AFTER_A_CHANGE, "\n".join(queries)


def test_article_takes_at_most_four_after_any_other_change(client, article):
    for change in [
            SiteImageFactory, SiteDocumentFactory, PartnerFactory, TopicFactory,
            ThreatLevelDecisionFactory, FooterFactory, AlertFactory,
        ]:  # fmt: skip
        client.get(article.url)
        change()
        queries = _queries(client, article.url)
        assert len(queries) <= AFTER_A_CHANGE, "\n".join(queries)


def test_article_takes_no_more_with_more_blocks_topics_partners_and_pages(
    client, article, section, home
):
    client.get(article.url)
    ArticlePageFactory(parent=section)
    before = len(_queries(client, article.url))
    _fill(article, 8, section, home)
    for number in range(3):
        PartnerFactory(abbreviation=f"FÖR{number}")
        SectionPageFactory(parent=home)
        ArticlePageFactory(parent=section)
    client.get(article.url)
    ArticlePageFactory(parent=section)
    after = _queries(client, article.url)
    assert len(after) <= before, "\n".join(after)


def test_plain_article_takes_what_is_asked_once_more_in_a_process_that_has_just_started(
    client, section
):
    page = ArticlePageFactory(parent=section, live=False)
    page.image = json.dumps(_figure())
    page.page_topics.add(PageTopic(topic=TopicFactory()))
    page.save_revision().publish()
    queries = _queries(client, page.url)
    assert len(queries) <= IN_A_NEW_PROCESS, "\n".join(queries)


@pytest.fixture
def full_site(home, section):
    topic = TopicFactory(slug="kontraterrorism")
    index = NewsIndexPageFactory(parent=home)
    ThreatLevelPageFactory(parent=section)
    ThreatLevelDecisionFactory()
    for number in range(12):
        page = NewsPageFactory(parent=index, published_on=date(2026, 1, 1 + number), live=False)
        page.page_topics.add(PageTopic(topic=topic))
        page.save_revision().publish()
        ArticlePageFactory(parent=section)
    CooperationPageFactory(parent=section, slug="samarbete-med-andra")
    PartnerFactory()


def test_other_pages_take_at_most_six_after_another_page_is_published(client, full_site, section):
    for path in [
        "/",
        "/verksamheten/",
        "/amnen/kontraterrorism/",
        "/amnen/",
        "/nyheter/",
        "/verksamheten/terrorhotniva/",
        "/verksamheten/samarbete-med-andra/",
    ]:
        client.get(path)
        ArticlePageFactory(parent=section)
        queries = _queries(client, path)
        assert len(queries) <= OTHERS, "\n".join(queries)


def test_a_missing_page_takes_at_most_two(client, section, django_assert_max_num_queries):
    client.get("/finns-inte-heller/")
    client.get("/en/finns-inte-heller/")
    for path in ["/finns-inte/", "/verksamheten/finns/inte/", "/wp-login.php", "/en/finns-inte/"]:
        with django_assert_max_num_queries(2):
            assert client.get(path).status_code == 404


def test_sitemap_takes_no_more_with_more_pages(client, full_site, section):
    client.get("/sitemap.xml")
    before = len(_queries(client, "/sitemap.xml"))
    for _ in range(5):
        ArticlePageFactory(parent=section)
    assert len(_queries(client, "/sitemap.xml")) <= before


def test_a_version_asks_for_nothing_that_its_page_says(section):
    version = ArticlePageFactory(parent=section).save_revision()
    version.as_object()
    with CaptureQueriesContext(connection) as captured:
        version.as_object()
    of_the_page = ("django_content_type", "wagtailcore_locale", "auth_user", "wagtailcore_revision")
    asked = [query["sql"] for query in captured.captured_queries]
    assert not [sql for sql in asked if any(f'FROM "{name}"' in sql for name in of_the_page)]
