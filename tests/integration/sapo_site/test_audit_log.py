"""The audit log: who did what at which door, and nothing of visitors, tipsters and what they wrote."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, GroupPagePermission, Page

from pages.checks.models import Phrase
from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS
from pages.newsroom.account_changes import close_as_left
from tests.integration.tips.commands import said

PASSWORD, STRONG = "hemligt-nog-for-prov", "grodan hoppar över ån"
LOGIN = "/admin/login/"


@pytest.fixture
def at_cms(client, admin, noted):
    client.force_login(admin)
    noted()
    return client


def _entry(event, who="admin", **about):
    return {"door": "cms", "event": event, **({"who": who} if who else {}), **about}


# Coming in and going out


def test_logins_refusals_and_log_outs_are_noted(client, editor, noted):
    client.post(LOGIN, {"username": "redaktor", "password": "fel"})
    client.post(LOGIN, {"username": "finns-inte", "password": "fel"})
    client.post(LOGIN, {"username": "redaktor", "password": PASSWORD})
    client.post("/admin/logout/")

    assert noted() == [
        _entry("refused", "redaktor"),
        _entry("refused", None),
        _entry("logged-in", "redaktor"),
        _entry("logged-out", "redaktor"),
    ]


def test_sessions_that_are_ended_are_noted(client, editor, noted):
    client.force_login(editor)
    Client().force_login(editor)
    client.post("/admin/account/logins/")
    assert noted() == [_entry("session-ended", "redaktor", kind="1")]
    said("cms_accounts", "log-out", "redaktor")
    assert noted() == [_entry("session-ended", None, account="redaktor", kind="1")]


# Accounts and rights


def test_making_an_account_is_noted_with_its_role(at_cms, noted):
    editors = Group.objects.get(name=EDITORS)
    form = {
        "username": "anna-ek", "email": "anna@example.org", "first_name": "Anna",
        "last_name": "Ek", "password1": STRONG, "password2": STRONG, "groups": [editors.pk],
    }  # fmt: skip
    assert at_cms.post("/admin/users/new/", form).status_code == 302

    assert noted() == [
        _entry("account-made", account="anna-ek"),
        _entry("role-given", account="anna-ek", role="Redaktör"),
    ]


@pytest.mark.parametrize("why", ["left", "hijacked"])
def test_closing_and_opening_an_account_is_noted(editor, noted, why):
    if why == "left":
        close_as_left(editor)
    editor.is_active = False
    editor.save()
    editor.is_active = True
    editor.save()

    assert noted() == [
        _entry("account-closed", None, account="redaktor", why=why),
        _entry("account-opened", None, account="redaktor"),
    ]


def test_password_and_address_that_are_changed_are_noted_without_either(editor, noted):
    editor.set_password(STRONG)
    editor.email = "ny@example.org"
    editor.save()

    entries = noted()
    assert entries == [
        _entry("password-set", None, account="redaktor"),
        _entry("email-changed", None, account="redaktor"),
    ]
    assert "@" not in repr(entries)


def test_roles_that_are_given_and_taken_are_noted(editor, noted):
    chiefs = Group.objects.get(name=CHIEF_EDITORS)
    editor.groups.add(chiefs)
    editor.groups.remove(chiefs)
    editor.is_superuser = True
    editor.save()

    assert noted() == [
        _entry("role-given", None, account="redaktor", role="Chefredaktör"),
        _entry("role-taken", None, account="redaktor", role="Chefredaktör"),
        _entry("role-given", None, account="redaktor", role="Administratör"),
    ]


def test_rights_of_a_role_are_noted_whichever_way_they_are_given(editor, noted):
    group = Group.objects.get(name=EDITORS)
    right = Permission.objects.get(codename="add_user")
    group.permissions.add(right)
    right.group_set.remove(group)
    group.permissions.set([])
    GroupPagePermission.objects.create(
        group=group, page=Page.get_first_root_node(), permission=right
    )
    group.name = "Andra"
    group.save()

    events = [
        (each["event"], each.get("role"), each.get("what"))
        for each in noted()
        if each["event"].startswith("rights")
    ]
    assert events[:2] == [
        ("rights-add", EDITORS, "add_user"),
        ("rights-remove", EDITORS, "add_user"),
    ]
    assert events[2][:2] == ("rights-remove", EDITORS)
    assert "access_admin" in events[2][2]
    assert events[3:] == [
        ("rights-changed", EDITORS, "wagtailcore.grouppagepermission"),
        ("rights-changed", "Andra", "auth.group"),
    ]


def test_rights_of_one_account_are_noted(editor, noted):
    right = Permission.objects.get(codename="add_user")
    editor.user_permissions.add(right)
    editor.user_permissions.clear()
    assert noted() == [
        _entry("rights-add", None, account="redaktor", what="add_user"),
        _entry("rights-clear", None, account="redaktor"),
    ]


# Exports


def test_lists_that_leave_the_cms_are_noted(at_cms, noted, subtests):
    for kind in ["csv", "xlsx"]:
        with subtests.test(kind=kind):
            answer = at_cms.get(f"/admin/reports/site-history/?export={kind}")
            assert "attachment" in answer["Content-Disposition"]
            b"".join(answer)
            assert noted() == [
                _entry("exported", what="wagtailadmin_reports:site_history", kind=kind)
            ]


def test_list_that_is_only_looked_at_is_not_noted(at_cms, noted):
    at_cms.get("/admin/reports/site-history/")
    at_cms.get("/admin/reports/site-history/?export=x")
    assert noted() == []


# Settings


def test_settings_that_are_changed_and_removed_are_noted_without_what_they_say(at_cms, home, noted):
    at_cms.post(reverse("phrase:add"), {"text": "dnr HEMLIG", "kind": "secrecy"})
    phrase = Phrase.objects.get(text="dnr HEMLIG")
    phrase.delete()
    Collection.get_first_root_node().add_child(name="Ny samling")

    entries = noted()
    assert entries == [
        _entry("setting-changed", what="checks.phrase"),
        _entry("setting-removed", None, what="checks.phrase"),
        _entry("setting-changed", None, what="wagtailcore.collection"),
    ]
    assert "HEMLIG" not in repr(entries)


def test_what_builds_the_demo_is_not_noted(settings, roles, noted):
    settings.DEMO = True
    User.objects.create(username="demo")
    assert noted() == []
    settings.DEMO = False
    User.objects.create(username="drift")
    assert noted() == [_entry("account-made", None, account="drift")]
