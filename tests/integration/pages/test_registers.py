"""Registers have drafts, versions and previews; readers meet only what is published."""

import html
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from cooperation.models import Partner
from pages.content.models import (
    Alert,
    Contact,
    CookieNotice,
    Footer,
    FormerAddresses,
    PageTopic,
    RegisterEntry,
    ThreatLevelDecision,
    Topic,
)
from pages.content.publishing.finished import UnfinishedPageError
from pages.ground.models import ContentVersion
from pages.newsroom.submissions import send
from pages.search.models import Recommendation, Synonym
from sapo_site.models import AccessibilityDeviation
from tests.factories import (
    AccessibilityStatementPageFactory,
    ArticlePageFactory,
    CooperationPageFactory,
    FooterFactory,
    TopicFactory,
)
from tests.newsroom import confirm_all, publish_by_two

SECRET = "zebrafink"
# These have rules of their own, and tests.
OTHERS = (FormerAddresses, ThreatLevelDecision)
REGISTERS = [
    model for model in apps.get_models() if issubclass(model, RegisterEntry) and model not in OTHERS
]


def _row(model, page, words=SECRET, **more):
    locale = {"locale": Locale.get_default()}
    texts = {
        AccessibilityDeviation: {"what": words, "text": "Text", "clause": "1.2.5", "why": "Text",
                                 "instead": "Text", **locale},
        Alert: {"heading": words, **locale},
        Contact: {"name": words, "phone": "010-568 70 00", **locale},
        CookieNotice: {"heading": words, "text": "Text", "button": "Jag förstår", **locale},
        Footer: {"mission": words, **locale},
        Partner: {"name": words, "abbreviation": words[:3].upper(), "kind": "forum", "scope": "national"},
        Recommendation: {"names": words, "page": page},
        Synonym: {"names": f"artikel, {words}", **locale},
        Topic: {"name": words, "slug": words, **locale},
    }  # fmt: skip
    if model is Footer:
        texts[model] |= {"social_heading": "Sociala medier", "tips_heading": "Tipsa",
                         "tips_button": "Till tipssidan", "contact_heading": "Kontakt"}  # fmt: skip
    if model is CookieNotice:
        texts[model] |= {"link_text": "Läs mer"}
    return model(**texts[model], **more)


@pytest.fixture
def article(section):
    return ArticlePageFactory(parent=section, title="Artikel", slug="artikel")


def _with_contact(article, contact):
    article.body = [("contact", contact)]
    article.save_revision().publish()


ADDRESSES = (
    "/", "/verksamheten/artikel/", "/samarbete/", "/verksamheten/tillganglighet/", "/amnen/", "/sitemap.xml", f"/amnen/{SECRET}/",
    f"/sok/?q={SECRET}", "/sok/?q=artikel",
)  # fmt: skip
SAYS_NOTHING_ELSE = slice(0, 6)  # the others repeat what was asked


def _as_read(client):
    return [client.get(address).content.decode() for address in ADDRESSES]


# What readers meet


@pytest.mark.parametrize("model", REGISTERS, ids=lambda model: model.__name__)
def test_a_draft_of_a_register_reaches_no_reader_until_it_is_published(
    client, home, article, model
):
    CooperationPageFactory(parent=home, slug="samarbete")
    AccessibilityStatementPageFactory(parent=article.get_parent())
    TopicFactory(name="Spioneri", slug="spioneri")
    row = _row(model, article, live=False)
    row.save()
    before = _as_read(client)
    assert SECRET not in "".join(before[SAYS_NOTHING_ELSE])
    row.save_revision().publish()
    if isinstance(row, Contact):
        _with_contact(article, row)
    assert _as_read(client) != before


def test_a_page_shows_nothing_where_a_contact_and_a_topic_are_drafts(client, home, article):
    contact, topic = _row(Contact, article, live=False), _row(Topic, article, live=False)
    contact.save()
    topic.save()
    article.page_topics.add(PageTopic(topic=topic))
    _with_contact(article, contact)
    for _again in range(2):  # as it is rendered, and as it is remembered
        answer = client.get("/verksamheten/artikel/")
        assert answer.status_code == 200
        assert SECRET not in answer.content.decode()
    assert client.get(f"/amnen/{SECRET}/").status_code == 404
    contact.save_revision().publish()
    topic.save_revision().publish()
    html = client.get("/verksamheten/artikel/").content.decode()
    assert html.count(SECRET) > 2
    contact.refresh_from_db()
    contact.unpublish()
    assert '<section class="contact">' not in client.get("/verksamheten/artikel/").content.decode()


def test_a_draft_raises_no_content_version_and_a_publication_does(article):
    for model in REGISTERS:
        row = _row(model, article, live=False)
        row.save()
        version = ContentVersion.current()

        def rises():
            nonlocal version
            before, version = version, ContentVersion.current()
            return version != before

        row.save()
        draft = row.save_revision()
        assert not rises()
        draft.publish()
        assert rises()
        row.refresh_from_db()
        row.save_revision()
        row.locked = True
        row.save(update_fields=["locked"])
        assert not rises()
        row.unpublish()
        assert rises()


# One is live


@pytest.mark.sql
def test_a_second_one_is_refused_while_another_is_live(article):
    for model in [CookieNotice, Footer, Partner, Topic]:
        live = _row(model, article)
        live.save()
        second = _row(model, article, live=False)
        with pytest.raises(
            ValidationError, match=r"Det finns redan|Ett annat ämne|En annan samarbetspartner"
        ):
            second.clean()
        second.save()  # as a draft from before
        with pytest.raises(IntegrityError), transaction.atomic():
            second.save_revision(clean=False).publish()
        live.unpublish()
        second.refresh_from_db()
        second.clean()
        second.save_revision().publish()
        assert model.objects.public().get() == second


def test_approving_says_what_is_in_the_way(editor, chief_editor, article):
    second = _row(Footer, article, live=False)
    second.save()
    send(editor, [second.save_revision(clean=False)])
    FooterFactory()
    with pytest.raises(ValidationError, match="Det finns redan en på det här språket"):
        confirm_all(chief_editor, second)
    assert Footer.objects.public().get() != second


# Versions


def test_what_is_scheduled_stays_readable_until_then(article):
    for model in REGISTERS:
        row = _row(model, article)
        row.save()
        row.save_revision().publish()
        row.refresh_from_db()
        first = row.live_revision
        row.go_live_at = timezone.now() + timedelta(days=1)
        row.save_revision().publish()
        row.refresh_from_db()
        assert row.live
        # Also the first version, which was saved before the row had been published.
        again = first.as_object()
        again.go_live_at = timezone.now() + timedelta(days=2)
        again.save_revision().publish()
        row.refresh_from_db()
        assert row.live
        assert row.live_revision == first


def test_a_translation_is_a_draft(home, english_home):
    topic = _row(Topic, home)
    topic.save()
    topic.save_revision().publish()
    topic.refresh_from_db()
    english = topic.copy_for_translation(english_home.locale)
    english.save()
    assert not english.live
    assert english.first_published_at is english.live_revision is None


# In the CMS


def test_a_draft_is_seen_before_it_is_published(client, editor, article):
    for model in REGISTERS:
        row = _row(model, article, live=False)
        row.save()
        row.save_revision(clean=False)
        client.force_login(editor)
        views = f"wagtailsnippets_{model._meta.app_label}_{model._meta.model_name}"
        for view in ("edit", "history", "inspect", "usage"):
            assert client.get(reverse(f"{views}:{view}", args=[row.pk])).status_code == 200, view
        listed = client.get(reverse(f"{views}:list")).content.decode()
        assert "utkast" in listed
        latest = reverse(f"{views}:revisions_view", args=[row.pk, row.latest_revision_id])
        answer = client.get(latest)
        assert answer.status_code == 200
        assert SECRET in answer.content.decode()


UNFINISHED = {
    Alert: ({"level": "warning", "starts_at": "2026-11-26 09:00", "ends_at": "2026-11-26 08:00"},
            "Meddelandet måste sluta efter att det börjar."),
    Recommendation: ({"names": " , "}, "Skriv minst ett ord."),
    FormerAddresses: ({"name": "Förr", "lines": "/a/ b"}, "Rad 1: skriv två adresser"),
    Synonym: ({"names": "Säpo"}, "Skriv minst två ord, med komma emellan."),
}  # fmt: skip


def test_what_may_not_be_sent_of_a_register_may_be_saved_by_hand_and_by_autosave(
    client, editor, article
):
    for model in UNFINISHED:
        wrong, told = UNFINISHED[model]
        if model is Recommendation:
            wrong = {**wrong, "page": article.pk}
        if model is Synonym:
            wrong = {**wrong, "locale": article.locale_id}
        views = f"wagtailsnippets_{model._meta.app_label}_{model._meta.model_name}"
        client.force_login(editor)
        sent = client.post(reverse(f"{views}:add"), {**wrong, "forward": "send"})
        assert told in html.unescape(sent.content.decode())
        assert not model.objects.exists()

        assert client.post(reverse(f"{views}:add"), wrong).status_code == 302
        row = model.objects.get()
        edit = reverse(f"{views}:edit", args=[row.pk])
        saved = client.post(edit, wrong, headers={"accept": "application/json"})
        assert saved.json()["success"]
        assert client.get(edit).status_code == 200
        row.refresh_from_db()
        with pytest.raises(UnfinishedPageError, match=told.rstrip(".")):
            send(editor, [row.latest_revision])


def test_an_editor_drafts_and_two_publish(client, editor, chief_editor, home):
    new = {
        "mission": "Vi avvärjer hot.", "social_heading": "Sociala medier", "tips_heading": "Tipsa",
        "tips_button": "Tipsa oss", "contact_heading": "Kontakt",
        **{f"{name}-count": "0" for name in ("social_links", "contact_links", "legal_links")},
    }  # fmt: skip
    client.force_login(editor)
    client.post("/admin/snippets/content/footer/add/", new)
    footer = Footer.objects.get()
    assert not footer.live
    assert "Vi avvärjer hot." not in client.get("/").content.decode()
    publish_by_two(footer, editor, chief_editor)
    assert "Vi avvärjer hot." in client.get("/").content.decode()
    another = new | {"forward": "send"}
    assert client.post("/admin/snippets/content/footer/add/", another).status_code == 200
    assert Footer.objects.count() == 1
