"""Who comes in to the desk, how long they stay, and what every answer carries."""

import hashlib
import logging
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import InternalError, OperationalError
from django.test import Client
from django.utils import timezone

from tests.desk_refusals import refusal, said
from tests.handlers import ask_desk, desk_login, is_in, signed_login
from tests.passkeys import PRESENT, Passkey, ring_passkey, shown_to_desk
from tests.rings import entry, handler_key, stands_in_keyring
from tips.desk import proof, sessions, urls
from tips.models import DeskSession
from tips.sealing import age, trust

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

DESK = "/tipsmottagning/"
QUEUE = "/tipsmottagning/api/ko/"
VIEWS = ("", "api/gallring/", "api/register/", "api/handelser/", "api/ko/")
NOT_LET_IN = (
    "Det gick inte att släppa in dig. Nyckeln står inte i nyckelringen eller är stoppad, passkeyen är en annan eller saknas, "
    "eller så tog det mer än två minuter. Försök igen."
)
NOT_FROM_HERE = refusal("Det går bara att göra från tipsmottagningens egna sidor.")
UNREADABLE = refusal("Det som skickades går inte att läsa.")


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


# Coming in


def _send(client, login, **changed):
    return ask_desk(client, "logga-in/", {**login, **changed})


def _is_not_let_in(client, login):
    answer = _send(client, login)
    assert (answer.status_code, answer.json()) == (400, refusal(NOT_LET_IN))
    assert "desk" not in client.cookies
    return True


def test_a_handler_comes_in_by_signing_what_is_asked_with_the_key_of_the_entry(client, handler):
    answer = _send(client, signed_login(client, handler))
    assert (answer.status_code, answer.json()) == (200, {"user": "tipsmottagare"})
    assert is_in(client)


def test_what_was_signed_lets_nobody_in_a_second_time(client, handler):
    login = signed_login(client, handler)
    assert _send(Client(), login).status_code == 200
    assert _is_not_let_in(client, login)


@pytest.mark.parametrize(
    "changed",
    [
        {"host": "annan.example"}, {"host": "testserver:8001"}, {"keyring": 2}, {"format": "sapo-login/2"},
        {"handler": "kollega"}, {"handler": "Tipsmottagare"}, {"handler": ""}, {"more": "x"},
        {"nonce": "A" * 43}, {"nonce": "A" * 44}, {"nonce": ""}, {"time": "2026-12-01T14:15:07Z"},
        {"time": "i dag"}, {"time": ""},
    ],
    ids=str,
)  # fmt: skip
def test_what_was_not_asked_of_this_handler_here_and_now_lets_nobody_in(client, handler, changed):
    assert _is_not_let_in(client, signed_login(client, handler, **changed))


@pytest.mark.parametrize("seconds", [-121, -1, 121])
def test_a_challenge_lasts_two_minutes(client, handler, seconds, monkeypatch):
    login, now = signed_login(client, handler), timezone.now()
    monkeypatch.setattr(proof.timezone, "now", lambda: now + timedelta(seconds=seconds))
    assert _is_not_let_in(client, login)


def test_of_half_a_signature_another_kind_or_another_ones_key_nothing_counts(client, handler):
    login = signed_login(client, handler)
    octets, own = login["login"].encode(), handler_key(1)
    signed = {
        "note": own.sign("note", octets), "step": own.sign("step", octets),
        "another": handler_key(2).sign("login", octets),
        "half": trust.Signature(own.sign("login", octets).ed25519, handler_key(2).sign("login", octets).mldsa65),
        "other half": trust.Signature(handler_key(2).sign("login", octets).ed25519, own.sign("login", octets).mldsa65),
    }  # fmt: skip
    for signature in signed.values():
        assert _is_not_let_in(client, {**login, **trust.signature_row(signature)})
    assert _is_not_let_in(client, {**login, "login": login["login"].rstrip()})
    assert _send(client, login).status_code == 200


def test_who_is_in_no_keyring_and_a_vault_do_not_come_in(client, tip_channel, handler):
    vault = replace(entry("reserv", "Kassaskåp", age.generate_identity().recipient, 2), key=None)
    tip_channel.trust.follow(added=[vault])
    assert _is_not_let_in(client, signed_login(client, handler, handler="reserv"))
    stands_in_keyring(tip_channel, "anna")
    assert desk_login(Client(), "anna")
    tip_channel.trust.follow(removed=["tipsmottagare"])
    assert _is_not_let_in(client, signed_login(client, handler))


def test_the_login_takes_what_it_asks_for_and_nothing_else(client, handler, subtests):
    login = signed_login(client, handler)
    for body in [
        {}, [], "x", 1, {**login, "more": 1}, {**login, "login": 1}, {**login, "login": "x" * 2049},
        {**login, "login": "\ud800"}, {**login, "passkey": 1}, {**login, "passkey": {}},
        {**login, "ed25519": ["a"]}, {name: part for name, part in login.items() if name != "mldsa65"},
    ]:  # fmt: skip
        with subtests.test(body=body):
            response = ask_desk(client, "logga-in/", body)
            assert (response.status_code, response.json()) == (400, UNREADABLE)
            assert not client.cookies
    for part in ("ed25519", "mldsa65"):
        assert _is_not_let_in(client, {**login, part: "="})


# Passkeys


@pytest.fixture
def passkey(tip_channel, handler):
    """The one that the handler's entry names."""
    return _named_in(tip_channel, handler, Passkey())


def _named_in(channel, handler, passkey):
    options = {"challenge": trust.to_text(b"any")}
    named = ring_passkey(passkey.made(options))
    channel.trust.follow(added=[replace(handler, passkeys=(named,))])
    return passkey


def _with(passkey, login, about=None):
    challenge = trust.to_text(hashlib.sha256((about or login["login"]).encode()).digest())
    return {**login, "passkey": shown_to_desk(passkey.shown({"challenge": challenge}))}


def test_where_the_entry_names_a_passkey_it_signs_the_same_words(client, handler, passkey):
    login = signed_login(client, handler)
    assert _send(client, _with(passkey, login)).status_code == 200
    # Again, with a counter that goes on, and one that stands still as those of phones do.
    assert _send(client, _with(passkey, signed_login(client, handler))).status_code == 200
    passkey.counter = -1
    assert _send(client, _with(passkey, signed_login(client, handler))).status_code == 200


def test_a_key_file_alone_lets_nobody_in_where_the_entry_names_a_passkey(
    client, tip_channel, handler, passkey, settings
):
    login = signed_login(client, handler)
    assert _is_not_let_in(client, login)
    for wrong in (
        _with(passkey, login, about="something else"),
        _with(Passkey(), login),  # of the same name, with another key
        _with(replace(passkey, key_id=b"a colleague's key"), login),
        _with(replace(passkey, flags=PRESENT), login),
        _with(replace(passkey, origin="https://testserver"), login),
        _with(replace(passkey, name="annan.example"), login),
        {
            **login,
            "passkey": {"authenticator": "", "client": "", "credential": "", "signature": ""},
        },
    ):
        assert _is_not_let_in(client, wrong)
    assert _send(client, _with(passkey, login)).status_code == 200


def test_where_passkeys_are_required_an_entry_without_one_comes_in_nowhere(
    client, handler, settings
):
    settings.TIPS_PASSKEYS_REQUIRED = True
    assert _is_not_let_in(client, signed_login(client, handler))


def test_a_session_ends_when_the_entry_of_its_handler_changes_or_leaves(
    at_desk, colleagues_desk, tip_channel, handler
):
    assert is_in(at_desk)
    _named_in(tip_channel, handler, Passkey())
    assert not is_in(at_desk)
    assert is_in(colleagues_desk)
    tip_channel.trust.follow(removed=["kollega"])
    assert not is_in(colleagues_desk)


def test_a_tab_whose_key_is_anothers_reads_nothing_and_ends_no_login(at_desk, colleague):
    """Of two tabs in one browser the session is that of who came in later."""
    desk_login(at_desk, "kollega")
    former = {"X-Desk-Handler": "tipsmottagare"}
    assert ask_desk(at_desk, "ko/", **former).status_code == 401
    ask_desk(at_desk, "logga-ut/", {}, **former)
    assert is_in(at_desk)
    ask_desk(at_desk, "logga-ut/", {}, **{"X-Desk-Handler": "kollega"})
    assert not is_in(at_desk)


def test_the_keyring_is_for_all_to_read_and_nothing_else_is(client, handler, subtests):
    assert "keyring.json" in ask_desk(client, "nyckelring/?sett=0").json()["files"]
    for pattern in urls.urlpatterns:
        route = str(pattern.pattern)
        open_ = ("utmaning", "logga-", "nyckelring", "^api")
        if not route.startswith("api/") or route.removeprefix("api/").startswith(open_):
            continue
        address = re.sub("<[^>]*>", NOBODY, route.removeprefix("api/"))
        with subtests.test(address=address):
            assert {
                ask_desk(client, address).status_code,
                ask_desk(client, address, {}).status_code,
            } <= {401, 405}


def test_what_keyrings_there_have_been_is_for_handlers(client, handler, at_desk):
    for query in ("sett=1", "fran=1"):
        assert ask_desk(Client(), f"nyckelring/?{query}").status_code == 401
        assert ask_desk(at_desk, f"nyckelring/?{query}").status_code == 200


def test_whoever_writes_in_the_table_lengthens_no_session(at_desk, clock):
    clock(13 * 60)
    later = timezone.now() + timedelta(days=300)
    DeskSession.objects.update(began=later, seen=later)
    assert not is_in(at_desk)


def test_the_journal_names_who_comes_in_and_who_is_refused_and_never_from_where(
    client, handler, caplog
):
    caplog.set_level(logging.INFO, "tips.journal")
    _send(client, signed_login(client, handler, host="annan.example"))
    _send(client, signed_login(client, handler, handler="hemligt-i-fel-falt"))
    desk_login(client)

    assert [record.getMessage() for record in caplog.records if "desk" in record.getMessage()] == [
        "desk: tipsmottagare refused",
        "desk: nobody by name refused",
        "desk: tipsmottagare logged-in",
    ]


def test_no_account_of_the_cms_opens_the_desk_and_its_database_gives_nobody_a_session(
    client, handler, roles
):
    at_cms = Client()
    at_cms.force_login(get_user_model().objects.create_superuser("tipsmottagare", password="x"))
    assert not is_in(at_cms)
    # Who owns the table knows a row of somebody else's, and can write any.
    desk_login(client)
    row = DeskSession.objects.get()
    forged = "tipsmottagare." + "A" * 43
    for key_hash in (hashlib.sha256(forged.encode()).hexdigest(), row.key_hash[::-1]):
        DeskSession.objects.create(
            key_hash=key_hash, handler="tipsmottagare", began=row.began, seen=row.seen
        )
    for cookie in (
        forged,
        f"kollega.{client.cookies['desk'].value.partition('.')[2]}",
        row.key_hash,
    ):
        at_cms.cookies["desk"] = cookie
        assert not is_in(at_cms)


def test_cookie_is_for_the_desk_alone(client, handler):
    desk_login(client)
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
    desk_login(client)
    cookie = client.cookies["__Host-desk"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_each_login_begins_a_new_session_and_ends_the_former(client, handler):
    desk_login(client)
    first = client.cookies["desk"].value
    desk_login(client)
    assert client.cookies["desk"].value != first
    stolen = Client()
    stolen.cookies["desk"] = first
    assert not is_in(stolen)


def test_session_that_somebody_else_has_chosen_is_not_taken(client, handler):
    client.cookies["desk"] = "a" * 43
    desk_login(client)
    assert client.cookies["desk"].value != "a" * 43


# Two doors that share nothing


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
        for path in VIEWS:
            assert client.get(DESK + path).status_code == 200


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
    assert response.json() == refusal("Du har loggats ut. Öppna din nyckel igen.", ended=True)


def test_person_who_asks_for_the_queue_stays_logged_in(at_desk, clock):
    clock(14)
    at_desk.get(QUEUE, headers={"x-desk-active": "1"})
    clock(28)
    assert at_desk.get(QUEUE).status_code == 200


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
    DeskSession.objects.update(seen=timezone.now() - timedelta(minutes=15))
    desk_login(Client(), "kollega")
    assert DeskSession.objects.count() == 1


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


# What every answer carries

NOBODY = "00000000-0000-4000-8000-000000000000"
ANSWERS = [
    ("GET", "api/gallring/", 200),
    ("GET", "api/ko/", 200),
    ("GET", "api/handelser/", 200), ("GET", "api/register/", 200),
    ("GET", "api/register/register.csv", 200),
    ("GET", "api/ko/nytt/?sedan=0", 200), ("GET", "api/ko/nytt/", 400),
    ("GET", "api/omslag/", 200),
    # Errors too.
    ("PUT", "api/logga-ut/", 405), ("POST", "api/utmaning/", 200), ("POST", "api/logga-in/", 400),
    ("GET", "api/utmaning/", 405), ("GET", "api/nyckelring/?sett=0", 200),
    ("DELETE", "api/ko/", 405), ("OPTIONS", "api/ko/", 405),
    ("GET", "api/finns-inte/", 404), ("GET", f"api/tips/{NOBODY}/forseglat.zip", 404),
    ("GET", f"api/tips/{NOBODY}/filer/{NOBODY}/", 404), ("POST", "api/steg/", 400),
    ("POST", f"api/tips/{NOBODY}/oppna/", 404), ("GET", "api/register/?fran=igar", 400),
    ("GET", "api/register/register.csv?fran=igar", 400), ("POST", "api/gallring/", 405),
    ("POST", "api/logga-ut/", 200),
    # And to one who may not come in.
    ("GET", "api/ko/", 401), ("GET", "api/gallring/", 401),
]  # fmt: skip
POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src data:", "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
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
    for path in VIEWS:
        assert at_desk.get(DESK + path).status_code == 200


def test_address_without_its_slash_leads_on(client, subtests):
    for address in ["/tipsmottagning", "/tipsmottagning/gallring"]:
        with subtests.test(address=address):
            assert client.get(address)["Location"] == f"{address}/"
