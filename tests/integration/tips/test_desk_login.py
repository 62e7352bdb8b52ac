"""Who comes in to the desk, how long they stay, and what every answer carries."""

import logging
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import InternalError, OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS
from tests.desk_refusals import refusal, said
from tests.handlers import PASSWORD, ask_desk, change_sessions, desk_login, is_in, make_handler
from tips.accounts import people, row_seals
from tips.desk import sessions
from tips.handling import handlers
from tips.login import brake
from tips.login.brake import NETWORK_WINDOW, PER_NAME_AND_NETWORK, PER_NETWORK, WINDOW, Brake
from tips.models import DeskAttempt, DeskSession, Handler

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

LOGIN = "/tipsmottagning/logga-in/"
DESK = "/tipsmottagning/"
QUEUE = "/tipsmottagning/api/ko/"
WRONG = refusal("Användarnamnet eller lösenordet stämmer inte.")
TOO_MANY = refusal("För många försök. Vänta en kvart och försök igen.")
NOT_FROM_HERE = refusal("Det går bara att göra från tipsmottagningens egna sidor.")
UNREADABLE = refusal("Det som skickades går inte att läsa.")
IN = {"step": "in"}


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


def _try(client, username, password=PASSWORD, **headers):
    return ask_desk(client, "logga-in/", {"username": username, "password": password}, **headers)


# Coming in


def test_handler_logs_in_with_a_name_and_a_password_of_the_desks_own(client, handler):
    response = _try(client, "tipsmottagare")
    assert (response.status_code, response.json()) == (200, IN)
    assert is_in(client)


def test_a_name_may_be_typed_in_large_letters(client, handler):
    assert _try(client, "TipsMottagare").json() == IN
    assert ask_desk(client, "ko/").json()["user"] == "tipsmottagare"


def test_login_takes_a_name_and_a_password_and_nothing_else(client, handler, subtests):
    for body in [
        {}, {"username": "a"}, {"username": "a", "password": 1},
        {"username": ["a"], "password": ""}, {"username": "a", "password": "b", "more": 1},
        {"username": "a" * 151, "password": "b"}, {"username": "a\0", "password": "b"},
        {"username": "a", "password": "b\0"}, [], "x", 1,
        {"username": "a", "password": "b" * 1001}, {"username": "a", "password": "\ud800"},
    ]:  # fmt: skip
        with subtests.test(body=body):
            response = ask_desk(client, "logga-in/", body)
            assert (response.status_code, response.json()) == (400, UNREADABLE)
            assert not client.cookies


def test_cookie_is_for_the_desk_alone(client, handler):
    _try(client, "tipsmottagare")
    cookie = client.cookies["desk"]
    assert cookie["path"] == "/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert not cookie["max-age"]
    assert not cookie["expires"]
    assert not cookie["domain"]


def test_cookie_goes_over_https_and_to_this_host_alone_where_the_site_does(
    client, handler, settings
):
    settings.SESSION_COOKIE_SECURE = True
    response = _try(client, "tipsmottagare")
    cookie = response.cookies["__Host-desk"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_each_login_begins_a_new_session_and_ends_the_former(client, handler):
    _try(client, "tipsmottagare")
    first = client.cookies["desk"].value
    _try(client, "tipsmottagare")
    assert client.cookies["desk"].value != first
    stolen = Client()
    stolen.cookies["desk"] = first
    assert not is_in(stolen)


def test_session_that_somebody_else_has_chosen_is_not_taken(client, handler):
    client.cookies["desk"] = "a" * 43
    _try(client, "tipsmottagare")
    assert client.cookies["desk"].value != "a" * 43


# Two doors that share nothing


def test_no_account_of_the_cms_opens_the_desk_whatever_it_may_do(client, roles, subtests):
    """Superuser, or a member of the group that once let handlers in."""
    for group in [EDITORS, CHIEF_EDITORS, "Tipsmottagare", None]:
        with subtests.test(group=group):
            user = get_user_model().objects.create_user(
                f"annan {group}", password=PASSWORD, is_superuser=group is None, is_staff=True
            )
            if group:
                user.groups.add(Group.objects.get_or_create(name=group)[0])

            response = _try(client, f"annan {group}")

            assert (response.status_code, response.json()) == (400, WRONG)
            assert not client.cookies


def test_whoever_owns_the_cms_gives_no_handler_another_password(client, handler, roles):
    """A row in its table of accounts with the same name, and all rights, is nothing here."""
    owned = get_user_model().objects.create_superuser("tipsmottagare", password="en-annans-val")
    owned.groups.add(Group.objects.get_or_create(name="Tipsmottagare")[0])
    at_cms = Client()
    at_cms.force_login(owned)

    assert _try(at_cms, "tipsmottagare", "en-annans-val").json() == WRONG
    assert not is_in(at_cms)
    assert ask_desk(at_cms, "ko/").status_code == 401
    assert _try(client, "tipsmottagare").json() == IN


def test_session_of_the_cms_under_the_desks_name_is_nothing(client, handler, chief_editor):
    desk_login(client, "tipsmottagare")
    at_cms = Client()
    at_cms.cookies[settings.SESSION_COOKIE_NAME] = client.cookies["desk"].value
    assert at_cms.get("/admin/").status_code == 302

    at_cms.force_login(chief_editor)
    at_desk = Client()
    key = at_cms.cookies[settings.SESSION_COOKIE_NAME].value
    for forged in (key, Session.objects.get().session_key):
        at_desk.cookies["desk"] = forged
        assert not is_in(at_desk)


def test_login_at_the_desk_gives_no_cms(client, handler, roles):
    desk_login(client, "tipsmottagare")
    assert client.get("/admin/").status_code == 302
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    assert not get_user_model().objects.filter(username="tipsmottagare").exists()


def test_the_desk_asks_the_websites_database_nothing(handler, django_assert_num_queries):
    client = Client()
    with django_assert_num_queries(0, using="default"):
        desk_login(client, "tipsmottagare")
        for path in (
            "",
            "api/gallring/",
            "api/nycklar/",
            "api/register/",
            "api/handelser/",
            "api/ko/",
        ):
            assert client.get(DESK + path).status_code == 200
        assert ask_desk(client, "konto/").status_code == 200


# Answered alike


@pytest.fixture
def hashes(monkeypatch):
    """How many passwords are hashed, which is all of an answer that takes its time."""
    counted = []
    encode = MD5PasswordHasher.encode

    def count(self, password, salt):
        counted.append(1)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", count)
    return counted


def test_unknown_wrong_locked_and_closed_are_answered_alike_in_text_status_and_time(
    client, db, hashes, django_assert_num_queries, subtests
):
    for state, password in [
        (None, "fel"), ({}, "fel"), ({"is_locked": True}, "fel"),
        ({"is_locked": True}, PASSWORD), ({"closed_on": localdate()}, "fel"),
        ({"closed_on": localdate()}, PASSWORD), ("waits", "fel"), ("waits", ""),
    ]:  # fmt: skip
        with subtests.test(state=state):
            Handler.objects.all().delete()
            DeskAttempt.objects.all().delete()
            if state == "waits":
                people.enrol("anna", "Anna", "", by="", lasts=timedelta(days=1))
            elif state is not None:
                make_handler("anna", **state)
            hashes.clear()

            with django_assert_num_queries(4, using="tips"):
                response = _try(client, "anna", password)

            assert (response.status_code, response.json()) == (400, WRONG)
            assert sum(hashes) == 1
            assert not response.cookies


def test_old_password_hash_is_made_anew_at_the_next_login(client, handler, settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    assert _try(client, "tipsmottagare").json() == IN
    handler.refresh_from_db()
    assert handler.password.startswith("pbkdf2_sha256$")
    assert is_in(client)


# The brake

HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"


def test_five_wrong_passwords_brake_the_name(client, handler):
    for _attempt in range(PER_NAME_AND_NETWORK):
        assert _try(client, "tipsmottagare", "fel").json() == WRONG
    response = _try(client, "tipsmottagare", PASSWORD)
    assert response.status_code == 429
    assert response.json() == TOO_MANY
    assert "desk" not in client.cookies


def test_one_who_guesses_from_elsewhere_locks_nobody_out(handler):
    guesser, person = Client(REMOTE_ADDR=ELSEWHERE), Client(REMOTE_ADDR=HERE)
    for _attempt in range(PER_NAME_AND_NETWORK + 1):
        answer = _try(guesser, "tipsmottagare", "fel")
    assert answer.status_code == 429
    assert _try(person, "tipsmottagare").status_code == 200
    assert _try(guesser, "tipsmottagare").status_code == 429


def test_a_browser_that_has_been_here_comes_in_whatever_others_guess(handler):
    person, guesser = Client(REMOTE_ADDR=HERE), Client(REMOTE_ADDR=HERE)
    desk_login(person, "tipsmottagare")
    ask_desk(person, "logga-ut/", {})
    for _attempt in range(PER_NAME_AND_NETWORK):
        _try(guesser, "tipsmottagare", "fel")
    assert _try(guesser, "tipsmottagare").status_code == 429
    assert _try(person, "tipsmottagare").json() == IN


def test_who_knows_a_password_alone_makes_no_browser_known(handler, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    guesser = Client()
    assert _try(guesser, "tipsmottagare").json() == {"step": "enrol"}
    assert "device-desk" not in guesser.cookies


def test_name_that_does_not_exist_is_braked_alike(client, handler):
    for _attempt in range(PER_NAME_AND_NETWORK):
        _try(client, "finns-inte", "fel")
    response = _try(client, "finns-inte", "fel")
    assert response.status_code == 429
    assert response.json() == TOO_MANY


def test_many_names_brake_their_network_and_the_answer_does_not_tell_which(client, handler):
    for number in range(PER_NETWORK):
        _try(client, f"gissad-{number}", "fel")
    response = _try(client, "tipsmottagare")
    assert response.status_code == 429
    assert response.json() == TOO_MANY
    assert _try(Client(REMOTE_ADDR=HERE), "tipsmottagare").status_code == 200


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


def test_name_that_is_guessed_from_many_networks_is_braked_everywhere(braked, monkeypatch):
    monkeypatch.setattr(brake, "PER_NAME", 10)
    for number in range(10):
        assert braked.lets_through("anna", f"192.0.2.{number}")
    assert not braked.lets_through("anna", HERE)
    assert braked.lets_through("bo", HERE)


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
    caplog.set_level(logging.INFO, "tips.journal")
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
    start = timezone.now()
    moved = [timedelta()]
    monkeypatch.setattr(sessions.timezone, "now", lambda: start + moved[0])
    return lambda minutes: moved.__setitem__(0, timedelta(minutes=minutes))


def test_a_quarter_without_doing_anything_logs_out(at_desk, clock):
    clock(14.9)
    assert is_in(at_desk)
    clock(14.9 + 14.9)
    assert is_in(at_desk)
    clock(14.9 + 14.9 + 15.1)
    assert not is_in(at_desk)


def test_the_login_is_told_that_a_session_has_ended_and_only_then(at_desk, clock):
    never = ask_desk(Client(), "gallring/")
    assert (never.status_code, never.json()["ended"]) == (401, False)
    clock(15.1)
    ended = ask_desk(at_desk, "gallring/")
    assert (ended.status_code, ended.json()["ended"]) == (401, True)


@pytest.mark.parametrize("address", [QUEUE, f"{QUEUE}nytt/?sedan=0"])
def test_page_that_asks_by_itself_keeps_nobody_logged_in(at_desk, clock, address):
    for minute in range(1, 15):
        clock(minute)
        assert at_desk.get(address).status_code == 200
    clock(15)
    response = at_desk.get(address)
    assert response.status_code == 401
    assert response.json() == refusal("Du har loggats ut. Logga in igen.", ended=True)


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
        assert is_in(at_desk)
    clock(720)
    assert not is_in(at_desk)


def test_session_lies_with_the_tips_under_a_hash_of_its_key(at_desk):
    (session,) = DeskSession.objects.values()
    key = at_desk.cookies["desk"].value
    assert key not in repr(session)
    assert not Session.objects.exists()

    # Whoever reads the table comes no further with what it says.
    thief = Client()
    for known in (session["key_hash"], str(session["id"])):
        thief.cookies["desk"] = known
        assert not is_in(thief)


def test_next_login_clears_away_sessions_that_have_ended(at_desk, colleagues_desk):
    change_sessions(seen=timezone.now() - timedelta(minutes=15))
    _try(Client(), "kollega")
    assert DeskSession.objects.count() == 1


def test_locked_account_ends_access_at_once(at_desk, handler):
    people.lock_account(handler)
    assert not DeskSession.objects.exists()
    assert not is_in(at_desk)
    assert at_desk.get(QUEUE).status_code == 401
    people.unlock_account(handler)
    assert at_desk.get(QUEUE).status_code == 401
    assert _try(at_desk, "tipsmottagare").json() == IN


def test_right_to_come_in_is_asked_for_at_every_request(at_desk, handler, subtests):
    """Also where only the row has been changed."""
    for state in [{"is_locked": True}, {"closed_on": localdate()}]:
        with subtests.test(state=state):
            row_seals.change_row(handler, **state)
            assert not is_in(at_desk)
            assert at_desk.get(QUEUE).status_code == 401
            assert not handlers.is_handler("tipsmottagare")
            assert ask_desk(at_desk, "konto/").status_code == 401


# Going out


def test_logging_out_ends_the_session_and_lets_the_browser_forget(at_desk):
    stolen = Client()
    stolen.cookies["desk"] = at_desk.cookies["desk"].value

    response = ask_desk(at_desk, "logga-ut/", {})

    assert response.json() == {}
    assert response["Clear-Site-Data"] == '"cache"'
    assert response.cookies["desk"]["max-age"] == 0
    assert response.cookies["desk"]["path"] == "/"
    assert ask_desk(stolen, "ko/").status_code == 401
    assert not DeskSession.objects.exists()


def test_nobody_is_logged_out_by_a_link(at_desk):
    assert ask_desk(at_desk, "logga-ut/").status_code == 405
    assert ask_desk(at_desk, "ko/").status_code == 200


def test_logging_out_is_noted(at_desk, caplog):
    caplog.set_level(logging.INFO, "tips.journal")
    ask_desk(at_desk, "logga-ut/", {})
    [entry] = [each.audit for each in caplog.records if hasattr(each, "audit")]
    assert entry == {"door": "desk", "event": "logged-out", "who": "tipsmottagare"}


def test_logging_out_at_the_desk_leaves_the_cms_alone(client, chief_editor, handler):
    client.force_login(chief_editor)
    desk_login(client, "tipsmottagare")
    ask_desk(client, "logga-ut/", {})
    assert client.get("/admin/").status_code == 200


# Forms from elsewhere


@pytest.fixture
def strict(handler):
    return Client(enforce_csrf_checks=True)


def test_login_from_elsewhere_is_refused(strict, subtests):
    for sign in [
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": ""}, {"X-Desk": ""},
        {"Origin": "https://testserver"}, {"Origin": "null"}, {"Origin": "http://evil.example"},
        {"Origin": ""},
    ]:  # fmt: skip
        with subtests.test(sign=sign):
            response = _try(strict, "tipsmottagare", **sign)

            assert (response.status_code, response.json()) == (403, NOT_FROM_HERE)
            assert "desk" not in strict.cookies
            assert not DeskAttempt.objects.exists()


# What every answer carries

NOBODY = "00000000-0000-4000-8000-000000000000"
ANSWERS = [
    ("GET", "api/gallring/", 200),
    ("GET", "api/ko/", 200),
    ("GET", "api/handelser/", 200), ("GET", "api/nycklar/", 200), ("GET", "api/register/", 200),
    ("GET", "api/register/register.csv", 200),
    ("GET", "api/ko/nytt/?sedan=0", 200), ("GET", "api/ko/nytt/", 400),
    ("GET", "api/omslag/", 200),
    # Errors too.
    ("PUT", "api/logga-ut/", 405), ("GET", "api/konto/", 200), ("POST", "api/logga-in/", 400),
    ("GET", "api/ny/", 405),
    ("DELETE", "api/ko/", 405), ("OPTIONS", "api/ko/", 405),
    ("GET", "api/finns-inte/", 404), ("GET", f"api/tips/{NOBODY}/forseglat.zip", 404),
    ("GET", f"api/tips/{NOBODY}/filer/{NOBODY}/", 404), ("POST", f"api/tips/{NOBODY}/steg/", 400),
    ("POST", f"api/tips/{NOBODY}/oppna/", 404), ("GET", "api/register/?fran=igar", 400),
    ("GET", "api/register/register.csv?fran=igar", 400), ("POST", "api/gallring/", 400),
    ("POST", "api/logga-ut/", 200),
    # And to one who may not come in.
    ("GET", "api/ko/", 401), ("GET", "api/nycklar/", 401), ("GET", "api/gallring/", 401),
]  # fmt: skip
POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
    "require-trusted-types-for 'script'", "trusted-types 'none'",
}  # fmt: skip


def _ask(client, method, path):
    return client.generic(method, DESK + path, "{}", content_type="application/json")


def test_every_answer_carries_the_desks_headers(at_desk, subtests):
    for method, path, status in ANSWERS:
        with subtests.test(method=method, path=path):
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


def test_fault_is_answered_with_the_headers_and_logged_without_its_text(
    at_desk, monkeypatch, caplog, subtests
):
    def fails(*args, **kwargs):
        raise RuntimeError("hemlig text om 7F3K-9Q2M")

    monkeypatch.setattr("tips.handling.events.verify", fails)
    monkeypatch.setattr("tips.handling.steps.take_in_new", fails)
    caplog.set_level(logging.DEBUG)
    for path in ["api/handelser/", "api/ko/"]:
        with subtests.test(path=path):
            response = at_desk.get(DESK + path)

            assert response.status_code == 500
            assert "Något gick fel hos oss. Försök igen om en stund." in said(response)
            _check_headers(response)
            assert "hemlig" not in caplog.text
            assert "RuntimeError in fails of test_desk_login.py, line" in caplog.text


@pytest.mark.parametrize("path", ["api/handelser/", "api/ko/"])
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(
            OperationalError("connection refused"), marks=pytest.mark.fault("database gone")
        ),
        pytest.param(
            InternalError("cannot execute in a read-only transaction"),
            marks=pytest.mark.fault("database read-only"),
        ),
    ],
)
def test_without_its_database_the_desk_says_to_try_again(at_desk, path, fault, monkeypatch):
    def lose_the_database(*_words, **_more):
        raise fault

    monkeypatch.setattr("tips.handling.events.verify", lose_the_database)
    monkeypatch.setattr("tips.handling.steps.take_in_new", lose_the_database)
    response = at_desk.get(DESK + path)
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "Försök igen om en stund." in said(response)
    _check_headers(response)


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
    for path in (
        "",
        "api/gallring/",
        "api/nycklar/",
        "api/register/",
        "api/handelser/",
        "api/ko/",
    ):
        assert at_desk.get(DESK + path).status_code == 200


def test_address_without_its_slash_leads_on(client, subtests):
    for address in ["/tipsmottagning", "/tipsmottagning/gallring"]:
        with subtests.test(address=address):
            assert client.get(address)["Location"] == f"{address}/"


def test_the_desks_idle_end_and_address_are_these():
    assert timedelta(minutes=15) == sessions.IDLE_AT_MOST
    assert reverse("desk:queue") == DESK
