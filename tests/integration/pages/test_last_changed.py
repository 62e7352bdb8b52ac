"""Senast ändrad: a date that the reader can trust."""

import json
from datetime import date, timedelta
from html import unescape

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localdate

from pages.content.models import ArticlePage
from pages.newsroom.submissions import send
from tests.factories import ArticlePageFactory
from tests.newsroom import approved_by_two, confirm_all, publish_by_two

EARLIER = date(2024, 3, 21)


@pytest.fixture
def article(section) -> ArticlePage:
    """An article that was published with a date given by hand."""
    page = ArticlePageFactory(parent=section, title="Samarbete med andra", live=False)
    page.given_changed_on = EARLIER
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def _words(answer) -> str:
    return unescape(answer.content.decode())


def _publish(page: ArticlePage, **changes: object) -> date | None:
    draft = page.get_latest_revision_as_object()
    wishes = {"is_minor_change": False, "given_changed_on": None}  # as the form begins
    for name, value in (wishes | changes).items():
        setattr(draft, name, value)
    draft.save_revision().publish()
    page.refresh_from_db()
    return page.changed_on


def test_withdrawing_and_publishing_again_leaves_the_date(article):
    article.unpublish()
    article.refresh_from_db()
    assert _publish(article) == EARLIER


@pytest.mark.parametrize(("keep_live", "day"), [(False, None), (True, localdate())])
def test_a_copy_has_no_date_until_it_is_live(article, keep_live, day):
    copy = article.copy(update_attrs={"slug": "kopia"}, keep_live=keep_live)
    assert ArticlePage.objects.get(pk=copy.pk).changed_on == day


def test_autosave_never_saves_over_what_was_published(article):
    published = article.live_revision
    was = published.content["lead"]
    draft = article.get_latest_revision_as_object()
    draft.lead, draft.given_changed_on = "En ny ingress.", None
    revision = draft.save_revision(overwrite_revision=published)
    published.refresh_from_db()
    assert revision.pk != published.pk
    assert published.content["lead"] == was
    again = draft.save_revision(overwrite_revision=revision)
    assert again.pk == revision.pk
    revision.publish()
    article.refresh_from_db()
    assert article.changed_on == localdate()


def test_going_back_to_an_old_version_is_a_change_of_today(article):
    first = article.latest_revision
    _publish(article, lead="En ny ingress.")
    ArticlePage.objects.filter(pk=article.pk).update(changed_on=EARLIER)
    article.refresh_from_db()
    old = first.as_object()
    old.given_changed_on = None
    old.save_revision().publish()
    article.refresh_from_db()
    assert article.changed_on == localdate()


@pytest.mark.parametrize("is_minor", [True, False])
def test_what_a_schedule_publishes_is_dated_as_if_it_were_published_then(
    article, is_minor, editor, chief_editor, monkeypatch
):
    draft = article.get_latest_revision_as_object()
    draft.lead, draft.is_minor_change = "Träder i kraft senare.", is_minor
    draft.given_changed_on = None
    draft.go_live_at = timezone.now() + timedelta(days=7)
    approved_by_two(editor, chief_editor, draft.save_revision())
    later = timezone.now() + timedelta(days=8)
    monkeypatch.setattr(timezone, "now", lambda: later)

    call_command("publish_scheduled")

    article.refresh_from_db()
    assert article.lead == "Träder i kraft senare."
    assert article.changed_on == (EARLIER if is_minor else timezone.localdate(later))


YEAR_AHEAD = timezone.now() + timedelta(days=400)


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        ({}, f"blir {date_format(localdate(), 'j F Y')}"),
        ({"is_minor_change": True}, "står kvar på 21 mars 2024"),
        ({"given_changed_on": date(2026, 3, 3)}, "blir 3 mars 2026"),
        ({"go_live_at": YEAR_AHEAD}, f"blir {date_format(localdate(YEAR_AHEAD), 'j F Y')}"),
    ],
)
def test_whoever_sends_and_whoever_approves_reads_the_date_that_readers_will(
    article, client, editor, chief_editor, wishes, told
):
    draft = article.get_latest_revision_as_object()
    for name, value in ({"lead": "Ny", "given_changed_on": None} | wishes).items():
        setattr(draft, name, value)
    client.force_login(editor)
    revision = draft.save_revision(user=editor)
    pages = [client.get(reverse("newsdesk:send", args=["article", article.pk]))]
    sent = send(editor, [revision]).submission
    pages.append(client.get(reverse("newsdesk:confirm", args=[sent.pk])))
    for page in map(_words, pages):
        assert f"Senast ändrad {told}" in page
        # What held for the last publication alone is not gone now.
        assert ("Ange själv när sidan" in page) == ("given_changed_on" in wishes)
    confirm_all(chief_editor, article)
    article.refresh_from_db()
    assert "go_live_at" in wishes or date_format(article.changed_on, "j F Y") in told


def test_the_history_says_who_did_what_in_our_words_and_what_has_changed(
    article, client, editor, chief_editor
):
    for lead, note in (("Ny", "Numret är bytt."), ("Nyare", "")):
        draft = ArticlePage.objects.get().get_latest_revision_as_object()
        draft.lead, draft.change_note = lead, note
        draft.save_revision(user=editor)
        publish_by_two(article, editor, chief_editor)
    client.force_login(editor)
    history = BeautifulSoup(
        _words(client.get(f"/admin/pages/{article.pk}/history/")), "html.parser"
    )
    rows = [" ".join(row.td.get_text(" ").split()) for row in history.select("tbody tr")]
    sent = "Skickad för godkännande"
    assert rows[:3] == ["Godkänd", "Publicerad Publicerad version", sent]
    assert rows[3:6] == ["Godkänd", "Publicerad: ”Numret är bytt.”", sent]
    assert "Godkännande av två" not in history.get_text()


def test_publishing_writes_in_no_version(article):
    draft = article.get_latest_revision_as_object()
    draft.lead, draft.is_minor_change, draft.given_changed_on = "Ny", True, EARLIER
    revision = draft.save_revision()
    revision.refresh_from_db()
    was = json.dumps(revision.content)
    revision.publish()
    revision.refresh_from_db()
    assert json.dumps(revision.content) == was


@pytest.mark.parametrize("name", ["is_minor_change", "given_changed_on", "change_note"])
def test_a_form_begins_without_the_wishes_of_what_is_published(article, name):
    draft = article.get_latest_revision_as_object()
    draft.is_minor_change, draft.given_changed_on = True, EARLIER
    draft.change_note = "Vi har bytt nummer."
    draft.save_revision().publish()
    page = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()
    form = ArticlePage.get_edit_handler().get_form_class()(instance=page)
    assert not form.initial[name]


def test_date_is_in_the_page_and_the_structured_data_and_the_sitemap(client, article):
    html = client.get(article.url).content.decode()
    assert '<time datetime="2024-03-21">21 mars 2024</time>' in html
    assert "Senast ändrad" in html
    assert '"dateModified": "2024-03-21"' in html
    assert f'href="/kontrollera/?adress={article.url}"' in html

    sitemap = client.get("/sitemap.xml").content.decode()
    assert f"<loc>http://testserver{article.url}</loc><lastmod>2024-03-21</lastmod>" in sitemap
