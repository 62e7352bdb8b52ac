"""What the audit log has of what the CMS refuses: who wanted which view, and never the address."""

import pytest
from django.test import Client

from pages.newsroom.gate import NotConfirmed
from sapo_site.accounts.brake import PER_NAME_AND_NETWORK
from tips.journal import ALIKE

LOGIN = "/admin/login/"
USERS = "wagtailusers_users:index"


@pytest.fixture
def at_cms(client, editor, noted):
    client.force_login(editor)
    noted()
    return client


def _entry(event, who="redaktor", **about):
    return {"door": "cms", "event": event, **({"who": who} if who else {}), **about}


def test_what_is_not_ones_own_to_do_is_noted_with_the_name_of_the_view(at_cms, noted):
    assert at_cms.get("/admin/users/?q=hemligt").status_code == 302
    assert noted() == [_entry("denied", what=USERS)]


def test_a_program_that_is_answered_403_is_noted_once(at_cms, noted):
    answer = at_cms.get("/admin/users/", headers={"x-requested-with": "XMLHttpRequest"})
    assert answer.status_code == 403
    assert noted() == [_entry("denied", what=USERS)]


def test_publishing_what_nobody_has_confirmed_is_noted(at_cms, noted, monkeypatch):
    def refuse(*args, **kwargs):
        raise NotConfirmed("Det har ingen godkänt.")

    monkeypatch.setattr("sapo_site.accounts.own_logins.OwnLoginsView.get", refuse)
    assert at_cms.get("/admin/account/logins/").status_code == 302

    assert noted() == [_entry("denied", what="own_logins", why="not-confirmed")]


def test_to_be_asked_again_is_a_question_and_no_refusal(at_cms, noted):
    session = at_cms.session
    session["password_given"] = 0
    session.save()
    assert at_cms.get("/admin/account/").status_code == 403
    assert noted() == []


def test_a_loop_does_not_fill_the_journal(at_cms, noted):
    for _attempt in range(2 * ALIKE):
        at_cms.get("/admin/users/")
    entries = noted()
    assert len(entries) == ALIKE
    assert [each.get("more", "") for each in entries] == [""] * (ALIKE - 1) + [
        "not noted this minute"
    ]


def test_loop_of_one_hides_nothing_of_another(at_cms, chief_editor, noted):
    for _attempt in range(2 * ALIKE):
        at_cms.get("/admin/users/")
    noted()
    other = Client()
    other.force_login(chief_editor)
    noted()
    other.get("/admin/users/")
    assert noted() == [_entry("denied", "chefredaktor", what=USERS)]


def test_a_form_that_did_not_come_from_the_cms_is_noted(editor, noted):
    client = Client(enforce_csrf_checks=True)
    assert client.post(LOGIN, {"username": "redaktor", "password": "x"}).status_code == 403
    assert noted() == [_entry("foreign", None, what="sapo_site.accounts.login.CmsLoginView")]
    client.force_login(editor)
    noted()
    assert client.post("/admin/account/logins/").status_code == 403
    assert noted() == [_entry("foreign", what="own_logins")]


def test_the_brake_is_noted_as_such(client, editor, noted):
    for _attempt in range(PER_NAME_AND_NETWORK + 1):
        client.post(LOGIN, {"username": "redaktor", "password": "fel"})
    assert noted() == [*[_entry("refused")] * PER_NAME_AND_NETWORK, _entry("refused", why="brake")]


def test_nothing_is_noted_of_a_visitor(client, home, noted):
    foreign = Client(enforce_csrf_checks=True)
    foreign.post("/kakor/stang/", {"next": "/"})
    for address in ("/finns-inte/", "/dokument/1/finns-inte.pdf"):
        client.get(address)
    assert noted() == []
