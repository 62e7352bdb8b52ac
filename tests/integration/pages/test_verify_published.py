"""`./sapo verify_published` names everything public that is not what was confirmed."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from wagtail.models import Page

from pages.changes.triggers import take_triggers_away
from pages.content.models import Contact
from pages.newsroom.before_the_rule import record_all
from pages.newsroom.models import Approval, Confirmation, Publication
from pages.newsroom.proposals import make_proposal
from pages.newsroom.submissions import Seen, confirm, open_submission_of, send
from pages.newsroom.verify import deviations
from tests.factories import ArticlePageFactory, FooterFactory, TopicFactory
from tests.newsroom import approved_by_two
from tests.tables import every_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def site_of_two(section, editor, chief_editor):
    """A site recorded as public before the rule, and an article that two persons have confirmed."""
    record_all()
    page = ArticlePageFactory(parent=section, title="Valet", slug="valet", live=False)
    send(editor, [page.save_revision()])
    submission = open_submission_of(page)
    confirm(
        chief_editor, submission, {item.pk: Seen(item.digest) for item in submission.items.all()}
    )
    return page


def _without_triggers(statement: str, *parameters: object) -> None:
    """What somebody does who has the whole database."""
    take_triggers_away("default", plan=["everything"])
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_an_untouched_site_is_what_was_confirmed(site_of_two):
    out = StringIO()
    call_command("verify_published", stdout=out)
    assert out.getvalue() == "Allt som är publikt är det som godkändes.\n"


def test_what_was_public_before_the_rule_is_recorded_once(site_of_two):
    assert record_all() == 0
    grounds = Approval.objects.values_list("ground", flat=True)
    assert set(grounds) == {"before_the_rule", "two"}


@pytest.mark.sql
@every_row(
    ("statement", "said"),
    [
        ("UPDATE wagtailcore_page SET title = 'Bytt' WHERE slug = 'valet'",
         "/start/verksamheten/valet/: är inte det som godkändes"),
        ("UPDATE content_articlepage SET lead = 'Bytt'",
         "/start/verksamheten/valet/: är inte det som godkändes"),
        ("UPDATE wagtailcore_page SET live = false WHERE slug = 'valet'",
         "Valet: var publikt och är borta"),
        ("DELETE FROM newsroom_publication WHERE title = 'Valet'",
         "/start/verksamheten/valet/: är publikt, och ingen har godkänt det"),
        ("UPDATE newsroom_publication SET approval_id = NULL WHERE title = 'Valet'",
         "/start/verksamheten/valet/: är publikt utan grund"),
        ("UPDATE newsroom_confirmation SET as_chief = true WHERE as_chief = false",
         "har ändrats"),
    ],
    ids=["title", "lead", "taken down", "record removed", "without ground", "confirmation altered"],
    undone=["default"],
)  # fmt: skip
def test_what_was_changed_in_the_database_is_named(site_of_two, statement, said):
    _without_triggers(statement)
    out = StringIO()
    with pytest.raises(CommandError, match="stämmer inte med det som godkändes"):
        call_command("verify_published", stdout=out)
    assert said in out.getvalue()


@pytest.mark.sql
def test_a_confirmation_that_was_removed_is_missed(site_of_two):
    first = Confirmation.objects.order_by("pk").first()
    with connection.constraint_checks_disabled():
        _without_triggers("DELETE FROM newsroom_ending WHERE confirmation_id = %s", first.pk)
        Confirmation.objects.filter(pk=first.pk)._raw_delete("default")
        said = [str(each) for each in deviations()]
        assert any("saknar de två personer som godkände det" in each for each in said)
        assert any("en post före den har tagits bort eller ändrats" in each for each in said)


def test_the_database_refuses_to_change_or_delete_a_record(site_of_two):
    for model in [Approval, Confirmation, Publication]:
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(kind="annat")
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all()._raw_delete("default")
        with pytest.raises(TypeError):
            model.objects.first().save()


@pytest.fixture
def site_of_rows(section, editor, chief_editor):
    """An order, a topic, a contact, a footer, a withdrawn page; and nothing differs."""
    first, second = (ArticlePageFactory(parent=section, slug=slug) for slug in ("ett", "tva"))
    gone = ArticlePageFactory(parent=section, title="Borta", slug="borta")
    TopicFactory(name="Val")
    Contact.objects.create(name="Växeln", phone="010-568 70 00")
    FooterFactory()
    record_all()
    for act, obj, parameters in (
        ("order", section, {"children": [gone.pk, second.pk, first.pk]}),
        ("withdraw", gone, {"reason": "outdated", "replaced_by": None}),
    ):
        approved_by_two(editor, chief_editor, make_proposal(act, obj, parameters, editor))
    assert [str(each) for each in deviations()] == []
    return first, second


@every_row(
    ("statement", "said"),
    [
        ("INSERT INTO wagtailredirects_redirect (old_path, is_permanent, redirect_link, "
         "redirect_page_route_path, automatically_created) "
         "VALUES ('/bluff', true, 'https://example.com/', '', false)",
         "/bluff: leder någon annanstans, och ingen har godkänt det"),
        ("DELETE FROM content_withdrawal", "borta/: togs bort, och adressen säger inte det"),
        ("UPDATE content_topic SET name = 'Bytt'", "ämne ”Val”: är inte det som godkändes"),
        ("UPDATE content_contact SET phone = '010-1'", "kontakt ”Växeln”: är inte det som"),
        ("UPDATE content_footer SET mission = 'Bytt'", "är inte det som godkändes"),
        ("UPDATE wagtailcore_site SET site_name = 'Bytt'", "är inte det som godkändes"),
    ],
    ids=["redirect", "withdrawal", "topic", "contact", "footer", "site"],
    undone=["default"],
)  # fmt: skip
def test_rows_that_were_changed_in_the_database_are_named(site_of_rows, statement, said):
    with connection.cursor() as cursor:
        cursor.execute(statement)
    (named,) = map(str, deviations())
    assert said in named


def test_pages_in_another_order_are_named(site_of_rows):
    first, second = (Page.objects.get(pk=page.pk) for page in site_of_rows)
    for page, path in ((first, "x"), (second, first.path), (first, second.path)):
        Page.objects.filter(pk=page.pk).update(path=path)
    (named,) = map(str, deviations())
    assert named == "Ordningen på sidorna under ”Verksamheten”: är inte det som godkändes"


def test_what_should_have_ended_is_named(section, editor, chief_editor, monkeypatch):
    page = ArticlePageFactory(parent=section, slug="slut", live=False)
    page.expire_at = timezone.now() + timedelta(minutes=1)
    record_all()
    approved_by_two(editor, chief_editor, page.save_revision())
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    (named,) = map(str, deviations())
    assert "skulle ha tagits bort vid sin sluttid, och ligger kvar" in named


@pytest.fixture
def fifty(section, editor, chief_editor):
    """Pages that two persons have confirmed."""
    record_all()
    pages = [ArticlePageFactory(parent=section, slug=f"sida-{n}", live=False) for n in range(50)]
    approved_by_two(editor, chief_editor, *(page.save_revision() for page in pages))
    _without_triggers("SELECT 1")
    return pages


def test_each_of_fifty_changes_of_four_kinds_is_named(fifty):
    assert list(deviations()) == []
    words = list(Confirmation.objects.order_by("pk")[:50])
    publications = {each.key: each.pk for each in Publication.objects.all()}
    kind = "article"
    for statement, changes in (
        ("UPDATE wagtailcore_page SET title = 'Bytt' WHERE id = %s",
         {page.pk: f"{page.url_path}: är inte det som godkändes" for page in fifty}),
        ("DELETE FROM newsroom_confirmation WHERE id = %s",
         {each.pk: f"two: {kind} {each.key}: saknar de två personer" for each in words}),
        ("UPDATE newsroom_confirmation SET person_name = 'X' WHERE id = %s",
         {each.pk: f"confirmation {each.pk}: har ändrats" for each in words}),
        ("UPDATE newsroom_publication SET approval_id = NULL WHERE id = %s",
         {publications[str(page.pk)]: f"{page.url_path}: är publikt utan grund" for page in fifty}),
    ):  # fmt: skip
        with connection.constraint_checks_disabled(), transaction.atomic():
            with connection.cursor() as cursor:
                for key in changes:
                    cursor.execute(statement, [key])
            named = "\n".join(map(str, deviations()))
            transaction.set_rollback(True)
        assert [said for said in changes.values() if said not in named] == []


def test_the_night_mails_what_differs(
    site_of_two, chief_editor, django_capture_on_commit_callbacks
):
    chief_editor.email = "cecilia@example.org"
    chief_editor.save()
    call_command("verify_published", "--mail", stdout=StringIO())
    assert mail.outbox == []
    Page.objects.filter(slug="valet").update(title="Bytt")
    with pytest.raises(CommandError), django_capture_on_commit_callbacks(execute=True):
        call_command("newsroom_daily", stdout=StringIO())
    (letter,) = mail.outbox
    assert letter.to == ["cecilia@example.org"]
    assert "/start/verksamheten/valet/: är inte det som godkändes" in letter.body
