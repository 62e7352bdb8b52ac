"""Twins of a page: in easy Swedish, in sign language, and in the national minority languages."""

import html
import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from pages.checks import run
from pages.models import ArticlePage
from pages.newsroom.withdrawals import describe, withdraw_page
from pages.publishing.finished import UnfinishedPageError
from pages.search.answers import answer_to, hits, suggested
from pages.search.query import read_query
from pages.search.thesaurus import thesaurus_of
from pages.store.refresh import _addresses_about
from pages.tree.twin_kinds import MINORITY_LANGUAGES, TwinKind
from tests.factories import (
    ArticlePageFactory,
    SectionPageFactory,
    SiteDocumentFactory,
    ThreatLevelPageFactory,
    TopicFactory,
)
from tests.newsroom import publish_by_two

EARLIER = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def original(section):
    """A page in ordinary Swedish, changed two weeks before it was compared with anything."""
    return _changed(
        ArticlePageFactory(parent=section, title="Vem ska jag ringa?", slug="vem"),
        EARLIER - timedelta(days=14),
    )


def _changed(page, at):
    """The page as if it had been changed and published at that moment."""
    fields = {"changed_on": timezone.localdate(at), "last_published_at": at}
    type(page).objects.filter(pk=page.pk).update(**fields)
    page.refresh_from_db()
    page.save()
    return page


def _twin(original, kind, **fields):
    given = {
        "parent": original.get_parent(),
        "title": f"Sidan på {TwinKind(kind).label.lower()}",
        "twin_kind": kind,
        "twin_of": original.page_ptr,
        "compared_at": EARLIER,
        **fields,
    }
    return ArticlePageFactory(**given)


def _page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def _main(client, address):
    return re.search(r"<main.*</main>", _page(client, address), re.DOTALL)[0]


# Readers


def test_a_page_leads_to_its_twins_at_its_top_each_named_in_its_own_language(client, original):
    finnish = _twin(original, "fi", title="Kenelle soitan?")
    easy = _twin(original, "lattlast", title="Vem ska jag ringa? Lättläst")
    above_the_text = _main(client, original.url).partition('<div class="beside__text flow"')[0]
    (nav,) = re.findall(
        r'<nav class="twins" aria-label="Sidan i andra former">.*?</nav>', above_the_text, re.DOTALL
    )
    assert re.findall(r"<a .*?</a>", nav) == [
        f'<a class="twins__link" href="{easy.url}" hreflang="sv">Lättläst</a>',
        f'<a class="twins__link" href="{finnish.url}" hreflang="fi" lang="fi">Suomeksi</a>',
    ]


def test_a_twin_leads_back_to_the_page_in_swedish(client, original):
    finnish, easy = _twin(original, "fi"), _twin(original, "lattlast")
    back = f'<a class="twins__link" href="{original.url}" hreflang="sv">'
    assert f"{back}På svenska: Vem ska jag ringa?</a>" in _main(client, finnish.url)
    assert f"{back}Den vanliga sidan: Vem ska jag ringa?</a>" in _main(client, easy.url)


@pytest.mark.parametrize("factory", [SectionPageFactory, ThreatLevelPageFactory])
def test_a_page_of_another_type_leads_to_its_twins_too(client, home, section, factory):
    original = factory(parent=section)
    easy = _twin(original, "lattlast", parent=section)
    assert f'href="{easy.url}" hreflang="sv">Lättläst</a>' in _main(client, original.url)


def test_an_ordinary_page_has_no_word_of_twins(client, original):
    assert 'class="twins' not in _page(client, original.url)


def test_a_draft_is_no_twin_for_readers(client, original):
    _twin(original, "fi", live=False)
    assert 'class="twins' not in _page(client, original.url)


def test_a_page_and_its_twin_are_new_as_soon_as_the_other_is(client, original):
    _page(client, original.url)
    finnish = _twin(original, "fi")
    assert "Suomeksi" in _main(client, original.url)
    assert "På svenska: Vem ska jag ringa?" in _main(client, finnish.url)
    original.title = "Vem ringer jag?"
    original.save_revision().publish()
    assert "På svenska: Vem ringer jag?" in _main(client, finnish.url)
    assert {original.url, finnish.url} <= set(_addresses_about(original, original.url_path))
    assert {original.url, finnish.url} <= set(_addresses_about(finnish, finnish.url_path))


def test_readers_are_told_when_the_swedish_page_has_changed_since(client, original):
    finnish, easy = _twin(original, "fi"), _twin(original, "lattlast")
    for twin in (finnish, easy):
        assert "inte uppdaterad än" not in _page(client, twin.url)
    _changed(original, datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    told = "sidan ändrades den 26 november 2026. Den här sidan är inte uppdaterad än."
    assert f"Den svenska {told}" in _main(client, finnish.url)
    assert f"Den vanliga {told}" in _main(client, easy.url)
    assert "inte uppdaterad än" not in _page(client, original.url)


def test_a_change_of_the_same_day_counts_if_it_came_later(client, original):
    easy = _twin(original, "lattlast")
    _changed(original, EARLIER - timedelta(hours=1))
    assert "inte uppdaterad än" not in _page(client, easy.url)
    _changed(original, EARLIER + timedelta(minutes=1))
    assert "inte uppdaterad än" in _page(client, easy.url)


def test_a_minor_change_of_the_swedish_page_is_none(client, original):
    easy = _twin(original, "lattlast")
    original.title = "Vem skall jag ringa?"
    original.is_minor_change = True
    original.save_revision().publish()
    assert "inte uppdaterad än" not in _page(client, easy.url)
    original.title = "Vem ringer man?"
    original.is_minor_change = False
    original.save_revision().publish()
    assert "inte uppdaterad än" in _page(client, easy.url)


@pytest.mark.parametrize("reason", ["outdated", "mistake"])
def test_a_twin_stays_when_the_swedish_page_is_withdrawn_and_says_so(client, original, reason):
    easy = _twin(original, "lattlast")
    withdraw_page(original, reason)
    main = _main(client, easy.url)
    assert "Den vanliga sidan är borttagen. Det som står här kan vara gammalt." in main
    assert "Vem ska jag ringa?" not in main


def test_who_withdraws_a_page_is_told_of_its_twins(original):
    easy = _twin(original, "lattlast")
    assert easy.page_ptr in describe(original.page_ptr).linking


# What programs are told


def test_the_words_of_a_page_are_in_its_language_and_the_frame_is_in_swedish(client, original):
    body = json.dumps([
        {"type": "heading", "value": {"text": f"Otsikko {n}", "level": "h2"}, "id": str(n)}
        for n in range(3)
    ])  # fmt: skip
    finnish = _twin(
        original, "fi", title="Kenelle soitan?", lead="Lyhyesti.", body=body,
        changed_on=date(2026, 11, 20),
    )  # fmt: skip
    page = _page(client, finnish.url)
    assert '<html lang="sv">' in page
    assert '<title lang="fi">Kenelle soitan?' in page
    assert '<meta name="description" content="Lyhyesti." lang="fi">' in page
    assert '<h1 id="rubrik" lang="fi">Kenelle soitan?</h1>' in page
    assert '<p class="lead" lang="fi">Lyhyesti.</p>' in page
    assert '<div class="beside__text flow" lang="fi">' in page
    assert '<span aria-current="page" lang="fi">Kenelle soitan?</span>' in page
    assert re.search(r'På den här sidan</h2>\s*<ul lang="fi">', page)
    assert re.search(r'<footer class="page-foot">.*Senast ändrad', page, re.DOTALL)
    assert "og:locale" not in page
    assert '"inLanguage": "fi"' in page


def test_yiddish_is_written_from_right_to_left(client, original):
    assert '<h1 id="rubrik" lang="yi" dir="rtl">' in _page(client, _twin(original, "yi").url)
    assert 'lang="yi" dir="rtl">ייִדיש</a>' in _main(client, original.url)


@pytest.mark.parametrize("kind", ["lattlast", "swl"])
def test_easy_swedish_and_the_words_about_a_film_are_swedish(client, original, kind):
    page = _page(client, _twin(original, kind).url)
    assert '<h1 id="rubrik">Sidan på' in page
    assert 'property="og:locale" content="sv_SE"' in page
    assert '"inLanguage": "sv"' in page
    assert re.findall(r'<link rel="alternate" hreflang="(\w+)"', page) == ["sv"]


def test_search_engines_read_on_both_pages_in_which_language_they_are(client, original):
    finnish = _twin(original, "fi")
    _twin(original, "lattlast")
    swedish = f'<link rel="alternate" hreflang="sv" href="http://testserver{original.url}">'
    other = f'<link rel="alternate" hreflang="fi" href="http://testserver{finnish.url}">'
    for address in (original.url, finnish.url):
        page = _page(client, address)
        assert page.count('rel="alternate" hreflang=') == 2
        assert swedish in page
        assert other in page
        assert f'rel="canonical" href="http://testserver{address}"' in page


def test_the_sitemap_has_each_twin_and_the_languages(client, original):
    finnish, easy = _twin(original, "fi"), _twin(original, "lattlast")
    urls = re.findall(r"<url>.*?</url>", client.get("/sitemap.xml").content.decode())
    said = {re.search("<loc>http://testserver(.*?)</loc>", url)[1]: url for url in urls}
    both = (
        f'hreflang="sv" href="http://testserver{original.url}"/>'
        '<xhtml:link rel="alternate" '
        f'hreflang="fi" href="http://testserver{finnish.url}"/>'
    )
    assert both in said[original.url]
    assert both in said[finnish.url]
    assert "alternate" not in said[easy.url]


def test_the_feed_of_a_topic_says_what_a_twin_is(client, original, home):
    topic = TopicFactory(slug="valet", locale=home.locale)
    easy = _twin(original, "lattlast", changed_on=date(2026, 11, 20))
    easy.page_topics.create(topic=topic, listed_on=date(2026, 11, 20))
    easy.save()
    assert "<category>Lättläst</category>" in client.get("/amnen/valet.rss").content.decode()


# Lists


def _list(section, kinds, **fields):
    body = json.dumps([{"type": "twin_list", "value": {"kinds": kinds}, "id": "1"}])
    return ArticlePageFactory(parent=section, body=body, **fields)


def test_all_twins_of_a_kind_are_listed_wherever_they_lie(client, original, section):
    easy = _twin(original, "lattlast", title="Ring så här", listing_text="Vem du ringer.")
    _twin(original, "fi", title="Kenelle soitan?")
    main = _main(client, _list(section, "lattlast").url)
    assert f'href="{easy.url}" hreflang="sv">Ring så här</a>' in main
    assert "Vem du ringer." in main
    assert "Kenelle" not in main


def test_the_list_of_minority_languages_says_which_have_nothing_yet(client, original, section):
    finnish = _twin(original, "fi", title="Kenelle soitan?")
    main = _main(client, _list(section, "minority").url)
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))
    assert "Finska Suomeksi Kenelle soitan?" in said
    assert said.count("Det finns ingen än.") == len(MINORITY_LANGUAGES) - 1
    assert '<span class="twin-list__own" lang="se">Davvisámegiella</span>' in main
    assert re.search(rf'lang="fi">\s*<a class="twin-list__link" href="{finnish.url}"', main)
    assert "Det finns ingen än." in _main(client, _list(section, "swl").url)


def test_a_section_lists_no_twin_beside_its_page(client, original, section):
    _twin(original, "lattlast", title="Ring så här")
    main = _main(client, section.url)
    assert "Vem ska jag ringa?" in main
    assert "Ring så här" not in main


# Search


def _titles(words):
    return [hit.plain_title for hit in hits(answer_to(words, "sv").places, _query(words))]


def _query(words):
    return read_query(words, "sv", thesaurus_of("sv"))


@pytest.fixture
def level(section):
    lead = "Terrorhotnivån är en skala från ett till fem."
    page = ArticlePageFactory(parent=section, title="Terrorhotnivån", slug="niva", lead=lead)
    for kind, title in (
        ("lattlast", "Terrorhotnivån"),
        ("swl", "Terrorhotnivån på teckenspråk"),
        ("fi", "Terrorismin uhkataso, terrorhotnivån"),
    ):
        _twin(page, kind, title=title, lead=f"Terrorhotnivån. {title}.", slug=f"niva-{kind}")
    return page


def test_the_swedish_page_comes_before_its_twins(level):
    found = answer_to("terrorhotnivån", "sv").places
    pages = [hit.url for hit in hits(found, _query("terrorhotnivån"))]
    assert len(pages) == 4
    assert pages[0] == level.url
    assert suggested(_query("terrorhotnivån"), 5)[0].url == level.url


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("terrorhotnivån lättläst", "niva-lattlast"),
        ("terrorhotnivån teckenspråk", "niva-swl"),
        ("terrorhotnivån finska", "niva-fi"),
        ("terrorismin uhkataso", "niva-fi"),
        ("suomeksi", "niva-fi"),
    ],
)
def test_who_asks_for_a_twin_finds_it_first(level, words, first):
    found = hits(answer_to(words, "sv").places, _query(words))
    assert found[0].url.endswith(f"/{first}/")


def test_hits_in_another_language_are_marked_and_can_be_asked_for_alone(client, level):
    main = _main(client, "/sok/?q=terrorhotniv%C3%A5n")
    assert re.search(r'lang="fi">\s*<h3[^>]*><a href="[^"]*niva-fi/"', main)
    assert '<option value="sprak">Lättläst och andra språk (3)</option>' in main
    assert "niva-fi" in _main(client, "/sok/?q=terrorhotniv%C3%A5n&typ=sprak")


# Editors


def _draft(original, kind, **fields):
    return _twin(original, kind, live=False, first_published_at=None, **fields)


def test_two_persons_confirm_a_twin_as_any_page(client, original, editor, chief_editor):
    draft = _draft(original, "fi", title="Kenelle soitan?")
    publish_by_two(draft, editor, chief_editor)
    assert ArticlePage.objects.get(pk=draft.pk).live
    assert "Suomeksi" in _main(client, original.url)


def test_what_a_twin_is_and_when_it_was_compared_is_read_by_who_confirms(
    client, original, editor, chief_editor
):
    draft = _draft(original, "fi", title="Kenelle soitan?")
    draft.save_revision(user=editor)
    client.force_login(editor)
    words = _page(client, reverse("newsdesk:send", args=["pages.articlepage", draft.pk]))
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", words))
    assert "Sidan är på" in said
    assert "Finska" in said
    assert "Vem ska jag ringa? (/verksamheten/vem/)" in said
    assert "20 november 2026 kl. 10.00" in said


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"twin_kind": ""}, "Välj vad sidan är."),
        ({"twin_of": None}, "Välj den vanliga sidan."),
        ({"twin_kind": "swl"}, "Lägg till en film: en sida på teckenspråk ska ha en."),
    ],
)
def test_a_twin_that_readers_could_not_use_is_not_published(original, admin, fields, fault):
    draft = _draft(original, "fi")
    for name, value in fields.items():
        setattr(draft, name, value)
    with pytest.raises(ValidationError, match=fault):
        draft.refuse_faults()
    revision = draft.save_revision()
    with pytest.raises(UnfinishedPageError, match=fault.rstrip(".")):
        draft.publish(revision, user=admin)


def test_a_page_has_one_twin_of_each_kind(original):
    _twin(original, "fi")
    with pytest.raises(ValidationError, match="redan en sådan sida"):
        _draft(original, "fi", slug="en-till").refuse_faults()
    _draft(original, "lattlast").refuse_faults()


def test_a_twin_has_no_twins_of_its_own(original, section):
    finnish = _twin(original, "fi")
    with pytest.raises(ValidationError, match="En tvilling kan inte ha egna tvillingar"):
        _draft(finnish, "lattlast").refuse_faults()
    original.twin_kind = "lattlast"
    original.twin_of = ArticlePageFactory(parent=section, title="Beredskap").page_ptr
    with pytest.raises(ValidationError, match="En tvilling kan inte ha egna tvillingar"):
        original.refuse_faults()


def test_a_twin_belongs_to_another_page_among_the_swedish_ones(original, english_home):
    for other in (english_home.page_ptr, original.page_ptr):
        original.twin_kind, original.twin_of = "lattlast", other
        with pytest.raises(ValidationError, match="Välj en annan sida"):
            original.refuse_faults()


def test_a_film_in_sign_language_is_a_twin(client, original, admin):
    film = {
        "title": "Vem ska jag ringa?", "file": SiteDocumentFactory().pk, "poster": None,
        "captions": SiteDocumentFactory(title="Undertexter").pk, "transcript": "<p>Ring 112.</p>",
    }  # fmt: skip
    draft = _draft(original, "swl", title="Vem ska jag ringa? Teckenspråk")
    draft.body = json.dumps([{"type": "video", "value": film, "id": "1"}])
    draft.refuse_faults()
    draft.save_revision().publish()
    draft.refresh_from_db()
    assert f'href="{draft.url}" hreflang="swl">Teckenspråk</a>' in _main(client, original.url)
    main = _main(client, draft.url)
    assert "<video" in main
    assert "Den vanliga sidan: Vem ska jag ringa?" in main


def test_a_copy_of_a_twin_is_the_twin_of_nothing(original, section):
    copy = _twin(original, "fi").copy(to=section, update_attrs={"slug": "kopia"}, keep_live=False)
    assert (copy.twin_kind, copy.twin_of, copy.compared_at) == ("", None, None)


def test_whoever_confirms_is_told_that_the_swedish_page_is_newer(original):
    easy = _twin(original, "lattlast")
    assert "older_twin" not in [each.check for each in run(easy)]
    _changed(original, datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    (found,) = [each for each in run(easy) if each.check == "older_twin"]
    assert found.title == "Den vanliga sidan har ändrats sedan de jämfördes"
    assert found.why == "”Vem ska jag ringa?” ändrades den 26 november 2026. Läsarna får veta det."
    assert "no_topic" not in [each.check for each in run(easy)]


def test_a_text_in_another_language_is_not_measured_as_swedish(original):
    words = "Turvallisuuspoliisi " * 120
    body = json.dumps([{"type": "prose", "value": f"<p>{words}.</p>", "id": "1"}])
    assert "readability" not in [each.check for each in run(_twin(original, "fi", body=body))]
    assert "readability" in [each.check for each in run(_twin(original, "lattlast", body=body))]


# The report


def test_the_report_lists_what_is_behind_and_what_has_lost_its_page(
    client, editor, original, section
):
    client.force_login(editor)
    up_to_date = _twin(original, "fi", title="Kenelle soitan?")
    address = reverse("twins_report")
    assert "Kenelle soitan?" not in _main(client, address)
    _changed(original, datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    gone = _changed(
        ArticlePageFactory(parent=section, title="Beredskap"), EARLIER - timedelta(days=9)
    )
    lost = _twin(gone, "lattlast", title="Beredskap, lättläst")
    withdraw_page(gone, "outdated")
    main = _main(client, address)
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))
    assert "Tvillingar som är efter" in said
    assert (
        "Kenelle soitan? Finska Vem ska jag ringa? "
        "Den vanliga sidan ändrades den 26 november 2026. De jämfördes den 20 november 2026."
    ) in said
    assert "Beredskap, lättläst Lättläst Beredskap Den vanliga sidan är inte publicerad." in said
    for page in (up_to_date, original, lost):
        assert f'href="{reverse("wagtailadmin_pages:edit", args=[page.pk])}"' in main
    rows = client.get(address, {"export": "csv"}).getvalue().decode()
    assert "Kenelle soitan?,Finska,Vem ska jag ringa?,Den vanliga sidan ändrades" in rows
    assert "/admin/reports/twins/" in _page(client, reverse("wagtailadmin_home"))


def test_the_report_is_for_those_who_write(client, no_editor):
    client.force_login(no_editor)
    assert client.get(reverse("twins_report")).status_code in (302, 403)


def test_a_draft_that_names_an_original_but_no_kind_is_shown_as_an_ordinary_page(original):
    draft = ArticlePageFactory(parent=original.get_parent(), title="Halvfärdig", twin_of=original)
    answer = draft.make_preview_request()
    assert answer.status_code == 200
    assert "twins__link" not in answer.content.decode()
