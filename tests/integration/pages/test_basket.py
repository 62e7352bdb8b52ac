"""The waste basket, and that what has been public is not deleted by anyone in any way."""

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
from wagtail.admin.views import generic
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision
from wagtail.permissions import page_permission_policy

from pages.editing import permissions
from pages.models import (
    ArticlePage,
    Basket,
    Contact,
    ContentVersion,
    Recommendation,
    SectionPage,
    SiteDocument,
    SiteImage,
    Submission,
    SubmittedItem,
    Withdrawal,
)
from pages.newsdesk import basket_hooks
from pages.newsroom.basket import empty_baskets, put_back, throw_away
from pages.newsroom.before_the_rule import record_all
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.keeping_public import WasPublicError, deleting_for_good
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
from tests.newsroom import publish_by_two

pytestmark = pytest.mark.django_db

WAS_PUBLIC = "har varit publicerad och kan inte slängas. Ta bort den från webbplatsen i stället."


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


def asked(client, name, *args, then="", **data):
    """The page that follows when somebody has pressed the button for it."""
    address = reverse(name, args=args)
    return client.post(address + (f"?next={then}" if then else ""), data, follow=True)


def bulk(client, kind, action, *pages):
    keys = "&".join(f"id={page.pk}" for page in pages)
    address = f"/admin/bulk/{kind}/{action}/?{keys}&next=/admin/"
    return client.post(address, follow=True)


# Throwing away


def test_an_editor_throws_a_draft_away_and_regrets_it(draft, editor, section):
    client = logged_in(editor)
    version, revisions = ContentVersion.now(), Revision.objects.count()
    page = client.get(reverse("wagtailadmin_pages:delete", args=[draft.pk]))
    assert "Det ligger i papperskorgen i 30 dagar" in page.text
    assert "Samverkan i norr – med 1 utkast under" in " ".join(page.text.split())

    answer = asked(client, "wagtailadmin_pages:delete", draft.pk)
    assert answer.redirect_chain[-1][0] == f"/admin/pages/{section.pk}/"
    assert "”Samverkan i norr” ligger i papperskorgen till" in answer.text
    assert "Ångra" in answer.text
    assert section.get_children().count() == 0

    again = asked(client, "wagtailadmin_pages:delete", draft.pk)
    assert "”Samverkan i norr” ligger redan i papperskorgen." in again.text
    assert again.redirect_chain == [(reverse("newsdesk:basket"), 302)]

    row = Basket.objects.get()
    back = asked(client, "newsdesk:put_back", row.pk)
    assert "”Samverkan i norr” är tillbaka under ”Verksamheten”." in back.text
    assert "Adressen var upptagen" not in back.text
    again = SectionPage.objects.get(pk=draft.pk)
    assert (again.slug, again.url_path) == (draft.slug, draft.url_path)
    assert again.get_parent().pk == section.pk
    below = again.get_children().get()
    assert below.url_path == f"{draft.url_path}kontakter/"
    assert not Basket.objects.exists()
    # Nobody outside has noticed, and nothing was lost.
    assert ContentVersion.now() == version
    assert Revision.objects.count() == revisions
    assert not Redirect.objects.exists()
    assert not Page.find_problems()[0]


def test_what_lies_in_the_basket_is_in_nobodys_way(draft, editor, admin, section):
    below = draft.get_children().get()
    throw_away(draft, editor)
    for user in (editor, admin):
        client = logged_in(user)
        for address in (
            f"/admin/pages/{section.pk}/",
            "/admin/pages/search/?q=norr",
            f"/admin/choose-page/{section.pk}/",
            "/admin/choose-page/search/?q=norr",
            "/admin/reports/aging-pages/",
            "/admin/reports/workflow/",
            f"/admin/api/main/pages/?child_of={section.pk}&for_explorer=1",
        ):
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert "i norr" not in answer.text, address
        for key in (draft.pk, below.pk):
            answer = client.get(f"/admin/pages/{key}/edit/")
            assert answer.status_code == 302
        assert client.get("/admin/pages/").status_code == 200
        listed = client.get(reverse("newsdesk:basket")).text
        assert "Samverkan i norr" in listed
        assert "Kontakter i norr" not in listed
        assert "Avdelningssida" in listed
        assert "Lägg tillbaka" in listed
        assert "Papperskorg" in client.get("/admin/").text


def test_its_address_is_free_and_it_comes_back_with_another(draft, chief_editor, section):
    throw_away(draft, chief_editor)
    ArticlePageFactory(parent=section, title="Norr", slug="norr")

    answer = asked(logged_in(chief_editor), "newsdesk:put_back", Basket.objects.get().pk)

    assert (
        "”Samverkan i norr” är tillbaka under ”Verksamheten”."
        " (Adressen var upptagen och slutar nu på -2.)" in answer.text
    )
    again = SectionPage.objects.get(pk=draft.pk)
    assert again.slug == again.get_latest_revision_as_object().slug == "norr-2"
    assert again.get_children().get().url_path.endswith("/norr-2/kontakter/")


def test_another_can_be_translated_meanwhile(draft, editor, english_home):
    throw_away(draft, editor)
    other = SectionPageFactory(parent=english_home, translation_key=draft.translation_key)
    assert other.translation_key == draft.translation_key

    put_back(Basket.objects.get(), editor)

    again = Page.objects.get(pk=draft.pk)
    assert again.translation_key == draft.translation_key


def test_it_is_not_put_back_below_what_is_gone(draft, editor):
    client = logged_in(editor)
    throw_away(draft.get_children().get(), editor)
    throw_away(draft, editor)
    child, parent = (
        Basket.objects.get(title="Kontakter i norr"),
        Basket.objects.get(title="Samverkan i norr"),
    )
    answer = asked(client, "newsdesk:put_back", child.pk)
    assert (
        "Lägg först tillbaka ”Samverkan i norr”: ”Kontakter i norr” låg under den." in answer.text
    )

    with deleting_for_good("a test"):
        Page.objects.get(pk=draft.pk).delete()
    answer = asked(client, "newsdesk:put_back", child.pk)
    assert (
        "”Kontakter i norr” kan inte läggas tillbaka: ”Samverkan i norr”, där den låg, finns inte"
        in answer.text
    )
    assert asked(client, "newsdesk:put_back", parent.pk).status_code == 200
    Basket.objects.all().delete()
    assert (
        "Den finns inte kvar i papperskorgen." in asked(client, "newsdesk:put_back", child.pk).text
    )


def test_what_is_sent_is_taken_back_first(draft, editor, chief_editor):
    below = draft.get_children().get().specific
    below.get_workflow().start(below, editor)

    answer = asked(logged_in(chief_editor), "wagtailadmin_pages:delete", draft.pk)

    assert "”Samverkan i norr” är låst, väntar på godkännande eller" in answer.text
    assert not Basket.objects.exists()


def test_what_has_a_time_is_taken_back_first(draft, editor):
    draft.go_live_at = timezone.now() + timedelta(days=1)
    draft.save_revision(approved_go_live_at=draft.go_live_at)
    answer = asked(logged_in(editor), "wagtailadmin_pages:delete", draft.pk)
    assert "ska publiceras en viss tid. Ta tillbaka den först." in answer.text


def test_nothing_is_published_out_of_the_basket(draft, editor, chief_editor):
    throw_away(draft, editor)
    with pytest.raises(NotConfirmed, match="”Samverkan i norr” ligger i papperskorgen"):
        publish_by_two(draft, editor, chief_editor)
    assert not Page.objects.get(pk=draft.pk).live


def test_several_go_at_once_and_what_was_public_stays(draft, section, editor):
    read = ArticlePageFactory(parent=section, title="Läst")
    answer = bulk(
        logged_in(editor), "wagtailcore/page", "delete", draft, draft.get_children().get(), read
    )
    assert f"”Läst” {WAS_PUBLIC}" in answer.text
    assert "Ta bort från webbplatsen" in answer.text
    assert [row.title for row in Basket.objects.all()] == ["Samverkan i norr"]


def test_after_thirty_days_it_is_gone(draft, editor):
    throw_away(draft, editor)
    assert empty_baskets(timezone.now() + timedelta(days=29)) == 0
    assert Page.objects.filter(pk=draft.pk).exists()
    Basket.objects.update(gone_on=timezone.localdate())
    record_all()  # the command also compares what is public with what was confirmed
    call_command("newsroom_daily")
    assert not Page.objects.filter(pk=draft.pk).exists()
    assert not ArticlePage.objects.filter(title="Kontakter i norr").exists()
    assert not Basket.objects.exists()
    assert not Page.find_problems()[0]


def test_what_would_take_something_public_along_stays(draft, editor):
    Recommendation.objects.create(names="norr", page=draft)
    throw_away(draft, editor)
    assert empty_baskets(timezone.now() + timedelta(days=31)) == 0
    assert Recommendation.objects.exists()
    assert Page.objects.filter(pk=draft.pk).exists()
    Basket.objects.update(gone_on=timezone.localdate())
    listed = logged_in(editor).get(reverse("newsdesk:basket"))
    assert "Samverkan i norr" not in listed.text


def test_what_a_public_page_names_stays_and_stops_nothing_else(draft, section, editor):
    article = ArticlePageFactory(parent=section, title="Läst av alla")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pages_articlepage SET twin_of_id = %s WHERE page_ptr_id = %s",
            [draft.pk, article.pk],
        )
    throw_away(draft, editor)
    with guarded():
        assert empty_baskets(timezone.now() + timedelta(days=31)) == 0
    assert Page.objects.filter(pk=draft.pk).exists()


def test_what_was_sent_once_is_a_record(draft, editor):
    submission = Submission.objects.create(sent_by=editor)
    SubmittedItem.objects.create(
        submission=submission,
        kind="pages.sectionpage",
        key=str(draft.pk),
        revision=draft.latest_revision,
    )
    throw_away(draft, editor)
    assert empty_baskets(timezone.now() + timedelta(days=31)) == 0
    assert draft.revisions.count() == 2


def test_the_button_says_what_it_does(draft, section, editor):
    client = logged_in(editor)
    listing = client.get(f"/admin/pages/{section.pk}/").text
    assert "Släng utkastet" in client.get(f"/admin/pages/{draft.pk}/edit/").text
    assert f"/admin/pages/{draft.pk}/delete/" in listing
    assert f"/admin/pages/{section.pk}/delete/" not in listing
    assert "Radera" not in listing


# Drafts of registers, pictures and files


def test_a_draft_of_a_register_goes_and_comes_back(editor, home):
    contact = ContactFactory(live=False)
    contact.save_revision()
    client, address = logged_in(editor), "/admin/snippets/pages/contact/"
    assert "Släng utkastet" in client.get(f"{address}edit/{contact.pk}/").text
    assert "Släng utkastet" in client.get(address).text

    answer = client.post(f"{address}delete/{contact.pk}/", follow=True)

    assert "ligger i papperskorgen till" in answer.text
    assert f"/edit/{contact.pk}/" not in client.get(address).text
    chooser = client.get("/admin/snippets/choose/pages/contact/results/")
    assert f"/{contact.pk}/" not in chooser.text
    assert client.get(f"{address}edit/{contact.pk}/").url == reverse("newsdesk:basket")
    asked(client, "newsdesk:put_back", Basket.objects.get().pk)
    assert f"/edit/{contact.pk}/" in client.get(address).text
    assert contact.revisions.count() == 1


def test_a_row_that_was_public_stays(chief_editor, home):
    contact = ContactFactory(live=False, first_published_at=timezone.now())
    client, address = logged_in(chief_editor), "/admin/snippets/pages/contact/"
    assert WAS_PUBLIC in client.post(f"{address}delete/{contact.pk}/", follow=True).text
    assert WAS_PUBLIC in bulk(client, "pages/contact", "delete", contact).text
    assert "Släng utkastet" not in client.get(address).text
    assert Contact.objects.filter(pk=contact.pk).exists()


@pytest.mark.parametrize(
    ("factory", "name", "kind"),
    [
        (SiteImageFactory, "wagtailimages", "pages/siteimage"),
        (SiteDocumentFactory, "wagtaildocs", "pages/sitedocument"),
    ],
)
def test_a_file_that_nobody_has_met_goes_and_another_stays(
    factory, name, kind, editor, chief_editor, section
):
    # A colleague's: who may change it may throw it away, and put it back.
    unmet = factory(title="Utkast-plan", uploaded_by_user=chief_editor)
    met = factory(title="Checklista", public_since=timezone.now(), uploaded_by_user=editor)
    client = logged_in(editor)

    asking = client.get(reverse(f"{name}:delete", args=[unmet.pk])).text
    assert "Släng" in asking
    assert "Släng utkastet" not in asking
    edit = reverse(f"{name}:edit", args=[unmet.pk])
    assert "Släng" in client.get(edit).text
    assert "Släng" not in client.get(reverse(f"{name}:edit", args=[met.pk])).text

    assert "ligger i papperskorgen till" in asked(client, f"{name}:delete", unmet.pk).text
    assert client.get(edit).url == reverse("newsdesk:basket")
    refusal = f"”Checklista” {WAS_PUBLIC}"
    assert refusal in asked(client, f"{name}:delete", met.pk).text
    assert refusal in bulk(client, kind, "delete", met).text

    listed = client.get(reverse(f"{name}:index")).text
    assert "Utkast-plan" not in listed
    assert "Checklista" in listed
    chooser = reverse(f"{name}_chooser:choose_results")
    assert "Utkast-plan" not in client.get(chooser).text
    asked(client, "newsdesk:put_back", Basket.objects.get().pk)
    assert "Utkast-plan" in client.get(reverse(f"{name}:index")).text


def test_what_was_just_uploaded_goes_from_the_list_of_uploads(editor, home):
    picture = SiteImageFactory(uploaded_by_user=editor)
    client, address = logged_in(editor), f"/admin/images/multiple/{picture.pk}/delete/"
    assert client.post(address).json() == {"success": True, "image_id": picture.pk}
    assert Basket.objects.get().title == "Kust"
    assert client.post(address).json()["error_message"] == "”Kust” ligger redan i papperskorgen."


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
        assert words in asked(client, "wagtailadmin_pages:delete", withdrawn.pk).text
        assert words in bulk(client, "wagtailcore/page", "delete", withdrawn).text
        answer = asked(client, "wagtailadmin_pages:delete", child.pk)
        assert f"”Valet 2023” {WAS_PUBLIC}" in answer.text
        assert f"/admin/pages/{child.pk}/edit/" in answer.text
        assert answer.status_code == 200
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
        assert WAS_PUBLIC in answer.text
        if kind == "pages_topic":
            inspected = logged_in(admin).get(
                reverse(f"wagtailsnippets_{kind}:inspect", args=[row.pk])
            )
            assert f"/delete/{row.pk}/" not in inspected.text
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


def test_a_draft_in_code_may_go(draft, editor):
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
    assert (
        "papperskorgen till" in asked(logged_in(admin), "wagtailadmin_pages:delete", other.pk).text
    )


def test_wagtail_still_needs_what_we_change(draft, editor, admin):
    throw_away(ArticlePageFactory(parent=draft, live=False, first_published_at=None), editor)
    assert "atomic" not in inspect.getsource(MP_NodeQuerySet.delete.__wrapped__)
    assert permissions._directly_explorable(page_permission_policy, admin).count() == 2
    assert not basket_hooks._can_delete(draft.permissions_for_user(editor))
    assert basket_hooks._can_delete(draft.get_parent().permissions_for_user(admin))
    assert "Släng" not in str(generic.EditView.delete_item_label)
