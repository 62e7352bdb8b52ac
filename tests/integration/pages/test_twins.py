"""Twins of a page: in easy Swedish, in sign language, and in the national minority languages."""

import html
import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from pages.content.models import ArticlePage
from pages.content.publishing.finished import UnfinishedPageError
from pages.content.tree.twin_kinds import TwinKind
from pages.newsroom.withdrawals import describe, withdraw_page
from pages.public.store.refresh import _addresses_about
from pages.search.answers import answer_to, hits, suggested
from pages.search.query import read_query
from pages.search.thesaurus import thesaurus_of
from tests.factories import ArticlePageFactory, SiteDocumentFactory
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


def test_who_asks_for_a_twin_finds_it_first(level):
    for words, first in [
        ("terrorhotnivån lättläst", "niva-lattlast"),
        ("terrorhotnivån teckenspråk", "niva-swl"),
        ("terrorhotnivån finska", "niva-fi"),
        ("terrorismin uhkataso", "niva-fi"),
        ("suomeksi", "niva-fi"),
    ]:
        found = hits(answer_to(words, "sv").places, _query(words))
        assert found[0].url.endswith(f"/{first}/")


# Editors


def _draft(original, kind, **fields):
    return _twin(original, kind, live=False, first_published_at=None, **fields)


def test_two_persons_confirm_a_twin_as_any_page(client, original, editor, chief_editor):
    draft = _draft(original, "fi", title="Kenelle soitan?")
    publish_by_two(draft, editor, chief_editor)
    assert ArticlePage.objects.get(pk=draft.pk).live
    assert "Suomeksi" in _main(client, original.url)


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
