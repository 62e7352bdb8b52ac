"""Who comes in to the desk, how long they stay, and what every answer carries."""

import logging
import re
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pages.models import AccountEvent
from sapo_site.groups import CHIEF_EDITORS, EDITORS, HANDLERS
from tips.desk import sessions, views
from tips.handling import handlers
from tips.login import brake
from tips.login.brake import NETWORK_WINDOW, PER_NAME_AND_NETWORK, PER_NETWORK, WINDOW, Brake
from tips.models import DeskAttempt, DeskSession
from tips.opener.page import frame_sum

from .conftest import PASSWORD, desk_login, post_form

pytestmark = [pytest.mark.tips, pytest.mark.django_db(databases=["default", "tips"])]

LOGIN = "/tipsmottagning/logga-in/"
LOGOUT = "/tipsmottagning/logga-ut/"
DESK = "/tipsmottagning/"
QUEUE = "/tipsmottagning/api/ko/"
WRONG = "Användarnamnet eller lösenordet stämmer inte."
TOO_MANY = "För många försök. Vänta en kvart och försök igen."


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


def _try(client, username, password=PASSWORD, **others):
    return post_form(client, LOGIN, username=username, password=password, **others)


# Coming in


def test_handler_logs_in_on_the_desks_own_page(client, handler):
    page = client.get(LOGIN).content.decode()
    assert "Logga in i tipsmottagningen" in page
    assert "Inloggning i redaktionen räknas inte här." in page

    response = _try(client, "tipsmottagare")

    assert response.status_code == 302
    assert response["Location"] == DESK
    assert client.get(DESK).status_code == 200


def test_one_who_has_not_logged_in_is_led_to_the_login_and_on_from_there(client, handler):
    response = client.get("/tipsmottagning/gallring/")
    assert response["Location"] == f"{LOGIN}?nasta=/tipsmottagning/gallring/"

    form = client.get(response["Location"]).content.decode()
    assert 'name="nasta" value="/tipsmottagning/gallring/"' in form
    assert _try(client, "tipsmottagare", nasta="/tipsmottagning/gallring/")["Location"] == (
        "/tipsmottagning/gallring/"
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/", "//evil.example/", "/admin/", "/tipsmottagning/../admin/",
        "/tipsmottagning/tips/x/", "javascript:alert(1)", "/tipsmottagning/logga-ut/", "\\\\evil",
        "/tipsmottagning/tips/00000000-0000-0000-0000-000000000000/\r\nX: y",
    ],
)  # fmt: skip
def test_login_leads_nowhere_but_within_the_desk(client, handler, address):
    assert _try(client, "tipsmottagare", nasta=address)["Location"] == DESK


def test_login_in_the_cms_is_not_enough(client, handler):
    client.force_login(handler)

    assert client.get(DESK)["Location"] == LOGIN
    assert client.get(QUEUE).status_code == 401


def test_login_at_the_desk_gives_no_cms(client, handler):
    desk_login(client, "tipsmottagare")

    assert client.get("/admin/").status_code == 302
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_cookie_of_one_does_not_work_as_the_others(client, handler, chief_editor):
    desk_login(client, "tipsmottagare")
    at_cms = Client()
    at_cms.cookies[settings.SESSION_COOKIE_NAME] = client.cookies["tipsmottagning"].value
    assert at_cms.get("/admin/").status_code == 302

    at_cms.force_login(chief_editor)
    at_desk = Client()
    at_desk.cookies["tipsmottagning"] = at_cms.cookies[settings.SESSION_COOKIE_NAME].value
    assert at_desk.get(DESK)["Location"] == LOGIN


def test_cookie_is_for_the_desk_alone(client, handler):
    _try(client, "tipsmottagare")

    cookie = client.cookies["tipsmottagning"]
    assert cookie["path"] == "/tipsmottagning/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert not cookie["max-age"]
    assert not cookie["expires"]


def test_cookie_goes_over_https_alone_where_the_site_does(client, handler, settings):
    settings.SESSION_COOKIE_SECURE = True

    response = _try(client, "tipsmottagare")

    assert response.cookies["__Secure-tipsmottagning"]["secure"]


def test_each_login_begins_a_new_session_and_ends_the_former(client, handler):
    _try(client, "tipsmottagare")
    first = client.cookies["tipsmottagning"].value
    _try(client, "tipsmottagare")

    assert client.cookies["tipsmottagning"].value != first
    stolen = Client()
    stolen.cookies["tipsmottagning"] = first
    assert stolen.get(DESK)["Location"] == LOGIN


def test_session_that_somebody_else_has_chosen_is_not_taken(client, handler):
    client.cookies["tipsmottagning"] = "a" * 32
    _try(client, "tipsmottagare")

    assert client.cookies["tipsmottagning"].value != "a" * 32


@pytest.mark.parametrize("group", [EDITORS, CHIEF_EDITORS, None])
def test_right_password_of_one_who_is_no_handler_is_as_a_wrong_one(client, roles, group):
    """The desk never has the password of one who edits the website, not even to compare it."""
    user = get_user_model().objects.create_user(
        "annan", password=PASSWORD, is_superuser=group is None, is_staff=True
    )
    if group:
        user.groups.add(Group.objects.get(name=group))

    response = _try(client, "annan")

    assert response.status_code == 400
    assert WRONG in response.content.decode()
    assert "tipsmottagning" not in client.cookies


@pytest.mark.parametrize("part", ["a group", "a right", "superuser"])
def test_handler_who_also_edits_the_website_does_not_come_in(client, handler, part):
    if part == "a group":
        handler.groups.add(Group.objects.get(name=EDITORS))
    elif part == "a right":
        handler.user_permissions.add(Permission.objects.get(codename="access_admin"))
    else:
        get_user_model().objects.filter(pk=handler.pk).update(is_superuser=True)

    assert _try(client, "tipsmottagare").status_code == 400
    assert not handlers.is_handler("tipsmottagare")


def test_inactive_account_is_as_a_wrong_password(client, handler):
    handler.is_active = False
    handler.save()

    response = _try(client, "tipsmottagare")

    assert response.status_code == 400
    assert WRONG in response.content.decode()


def test_unknown_name_and_wrong_password_are_answered_alike(client, handler):
    def answer(*tried):
        text = _try(client, *tried).content.decode()
        return re.sub(r'value="[^"]*"', "", text)

    assert answer("tipsmottagare", "fel") == answer("finns-inte", "fel")
    assert WRONG in answer("finns-inte", "fel")


def test_empty_form_says_what_to_write(client):
    response = post_form(client, LOGIN)

    assert response.status_code == 400
    page = response.content.decode()
    assert "Skriv ditt användarnamn." in page
    assert "Skriv ditt lösenord." in page


def test_typed_password_is_never_sent_back(client, handler):
    page = _try(client, "tipsmottagare", "fel-losenord-123").content.decode()
    assert "fel-losenord-123" not in page


def test_login_changes_nothing_in_the_account(client, handler):
    before = get_user_model().objects.values().get(pk=handler.pk)
    _try(client, "tipsmottagare")

    assert get_user_model().objects.values().get(pk=handler.pk) == before


def test_old_password_hash_is_not_rewritten_by_the_desk(client, handler, settings):
    """The desk's database user may read accounts only: to rewrite one would end in a 500."""
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    assert _try(client, "tipsmottagare").status_code == 302
    handler.refresh_from_db()
    assert handler.password.startswith("md5$")


# The brake

HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"


def test_five_wrong_passwords_brake_the_name(client, handler):
    for _attempt in range(PER_NAME_AND_NETWORK):
        assert WRONG in _try(client, "tipsmottagare", "fel").content.decode()

    response = _try(client, "tipsmottagare", PASSWORD)

    assert response.status_code == 429
    assert TOO_MANY in response.content.decode()
    assert "tipsmottagning" not in client.cookies


def test_one_who_guesses_from_elsewhere_locks_nobody_out(handler):
    guesser, person = Client(REMOTE_ADDR=ELSEWHERE), Client(REMOTE_ADDR=HERE)
    for _attempt in range(PER_NAME_AND_NETWORK + 1):
        answer = _try(guesser, "tipsmottagare", "fel")

    assert answer.status_code == 429
    assert _try(person, "tipsmottagare").status_code == 302
    assert _try(guesser, "tipsmottagare").status_code == 429


def test_name_that_does_not_exist_is_braked_alike(client, handler):
    for _attempt in range(PER_NAME_AND_NETWORK):
        _try(client, "finns-inte", "fel")

    response = _try(client, "finns-inte", "fel")

    assert response.status_code == 429
    assert TOO_MANY in response.content.decode()


def test_many_names_brake_their_network_and_the_answer_does_not_tell_which(client, handler):
    for number in range(PER_NETWORK):
        _try(client, f"gissad-{number}", "fel")

    response = _try(client, "tipsmottagare")

    assert response.status_code == 429
    assert TOO_MANY in response.content.decode()
    assert _try(Client(REMOTE_ADDR=HERE), "tipsmottagare").status_code == 302


@pytest.fixture
def now():
    """Time that the test moves, of a brake of its own."""
    return [timezone.now()]


@pytest.fixture
def braked(now):
    return Brake(DeskAttempt, clock=lambda: now[0])


def test_brake_lets_go_after_a_while_and_does_not_grow_by_trying(now, braked):
    for _attempt in range(PER_NAME_AND_NETWORK):
        assert braked.lets_through("Anna", HERE)
    for _minute in range(14):
        now[0] += timedelta(minutes=1)
        assert not braked.lets_through("anna ", HERE)
    now[0] += timedelta(minutes=1)

    assert braked.lets_through("ANNA", HERE)


def test_right_password_is_not_held_against_anybody(braked):
    for _attempt in range(PER_NETWORK * 2):
        assert braked.lets_through("anna", HERE)
        braked.was_right("anna", HERE)


def test_right_password_forgets_no_guesses_from_elsewhere(braked):
    for _attempt in range(PER_NAME_AND_NETWORK):
        assert braked.lets_through("anna", ELSEWHERE)
    assert braked.lets_through("anna", HERE)
    braked.was_right("anna", HERE)

    assert not braked.lets_through("anna", ELSEWHERE)


def test_name_that_is_guessed_from_many_networks_is_braked_everywhere(braked, monkeypatch):
    monkeypatch.setattr(brake, "PER_NAME", 10)
    for number in range(10):
        assert braked.lets_through("anna", f"192.0.2.{number}")

    assert not braked.lets_through("anna", HERE)
    assert braked.lets_through("bo", HERE)


def test_a_home_is_one_network_whatever_address_it_takes(braked):
    for number in range(PER_NAME_AND_NETWORK):
        assert braked.lets_through("anna", f"2001:db8:0:1{number}::{number}")

    assert not braked.lets_through("anna", "2001:db8:0:1f::9")
    assert braked.lets_through("anna", "2001:db8:0:100::1")


def test_brake_keeps_no_name_and_no_address_and_forgets(now, braked):
    braked.lets_through("anna", HERE)
    kept = repr(DeskAttempt.objects.values())
    assert "anna" not in kept
    assert HERE not in kept
    now[0] += WINDOW
    braked.lets_through("bo", HERE)

    assert DeskAttempt.objects.count() == 1
    assert NETWORK_WINDOW < WINDOW


def test_journal_names_who_comes_in_and_who_is_refused_and_never_from_where(
    client, handler, caplog
):
    caplog.set_level(logging.INFO, "tips.login.journal")
    _try(client, "tipsmottagare", "fel")
    _try(client, "hemligt-losenord-i-fel-falt", "fel")
    _try(client, "tipsmottagare")

    assert [record.getMessage() for record in caplog.records if "desk" in record.getMessage()] == [
        "desk: refused tipsmottagare",
        "desk: refused a name that nobody has",
        "desk: tipsmottagare logged in",
    ]


# How long


@pytest.fixture
def clock(monkeypatch):
    """Time that the test moves."""
    start = time.time()
    moved = [0.0]
    monkeypatch.setattr(sessions.time, "time", lambda: start + moved[0])
    return lambda minutes: moved.__setitem__(0, minutes * 60)


def test_a_quarter_without_doing_anything_logs_out(at_desk, clock):
    clock(14.9)
    assert at_desk.get(DESK).status_code == 200
    clock(14.9 + 14.9)
    assert at_desk.get(DESK).status_code == 200
    clock(14.9 + 14.9 + 15.1)
    assert at_desk.get(DESK)["Location"] == LOGIN


@pytest.mark.parametrize("address", [QUEUE, f"{QUEUE}nytt/?sedan=0"])
def test_page_that_asks_by_itself_keeps_nobody_logged_in(at_desk, clock, address):
    for minute in range(1, 15):
        clock(minute)
        assert at_desk.get(address).status_code == 200
    clock(15)

    response = at_desk.get(address)

    assert response.status_code == 401
    assert response.json() == {"error": "Du har loggats ut. Logga in igen."}


def test_person_who_asks_for_the_queue_stays_logged_in(at_desk, clock):
    clock(14)
    at_desk.get(QUEUE, headers={"x-desk-active": "1"})
    clock(28)

    assert at_desk.get(QUEUE).status_code == 200


def test_queue_says_how_long_is_left(at_desk, clock):
    clock(10)
    assert at_desk.get(QUEUE).json()["session"]["seconds_left"] in range(295, 301)


def test_nobody_is_logged_in_for_more_than_twelve_hours(at_desk, clock):
    for quarter in range(1, 72):
        clock(quarter * 10)
        assert at_desk.get(DESK).status_code == 200
    clock(720)
    assert at_desk.get(DESK)["Location"] == LOGIN


def test_session_lies_with_the_tips_under_a_hash_of_its_key(at_desk):
    (session,) = DeskSession.objects.all()
    key = at_desk.cookies["tipsmottagning"].value
    assert key not in (session.session_key, session.session_data)
    lasts = session.expire_date - timedelta(minutes=15)
    assert abs(lasts.timestamp() - time.time()) < 30
    assert not Session.objects.exists()

    # Whoever reads the table comes no further with what it says.
    thief = Client()
    thief.cookies["tipsmottagning"] = session.session_key
    assert thief.get(DESK)["Location"] == LOGIN


def test_next_login_clears_away_sessions_that_have_ended(at_desk, colleagues_desk):
    DeskSession.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    _try(Client(), "kollega")

    assert DeskSession.objects.count() == 1


@pytest.mark.parametrize("right", [None, "is_superuser", "is_staff"])
def test_removed_from_the_group_ends_access_at_once(at_desk, handler, right):
    handler.groups.clear()
    if right:
        setattr(handler, right, True)
        handler.save()

    page, asked = at_desk.get(DESK), at_desk.get(QUEUE)

    assert page["Location"] == LOGIN
    assert asked.status_code == 401


def test_closed_account_ends_access_at_once(at_desk, handler):
    handler.is_active = False
    handler.save()

    assert at_desk.get(DESK)["Location"] == LOGIN
    assert at_desk.get(QUEUE).status_code == 401


def test_removed_account_ends_access_at_once(at_desk, handler):
    # By no way of ours: accounts are closed, and never deleted.
    handler.groups.clear()
    table = AccountEvent._meta.db_table
    with connection.cursor() as cursor:
        on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {table}_DELETE{on_table}")
    AccountEvent.objects.all()._raw_delete("default")
    get_user_model().objects.filter(pk=handler.pk)._raw_delete("default")

    assert at_desk.get(QUEUE).status_code == 401


def test_new_password_ends_every_session(at_desk, handler):
    handler.set_password("ett-nytt-losenord")
    handler.save()

    assert at_desk.get(QUEUE).status_code == 401


# Going out


def test_logging_out_ends_the_session_and_lets_the_browser_forget(at_desk):
    stolen = Client()
    stolen.cookies["tipsmottagning"] = at_desk.cookies["tipsmottagning"].value

    response = post_form(at_desk, LOGOUT)

    assert response["Location"] == f"{LOGIN}?utloggad=1"
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert response.cookies["tipsmottagning"]["max-age"] == 0
    assert response.cookies["tipsmottagning"]["path"] == "/tipsmottagning/"
    assert stolen.get(DESK)["Location"] == LOGIN
    assert "Du är utloggad." in at_desk.get(response["Location"]).content.decode()


def test_link_cannot_log_anybody_out(at_desk):
    assert at_desk.get(LOGOUT).status_code == 405
    assert at_desk.get(DESK).status_code == 200


def test_logging_out_at_the_desk_leaves_the_cms_alone(client, chief_editor, handler):
    client.force_login(chief_editor)
    desk_login(client, "tipsmottagare")
    post_form(client, LOGOUT)

    assert client.get("/admin/").status_code == 200


# Forms from elsewhere


@pytest.fixture
def strict(handler):
    return Client(enforce_csrf_checks=True)


def test_login_form_from_elsewhere_is_refused(strict):
    response = _try(strict, "tipsmottagare")

    assert response.status_code == 403
    assert "Sidan har varit öppen för länge." in response.content.decode()
    assert "tipsmottagning" not in strict.cookies


def test_login_with_its_token_is_taken(strict):
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', strict.get(LOGIN).content.decode())[1]

    assert _try(strict, "tipsmottagare", csrfmiddlewaretoken=token).status_code == 302


@pytest.mark.parametrize(
    "address",
    ["api/omslag/", "api/tips/{}/oppna/", "api/tips/{}/steg/", "api/tips/{}/anteckningar/"],
)
def test_script_from_elsewhere_is_refused(strict, address, caplog):
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', strict.get(LOGIN).content.decode())[1]
    _try(strict, "tipsmottagare", csrfmiddlewaretoken=token)
    tip = "00000000-0000-4000-8000-000000000000"
    path = DESK + address.format(tip)

    response = strict.post(path, "{}", content_type="application/json")
    assert response.status_code == 403
    assert response.json() == {
        "error": "Sidan har varit öppen för länge. Ladda om den och försök igen."
    }
    # With the token it is taken in, and refused for what it says.
    token = strict.cookies[settings.CSRF_COOKIE_NAME].value
    answer = strict.post(
        path, "{}", content_type="application/json", headers={"x-csrftoken": token}
    )
    assert answer.status_code in (400, 404)
    assert tip not in caplog.text


def test_shell_gives_the_script_its_token(strict):
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', strict.get(LOGIN).content.decode())[1]
    _try(strict, "tipsmottagare", csrfmiddlewaretoken=token)

    assert re.search(r'data-token="\w{64}"', strict.get(DESK).content.decode())


# What every answer carries

NOBODY = "00000000-0000-4000-8000-000000000000"
ANSWERS = [
    ("GET", "", 200), ("GET", f"tips/{NOBODY}/", 200), ("GET", "logga-in/", 200),
    ("GET", "nycklar/", 200), ("GET", "gallring/", 200), ("GET", "register/", 200),
    ("GET", "register/register.csv", 200), ("GET", "handelser/", 200), ("GET", "texter/", 200), ("GET", "api/ko/", 200),
    ("GET", "api/ko/nytt/?sedan=0", 200), ("GET", "api/ko/nytt/", 400),
    ("GET", "api/omslag/", 200), ("POST", "logga-ut/", 302),
    # Errors too.
    ("POST", "logga-in/", 400), ("GET", "logga-ut/", 405), ("PUT", "", 405),
    ("DELETE", "api/ko/", 405), ("OPTIONS", "api/ko/", 405), ("GET", "finns-inte/", 404),
    ("GET", "api/finns-inte/", 404), ("GET", f"tips/{NOBODY}/forseglat.zip", 404),
    ("GET", f"api/tips/{NOBODY}/filer/{NOBODY}/", 404), ("POST", f"api/tips/{NOBODY}/steg/", 400),
    ("POST", f"api/tips/{NOBODY}/oppna/", 404), ("GET", "register/?fran=igar", 400),
    ("GET", "register/register.csv?fran=igar", 400), ("POST", "gallring/", 400),
    ("POST", "texter/", 400),
]  # fmt: skip
POLICY = {
    "default-src 'none'", f"script-src 'self' '{frame_sum()}'", "style-src 'self'",
    "img-src 'self'", "frame-src blob:", "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
    "require-trusted-types-for 'script'", "trusted-types 'none'",
}  # fmt: skip


def _ask(client, method, path):
    kind = "application/json" if "api/" in path else "application/x-www-form-urlencoded"
    return client.generic(method, DESK + path, "{}" if "api/" in path else "", content_type=kind)


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_answer_carries_the_desks_headers(at_desk, method, path, status):
    response = _ask(at_desk, method, path)

    assert response.status_code == status
    _check_headers(response)


def _check_headers(response):
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert "Cookie" in response["Vary"]
    assert "ETag" not in response
    assert "Last-Modified" not in response


@pytest.mark.parametrize("path", ["", "api/ko/", "nycklar/", "gallring/", "handelser/"])
def test_answer_to_one_who_may_not_come_in_carries_them_too(client, path):
    _check_headers(client.get(DESK + path))


@pytest.mark.parametrize("path", ["", "handelser/", "api/ko/"])
def test_fault_is_answered_with_the_headers_and_logged_without_its_text(
    at_desk, path, monkeypatch, caplog
):
    def fails(*args, **kwargs):
        raise RuntimeError("hemlig text om 7F3K-9Q2M")

    for name in ("frame",):
        monkeypatch.setattr(views, name, fails)
    monkeypatch.setattr("tips.handling.steps.take_in_new", fails)
    caplog.set_level(logging.DEBUG)

    response = at_desk.get(DESK + path)

    assert response.status_code == 500
    assert "Något gick fel hos oss. Försök igen om en stund." in _text(response)
    _check_headers(response)
    assert "hemlig" not in caplog.text
    assert "RuntimeError in fails of test_desk_login.py, line" in caplog.text


@pytest.mark.parametrize("path", ["", "handelser/", "api/ko/"])
def test_without_its_database_the_desk_says_to_try_again(at_desk, path, monkeypatch):
    def lose_the_database(*_words, **_more):
        raise OperationalError("connection refused")

    monkeypatch.setattr(views, "frame", lose_the_database)
    monkeypatch.setattr("tips.handling.steps.take_in_new", lose_the_database)
    response = at_desk.get(DESK + path)
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "Försök igen om en stund." in _text(response)
    _check_headers(response)


def _text(response):
    is_json = response["Content-Type"] == "application/json"
    return response.json()["error"] if is_json else response.content.decode()


def test_no_log_line_names_a_tip(at_desk, caplog):
    caplog.set_level(logging.DEBUG)
    for method, path, _status in ANSWERS:
        _ask(at_desk, method, path)

    ours = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert not [record for record in ours if NOBODY in record.getMessage()]


def test_nothing_of_the_desk_is_cached(at_desk, monkeypatch):
    def never(*args, **kwargs):
        raise AssertionError("the desk wrote to the cache")

    monkeypatch.setattr(type(cache._connections["default"]), "set", never)
    for path in ("", "nycklar/", "gallring/", "register/", "handelser/", "texter/", "api/ko/"):
        assert at_desk.get(DESK + path).status_code == 200


def test_form_that_would_lay_a_file_on_the_disk_is_refused(client, handler):
    response = client.post(LOGIN, {"username": "x"}, content_type="multipart/form-data; boundary=a")

    assert response.status_code == 400
    assert "Det som skickades går inte att läsa." in response.content.decode()


@pytest.mark.parametrize("address", ["/tipsmottagning", "/tipsmottagning/gallring"])
def test_address_without_its_slash_leads_on(client, address):
    assert client.get(address)["Location"] == f"{address}/"


def test_handlers_group_is_the_one_that_the_roles_make():
    assert HANDLERS == handlers.TIPS_GROUP == "Tipsmottagare"
    assert timedelta(minutes=15) == sessions.IDLE_AT_MOST
    assert reverse("desk:queue") == DESK
