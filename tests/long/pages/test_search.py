"""What tests/integration/pages/test_search.py says, in more cases."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from wagtail.models import Page
from wagtail.search.index import insert_or_update_object

from pages.newsroom.keeping_public import deleting_for_good
from pages.search import backend, engine, ranking, tokens
from tests.factories import (
    CooperationPageFactory,
    NewsPageFactory,
    PartnerFactory,
    SectionPageFactory,
)
from tests.integration.pages import test_search as first
from tests.integration.pages.test_search import (
    article,
    article_with_file,
    file,
    publish,
    titles,
    topic,
)

news, find, mixed = first.news, first.find, first.mixed

pytestmark = pytest.mark.django_db


def test_an_abbreviation_is_not_the_beginning_of_other_words(section, find):
    article(section, "Framtiden", body="Från och med nu, framåt.")
    article(section, "Samarbete", body="Försvarets radioanstalt (FRA) hjälper till.")

    assert titles(find("FRA")) == ["Samarbete"]
    assert titles(find("fra"))[0] == "Samarbete"


def test_a_question_in_a_whole_sentence_finds_the_page_that_answers(section, find):
    article(section, "Registerkontroll", body="Du måste säga ja.")
    article(section, "Annat")

    assert titles(find("Hur lång tid tar en registerkontroll?"))[0] == "Registerkontroll"


def test_a_guide_comes_before_old_news(section, news, find):
    article(section, "Råd om resor", body="Om resor i tjänsten.")
    publish(
        NewsPageFactory(
            parent=news, title="Nya råd om resor", published_on=date(2016, 1, 1), live=False
        )
    )

    assert titles(find("råd resor"))[0] == "Råd om resor"


def test_an_article_is_found_by_a_partner_named_in_it(section, find):
    article(section, "Samarbete med andra", body="Vi arbetar med Ekobrottsmyndigheten.")
    article(section, "Annat")

    assert titles(find("ekobrottsmyndigheten")) == ["Samarbete med andra"]


def test_a_cooperation_page_is_found_by_a_partner_of_the_register(section, find):
    CooperationPageFactory(parent=section)
    partner = PartnerFactory(name="Försvarets radioanstalt", abbreviation="FRA")
    assert titles(find("radioanstalt")) == titles(find("FRA")) == ["Samarbete med andra"]

    with deleting_for_good("a test"):
        partner.delete()
    assert titles(find("radioanstalt")) == []


def test_each_language_finds_its_own_pages_after_the_start_pages_have_been_sorted(
    home, english_home, find
):
    article(home, "Europol på svenska", body="Europol")
    article(english_home, "Europol in English", body="Europol")
    Page.objects.get(pk=english_home.pk).move(home, pos="left")

    assert titles(find("europol")) == ["Europol på svenska"]
    assert titles(find("europol", language="/en")) == ["Europol in English"]


def test_a_file_linked_in_a_text_is_found(section, find):
    document = file()
    article(section, "Länkar", body=f'<a linktype="document" id="{document.pk}">Läs den</a>')

    assert titles(find("årsbok")) == ["Årsbok"]


def test_pages_and_files_are_ranked_together(section, find):
    article(section, "Annat", body="I vår årsbok står mer, och mycket annat. " + "Text. " * 40)
    article(section, "Läs vår årsbok")
    article_with_file(section, file(title="Årsbok 2026"))

    found = titles(find("årsbok"))

    assert set(found[:2]) == {"Årsbok 2026", "Läs vår årsbok"}
    assert found[2] == "Annat"


def test_topics_are_offered_where_something_found_carries_them(mixed, section, find):
    article(section, "Terrorism igen", topics=[topic("Extremism", "extremism"), mixed])

    offered = find("terrorism")["topics"]
    assert [(each["slug"], each["count"]) for each in offered] == [
        ("extremism", 1), ("kontraterrorism", 2),
    ]  # fmt: skip
    assert [each["slug"] for each in find("terrorism", typ="nyheter")["topics"]] == []


def test_without_the_words_in_its_text_a_hit_shows_its_lead(section, find):
    article(section, "Skärgården", lead="Vad vi gör till havs.")

    assert [hit.excerpt for hit in find("skärgården")["results"]] == ["Vad vi gör till havs."]


def test_no_more_than_the_best_are_looked_at(client, section, monkeypatch):
    monkeypatch.setattr(ranking, "MOST_FOUND", 3)
    for number in range(5):
        article(section, f"Övning {number}", body="Övning. " * number)

    response = client.get("/sok/", {"q": "övning"})

    assert response.context["total"] == 3
    assert "Fler än 3 träffar på ”övning”" in " ".join(response.content.decode().split())
    assert "Artiklar och andra sidor (3+)" in response.content.decode()


@pytest.mark.parametrize("by_relevance", [True, False])
def test_an_editor_finds_what_lies_in_a_section_however_much_is_newer_elsewhere(
    home, section, english_home, monkeypatch, by_relevance
):
    monkeypatch.setattr(backend, "_MOST_FOUND", 3)
    other = SectionPageFactory(parent=home, title="Annan plats", slug="annan-plats")
    sought = [article(other, "En övning"), article(other, "Efteråt", body="En övning.")]
    english = article(english_home, "Övning")
    for number in range(4):
        article(section, f"Övning {number}")

    def found(pages, words="övning"):
        return [page.title for page in pages.search(words, order_by_relevance=by_relevance)]

    there = Page.objects.descendant_of(other).order_by("path")
    assert found(there) == ["En övning", "Efteråt"]
    assert found(there, "en övn") == ["En övning"]
    assert found(Page.objects.filter(locale=english.locale)) == ["Övning"]
    assert found(Page.objects.filter(pk__in=[page.pk for page in sought]).not_live()) == []
    assert found(Page.objects.filter(pk__in=[])) == []
    assert len(found(Page.objects.all())) == 3


def news_of(index, *days_ago):
    for number, days in enumerate(days_ago):
        day = localdate() - timedelta(days=days)
        title = f"Övning {number}"
        publish(NewsPageFactory(parent=index, title=title, published_on=day, live=False))


@pytest.mark.parametrize("most", [2, 3, 4])
def test_of_what_is_alike_the_newest_comes_first_however_old(news, find, monkeypatch, most):
    monkeypatch.setattr(ranking, "MOST_FOUND", most)
    news_of(news, 9000, 200, 0, 3000, 12000)

    assert titles(find("övning")) == ["Övning 2", "Övning 1", "Övning 3", "Övning 0"][:most]


def test_of_a_word_that_is_everywhere_no_more_than_the_recent_is_sorted(news):
    news_of(news, *[0] * 5, *[3000] * 20)
    with CaptureQueriesContext(connection) as asked:
        found = engine.public.newest(tokens.exact(tokens.Where.TITLE, "övning"), 5)

    assert len(found) == 5
    (query,) = [each["sql"] for each in asked]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # stops at the last one wanted
            cursor.execute(f"EXPLAIN QUERY PLAN {query}")
            assert not [step for *_numbers, step in cursor.fetchall() if "TEMP B-TREE" in step]
            return
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query.partition('; ')[2]}")
        plan = cursor.fetchone()[0][0]["Plan"]
    recent, older = sorted(_heap_scans(plan), key=lambda scan: -scan["Actual Loops"])
    assert recent["Actual Rows"] == 5
    assert older["Actual Loops"] == 0


def test_for_no_word_of_a_question_all_words_of_the_site_are_read(section, find):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL knows how many words each index would leave to read")
    article(section, "Övning", body="Hemliga uppgifter lämnas till främmande makt.")
    with CaptureQueriesContext(connection) as asked:
        find("vad gör vi när någon lämnar hemliga uppgifter om övningen till främmande makt")
    (query,) = [each["sql"] for each in asked if "UNION ALL" in each["sql"]]

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query}")
        steps = [step for *_numbers, step in cursor.fetchall() if "search_searchword" in step]

    assert len(steps) > 20
    assert [step for step in steps if "(language=? AND" not in step] == []


def _heap_scans(plan):
    """Where a plan of PostgreSQL reads rows of the table."""
    if plan["Node Type"] == "Bitmap Heap Scan":
        yield plan
    for part in plan.get("Plans", ()):
        yield from _heap_scans(part)


def test_no_result_page_is_to_be_indexed(section, find):
    article(section, "Övning")

    for query in ("övning", "finns inte", ""):
        assert find(query)["robots"] == "noindex, follow"


def test_an_answer_that_finds_nothing_takes_few_queries(
    client, section, django_assert_max_num_queries
):
    article(section, "Artikel")
    client.get("/sok/", {"q": "ett två tre fyra finns inte"})

    with django_assert_max_num_queries(24):
        client.get("/sok/", {"q": "ett två tre fyra finns inte", "typ": "filer"})


def test_an_index_built_anew_answers_as_before(section, find):
    page = article(section, "Övning")
    before = titles(find("övning"))

    insert_or_update_object(page)

    assert titles(find("övning")) == before
    assert before[0] == "Övning"
