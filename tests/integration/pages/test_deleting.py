"""Drafts are deleted for good, and what has been public by nobody in any way."""

import inspect
import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from treebeard.mp_tree import MP_NodeQuerySet
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageLogEntry, Revision

from pages.content.models import ArticlePage, Contact, SectionPage, Withdrawal
from pages.ground.models import ContentVersion
from pages.library.models import SiteDocument, SiteImage
from pages.newsroom.keeping_public import WasPublicError
from pages.newsroom.models import Approval
from pages.newsroom.stopping import stop_approved
from pages.newsroom.submissions import return_for_changes, send
from pages.search.models import Recommendation
from tests.factories import (
    AlertFactory,
    ArticlePageFactory,
    ContactFactory,
    HomePageFactory,
    SectionPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    TopicFactory,
)
from tests.guarding import guarded
from tests.newsroom import approved_by_two, messages_of

pytestmark = pytest.mark.django_db

WAS_PUBLIC = "har varit publicerad och kan inte raderas. Ta bort den från webbplatsen i stället."


@pytest.fixture
def draft(section):
    """A draft section with an article below it, each in two versions."""
    north = SectionPageFactory(
        parent=section, title="Samverkan i norr", slug="norr", live=False, first_published_at=None
    )
    below = ArticlePageFactory(
        parent=north,
        title="Kontakter i norr",
        slug="kontakter",
        live=False,
        first_published_at=None,
    )
    for page in (north, below):
        page.save_revision()
        page.lead = "En andra version."
        page.save_revision()
    return north


@pytest.fixture
def below(draft):
    return draft.get_children().get().specific


@pytest.fixture
def withdrawn(section):
    """A section with a child that was public three years ago and is withdrawn."""
    parent = SectionPageFactory(parent=section, title="Arkiv", live=False, first_published_at=None)
    child = ArticlePageFactory(parent=parent, title="Valet 2023", live=False)
    then = timezone.now() - timedelta(days=3 * 365)
    type(child).objects.filter(pk=child.pk).update(first_published_at=then)
    child.save_revision()
    return parent


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asked(client, name, *args):
    """What is said when somebody has pressed the button for it."""
    return _said(client.post(reverse(name, args=args), {"wagtail_site_name": "sapo"}))


def _said(answer):
    assert answer.status_code in (200, 302)
    return messages_of(answer) or answer.text


def bulk(client, kind, action, *pages, ask="post"):
    keys = "&".join(f"id={page.pk}" for page in pages)
    address = f"/admin/bulk/{kind}/{action}/?{keys}&next=/admin/"
    return _said(getattr(client, ask)(address))


# Drafts of pages


def test_an_editor_is_asked_and_told_that_a_draft_is_gone_for_good(below, editor):
    client = logged_in(editor)
    parent, version = below.get_parent(), ContentVersion.now()
    address = reverse("wagtailadmin_pages:delete", args=[below.pk])

    page = client.get(address)
    assert "Är du säker på att du vill radera denna sida?" in page.text
    assert "Det du raderar är borta för gott, med alla versioner." in page.text
    assert Page.objects.filter(pk=below.pk).exists()

    answer = client.post(address, follow=True)
    assert answer.redirect_chain[-1][0] == f"/admin/pages/{parent.pk}/"
    assert not Page.objects.filter(pk=below.pk).exists()
    assert not Revision.objects.filter(object_id=str(below.pk)).exists()
    # Nobody outside has noticed.
    assert ContentVersion.now() == version
    assert not Redirect.objects.exists()
    assert not any(Page.find_problems())
    log = PageLogEntry.objects.get(action="wagtail.delete")
    assert (log.user, log.label) == (editor, "Kontakter i norr")


def test_pages_go_from_below(draft, below, editor, chief_editor):
    for user in (editor, chief_editor):
        client = logged_in(user)
        assert "Radera utkastet" not in client.get(f"/admin/pages/{draft.pk}/edit/").text
        assert "Radera utkastet" in client.get(f"/admin/pages/{below.pk}/edit/").text
        asked(client, "wagtailadmin_pages:delete", draft.pk)
    assert Page.objects.filter(pk=draft.pk).exists()


def test_what_is_sent_is_taken_back_first(draft, below, editor, chief_editor, admin):
    submission = send(editor, [below.latest_revision]).submission
    refusal = "”Kontakter i norr” är låst eller väntar på godkännande. Ta tillbaka den först."
    for user, page in ((chief_editor, below), (admin, draft)):
        answer = asked(logged_in(user), "wagtailadmin_pages:delete", page.pk)
        assert refusal in answer
    assert refusal in bulk(logged_in(chief_editor), "wagtailcore/page", "delete", below)

    return_for_changes(chief_editor, submission, "Skriv mer.")
    asked(logged_in(editor), "wagtailadmin_pages:delete", below.pk)
    assert not Page.objects.filter(pk=below.pk).exists()
    # Who sent what, and what became of it, is still known.
    assert submission.items.get().title == "Kontakter i norr"
    closed = asked(logged_in(chief_editor), "newsdesk:confirm", submission.pk)
    assert "Klart redan. Du begärde ändringar i ”Kontakter i norr”" in closed


def test_what_somebody_has_locked_stays(below, editor, chief_editor):
    Page.objects.filter(pk=below.pk).update(locked=True, locked_by=chief_editor)
    answer = asked(logged_in(editor), "wagtailadmin_pages:delete", below.pk)
    assert "”Kontakter i norr” är låst eller väntar på godkännande." in answer
    assert Page.objects.filter(pk=below.pk).exists()


def test_what_two_have_approved_stays_also_when_it_was_stopped(draft, below, editor, chief_editor):
    draft.publish(draft.latest_revision)
    below.go_live_at = timezone.now() + timedelta(days=1)
    approved_by_two(editor, chief_editor, below.save_revision(user=editor))
    stop_approved(chief_editor, Approval.objects.filter(key=str(below.pk)).get())
    client = logged_in(editor)
    kept = "”Kontakter i norr” har godkänts av två personer och sparas därför."
    assert kept in asked(client, "wagtailadmin_pages:delete", below.pk)
    assert kept in bulk(client, "wagtailcore/page", "delete", below)
    assert Page.objects.filter(pk=below.pk).exists()


def test_of_several_one_that_stays_keeps_all(draft, below, section, editor):
    withdrawn = ArticlePageFactory(
        parent=section, title="Läst", live=False, first_published_at=timezone.now()
    )
    answer = bulk(logged_in(editor), "wagtailcore/page", "delete", below, withdrawn)
    assert f"”Läst” {WAS_PUBLIC}" in answer
    assert Page.objects.filter(pk=below.pk).exists()
    for marked in (below, withdrawn), (withdrawn, section), (section,):
        page = bulk(logged_in(editor), "wagtailcore/page", "delete", *marked, ask="get")
        assert WAS_PUBLIC in page
        assert "Är du säker" not in page
        assert "behörighet" not in page
    assert "Är du säker" in bulk(logged_in(editor), "wagtailcore/page", "delete", below, ask="get")
    bulk(logged_in(editor), "wagtailcore/page", "delete", below)
    assert not Page.objects.filter(pk=below.pk).exists()


def test_what_would_take_something_public_along_stays(below, editor):
    Recommendation.objects.create(names="norr", page=below)
    answer = asked(logged_in(editor), "wagtailadmin_pages:delete", below.pk)
    assert f"”norr” {WAS_PUBLIC}" in answer
    assert Recommendation.objects.exists()
    assert Page.objects.filter(pk=below.pk).exists()


def test_what_a_public_page_names_stays(below, section, editor):
    article = ArticlePageFactory(parent=section, title="Läst av alla")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE content_articlepage SET twin_of_id = %s WHERE page_ptr_id = %s",
            [below.pk, article.pk],
        )
    with guarded():
        asked(logged_in(editor), "wagtailadmin_pages:delete", below.pk)
    assert Page.objects.filter(pk=below.pk).exists()


# Drafts of registers, pictures and files


def test_a_draft_of_a_register_is_deleted(editor, home):
    contact = ContactFactory(live=False)
    contact.save_revision()
    client, address = logged_in(editor), "/admin/snippets/content/contact/"
    assert "Radera utkastet" in client.get(f"{address}edit/{contact.pk}/").text
    asking = client.get(f"{address}delete/{contact.pk}/")
    assert "Det du raderar är borta för gott" in asking.text

    client.post(f"{address}delete/{contact.pk}/")
    assert not Contact.objects.exists()


def test_a_row_that_was_public_stays(chief_editor, home):
    contact = ContactFactory(live=False, first_published_at=timezone.now())
    client, address = logged_in(chief_editor), "/admin/snippets/content/contact/"
    assert WAS_PUBLIC in _said(client.post(f"{address}delete/{contact.pk}/"))
    assert WAS_PUBLIC in bulk(client, "content/contact", "delete", contact)
    assert Contact.objects.filter(pk=contact.pk).exists()


@pytest.mark.parametrize(
    ("factory", "name", "kind"),
    [
        (SiteImageFactory, "wagtailimages", "library/siteimage"),
        (SiteDocumentFactory, "wagtaildocs", "library/sitedocument"),
    ],
)
def test_a_file_that_nobody_has_met_goes_and_another_stays(
    factory, name, kind, editor, chief_editor, section
):
    # A colleague's: who may change it may delete it.
    unmet = factory(title="Utkast-plan", uploaded_by_user=chief_editor)
    met = factory(title="Checklista", public_since=timezone.now(), uploaded_by_user=editor)
    client = logged_in(editor)
    delete = f"{name}:delete"
    assert (
        reverse(delete, args=[unmet.pk])
        in client.get(reverse(f"{name}:edit", args=[unmet.pk])).text
    )
    assert (
        reverse(delete, args=[met.pk])
        not in client.get(reverse(f"{name}:edit", args=[met.pk])).text
    )

    asked(client, delete, unmet.pk)
    assert not factory._meta.model.objects.filter(pk=unmet.pk).exists()
    refusal = (
        "”Checklista” har varit publicerad och kan inte raderas. Ta bort den från sidorna i stället"
    )
    assert refusal in asked(client, delete, met.pk)
    assert refusal in bulk(client, kind, "delete", met)
    for page in (
        _said(client.get(reverse(delete, args=[met.pk]))),
        bulk(client, kind, "delete", met, ask="get"),
    ):
        assert refusal in page
        assert "Är du säker" not in page
    assert factory._meta.model.objects.filter(pk=met.pk).exists()


def test_what_was_just_uploaded_goes_from_the_list_of_uploads(editor, home):
    picture = SiteImageFactory(uploaded_by_user=editor)
    client, address = logged_in(editor), f"/admin/images/multiple/{picture.pk}/delete/"
    answer = client.post(address, headers={"x-requested-with": "XMLHttpRequest"})
    assert answer.json() == {"success": True, "image_id": picture.pk}
    assert not SiteImage.objects.exists()


def test_a_picture_of_what_waits_for_approval_stays_at_the_library_s_own_door_too(section, editor):
    picture = SiteImageFactory(uploaded_by_user=editor)
    figure = {"image": {"image": picture.pk, "alt_text": "En kust."}, "caption": ""}
    article = ArticlePageFactory(parent=section, live=False, first_published_at=None)
    article.image = json.dumps([{"type": "figure", "value": figure}])
    send(editor, [article.save_revision()])
    client = Client()
    client.force_login(editor)

    said = _said(client.post(reverse("wagtailimages:delete", args=[picture.pk])))

    assert "är låst eller väntar på godkännande. Ta tillbaka den först." in said
    assert SiteImage.objects.filter(pk=picture.pk).exists()


def test_a_picture_that_a_published_page_shows_has_been_met(section, editor):
    picture = SiteImageFactory(uploaded_by_user=editor)
    figure = {"image": {"image": picture.pk, "alt_text": "En kust.", "decorative": False}}
    article = ArticlePageFactory(parent=section, live=False)
    article.image = json.dumps([{"type": "figure", "value": {**figure, "caption": ""}, "id": "1"}])
    article.save_revision().publish()
    picture.refresh_from_db()
    assert picture.public_since
    with pytest.raises(WasPublicError):
        picture.delete()


# What has been public


def test_what_lies_above_something_public_is_refused_in_every_way(withdrawn, admin, chief_editor):
    child = withdrawn.get_children().get().specific
    words = "Det gick inte att ta bort: ”Valet 2023”, som ligger under, har varit publicerad."
    for user in (chief_editor, admin):
        client = logged_in(user)
        for answer in (
            asked(client, "wagtailadmin_pages:delete", withdrawn.pk),
            bulk(client, "wagtailcore/page", "delete", withdrawn),
        ):
            # Only an administrator is asked about a page with others below it.
            assert user != admin or words in answer
            assert Page.objects.filter(pk=child.pk).exists()
        answer = asked(client, "wagtailadmin_pages:delete", child.pk)
        assert f"”Valet 2023” {WAS_PUBLIC}" in answer
    for way in (
        withdrawn.delete,
        child.delete,
        Page.objects.filter(pk=child.pk).delete,
        SectionPage.objects.filter(pk=withdrawn.pk).delete,
        ArticlePage.objects.all().delete,
        withdrawn.get_parent().delete,
    ):
        with pytest.raises(PermissionDenied, match=WAS_PUBLIC):
            way()
    assert child.revisions.count() == 1
    assert withdrawn.get_parent().numchild == 1
    assert not any(Page.find_problems())


def test_what_has_no_drafts_is_public_at_once(home, admin):
    withdrawal = Withdrawal.objects.create(address="/gammalt/", title="Gammalt")
    with pytest.raises(WasPublicError), transaction.atomic():
        Withdrawal.objects.filter(pk=withdrawal.pk).delete()
    for row in (AlertFactory(), TopicFactory()):
        kind = f"{row._meta.app_label}_{row._meta.model_name}"
        answer = asked(logged_in(admin), f"wagtailsnippets_{kind}:delete", row.pk)
        assert WAS_PUBLIC in answer
        with pytest.raises(WasPublicError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).delete()
        assert type(row).objects.filter(pk=row.pk).exists()


def test_nothing_takes_along_what_was_public(home, english_home):
    met = SiteDocumentFactory(public_since=timezone.now())
    for holder in (home.get_site(), met.collection, home.get_root()):
        with pytest.raises(PermissionDenied), transaction.atomic():
            holder.delete()
    with pytest.raises(ProtectedError):
        english_home.locale.delete()
    assert not any(Page.find_problems())


def test_a_draft_in_code_may_go(draft):
    Page.objects.get(pk=draft.pk).delete()
    SiteImageFactory().delete()
    assert not SiteImage.objects.exists()
    assert not SiteDocument.objects.exists()


def test_versions_are_not_purged():
    with pytest.raises(CommandError, match="Alla versioner sparas"):
        call_command("purge_revisions")


def test_a_start_page_as_draft_is_nothing_special(home, admin):
    other = HomePageFactory(
        parent=home.get_parent(), title="Annan", slug="annan", live=False, first_published_at=None
    )
    asked(logged_in(admin), "wagtailadmin_pages:delete", other.pk)
    assert not Page.objects.filter(pk=other.pk).exists()


def test_wagtail_still_needs_what_we_change():
    assert "atomic" not in inspect.getsource(MP_NodeQuerySet.delete.__wrapped__)
