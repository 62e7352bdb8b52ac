"""Where somebody is logged in to the CMS, seen and ended by the owner, and what ends it by itself."""

import re

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from wagtail.users.models import UserProfile

from pages.content.publishing.roles import CHIEF_EDITORS
from pages.newsroom.account_changes import close_as_left
from sapo_site.accounts.cms_sessions import logins_of
from sapo_site.models import CmsLogin

LOGIN, LOGINS, CMS = "/admin/login/", "/admin/account/logins/", "/admin/"
PASSWORD = "hemligt-nog-for-prov"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


def _logged_in(user, browser=FIREFOX):
    client = Client(headers={"user-agent": browser})
    form = {"username": user.username, "password": PASSWORD}
    assert client.post(LOGIN, form).status_code == 302
    return client


def _is_inside(client):
    return client.get(CMS).status_code == 200


@pytest.fixture
def at_computer(editor):
    return _logged_in(editor)


@pytest.fixture
def at_phone(editor):
    return _logged_in(editor, SAFARI)


def _rows(client):
    page = client.get(LOGINS).content.decode()
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        " ".join(re.sub(r"<[^>]*>", " ", row).split())
        for row in table.split("</tr>")
        if "<td" in row
    ]


def test_owner_sees_every_login_with_its_browser_and_which_is_this(at_computer, at_phone, admin):
    _logged_in(admin)
    rows = _rows(at_computer)

    assert len(rows) == 2
    computer = next(row for row in rows if row.startswith("Firefox, Windows"))
    phone = next(row for row in rows if row.startswith("Safari, iPhone"))
    assert computer.endswith("Här är du nu")
    assert "Avsluta" not in computer
    assert phone.endswith("Avsluta")
    assert len(re.findall(r"\d\d:\d\d", phone)) == 2


def test_browser_that_says_nothing_is_unknown(editor):
    assert _rows(_logged_in(editor, ""))[0].startswith("Okänd webbläsare")


def test_page_is_found_on_the_page_of_the_own_account(at_computer):
    page = at_computer.get("/admin/account/").content.decode()
    assert f'href="{LOGINS}"' in page
    assert "Dina inloggningar" in page


def test_owner_ends_a_login_elsewhere(at_computer, at_phone, editor):
    other = CmsLogin.objects.get(account=editor, browser="Safari, iPhone")
    answer = at_computer.post(LOGINS, {"which": other.pk}, follow=True)
    assert "Inloggningen är avslutad." in answer.content.decode()
    assert not _is_inside(at_phone)
    assert _is_inside(at_computer)


def test_owner_ends_all_logins_but_this(at_computer, at_phone, editor):
    third = _logged_in(editor)
    answer = at_computer.post(LOGINS, {}, follow=True)
    assert "2 inloggningar är avslutade." in answer.content.decode()
    assert [_is_inside(each) for each in (at_computer, at_phone, third)] == [True, False, False]


def test_nobody_ends_the_login_of_another(at_computer, at_phone, chief_editor, subtests):
    chief = _logged_in(chief_editor)
    for which in ["others", "x", "0", "9" * 30, "-1"]:
        with subtests.test(which=which):
            if which == "others":
                which = CmsLogin.objects.get(account=chief_editor).pk
            assert at_computer.post(LOGINS, {"which": which}).status_code == 302
            assert all(_is_inside(each) for each in (at_computer, at_phone, chief))


def test_page_is_for_those_who_have_logged_in(client):
    assert client.get(LOGINS)["Location"].startswith(LOGIN)


def test_rows_tell_whose_a_session_is_without_its_key(at_computer, editor, settings):
    login = CmsLogin.objects.get()
    key = at_computer.cookies[settings.SESSION_COOKIE_NAME].value
    assert login.account == editor
    assert login.session_id != key
    assert login.began == login.seen


def test_row_is_gone_with_its_session(at_computer, at_phone):
    at_phone.post("/admin/logout/")
    assert CmsLogin.objects.get().browser == "Firefox, Windows"


def test_session_that_has_ended_by_itself_is_not_shown(at_computer, at_phone, editor):
    phone = CmsLogin.objects.get(browser="Safari, iPhone")
    Session.objects.filter(pk=phone.session_id).update(expire_date="2026-01-01T00:00Z")
    assert len(_rows(at_computer)) == 1
    assert logins_of(editor).count() == 1


def test_login_that_is_ended_while_its_page_is_made_is_no_fault_of_the_server(
    at_computer, monkeypatch
):
    def is_gone(**_columns):
        raise IntegrityError

    monkeypatch.setattr(CmsLogin.objects, "update_or_create", is_gone)
    assert at_computer.get(LOGINS).status_code == 400


# What ends all of them


def _changed_password(editor, at_computer):
    form = {
        "name_email-first_name": "Eva", "name_email-last_name": "Ek", "theme-theme": "system",
        "theme-contrast": "system", "theme-density": "default", "theme-keyboard_shortcuts": "on",
        "password-old_password": PASSWORD, "password-new_password1": "grodan hoppar över ån",
        "password-new_password2": "grodan hoppar över ån",
    }  # fmt: skip
    assert at_computer.post("/admin/account/", form).status_code == 302
    editor.refresh_from_db()
    assert editor.check_password("grodan hoppar över ån")


def test_new_password_ends_the_logins_elsewhere_and_not_the_own(at_computer, at_phone, editor):
    _changed_password(editor, at_computer)
    assert _is_inside(at_computer)
    assert not _is_inside(at_phone)
    assert CmsLogin.objects.get().browser == "Firefox, Windows"


def test_password_that_another_sets_ends_all(at_computer, at_phone, editor):
    editor.set_password("grodan hoppar över ån")
    editor.save()
    assert not CmsLogin.objects.exists()
    assert not Session.objects.exists()
    assert not _is_inside(at_computer)


@pytest.mark.parametrize("why", ["left", "hijacked"])
def test_account_that_is_closed_and_opened_again_is_logged_in_nowhere(at_computer, editor, why):
    if why == "left":
        close_as_left(editor)
    editor.is_active = False
    editor.save()
    editor.is_active = True
    editor.save()
    assert not _is_inside(at_computer)


def test_role_that_is_taken_away_ends_all(at_computer, editor):
    editor.groups.add(Group.objects.get(name=CHIEF_EDITORS))
    assert _is_inside(at_computer)
    editor.groups.remove(Group.objects.get(name=CHIEF_EDITORS))
    assert not _is_inside(at_computer)


def test_role_that_is_taken_from_one_ends_nobody_elses_login(at_computer, editor, admin):
    inside = _logged_in(admin)
    editor.groups.clear()
    assert _is_inside(inside)
    assert not _is_inside(at_computer)


def test_nobody_uploads_a_picture_of_oneself(client, editor):
    """It would be opened by the worker, and no scanner would see it."""
    client.force_login(editor)
    page = client.get("/admin/account/").content.decode()
    assert "Profilbild" not in page
    picture = SimpleUploadedFile("jag.png", b"\x89PNG\r\n\x1a\n", "image/png")
    client.post("/admin/account/", {"avatar-avatar": picture})
    assert not UserProfile.get_for_user(editor).avatar
