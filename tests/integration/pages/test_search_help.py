"""What helps a visitor on: other names, recommended pages, spelling, suggestions while typing."""

import os
import tracemalloc
from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from wagtail.models import Locale

from pages.models import Recommendation, Synonym, UnmetQuery
from pages.newsroom.keeping_public import deleting_for_good
from pages.search import misses
from pages.search.index import write_page
from tests.factories import (
    ArticlePageFactory,
    SectionPageFactory,
    ThreatLevelDecisionFactory,
    ThreatLevelPageFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def searches(settings, tmp_path):
    settings.SEARCHES_DIR = tmp_path / "searches"
    return settings.SEARCHES_DIR


@pytest.fixture
def find(client):
    def ask(query, **filters):
        response = client.get("/sok/", {"q": query, **filters})
        assert response.status_code == 200
        return response

    return ask


def titles(response):
    return [hit.plain_title for hit in response.context["results"]]


def article(parent, title, body="", **fields):
    blocks = [("prose", f"<p>{body}</p>")] if body else []
    return ArticlePageFactory(parent=parent, title=title, body=blocks, **fields)


def synonym(names, language="sv"):
    return Synonym.objects.create(locale=Locale.objects.get(language_code=language), names=names)


# Other names


@pytest.mark.sql
def test_a_synonym_finds_what_is_called_otherwise_and_marks_it(section, find):
    article(section, "Om Säkerhetspolisen")
    synonym("Säpo, Säkerhetspolisen")

    hits = find("säpo").context["results"]
    assert "Om <mark>Säkerhetspolisen</mark>" in [hit.title for hit in hits]


@pytest.mark.sql
def test_what_says_it_as_it_was_typed_comes_before_what_says_it_otherwise(section, find):
    article(section, "Säkerhetspolisen")
    article(section, "Ordet Säpo")
    synonym("Säpo, Säkerhetspolisen")

    assert titles(find("säpo"))[:2] == ["Ordet Säpo", "Säkerhetspolisen"]


def test_a_name_may_be_of_several_words(section, find):
    article(section, "Nationellt centrum för terrorhotbedömning")
    article(section, "NCT")
    synonym("NCT, Nationellt centrum för terrorhotbedömning")

    assert set(titles(find("nct"))) == {"NCT", "Nationellt centrum för terrorhotbedömning"}
    assert set(titles(find("nationellt centrum för terrorhotbedömning"))) == {
        "NCT", "Nationellt centrum för terrorhotbedömning",
    }  # fmt: skip


def test_a_synonym_holds_in_its_language_only(section, find):
    article(section, "Säkerhetspolisen")
    synonym("Säpo, Säkerhetspolisen", language="en")

    assert titles(find("säpo")) == []


def test_a_synonym_needs_two_names(home):
    with pytest.raises(ValidationError, match="Skriv minst två ord"):
        Synonym(locale=Locale.get_default(), names="Säpo, ").refuse_faults()


def test_a_renamed_topic_is_found_at_once_however_many_pages_carry_it(
    section, find, django_assert_max_num_queries
):
    topic = TopicFactory(name="Spaning")
    for number in range(5):
        page = article(section, f"Artikel {number}")
        page.page_topics.create(topic=topic)
        write_page(page)

    topic.name = "Kontraspionage"
    with django_assert_max_num_queries(14):
        topic.save()

    assert find("kontraspionage").context["total"] == 5


def test_a_misspelt_word_is_mended_though_a_longer_word_begins_as_it_does(section, find):
    article(section, "Säkerhetspolisen", slug="myndigheten")
    article(section, "Säkerhetspolischefen", slug="chefen")

    page = find("säkerhetspolsen").content.decode()

    assert "Visar träffar för <strong>säkerhetspolisen</strong>." in page


# Compounds


@pytest.mark.sql
def test_a_part_of_a_compound_finds_it(section, find):
    article(section, "Säkerhetsskydd")
    article(section, "Underrättelsehotet")
    article(section, "Underrättelser")

    assert titles(find("skydd"))[0] == "Säkerhetsskydd"
    assert titles(find("hot")) == ["Underrättelsehotet"]


def test_a_short_word_is_not_found_in_another_by_chance(section, find):
    article(section, "Slagen")

    assert titles(find("lag")) == []


def test_a_word_of_which_little_is_left_in_compounds_is_found_in_them_and_not_elsewhere(
    section, find
):
    article(section, "Farvatten")  # has the stem "farv"
    article(section, "Arkiv")

    assert titles(find("vatten")) == ["Farvatten"]


def test_a_compound_that_the_site_lacks_is_looked_for_in_its_parts(section, find):
    article(section, "Ansökan", body="Om registerkontroll.")
    article(section, "Registerkontroll")

    assert titles(find("registerkontrollansökan"))[0] == "Ansökan"


def test_words_and_the_compound_of_them_find_each_other(section, find):
    article(section, "Terrorismfinansiering")
    article(section, "Att finansiera terrorism", slug="att-finansiera")
    article(section, "Terrorhotet")
    article(section, "Annat")

    for typed in ("finansiera terrorism", "terrorism finansiering"):
        assert set(titles(find(typed))[:2]) == {
            "Terrorismfinansiering", "Att finansiera terrorism",
        }  # fmt: skip
    assert titles(find("hot om terror"))[0] == "Terrorhotet"


@pytest.mark.sql
def test_words_with_dots_are_found_without_but_not_the_other_way(section, find):
    article(section, "Får")
    article(section, "Far", slug="far-2")

    assert titles(find("far")) == ["Far", "Får"]
    assert titles(find("får")) == ["Får"]


# Recommended pages


@pytest.mark.sql
def test_a_recommended_page_comes_first_and_says_so(section, find):
    article(section, "Lediga jobb")
    page = article(section, "Jobba hos oss")
    Recommendation.objects.create(names="ledigt jobb, lediga jobb", page=page)

    response = find("LEDIGA JOBB")

    assert titles(response) == ["Jobba hos oss", "Lediga jobb"]
    assert response.context["results"][0].note == "Rekommenderas"
    assert response.context["total"] == 2
    assert titles(find("lediga")) == ["Lediga jobb"]


def test_a_recommended_page_that_is_withdrawn_is_not_shown(section, find):
    page = article(section, "Jobba hos oss")
    Recommendation.objects.create(names="ledigt", page=page)
    page.unpublish()

    assert titles(find("ledigt")) == []


# Spelling


@pytest.mark.sql
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kontraspoinage", "kontraspionage"),
        ("kontraspionge", "kontraspionage"),
        ("hontraspionage", "kontraspionage"),
        ("säkerhetskydd", "säkerhetsskydd"),
        ("sakerhetskydd", "säkerhetsskydd"),
        ("lagar om kontraspoinage", "lagar om kontraspionage"),
    ],
)
def test_a_misspelt_word_is_mended_and_searched_for_at_once(section, find, typed, meant):
    article(section, "Kontraspionage", body="Och lagar.")
    article(section, "Säkerhetsskydd")

    response = find(typed)

    html = " ".join(response.content.decode().split())
    assert response.context["meant"] == meant
    assert titles(response) == titles(find(meant))
    assert f"Visar träffar för <strong>{meant}</strong>. Sök i stället efter" in html
    assert "&amp;exakt=1" in html
    assert find(typed, exakt="1").context["meant"] == ""


@pytest.mark.parametrize("typed", ["terorhot", "hot om terror"])
def test_compounds_are_found_by_what_a_query_means_as_by_what_it_says(section, find, typed):
    article(section, "Om terrorhot", "Terrorhot bedöms varje dag.")
    article(section, "Terrorhotnivån", "Så hög är den.")
    article(section, "Personskydd", "Vi skyddar statsministern.")
    synonym("terrorhot, hot om terror")
    assert titles(find(typed)) == ["Om terrorhot", "Terrorhotnivån"]


@pytest.mark.parametrize("typed", ["skyddssaker", "skydd", "sakerhetsskydd"])
def test_what_is_spelt_well_is_not_mended(section, find, typed):
    article(section, "Säkerhetsskydd")
    article(section, "Skydd av saker")

    response = find(typed)

    assert response.context["total"]
    assert "Visar träffar för" not in response.content.decode()


@pytest.mark.sql
def test_words_of_drafts_and_withdrawn_pages_are_never_suggested(section, find, client):
    ArticlePageFactory(parent=section, title="Hemligheten", live=False)
    article(section, "Återkallad").unpublish()
    with deleting_for_good("a test"):
        article(section, "Borttagen").delete()

    for typed in ("hemlighetn", "återkalad", "bortagen"):
        assert find(typed).context["meant"] == ""
    for typed in ("hemli", "återk", "bortt"):
        assert client.get("/sok/forslag/", {"q": typed}).json() == {"suggestions": []}


def test_what_is_near_nothing_is_not_mended(section, find):
    article(section, "Kontraspionage")

    assert find("xyzzy").context["meant"] == ""


def test_of_a_sentence_that_is_misspelt_three_words_are_compared(section, find):
    article(section, "Kontraspionage, säkerhetsskydd, terrorism och personskydd")
    misspelt = ["kontraspoinage", "säkerhetskydd", "terorrism", "personksydd", "spanignen"]

    assert "säkerhetsskydd" in find(" ".join(misspelt[:3])).context["meant"]
    two, three, four, five = (
        _queries_of(find, " ".join(misspelt[:number])) for number in (2, 3, 4, 5)
    )
    assert five - four < three - two


def _queries_of(find, query):
    with CaptureQueriesContext(connection) as queries:
        find(query)
    return len(queries)


# While typing


@pytest.mark.sql
def test_pages_are_suggested_by_the_beginning_of_a_word_in_their_title(section, client):
    article(section, "Kontraspionage")
    article(section, "Annat", body="Kontraspionage")

    response = client.get("/sok/forslag/", {"q": "kontr"})

    assert response.json() == {
        "suggestions": [{"title": "Kontraspionage", "url": "/verksamheten/kontraspionage/"}]
    }
    assert "private" in response.headers["Cache-Control"]


@pytest.mark.sql
@pytest.mark.parametrize("typed", ["", "*", '"', "\x00", "å" * 10_000, "NEAR(", "a:b", "-"])
def test_whatever_is_typed_the_suggestions_are_an_answer(section, client, typed):
    assert client.get("/sok/forslag/", {"q": typed}).json() == {"suggestions": []}


def test_no_more_than_six_are_suggested(section, client):
    for number in range(9):
        article(section, f"Övning {number}")

    assert len(client.get("/sok/forslag/", {"q": "övn"}).json()["suggestions"]) == 6


# What is not found


def tomorrow(monkeypatch):
    monkeypatch.setattr(misses, "localdate", lambda: localdate() + timedelta(days=1))


def kept():
    return list(UnmetQuery.objects.values_list("language", "query", "times"))


def test_what_is_looked_for_in_vain_three_times_on_a_day_is_counted_the_day_after(
    home, find, monkeypatch, searches, without_pause
):
    for typed in ("Drönare", "drönare ", "säkerhetsklass", "DRÖNARE", "säkerhetsklass"):
        find(typed)
    assert misses.take_in() == 0
    assert kept() == []

    tomorrow(monkeypatch)
    assert misses.take_in() == 1

    assert kept() == [("sv", "drönare", 3)]
    assert UnmetQuery.objects.get().day == localdate()
    assert list(searches.iterdir()) == []


def written(searches):
    return "".join(path.read_text() for path in searches.iterdir()) if searches.exists() else ""


@pytest.fixture
def without_pause(monkeypatch):
    """Each search counts, however soon after another."""
    monkeypatch.setattr(misses, "_PAUSE", 0)


def test_words_are_written_down_the_third_time_they_come_and_not_before(
    home, find, searches, without_pause
):
    find("anna karlsson")
    find("Anna  Karlsson ")
    assert written(searches) == ""
    assert not [name for name in caches["searches"]._cache if "karlsson" in name]

    find("anna karlsson", sida="1")
    find("karlsson")
    assert written(searches) == "sv anna karlsson\n" * 3
    find("anna karlsson")
    assert written(searches) == "sv anna karlsson\n" * 4


def test_who_looks_again_for_the_same_is_counted_once(home, find, searches):
    for _ in range(9):
        find("anna karlsson")

    assert written(searches) == ""


def test_each_process_and_each_day_counts_from_nought(
    home, find, searches, without_pause, monkeypatch
):
    find("anna karlsson")
    find("anna karlsson")
    monkeypatch.setattr(misses, "_key", None)  # as in another process
    find("anna karlsson")
    find("anna karlsson")
    tomorrow(monkeypatch)
    find("anna karlsson")

    assert written(searches) == ""


@pytest.mark.parametrize(
    "typed",
    [
        "19900101-1234",
        "900101 1234 anna",
        "070-123 45 67",
        "anna@example.se",
        "ett helt stycke med ganska många ord i",
        "x" * 61,
        "*",
    ],
)
def test_what_may_be_personal_is_not_written_down(home, find, searches, without_pause, typed):
    for _ in range(4):
        find(typed)

    assert written(searches) == ""


def test_what_is_found_or_looked_for_under_a_filter_is_not_written_down(
    section, find, searches, without_pause
):
    article(section, "Drönare")
    for _ in range(4):
        find("drönare")
        find("flygplan", typ="filer")

    assert not searches.exists()


def test_the_file_tells_no_time_of_the_day(home, find, searches, without_pause):
    for _ in range(3):
        find("drönare")

    (path,) = searches.iterdir()
    assert path.stat().st_mtime % (24 * 60 * 60) == 0


def test_who_floods_the_search_fills_neither_disk_nor_memory(home, searches, without_pause):
    for number in range(5_000):
        for _ in range(3):
            misses.note_miss(f"ord{number} " + "x" * 40, "sv")

    for number in range(25_000):
        misses._times_today(str(number), localdate())
    assert len(caches["searches"]._cache) <= 20_000

    assert sum(path.stat().st_size for path in searches.iterdir()) < 110_000


def test_a_folder_that_cannot_be_written_breaks_no_search(
    home, find, settings, tmp_path, without_pause
):
    settings.SEARCHES_DIR = tmp_path / "file"
    settings.SEARCHES_DIR.write_text("")

    for _ in range(3):
        find("drönare")


def test_rubbish_in_a_file_is_passed_over(searches, home):
    searches.mkdir()
    (searches / "2026-11-01.x").write_bytes(
        b"sv a\nsv a\nsv a\nxx b\n\n \nsv\nsv \n\xff\nsv 9001011234\nsv * \n"
    )
    (searches / "not-a-dates.x").write_text("")

    misses.take_in()

    assert kept() == [("sv", "a", 3)]


@pytest.mark.parametrize(
    "plant",
    [
        os.mkfifo,
        os.mkdir,
        lambda path: path.symlink_to(path.with_name("others")),
        lambda path: path.write_text("sv " * 100_000),
    ],
    ids=["a pipe", "a folder", "a link", "one long line"],
)
def test_what_is_no_file_of_words_keeps_no_day_from_being_counted(searches, home, plant):
    searches.mkdir()
    (searches / "others").write_text("sv a\n" * 3)
    plant(searches / "2026-11-01.w")
    (searches / "2026-11-01.x").write_text("sv b\n" * 3)

    misses.take_in()

    assert kept() == [("sv", "b", 3)]
    assert not (searches / "2026-11-01.x").exists()


def test_a_file_that_is_made_to_swell_fills_no_memory(searches, home):
    searches.mkdir()
    with (searches / "2026-11-01.x").open("w") as file:
        file.write("sv a\n" * 3)
        file.truncate(50_000_000)

    tracemalloc.start()
    misses.take_in()
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert kept() == [("sv", "a", 3)]
    assert most < 5_000_000


def test_after_some_months_it_is_forgotten(home):
    old = localdate() - timedelta(days=91)
    UnmetQuery.objects.create(language="sv", query="drönare", day=old, times=9)

    misses.take_in()

    assert kept() == []


# A new day


def test_the_threat_level_page_is_found_by_a_decision_that_has_come_into_force(
    section, find, monkeypatch
):

    ThreatLevelPageFactory(parent=section)
    ThreatLevelDecisionFactory(level=3)
    ThreatLevelDecisionFactory(level=5, decided_at=timezone.now() + timedelta(hours=1))
    assert find("mycket högt").context["with_all"] == 0

    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(hours=1))
    call_command("search_daily")

    response = find("mycket högt")
    assert titles(response)[0] == "Terrorhotnivån"
    assert response.context["with_all"] == 1


# The CMS


@pytest.mark.sql
def test_editors_find_drafts_by_title_and_text(client, editor, section):
    draft = article(section, "Hemligt utkast", body="Om drönare.", live=False)
    client.force_login(editor)

    for typed in ("hemli", "utkastet", "drönare"):
        html = client.get(reverse("wagtailadmin_pages:search"), {"q": typed}).content.decode()
        assert draft.title in html, typed
    html = client.get(reverse("wagtailadmin_choose_page_search"), {"q": "hemli"}).content.decode()
    assert draft.title in html


@pytest.mark.sql
def test_the_search_of_the_cms_can_be_sorted_and_narrowed(client, admin, section):
    other = SectionPageFactory(parent=section, title="Övningar")
    for title in ("Övning C", "Övning A", "Övning B"):
        article(section, title)
    client.force_login(admin)

    def found(address, **query):
        html = client.get(address, {"q": "övning", **query}).content.decode()
        return sorted(
            (t for t in ("Övning A", "Övning B", "Övning C") if t in html), key=html.index
        )

    search = reverse("wagtailadmin_pages:search")
    assert found(search, ordering="title") == ["Övning A", "Övning B", "Övning C"]
    assert found(search, ordering="-title") == ["Övning C", "Övning B", "Övning A"]
    assert found(reverse("wagtailadmin_explore", args=[other.pk])) == []
    assert len(found(reverse("wagtailadmin_explore", args=[section.pk]))) == 3


# What comes first


@pytest.mark.sql
def test_what_is_called_as_was_typed_comes_before_newer_pages_that_only_say_it(section, find):
    article(section, "Registerkontroll", changed_on=date(2020, 1, 1))
    article(section, "Nya svar om registerkontroll", changed_on=date(2026, 1, 1))
    article(section, "Äldre svar om registerkontroll", changed_on=date(2025, 1, 1))

    assert titles(find("registerkontrollen")) == [
        "Registerkontroll", "Nya svar om registerkontroll", "Äldre svar om registerkontroll",
    ]  # fmt: skip


# The tip page


TIP_SEARCHES = [
    ("/sok/", "/tipsa/", [
        "tips", "tipsa", "Tipsa oss", "lämna tips", "lämna ett tips", "hur tipsar jag",
        "anonymt tips", "tipsa säkerhetspolisen",
    ]),
    ("/en/sok/", "/en/tipsa/", ["tip", "tips", "tip us", "leave a tip", "anonymous tip"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("search", "page", "query"),
    [(search, page, query) for search, page, queries in TIP_SEARCHES for query in queries],
)
def test_tip_page_is_found_first(client, section, english_home, search, page, query):
    article(section, "Tips till dig som söker jobb", "Lämna ett tips.", slug="jobbtips")
    response = client.get(search, {"q": query})
    assert response.context["results"][0].url == page
    assert f'<a href="{page}">' in response.content.decode().split('class="entries"')[1]


@pytest.mark.parametrize(
    ("search", "page", "typed"),
    [
        ("/sok/", "/tipsa/", ["ti", "tip", "tips", "tipsa", "tipsa o", "lämna t", "lämna ett tip"]),
        ("/en/sok/", "/en/tipsa/", ["ti", "tip", "tip us", "leave a t"]),
    ],
)
def test_tip_page_is_suggested_first_while_it_is_typed(
    client, section, english_home, search, page, typed
):
    article(section, "Tips till dig som söker jobb", slug="jobbtips")
    for each in typed:
        found = client.get(f"{search}forslag/", {"q": each}).json()["suggestions"]
        assert found[0]["url"] == page, each


@pytest.mark.parametrize("query", ["lämna", "oss", "jobbtips", "tips till dig som söker jobb", ""])
def test_tip_page_is_not_found_by_what_is_said_of_others(find, section, query):
    article(section, "Tips till dig som söker jobb", slug="jobbtips")
    assert "/tipsa/" not in [hit.url for hit in find(query).context["results"]]


def test_tip_page_counts_among_the_pages(find, home):
    response = find("tipsa")
    assert response.context["total"] == 1
    assert "1 träff på ”tipsa”" in response.content.decode()
    assert find("tipsa", typ="nyheter").context["total"] == 0
    assert find("tipsa", typ="artiklar").context["total"] == 1


def test_a_search_for_the_tip_page_is_not_in_vain(find, home, searches):
    find("tipsa oss")
    assert not searches.exists() or not any(searches.iterdir())
