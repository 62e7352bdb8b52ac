"""What helps a visitor on: other names, recommended pages, spelling, suggestions while typing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from pages.management.at_each_moment import follow_level_since
from pages.newsroom.keeping_public import deleting_for_good
from pages.search.models import Recommendation, Synonym
from tests.factories import (
    ArticlePageFactory,
    ThreatLevelDecisionFactory,
    ThreatLevelPageFactory,
)

pytestmark = pytest.mark.django_db


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


def test_a_synonym_holds_in_its_language_only(section, find):
    article(section, "Säkerhetspolisen")
    synonym("Snuten, Säkerhetspolisen", language="en")

    assert titles(find("snuten")) == []


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


@pytest.mark.sql
def test_of_a_compound_that_is_nowhere_a_part_is_found(section, find):
    article(section, "Säkerhetsprövning")
    article(section, "Registerkontroll")
    synonym("säkerhetsprövningsintervju, säkerhetsintervju, –")

    assert titles(find("säkerhetsprövningsintervju")) == ["Säkerhetsprövning"]
    assert titles(find("registerkontrollsamordnare")) == ["Registerkontroll"]
    assert titles(find("trollfabrik")) == []


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


def test_a_page_recommended_for_a_phrase_rises_for_more_words_and_not_for_fewer(section, find):
    wanted = article(section, "Yrken", "Hos oss finns livvakter.")
    article(section, "Annat", "Hos andra finns livvakter.")
    Recommendation.objects.create(names="bli livvakt", page=wanted)

    assert titles(find("bli livvakt")) == ["Yrken", "Annat"]
    assert titles(find("bli livvakt och chaufför")) == ["Yrken", "Annat"]
    assert titles(find("livvakt")) == ["Annat", "Yrken"]  # the newest first


def test_a_recommended_name_is_worth_a_title_where_the_text_lacks_it(section, find):
    wanted = article(section, "Skydd av anläggningar", "Om sabotage.")
    for number in range(3):
        article(section, f"Kust {number}", "En hamn.")
    Recommendation.objects.create(names="ubåt, nätbutik, okänt fartyg, –", page=wanted)

    # Also without marks, in a compound that is new here, and never mended to what the site has.
    for typed in ("ubåt i hamn", "ubat i hamn", "okänt fartyg i hamn", "nätbutik i hamn"):
        assert titles(find(typed)) == ["Skydd av anläggningar", "Kust 2", "Kust 1", "Kust 0"], typed
    assert titles(find("hamn")) == ["Kust 2", "Kust 1", "Kust 0"]


# Spelling


@pytest.mark.sql
def test_a_misspelt_word_is_mended_and_searched_for_at_once(section, find):
    article(section, "Kontraspionage", body="Och lagar.")
    article(section, "Säkerhetsskydd")

    for typed, meant in [
        ("kontraspoinage", "kontraspionage"),
        ("kontraspionge", "kontraspionage"),
        ("hontraspionage", "kontraspionage"),
        ("säkerhetskydd", "säkerhetsskydd"),
        ("sakerhetskydd", "säkerhetsskydd"),
        ("lagar om kontraspoinage", "lagar om kontraspionage"),
    ]:
        response = find(typed)

        html = " ".join(response.content.decode().split())
        assert response.context["meant"] == meant
        assert titles(response) == titles(find(meant))
        assert f"Visar träffar för <strong>{meant}</strong>. Sök i stället efter" in html
        assert "&amp;exakt=1" in html
        assert find(typed, exakt="1").context["meant"] == ""


@pytest.mark.sql
def test_a_word_is_mended_to_one_of_pages_and_never_to_one_of_an_address(section, find):
    for number in range(3):
        article(section, f"Råd {number}", body="Terrorhotnivån höjs.", slug=f"rad-{number}")
    article(section, "Flöden", body="Hämta /terrorhotniva.json eller tips@terrorhotniva.example.")

    for typed in ("terorhotnivån", "terrohotnivån", "terorhotnivan", "terrorhotnvån"):
        response = find(typed)
        assert response.context["meant"] == "terrorhotnivån", typed
        assert set(titles(response)) >= {"Råd 0", "Råd 1", "Råd 2"}


def test_where_nothing_else_is_found_a_word_that_is_alike_is_shown_and_said(section, find):
    article(section, "Suomeksi")

    response = find("suomi")

    assert titles(response) == ["Suomeksi"]
    assert response.context["how_found"] == (
        "Ingen sida har det du skrev. De här har ord som liknar det."
    )


@pytest.mark.sql
def test_what_is_recommended_for_a_word_is_so_for_its_misspellings(section, find):
    article(section, "Kontraspionage", body="Om spioneri.")
    page = article(section, "Underrättelsehotet")
    Recommendation.objects.create(names="spioneri", page=page)

    assert titles(find("spionerri")) == ["Underrättelsehotet", "Kontraspionage"]


@pytest.mark.sql
def test_of_two_texts_with_a_word_that_comes_first_which_says_it_often(section, find):
    article(section, "Många ämnen", body="Ett besök av kungen. " + "Något helt annat. " * 60)
    article(
        section, "Skydd av statsledningen", body="Kungen skyddas. Vi följer kungen. Kungen vet."
    )

    assert titles(find("kungen")) == ["Skydd av statsledningen", "Många ämnen"]


def test_what_is_spelt_well_is_not_mended(section, find):
    article(section, "Säkerhetsskydd")
    article(section, "Skydd av saker")

    for typed in ["skyddssaker", "skydd", "sakerhetsskydd"]:
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
def test_whatever_is_typed_the_suggestions_are_an_answer(section, client):
    for typed in ["", "*", '"', "\x00", "å" * 10_000, "NEAR(", "a:b", "-"]:
        assert client.get("/sok/forslag/", {"q": typed}).json() == {"suggestions": []}


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
    follow_level_since(now(), timezone.now())

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


# What comes first


# The tip page


TIP_SEARCHES = [
    ("/sok/", "/tipsa/", [
        "tips", "tipsa", "Tipsa oss", "lämna tips", "lämna ett tips", "hur tipsar jag",
        "anonymt tips", "tipsa säkerhetspolisen",
    ]),
    ("/en/sok/", "/en/tipsa/", ["tip", "tips", "tip us", "leave a tip", "anonymous tip"]),
]  # fmt: skip


def test_tip_page_is_found_first(client, section, english_home):
    article(section, "Tips till dig som söker jobb", "Lämna ett tips.", slug="jobbtips")
    for search, page, query in [
        (search, page, query) for search, page, queries in TIP_SEARCHES for query in queries
    ]:
        response = client.get(search, {"q": query})
        assert response.context["results"][0].url == page
        assert f'<a href="{page}">' in response.content.decode().split('class="entries"')[1]


def test_tip_page_is_suggested_first_while_it_is_typed(client, section, english_home):
    article(section, "Tips till dig som söker jobb", slug="jobbtips")
    for search, page, typed in [
        ("/sok/", "/tipsa/", ["ti", "tip", "tips", "tipsa", "tipsa o", "lämna t", "lämna ett tip"]),
        ("/en/sok/", "/en/tipsa/", ["ti", "tip", "tip us", "leave a t"]),
    ]:
        for each in typed:
            found = client.get(f"{search}forslag/", {"q": each}).json()["suggestions"]
            assert found[0]["url"] == page, each
