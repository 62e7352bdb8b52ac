"""Which ways lead into the CMS, who is answered what there, and what asks again."""

import re
import time

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django_otp_webauthn.models import WebAuthnCredential

from sapo_site.accounts.brake import PER_NAME_AND_NETWORK
from tests.logins import (
    ASK,
    CMS,
    LOGIN,
    NOT_ACCEPTED,
    OWN,
    PASSWORD,
    SECOND,
    TOO_MANY,
    add_passkey,
    code_now,
    give_password,
    is_inside,
    text_of,
)
from tests.soft_passkey import SoftPasskey


@pytest.fixture
def client():
    return Client(SERVER_NAME="localhost")  # where passkeys work


# Other addresses


def _routes(patterns: list[URLPattern | URLResolver], before: str = ""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _routes(pattern.url_patterns, route)


LOGIN_LIKE = re.compile(r"login|logga|inlogg|account|auth|password|reset|signup|otp|2fa|mfa|token")
# What the libraries have and others leave open.
NOT_THERE = (
    "/django-admin/login/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/",
    "/admin/password_reset/", "/admin/password_reset/done/", "/admin/password_reset/complete/",
    "/admin/password_reset/confirm/MQ/set-password/", "/login/", "/_util/login/",
    "/webauthn/authentication/begin/", "/.well-known/webauthn", "/api-auth/login/",
)  # fmt: skip


def test_no_other_address_logs_in(client, app, home, subtests):
    sent = {"username": "redaktor", "password": PASSWORD, "login": "redaktor", "email": "r@x.se"}
    for address in NOT_THERE:
        with subtests.test(address=address):
            assert client.get(address).status_code == 404
            assert client.post(address, sent).status_code in (404, 405)
            assert not is_inside(client)


def test_every_address_that_looks_like_a_login_lets_nobody_in_by_the_right_password(app, home):
    found = {each for each in _routes(get_resolver().url_patterns) if LOGIN_LIKE.search(each)}
    found = {each for each in found if not each.startswith("tipsmottagning/")}
    assert "admin/login/" in found
    sent = {"username": "redaktor", "password": PASSWORD, "code": PASSWORD, "next": CMS}
    for route in found:
        client = Client()
        client.post("/" + re.sub(r"<\w+:\w+>|<\w+>", "1", re.sub(r"[\^$]", "", route)), sent)
        assert not is_inside(client), route


# Alike


@pytest.fixture
def hashings(monkeypatch, settings):
    """Counts the rounds of work that a password costs."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    done = []

    def counted(password, salt, iterations, *args, **kwargs):
        done.append(iterations)
        return b"x" * 32

    monkeypatch.setattr("django.contrib.auth.hashers.pbkdf2", counted)
    return done


def test_unknown_wrong_closed_and_not_allowed_are_alike_in_words_status_and_work(
    client, editor, chief_editor, hashings
):
    users = get_user_model().objects
    users.create_user("utan-roll")
    for user in users.all():
        user.set_password(PASSWORD)
        user.save()
    users.filter(username="chefredaktor").update(is_active=False)
    no_password = users.create_user("utan", None)
    assert not no_password.has_usable_password()

    said = []
    for name in ("redaktor", "finns-inte", "chefredaktor", "utan-roll", "utan"):
        with pytest.MonkeyPatch.context() as patch:
            if name == "redaktor":  # its password is wrong, so that the work gives something else
                patch.setattr(
                    "django.contrib.auth.hashers.pbkdf2",
                    lambda password, salt, iterations, **_: (
                        hashings.append(iterations) or b"y" * 32
                    ),
                )
            hashings.clear()
            answer = give_password(client, name)
        page = re.sub(r'value="[^"]*"|\w{64}', "", text_of(answer))  # name and token
        said.append((answer.status_code, page, tuple(hashings)))
    assert len({work for *_answer, work in said}) == 1, [work for *_answer, work in said]
    assert len(said[0][2]) == 1
    assert len(set(said)) == 1
    assert not is_inside(client)


# Asked again


@pytest.fixture
def at_desk(client, admin, monkeypatch):
    """The administrator, who logged in eleven minutes ago."""
    client.force_login(admin)
    now = time.time()
    monkeypatch.setattr("pages.newsroom.desk.password_again.time.time", lambda: now + 660)
    return client


ASKED = ["users/", "users/new/", "groups/", "groups/new/", "collections/", "sites/", "workflows/list/",
         "bulk/auth/user/set_active_state/?id=1", "inloggning/", "inloggning/app/",
         "account/logins/"]  # fmt: skip


def test_accounts_and_settings_ask_again_before_they_show_anything(at_desk, subtests):
    for address in ASKED:
        with subtests.test(address=address):
            answer = at_desk.get(f"{CMS}{address}")
            assert answer.status_code == 403
            assert "Är det fortfarande du?" in text_of(answer)
            assert at_desk.get("/admin/images/").status_code == 200


def test_the_right_password_goes_on_to_the_page_for_ten_minutes(at_desk, admin, monkeypatch):
    wrong = {"ask_again_was": "GET", "ask_again_password": "fel"}
    assert "Fel användarnamn eller lösenord." in text_of(at_desk.post("/admin/users/?q=a", wrong))
    right = {**wrong, "ask_again_password": PASSWORD}
    assert at_desk.post("/admin/users/?q=a", right)["Location"] == "/admin/users/?q=a"
    assert at_desk.get("/admin/users/?q=a").status_code == 200
    now = time.time()
    monkeypatch.setattr("pages.newsroom.desk.password_again.time.time", lambda: now + 601)
    assert at_desk.get("/admin/users/").status_code == 403


def test_what_was_written_in_the_form_is_not_lost(at_desk):
    form = {
        "username": "eva", "email": "eva@example.org", "first_name": "Eva", "last_name": "”Ek”",
        "password1": "grodan hoppar över ån", "password2": "grodan hoppar över ån",
        "groups": list(get_user_model().groups.rel.model.objects.values_list("pk", flat=True)[:2]),
    }  # fmt: skip
    page = text_of(at_desk.post("/admin/users/new/", form))
    assert not get_user_model().objects.filter(username="eva").exists()
    sent = _hidden(page)
    assert sent["last_name"] == ["”Ek”"]

    # A wrong password, and then the right one.
    page = text_of(at_desk.post("/admin/users/new/", sent | {"ask_again_password": "fel"}))
    answer = at_desk.post("/admin/users/new/", _hidden(page) | {"ask_again_password": PASSWORD})

    assert answer.status_code == 302
    assert get_user_model().objects.get(username="eva").groups.count() == 2


def _hidden(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page):
        found.setdefault(name, []).append(value)
    return found


def test_a_passkey_answers_too(at_desk, admin):
    key = SoftPasskey()
    WebAuthnCredential.objects.all().delete()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pages.newsroom.desk.password_again.FRESH_FOR", 3600)
        add_passkey(at_desk, key)
    assert "Logga in med nyckel" in text_of(at_desk.get("/admin/users/"))

    def ask_again(shown):
        sent = {"ask_again_was": "GET", "ask_again_passkey": shown}
        return at_desk.post("/admin/users/", sent)

    at_desk.post(ASK)
    assert NOT_ACCEPTED in text_of(ask_again("{}"))
    assert ask_again(key.show(at_desk.post(ASK).json()))["Location"] == "/admin/users/"


def test_asking_again_is_braked_and_checks_the_form_s_token(at_desk, admin):
    sent = {"ask_again_was": "GET", "ask_again_password": "fel"}
    for _attempt in range(PER_NAME_AND_NETWORK):
        at_desk.post("/admin/users/", sent)
    assert TOO_MANY in text_of(
        at_desk.post("/admin/users/", {**sent, "ask_again_password": PASSWORD})
    )

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin)
    answer = strict.post("/admin/users/", {**sent, "ask_again_password": PASSWORD})
    assert "Är det fortfarande du?" not in text_of(answer)
    assert answer.status_code == 403


# The policy


def test_pages_of_the_login_run_and_show_only_what_is_ours(client, app, subtests):
    for address in [LOGIN, SECOND, OWN, f"{OWN}app/", "/admin/logout/"]:
        with subtests.test(address=address):
            if address == SECOND:
                give_password(client)
            if address == OWN:
                client.post(SECOND, {"code": code_now(app)})
            answer = client.get(address)
            assert answer.status_code == 200
            policy = dict(
                part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; ")
            )
            assert policy["script-src"] == policy["style-src"] == "'self'"
            assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
            assert "unsafe" not in answer["Content-Security-Policy"]
            assert "no-store" in answer["Cache-Control"]
            assert not re.search(r" style=| on\w+=|<style|<script>", text_of(answer))


def test_the_page_that_asks_again_has_the_same_policy(at_desk):
    answer = at_desk.get("/admin/users/")
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
