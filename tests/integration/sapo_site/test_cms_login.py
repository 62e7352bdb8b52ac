"""Who comes in to the CMS, what guessing gives, and how long a login lasts."""

import logging
import math
import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from sapo_site.accounts.brake import PER_DEVICE, PER_NAME, PER_NAME_AND_NETWORK
from sapo_site.accounts.cms_sessions import SessionStore
from sapo_site.accounts.second_factor import stages
from tests.handlers import desk_login
from tests.integration.tips.commands import said

LOGIN, LOGOUT, CMS = "/admin/login/", "/admin/logout/", "/admin/"
PASSWORD = "hemligt-nog-for-prov"
WRONG = "Fel användarnamn eller lösenord. Försök igen."
TOO_MANY = "För många försök. Vänta en kvart och försök igen."
HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"


def _try(client, username, password=PASSWORD):
    return client.post(LOGIN, {"username": username, "password": password})


def _key(client, settings):
    return client.cookies[settings.SESSION_COOKIE_NAME].value


# Guessing


def test_guesses_are_braked_and_the_right_person_elsewhere_comes_in(editor):
    guesser, person = Client(REMOTE_ADDR=ELSEWHERE), Client(REMOTE_ADDR=HERE)
    for _attempt in range(PER_NAME_AND_NETWORK):
        assert WRONG in _try(guesser, "redaktor", "fel").content.decode()

    for password in ("fel", PASSWORD):
        answer = _try(guesser, "redaktor", password)
        assert answer.status_code == 429
        assert TOO_MANY in answer.content.decode()
    assert _try(person, "redaktor")["Location"] == CMS
    assert person.get(CMS).status_code == 200


def test_nobody_elsewhere_keeps_a_browser_out_that_has_logged_in_before(client, editor):
    _try(client, "redaktor")
    client.post(LOGOUT)
    for number in range(PER_NAME + 1):
        answer = _try(Client(REMOTE_ADDR=f"198.51.100.{number}"), "redaktor", "fel")
    assert answer.status_code == 429
    assert _try(Client(REMOTE_ADDR=HERE), "redaktor").status_code == 429
    assert _try(client, "redaktor")["Location"] == CMS


def test_browser_that_has_logged_in_before_has_ten_guesses(client, editor):
    _try(client, "redaktor")
    client.post(LOGOUT)
    for _attempt in range(PER_DEVICE):
        assert WRONG in _try(client, "redaktor", "fel").content.decode()
    assert _try(client, "redaktor").status_code == 429
    assert _try(Client(), "redaktor")["Location"] == CMS


def test_browser_becomes_no_device_by_wrong_passwords(client, editor):
    _try(client, "redaktor", "fel")
    assert "device-cms" not in client.cookies
    _try(client, "redaktor")
    assert "device-cms" in client.cookies


@pytest.mark.django_db(databases=["default", "tips"])
def test_guesses_at_one_door_are_not_held_against_anybody_at_the_other(client, handler):
    for _attempt in range(PER_NAME_AND_NETWORK + 1):
        _try(client, "tipsmottagare", "fel")
    desk_login(client, "tipsmottagare")


def test_right_password_of_one_who_may_not_edit_is_answered_as_a_wrong_one(
    client, no_editor, editor
):
    """The CMS would else tell whoever guesses when the password is right."""

    def answer(*tried):
        response = _try(client, *tried)
        assert not Session.objects.exists()
        page = re.sub(r'value="[^"]*"|\w{64}', "", response.content.decode())  # name and token
        return response.status_code, page

    assert answer("utan-roll") == answer("redaktor", "fel") == answer("finns-inte")
    assert WRONG in answer("utan-roll")[1]


def test_journal_names_who_comes_in_and_who_is_refused_and_never_from_where(
    client, no_editor, editor, caplog
):
    caplog.set_level(logging.INFO, "tips.journal")
    _try(client, "redaktor", "fel")
    _try(client, "utan-roll")
    _try(client, "hemligt-losenord-i-fel-falt", "fel")
    for _attempt in range(PER_NAME_AND_NETWORK - 1):
        _try(client, "redaktor", "fel")
    _try(client, "redaktor")
    _try(Client(REMOTE_ADDR=HERE), "redaktor")

    said = [each.getMessage() for each in caplog.records if each.name == "tips.journal"]
    assert said[:3] == [
        "CMS: redaktor refused",
        "CMS: utan-roll refused",
        "CMS: nobody by name refused",
    ]
    assert said[-2:] == ["CMS: redaktor refused why='brake'", "CMS: redaktor logged-in"]
    assert HERE not in "".join(said)


# How long


@pytest.fixture
def at_cms(client, editor, settings):
    _try(client, "redaktor")
    return client


@pytest.fixture
def passing(at_cms, settings):
    """Lets so many minutes pass, as far as the session is concerned."""

    def passing(minutes):
        row = Session.objects.get()
        until = row.expire_date - timedelta(minutes=minutes)
        session = SessionStore(_key(at_cms, settings))
        for name in {"began", "seen"} & set(session.keys()):
            session[name] -= minutes * 60
        session.save()
        Session.objects.update(expire_date=until)

    return passing


def test_half_an_hour_without_doing_anything_logs_out(at_cms, passing):
    passing(29)
    assert at_cms.get(CMS).status_code == 200
    passing(29)
    assert at_cms.get(CMS).status_code == 200
    passing(31)
    assert at_cms.get(CMS)["Location"].startswith(LOGIN)


def test_open_page_that_tells_by_itself_that_it_is_open_keeps_nobody_logged_in(
    at_cms, passing, section
):
    ping = reverse(
        "wagtailadmin_editing_sessions:ping", args=["content", "sectionpage", section.pk, 1]
    )
    for _quarter in range(2):
        passing(14)
        assert at_cms.post(ping).status_code == 200
    passing(3)
    assert at_cms.post(ping)["Location"].startswith(LOGIN)


def test_editor_who_only_writes_stays_logged_in(at_cms, passing):
    """What is typed is saved by itself, and nothing else tells that somebody is there."""
    address = "/admin/snippets/search/synonym/add/"
    for _quarter in range(4):
        passing(15)
        at_cms.post(address, {"names": "en"}, headers={"accept": "application/json"})
    assert at_cms.get(CMS).status_code == 200


def test_nobody_is_logged_in_for_more_than_twelve_hours(at_cms, passing):
    for minutes in (*[25] * 28, 19):
        passing(minutes)
        assert at_cms.get(CMS).status_code == 200
    passing(2)
    assert at_cms.get(CMS)["Location"].startswith(LOGIN)


def test_login_lasts_no_longer_than_the_browser_is_open(client, editor, settings):
    response = client.post(LOGIN, {"username": "redaktor", "password": PASSWORD, "remember": "on"})
    assert not response.cookies[settings.SESSION_COOKIE_NAME]["max-age"]
    assert not SessionStore(_key(client, settings)).get("_session_expiry")
    assert "Kom ihåg mig" not in Client().get(LOGIN).content.decode()


# Sessions


def test_whoever_reads_the_table_of_sessions_comes_in_with_none_of_them(at_cms, settings):
    (row,) = Session.objects.all()
    assert _key(at_cms, settings) not in (row.session_key, row.session_data)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = row.session_key
    assert thief.get(CMS)["Location"].startswith(LOGIN)


def test_logging_out_ends_the_session(at_cms, settings):
    kept = Client()
    kept.cookies[settings.SESSION_COOKIE_NAME] = _key(at_cms, settings)
    answer = at_cms.post(LOGOUT)
    assert answer["Location"] == LOGIN
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert kept.get(CMS)["Location"].startswith(LOGIN)
    assert not Session.objects.exists()
    assert "Du är utloggad." in at_cms.get(LOGIN).content.decode()


def test_link_to_the_log_out_asks_and_takes_neither_cookie_nor_session(at_cms, settings, subtests):
    key = _key(at_cms, settings)
    for method in ["get", "head", "put", "options"]:
        with subtests.test(method=method):
            answer = getattr(at_cms, method)(LOGOUT)
            assert _key(at_cms, settings) == key
            assert at_cms.get(CMS).status_code == 200
            if method == "get":
                assert "Logga ut?" in answer.content.decode()


def test_whoever_is_logged_out_is_not_asked_whether_to_log_out(client, db):
    assert client.get(LOGOUT)["Location"] == LOGIN


def test_session_that_somebody_else_has_chosen_is_not_taken(client, editor, settings):
    planted = SessionStore()
    planted["x"] = 1
    planted.create()
    for chosen in (planted.session_key, "a" * 32):
        client.cookies[settings.SESSION_COOKIE_NAME] = chosen
        _try(client, "redaktor")
        assert _key(client, settings) != chosen
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = chosen
        assert thief.get(CMS)["Location"].startswith(LOGIN)


def test_key_of_a_session_is_drawn_and_long_enough(client, editor, settings):
    keys = set()
    for _login in range(20):
        client.cookies.clear()
        _try(client, "redaktor")
        keys.add(_key(client, settings))
    assert len(keys) == 20
    signs = len(set("".join(keys)))
    assert signs > 30  # of 36
    assert all(len(key) * math.log2(signs) > 128 for key in keys)


def test_closed_account_ends_every_session_at_once(at_cms, editor):
    assert at_cms.get(CMS).status_code == 200
    get_user_model().objects.filter(pk=editor.pk).update(is_active=False)
    assert at_cms.get(CMS)["Location"].startswith(LOGIN)
    assert WRONG in _try(Client(), "redaktor").content.decode()


# Passwords


def test_password_is_compared_as_it_was_written(client, editor, subtests):
    for password in [" grod bro ull kö ån ", "Grod-Bro-Ull-Kö-ån"]:
        with subtests.test(password=password):
            editor.set_password(password)
            editor.save()
            for other in {password.strip(), password.lower(), password.upper(), password[:15]} - {
                password
            }:
                assert WRONG in _try(Client(), "redaktor", other).content.decode()
            assert _try(client, "redaktor", password)["Location"] == CMS


def test_password_does_not_age(client, editor):
    long_ago = timezone.now() - timedelta(days=10 * 365)
    get_user_model().objects.update(date_joined=long_ago, last_login=long_ago)
    assert _try(client, "redaktor")["Location"] == CMS
    assert client.get(CMS).status_code == 200


NEW = "grodan hoppar över ån"


def _change_password(client, old):
    form = {
        "name_email-first_name": "Rolf", "name_email-last_name": "Ek",
        "password-old_password": old, "password-new_password1": NEW,
        "password-new_password2": NEW, "theme-theme": "system", "theme-density": "default",
        "theme-contrast": "system", "locale-preferred_language": "sv",
        "locale-current_time_zone": "Europe/Stockholm",
    }  # fmt: skip
    return client.post("/admin/account/", form)


def _has_changed(editor):
    return get_user_model().objects.get(pk=editor.pk).check_password(NEW)


def test_own_password_is_changed_by_one_who_knows_it(at_cms, editor):
    for old in ("", "fel-losenord-har"):
        _change_password(at_cms, old)
        assert not _has_changed(editor)
    _change_password(at_cms, PASSWORD)
    assert _has_changed(editor)


def test_who_sits_at_an_open_window_does_not_guess_the_old_password(at_cms, editor):
    for _attempt in range(PER_DEVICE):
        page = _change_password(at_cms, "fel-losenord-har").content.decode()
        assert "Ditt gamla lösenord var felaktigt ifyllt." in page
    answer = _change_password(at_cms, PASSWORD)

    assert TOO_MANY in answer.content.decode()
    assert not _has_changed(editor)
    at_cms.post(LOGOUT)
    assert _try(at_cms, "redaktor").status_code == 429, (
        "they count at the login of this browser too"
    )


def test_own_account_asks_again_who_is_there(at_cms, editor):
    session = at_cms.session
    session["password_given"] = 0
    session.save()
    for answer in (at_cms.get("/admin/account/"), _change_password(at_cms, PASSWORD)):
        assert (answer.status_code, "ask_again_password" in answer.content.decode()) == (403, True)
    assert not _has_changed(editor)


@pytest.fixture
def cms_browser(client, editor):
    """Whether a browser that the editor has logged in with is known still."""
    _try(client, "redaktor")
    client.post(LOGOUT)

    def is_known():
        request = RequestFactory().get("/")
        request.COOKIES.update({name: each.value for name, each in client.cookies.items()})
        return bool(stages.cms_browsers.device(request, "redaktor"))

    assert is_known()
    return is_known


def _changes_the_password(editor):
    client = Client()
    _try(client, "redaktor")
    _change_password(client, PASSWORD)
    assert _has_changed(editor)


def _is_rescued(editor):
    said("cms_accounts", "rescue", "redaktor")


def _is_locked_and_opened(editor):
    said("cms_accounts", "lock", "redaktor")
    said("cms_accounts", "open", "redaktor")


def _left_and_came_back(editor):
    said("cms_accounts", "lock", "redaktor", "--left")
    said("cms_accounts", "open", "redaktor")


@pytest.mark.parametrize(
    "happening", [_changes_the_password, _is_rescued, _is_locked_and_opened, _left_and_came_back]
)
def test_editors_browsers_are_strange_after(cms_browser, editor, happening):
    happening(editor)
    assert not cms_browser()


def test_nobody_is_asked_a_secret_question(client, admin, editor):
    client.force_login(admin)
    fields = set()
    for address in ("/admin/users/new/", f"/admin/users/edit/{editor.pk}/"):
        fields |= set(client.get(address).context["form"].fields)
    assert not {name for name in fields if re.search("question|answer|hint|secret", name)}


def test_next_login_clears_away_sessions_that_have_ended(at_cms, passing, chief_editor):
    passing(31)
    _try(Client(), "chefredaktor")
    assert Session.objects.count() == 1


def test_new_password_ends_every_session(at_cms, editor):
    editor = get_user_model().objects.get(pk=editor.pk)
    editor.set_password("ett-nytt-losenord")
    editor.save()
    assert at_cms.get(CMS)["Location"].startswith(LOGIN)
