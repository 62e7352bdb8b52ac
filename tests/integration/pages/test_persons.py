"""Who may confirm, and which accounts are one person's."""

import html
import re
from datetime import timedelta
from itertools import combinations

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.timezone import make_aware, now

from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS, REGISTRARS, is_chief, may_confirm
from pages.newsroom.models import AccountEvent
from pages.newsroom.persons import (
    account_closed,
    number_who_may_confirm,
    same_person,
    tie_between,
    why_alone,
    why_same,
)
from pages.newsroom.submissions import open_submission_of, send
from sapo_site.demo.demo_accounts import set_up_accounts
from tests.factories import ArticlePageFactory

What = AccountEvent.What
LATER = timedelta(minutes=5)
WEEK = timedelta(days=7)


def _make(client, username: str, *groups: str, **fields: str) -> User:
    roles = [group.pk for group in Group.objects.filter(name__in=groups)]
    form = {
        "username": username, "email": f"{username}@example.org", "first_name": username.title(),
        "last_name": "Ek", "password1": "grodan hoppar över ån", "groups": roles,
        "password2": "grodan hoppar över ån", **fields,
    }  # fmt: skip
    assert client.post("/admin/users/new/", form).status_code == 302
    return User.objects.get(username=username)


def _edit(client, user: User, **fields: object):
    form = {
        "username": user.username, "email": user.email or "nagon@example.org", "is_active": "on",
        "first_name": user.first_name or "Någon", "last_name": user.last_name or "Annan",
        "groups": list(user.groups.values_list("pk", flat=True)), **fields,
    }  # fmt: skip
    kept = {name: value for name, value in form.items() if value is not None}
    return client.post(f"/admin/users/edit/{user.pk}/", kept)


# Who may confirm


def test_editors_and_chiefs_may_confirm_and_nobody_else(admin, editor, chief_editor, no_editor):
    assert [may_confirm(each) for each in (editor, chief_editor)] == [True, True]
    assert [may_confirm(each) for each in (admin, no_editor, AnonymousUser())] == [False] * 3
    assert [is_chief(each) for each in (chief_editor, editor, admin, AnonymousUser())] == [
        True, False, False, False,
    ]  # fmt: skip
    assert number_who_may_confirm() == 2
    assert why_alone() == ""


def test_a_superuser_counts_only_as_what_the_groups_say(admin, editor):
    admin.groups.add(Group.objects.get(name=EDITORS))
    assert (may_confirm(admin), is_chief(admin)) == (True, False)


def test_whose_account_is_closed_may_not_confirm_and_the_other_one_is_told_that_she_is_alone(
    editor, chief_editor
):
    User.objects.filter(pk=chief_editor.pk).update(is_active=False)
    assert (may_confirm(chief_editor), is_chief(chief_editor)) == (False, False)
    assert why_alone() == (
        "Här finns bara en person som får godkänna. Lägg till en till, annars går det bara att "
        "nödpublicera."
    )


def test_one_with_both_roles_is_counted_once(editor):
    editor.groups.add(Group.objects.get(name=CHIEF_EDITORS))
    assert number_who_may_confirm() == 1


# Who is one person


def test_an_account_that_the_administrator_made_is_hers_for_seven_days(client, admin, editor):
    client.force_login(admin)
    made = _make(client, "ny", EDITORS)
    made_at = AccountEvent.objects.filter(account=made).latest("at").at

    assert same_person(admin, made, made_at + LATER)
    assert same_person(made, admin, made_at + WEEK - LATER)
    assert not same_person(admin, made, made_at + WEEK)
    assert not same_person(editor, made, made_at + LATER)
    assert same_person(editor, editor, made_at + WEEK)


@pytest.mark.parametrize(
    "fields",
    [
        {"password1": "grodan hoppar över ån", "password2": "grodan hoppar över ån"},
        {"groups": [EDITORS, CHIEF_EDITORS]},
        {"is_superuser": "on"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_whoever_could_log_in_as_another_or_raised_her_is_the_same_person(
    client, admin, editor, fields
):
    client.force_login(admin)
    if groups := fields.get("groups"):
        fields = {"groups": [each.pk for each in Group.objects.filter(name__in=groups)]}
    editor.email = "rolf@example.org"
    editor.save()
    assert _edit(client, editor, **fields).status_code == 302
    assert same_person(admin, editor, now())


def test_an_administrators_ordinary_work_makes_nobody_one_person(
    client, admin, editor, chief_editor
):
    client.force_login(admin)
    for user in (editor, chief_editor):
        user.email = f"{user.username}@example.org"
        user.save()
        assert _edit(client, user, email=f"ny-{user.username}@example.org").status_code == 302
    assert not same_person(admin, editor, now())
    for user in (editor, chief_editor):
        roles = [*user.groups.values_list("pk", flat=True), Group.objects.get(name=REGISTRARS).pk]
        assert _edit(client, user, groups=roles).status_code == 302
        assert same_person(admin, user, now())
    assert not same_person(editor, chief_editor, now())
    assert AccountEvent.objects.filter(what=What.EMAIL_CHANGED, by=admin).exists()


def test_two_who_were_given_passwords_by_one_hand_are_one_person(
    client, admin, editor, chief_editor
):
    client.force_login(admin)
    password = dict.fromkeys(("password1", "password2"), "grodan hoppar över ån")
    for user in (editor, chief_editor):
        assert _edit(client, user, **password).status_code == 302
    assert same_person(editor, chief_editor, now())


def test_two_accounts_of_one_maker_are_one_person_and_so_is_what_one_of_them_made(client, admin):
    client.force_login(admin)
    first = _make(client, "forsta", CHIEF_EDITORS)
    second = _make(client, "andra", EDITORS, is_superuser="on")
    client.force_login(second)
    third = _make(client, "tredje", EDITORS)

    for one, other in combinations((admin, first, second, third), 2):
        assert same_person(one, other, now())


def test_a_chain_of_accounts_breaks_where_its_oldest_link_ends(client, admin, editor, chief_editor):
    at = make_aware((now() - timedelta(days=2)).replace(tzinfo=None, hour=9))
    for account, days in ((editor, 5), (chief_editor, 1), (chief_editor, 3)):
        AccountEvent.objects.create(
            account=account, by=admin, what=What.PASSWORD_SET, at=at - timedelta(days=days)
        )
    assert [each.at for each in tie_between(chief_editor, editor, at)] == [
        at - timedelta(days=1),
        at - timedelta(days=5),
    ]
    assert [each.at for each in tie_between(chief_editor, admin, at)] == [at - timedelta(days=1)]


def test_the_two_are_told_why_and_until_when(admin, editor, chief_editor):
    at = make_aware((now()).replace(tzinfo=None, year=2026, month=11, day=26, hour=10, minute=0))
    editor.first_name, editor.last_name = "Rolf", "Redaktör"
    AccountEvent.objects.create(
        account=editor, by=admin, what=What.CREATED, at=at,
        account_name="Rolf Redaktör", by_name="Adam Admin",
    )  # fmt: skip

    assert why_same(admin, editor, at + LATER) == (
        "Du och Rolf Redaktör räknas som samma person till 3 december. Adam Admin har skapat "
        "ett konto åt Rolf Redaktör 26 november 10.00."
    )
    AccountEvent.objects.create(
        account=chief_editor, by=admin, what=What.PASSWORD_SET, at=at + LATER,
        account_name="Cecilia Chefredaktör", by_name="Adam Admin",
    )  # fmt: skip
    assert why_same(chief_editor, editor, at + 2 * LATER) == (
        "Du och Rolf Redaktör räknas som samma person till 3 december. Adam Admin har bytt "
        "lösenord för Cecilia Chefredaktör 26 november 10.05. Adam Admin har skapat ett konto åt "
        "Rolf Redaktör 26 november 10.00."
    )
    assert why_same(editor, editor, at) == (
        "Du kan inte vara båda personerna. Någon annan måste godkänna."
    )
    assert why_same(admin, editor, at + WEEK) == ""


@pytest.mark.django_db(databases=["default", "tips"])
def test_accounts_made_by_a_command_are_nobodys_and_the_demo_is_told_nothing(
    roles, settings, tmp_path, mailoutbox, django_capture_on_commit_callbacks
):
    settings.VAR_DIR = tmp_path
    with django_capture_on_commit_callbacks(execute=True):
        set_up_accounts()
    assert mailoutbox == []
    assert not AccountEvent.objects.filter(by__isnull=False).exists()
    for one, other in combinations(User.objects.all(), 2):
        assert not same_person(one, other, now())


# Lifting a tie

TIES = "/admin/redaktion/konton/"


@pytest.fixture
def other_chief(chief_editor):
    other = User.objects.create_user("eva", "eva@example.org", "pw", first_name="Eva")
    other.groups.set(chief_editor.groups.all())
    return other


@pytest.fixture
def tied(client, admin, editor, chief_editor):
    """Both have been given passwords by the administrator."""
    client.force_login(admin)
    password = dict.fromkeys(("password1", "password2"), "grodan hoppar över ån")
    for user in (editor, chief_editor):
        _edit(client, user, **password)
        user.refresh_from_db()


def _newest_of(user: User) -> dict[str, int]:
    """What the button beside the newest tie of the account says."""
    event = AccountEvent.objects.of_late(now()).filter(account=user).first()
    return {"shown": event.pk if event else 0}


def _words(response) -> str:
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", response.content.decode())).split())


def test_a_chief_who_has_no_part_in_it_counts_an_account_as_a_persons_own(
    client, tied, admin, editor, chief_editor, other_chief, mailoutbox,
    django_capture_on_commit_callbacks,
):  # fmt: skip
    client.force_login(other_chief)
    page = _words(client.get(TIES))
    assert "har bytt lösenord för" in page
    assert page.count("Räkna som en egen person") == 2
    with django_capture_on_commit_callbacks(execute=True):
        done = _words(client.post(TIES, _newest_of(editor), follow=True))
    assert "räknas som en egen person igen." in done
    assert "har räknat" in _words(client.get(TIES))
    assert not same_person(editor, chief_editor, now())
    assert not same_person(editor, admin, now())
    assert same_person(chief_editor, admin, now())
    event = AccountEvent.objects.first()
    assert (event.what, event.by, event.account) == (What.LIFTED, other_chief, editor)
    assert any("har räknat" in letter.body for letter in mailoutbox)

    client.force_login(admin)
    password = dict.fromkeys(("password1", "password2"), "ån hoppar över grodan")
    _edit(client, editor, **password)
    assert same_person(editor, admin, now())


def test_nobody_who_has_a_part_in_a_tie_and_no_editor_lifts_it(
    client, tied, admin, editor, chief_editor, other_chief
):
    admin.groups.add(Group.objects.get(name=CHIEF_EDITORS))
    made_by_admin = AccountEvent(account=other_chief, by=admin, what=What.CREATED)
    made_by_admin.save()
    for user in (chief_editor, admin, other_chief, editor):
        client.force_login(user)
        assert "Konton som hör ihop" in _words(client.get(TIES))
        assert "Räkna som en egen person" not in _words(client.get(TIES))
        assert "räknas som en egen person" not in _words(
            client.post(TIES, _newest_of(editor), follow=True)
        )
        assert same_person(editor, chief_editor, now())
    assert not AccountEvent.objects.filter(what="LIFTED").exists()


def test_a_tie_of_one_who_made_another_meanwhile_is_not_lifted(client, tied, editor, other_chief):
    """Whoever made the first would be at the second by way of it, and nobody had said anything of that."""
    other = User.objects.create_user("otto", password=None)
    AccountEvent(account=other, by=editor, what=What.PASSWORD_SET).save()
    client.force_login(other_chief)
    words = _words(client.post(TIES, _newest_of(editor), follow=True))
    assert (
        "Kontot har självt gjort ett annat eller gett det ett lösenord. Vänta ut veckan." in words
    )
    assert not AccountEvent.objects.filter(what="LIFTED").exists()


def test_before_a_tie_is_lifted_the_password_is_asked_again(client, tied, other_chief):
    client.force_login(other_chief)
    session = client.session
    session["password_given"] = 0
    session.save()
    assert client.post(TIES, {"shown": 1}).status_code == 403
    assert client.post(TIES, {"shown": "x" * 20}).status_code == 403


@pytest.mark.parametrize("shown", ["", "x", "9" * 5000, "999999"])
def test_what_is_no_tie_is_not_lifted(client, tied, other_chief, shown):
    client.force_login(other_chief)
    assert client.post(TIES, {"shown": shown}).status_code == 404


def test_a_tie_that_came_after_the_page_was_shown_is_not_lifted_with_it(
    client, tied, admin, editor, other_chief
):
    client.force_login(other_chief)
    [shown] = re.findall(
        rf'name="shown" value="({_newest_of(editor)["shown"]})"', client.get(TIES).text
    )
    AccountEvent(account=editor, by=admin, what=What.ROLE_GIVEN, role="Chefredaktör").save()
    refused = _words(client.post(TIES, {"shown": shown}, follow=True))
    assert "Något annat har gjorts med kontot för" in refused
    assert "har gett rollen Chefredaktör" in refused
    assert same_person(editor, admin, now())

    client.post(TIES, _newest_of(editor))
    assert not same_person(editor, admin, now())


def test_what_waits_stands_not_under_waiting_for_you_for_one_who_cannot_approve_it(
    client, tied, editor, chief_editor, other_chief, section
):
    page = ArticlePageFactory(parent=section, title="Valet", live=False)
    send(editor, [page.save_revision(user=editor)])
    for user, waits in ((chief_editor, False), (other_chief, True)):
        client.force_login(user)
        assert ("Inget väntar på dig." in _words(client.get("/admin/"))) != waits
    client.force_login(chief_editor)
    words = _words(client.get(f"/admin/redaktion/godkann/{open_submission_of(page).pk}/"))
    assert "räknas som samma person till" in words
    assert "ändrats av dig" not in words
    assert "Konton som hör ihop" in words


# Closing


@pytest.mark.parametrize(("reason", "hijacked"), [("left", False), ("hijacked", True)])
def test_closing_an_account_asks_why_and_tells_those_who_listen(
    client, admin, editor, reason, hijacked
):
    heard = []

    def listen(user: User, hijacked: bool, **_signal: object) -> None:
        heard.append((user, hijacked))

    account_closed.connect(listen)
    client.force_login(admin)
    try:
        refused = _edit(client, editor, is_active=None)
        assert "Välj varför kontot stängs." in refused.content.decode()
        assert "Har slutat" in refused.content.decode()
        assert heard == []
        assert _edit(client, editor, is_active=None, closed_because=reason).status_code == 302
    finally:
        account_closed.disconnect(listen)
    assert heard == [(editor, hijacked)]
    assert not may_confirm(editor)


def test_an_account_that_stays_open_is_not_asked_about(client, admin, editor):
    client.force_login(admin)
    assert _edit(client, editor, first_name="Rolf").status_code == 302
    still_open = _edit(client, editor, closed_because="left").content.decode()
    assert "Ta bort bocken för att stänga kontot." in still_open
    User.objects.filter(pk=editor.pk).update(is_active=False)
    page = client.get(f"/admin/users/edit/{editor.pk}/").content.decode()
    assert "Kan vara kapat" not in page


def test_an_account_closed_by_a_command_may_be_hijacked(editor):
    editor.is_active = False
    editor.save(update_fields=["is_active"])
    assert AccountEvent.objects.first().what == What.CLOSED_HIJACKED


@pytest.mark.parametrize(
    ("form", "what"),
    [
        ({"mark_as_active": "False", "closed_because": "left"}, What.CLOSED_LEFT),
        ({"mark_as_active": "False", "closed_because": "hijacked"}, What.CLOSED_HIJACKED),
    ],
    ids=["left", "hijacked"],
)
def test_closing_many_at_once_asks_why_and_notes_each(
    client, admin, editor, chief_editor, form, what
):
    client.force_login(admin)
    close = f"/admin/bulk/auth/user/set_active_state/?id={editor.pk}&id={chief_editor.pk}"
    refused = client.post(close, {"mark_as_active": "False"})
    assert "Välj varför kontot stängs." in refused.content.decode()

    assert client.post(close, form).status_code == 302
    closed = AccountEvent.objects.filter(what=what, by=admin)
    assert {event.account for event in closed} == {editor, chief_editor}

    assert client.post(close, {"mark_as_active": "True"}).status_code == 302
    assert AccountEvent.objects.filter(what=What.OPENED).count() == 2


# What stays


def test_no_account_is_deleted_one_by_one_many_at_once_or_in_code(client, admin, editor):
    client.force_login(admin)
    sentence = "Stäng kontot i stället."
    one = client.post(f"/admin/users/delete/{editor.pk}/", follow=True)
    many = client.post(f"/admin/bulk/auth/user/delete/?id={editor.pk}", follow=True)
    for answer in (one, many):
        assert sentence in answer.content.decode()
    # As an account from before anything was noted of accounts.
    [old] = User.objects.bulk_create([User(username="gammal")])
    assert not AccountEvent.objects.filter(account=old).exists()
    for delete in (old.delete, User.objects.filter(pk=old.pk).delete):
        with pytest.raises(ProtectedError, match=sentence), transaction.atomic():
            delete()
    for delete in (editor.delete, User.objects.all().delete):
        with pytest.raises(ProtectedError), transaction.atomic():
            delete()
    assert User.objects.filter(pk__in=(editor.pk, old.pk)).count() == 2


def test_an_event_is_never_changed_or_deleted(editor):
    event = AccountEvent.objects.first()
    for change in (event.save, event.delete):
        with pytest.raises(PermissionDenied):
            change()
