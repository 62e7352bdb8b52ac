"""Second factors at the desk: passkeys, apps with codes and recovery codes, made, shown and removed."""

import base64
import hashlib
import re
import time
from copy import copy
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone
from webauthn import base64url_to_bytes

from tests.desk_refusals import refusal, said
from tests.handlers import PASSWORD, ask_desk, change_factors, change_sessions, desk_login, is_in
from tests.passkeys import PRESENT, VERIFIED, Passkey
from tips.accounts import apps_with_codes, factors, secrets_file
from tips.desk import proving
from tips.models import Authenticator, DeskAttempt, DeskSession, Handler

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

DESK = "/tipsmottagning/"
NOT_RIGHT = refusal("Det stämde inte. Försök igen.")
UNREADABLE = refusal("Det som skickades går inte att läsa.")
JUST_ENDED = refusal("Koden hann gå ut. Vänta på nästa.")
LOGGED_OUT = refusal("Du har loggats ut. Logga in igen.", ended=True)


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


@pytest.fixture(autouse=True)
def _the_clock_stands(monkeypatch):
    """No half minute ends between the app and the desk."""
    now = time.time()
    monkeypatch.setattr(apps_with_codes, "time", SimpleNamespace(time=lambda: now))


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def _first_step(client, username="tipsmottagare"):
    return ask_desk(client, "logga-in/", {"username": username, "password": PASSWORD})


def _is_in(client):
    return is_in(client)


def _add_passkey(client, passkey, label="Min nyckel"):
    options = ask_desk(client, "konto/nyckel/").json()
    return ask_desk(client, "konto/nyckel/", {"label": label, "answer": passkey.made(options)})


def _add_app(client, label="Min telefon"):
    """The app's secret, and what the desk answers when it has shown its code."""
    secret = ask_desk(client, "konto/totp/").json()["secret"]
    code = _code(secret)
    return secret, ask_desk(client, "konto/totp/", {"code": code, "label": label})


def _code(secret, steps=0):
    now = int(apps_with_codes.time.time()) // 30
    return apps_with_codes.code_at(base64.b32decode(secret), now + steps)


def _second(client, **answer):
    return ask_desk(client, "logga-in/igen/", answer)


@pytest.fixture
def passkey(handler):
    """A passkey with which the handler has been enrolled."""
    passkey = Passkey()
    client = desk_login(Client(), "tipsmottagare")
    assert _add_passkey(client, passkey).status_code == 200
    return passkey


@pytest.fixture
def secret(handler):
    """The secret of an app with codes, whose last code was used a while ago."""
    found, answer = _add_app(desk_login(Client(), "tipsmottagare"))
    assert answer.status_code == 200
    change_factors(step=0)
    return found


# Required


def test_where_one_is_required_a_password_alone_opens_nothing(client, handler, required):
    assert _first_step(client).json() == {"step": "enrol"}

    assert not _is_in(client)
    assert ask_desk(client, "ko/").status_code == 401
    for address in ("fraga-igen/",):
        assert ask_desk(client, address).json() == LOGGED_OUT
    for address in ("konto/koder/", "konto/ta-bort/", "konto/losenord/", "konto/sessioner/"):
        assert ask_desk(client, address, {}).json() == LOGGED_OUT
    assert ask_desk(client, "konto/").json() == {
        "user": "tipsmottagare", "name": "tipsmottagare", "required": True, "step": "enrol",
        "authenticators": [], "codes_left": 0, "sessions": [],
    }  # fmt: skip


def test_half_a_login_lasts_ten_minutes_whatever_is_asked(client, passkey):
    _first_step(client)
    change_sessions(began=timezone.now() - timedelta(minutes=9.9))
    assert ask_desk(client, "konto/").json()["step"] == "second"
    change_sessions(began=timezone.now() - timedelta(minutes=10))
    assert ask_desk(client, "konto/").json() == LOGGED_OUT
    assert _second(client, way="webauthn", answer={}).status_code == 401


def test_enrolling_lets_in_under_another_key_and_gives_ten_codes_once(client, handler, required):
    _first_step(client)
    half = client.cookies["desk"].value

    answer = _add_passkey(client, Passkey()).json()

    assert _is_in(client)
    assert client.cookies["desk"].value != half
    assert answer["step"] == "in"
    assert [each["kind"] for each in answer["authenticators"]] == ["webauthn"]
    assert len(set(answer["codes"])) == answer["codes_left"] == 10
    assert all(re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", code) for code in answer["codes"])
    assert "codes" not in ask_desk(client, "konto/").json()
    former = Client()
    former.cookies["desk"] = half
    assert not _is_in(former)


def test_who_has_a_password_alone_adds_no_factor_beside_those_there_are(client, passkey):
    """Else a stolen password would be enough."""
    _first_step(client)
    for address in ("konto/nyckel/", "konto/totp/"):
        assert ask_desk(client, address).json() == LOGGED_OUT
        assert ask_desk(client, address, {}).json() == LOGGED_OUT
    # Also where the question was asked before the other login made one.
    assert Authenticator.objects.filter(kind="webauthn").count() == 1


@pytest.mark.parametrize("is_required", [False, True])
def test_who_has_a_factor_shows_it_also_where_none_is_required(
    client, passkey, settings, is_required
):
    settings.SECOND_FACTOR_REQUIRED = is_required
    step = _first_step(client).json()
    assert (step["step"], step["ways"]) == ("second", ["webauthn", "code"])
    assert not _is_in(client)
    answer = _second(client, way="webauthn", answer=passkey.shown(step["webauthn"]))
    assert answer.json() == {"step": "in"}
    assert _is_in(client)


# Passkeys


def test_passkey_is_asked_for_with_the_person_verified_and_no_attestation(client, handler):
    desk_login(client, "tipsmottagare")
    options = ask_desk(client, "konto/nyckel/").json()

    assert options["rp"] == {"id": "testserver", "name": "Tipsmottagningen"}
    assert options["attestation"] == "none"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert [each["alg"] for each in options["pubKeyCredParams"]] == [-7, -8]
    assert options["excludeCredentials"] == []
    assert len(base64url_to_bytes(options["challenge"])) >= 32
    _add_passkey(client, Passkey())
    (known,) = ask_desk(client, "konto/nyckel/").json()["excludeCredentials"]
    assert base64url_to_bytes(known["id"]) == Passkey.key_id


WRONG_KEYS = {
    "of another host": {"name": "evil.example"},
    "at another origin": {"origin": "http://evil.example"},
    "over another scheme": {"origin": "https://testserver"},
    "by nobody present": {"flags": VERIFIED},
    "by somebody not verified": {"flags": PRESENT},
}


def test_passkey_that_is_not_for_here_is_not_kept(client, handler, subtests):
    desk_login(client, "tipsmottagare")
    for wrong in WRONG_KEYS.values():
        with subtests.test(wrong=wrong):
            answer = _add_passkey(client, Passkey(**wrong))
            assert (answer.status_code, answer.json()) == (400, NOT_RIGHT)
            assert not Authenticator.objects.exists()


def test_passkey_without_a_key_is_not_kept(client, handler, subtests):
    desk_login(client, "tipsmottagare")
    for no_key in [[1], [1, 2, 3], {1: 2}, {1: 2, 3: -7}, "x", 7]:
        with subtests.test(no_key=no_key):
            answer = _add_passkey(client, Passkey(in_place_of_the_key=no_key))
            assert (answer.status_code, answer.json()) == (400, NOT_RIGHT)
            assert not Authenticator.objects.exists()


def test_passkey_that_is_not_shown_here_lets_nobody_in(client, passkey, subtests):
    for wrong in WRONG_KEYS.values():
        with subtests.test(wrong=wrong):
            DeskAttempt.objects.all().delete()  # else they would be braked
            step = _first_step(client).json()
            another = copy(passkey)
            vars(another).update(wrong)
            answer = _second(client, way="webauthn", answer=another.shown(step["webauthn"]))

            assert (answer.status_code, answer.json()) == (400, NOT_RIGHT)
            assert not _is_in(client)


def test_a_question_is_answered_once(client, passkey):
    options = _first_step(client).json()["webauthn"]
    answer = passkey.shown(options)
    passkey.flags = PRESENT
    assert _second(client, way="webauthn", answer=passkey.shown(options)).json() == NOT_RIGHT
    passkey.flags = PRESENT | VERIFIED
    assert _second(client, way="webauthn", answer=answer).json() == NOT_RIGHT
    options = ask_desk(client, "logga-in/igen/").json()["webauthn"]
    assert _second(client, way="webauthn", answer=passkey.shown(options)).status_code == 200


def test_an_answer_to_one_login_does_not_open_another(passkey):
    one, other = Client(), Client()
    answer = passkey.shown(_first_step(one).json()["webauthn"])
    _first_step(other)
    assert _second(other, way="webauthn", answer=answer).json() == NOT_RIGHT


def test_copy_of_a_passkey_is_found_by_its_counter(client, passkey):
    def show():
        options = _first_step(client).json()["webauthn"]
        return _second(client, way="webauthn", answer=passkey.shown(options))

    passkey.counter = 6
    assert show().status_code == 200
    passkey.counter = 6

    assert show().json() == NOT_RIGHT


def test_passkey_of_a_colleague_is_nobody_elses(client, passkey, colleague):
    step = _first_step(client).json()
    theirs = Passkey(key_id=b"the colleague's key")
    assert _add_passkey(desk_login(Client(), "kollega"), theirs).status_code == 200
    answer = _second(client, way="webauthn", answer=theirs.shown(step["webauthn"]))
    assert answer.json() == NOT_RIGHT


def test_passkey_is_kept_for_one_handler_only(passkey, colleague):
    answer = _add_passkey(desk_login(Client(), "kollega"), passkey)
    assert (answer.status_code, answer.json()) == (400, NOT_RIGHT)
    assert not factors.has_factor(colleague)


HOSTILE = [
    None, 1, "x", [], {"rawId": 1}, {"rawId": "%%%"}, {"id": "a", "rawId": "YQ"},
    {"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {}},
    {"id": "YQ", "rawId": "YQ", "type": 7, "response": {"clientDataJSON": "e30",
     "attestationObject": "oA", "authenticatorData": "AA", "signature": "AA"}},
    {"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30",
     "attestationObject": "v", "authenticatorData": "AA", "signature": "AA"}},
    {"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "bnVsbA",
     "attestationObject": "9g", "authenticatorData": "AA", "signature": "AA"}},
    {"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "MQ",
     "attestationObject": "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YUE", "userHandle": 7}},
]  # fmt: skip


def test_any_answer_that_no_passkey_gives_is_refused_in_words(passkey, client, subtests):
    at_desk = Client()
    for answer in HOSTILE:
        with subtests.test(answer=answer):
            DeskAttempt.objects.all().delete()  # else they would be braked
            _first_step(client)
            step = ask_desk(client, "logga-in/igen/").json()
            shown = passkey.shown(step["webauthn"])
            if isinstance(answer, dict):
                answer = {**answer, "rawId": shown["rawId"]} if "response" in answer else answer
            response = _second(client, way="webauthn", answer=answer)
            assert (response.status_code, response.json()) in [(400, NOT_RIGHT), (400, UNREADABLE)]
            assert not _is_in(client)

            options = ask_desk(client, "logga-in/igen/").json()["webauthn"]
            _second(client, way="webauthn", answer=passkey.shown(options))
            ask_desk(client, "konto/nyckel/")
            response = ask_desk(client, "konto/nyckel/", {"label": "x", "answer": answer})
            assert (response.status_code, response.json()) in [(400, NOT_RIGHT), (400, UNREADABLE)]
            assert not _is_in(at_desk)


# Apps with codes


def test_app_is_added_once_it_shows_the_code_of_its_secret(client, handler):
    desk_login(client, "tipsmottagare")
    drawn = ask_desk(client, "konto/totp/").json()
    assert drawn["uri"].startswith("otpauth://totp/Tipsmottagningen:tipsmottagare?")
    assert f"secret={drawn['secret']}" in drawn["uri"]

    wrong = ask_desk(client, "konto/totp/", {"code": "000000", "label": "x"})
    assert (wrong.status_code, wrong.json()) == (400, NOT_RIGHT)
    assert not factors.has_factor(handler)
    right = ask_desk(client, "konto/totp/", {"code": _code(drawn["secret"]), "label": "Mobil"})
    assert right.json()["authenticators"][0]["label"] == "Mobil"
    assert len(right.json()["codes"]) == 10
    # The secret was for one app: it is not added again.
    again = ask_desk(client, "konto/totp/", {"code": _code(drawn["secret"]), "label": "y"})
    assert again.json() == NOT_RIGHT


def test_code_of_this_half_minute_lets_in_once(client, secret):
    assert _first_step(client).json() == {"step": "second", "ways": ["totp", "code"]}
    code = _code(secret)
    answer = _second(client, way="totp", code=f"{code[:3]} {code[3:]}")
    assert answer.json() == {"step": "in"}
    assert _is_in(client)
    other = Client()
    _first_step(other)
    assert _second(other, way="totp", code=code).json() == NOT_RIGHT


def test_code_of_another_time_lets_nobody_in(client, secret, subtests):
    for steps in [-3, -2, 1, 3]:
        with subtests.test(steps=steps):
            _first_step(client)
            assert _second(client, way="totp", code=_code(secret, steps)).json() == NOT_RIGHT


def test_code_that_has_just_ended_is_told_so_and_is_no_guess(client, secret):
    """Who writes slowly waits for the next one, and is not braked for it."""
    _first_step(client)
    for _attempt in range(2 * proving.MOST_WRONG_ANSWERS):
        late = _second(client, way="totp", code=_code(secret, -1))
        assert (late.status_code, late.json()) == (400, JUST_ENDED)
    assert _second(client, way="totp", code=_code(secret)).json() == {"step": "in"}


def test_code_that_has_just_ended_forgets_no_guesses_before_it(client, secret):
    _first_step(client)
    for _attempt in range(proving.MOST_WRONG_ANSWERS - 1):
        _second(client, way="totp", code="000000")
    assert _second(client, way="totp", code=_code(secret, -1)).json() == JUST_ENDED
    _second(client, way="totp", code="000000")
    assert _second(client, way="totp", code=_code(secret)).json() == LOGGED_OUT


def test_code_that_was_used_is_wrong_and_not_late(client, secret):
    change_factors(step=int(apps_with_codes.time.time()) // 30 - 1)
    _first_step(client)
    assert _second(client, way="totp", code=_code(secret, -1)).json() == NOT_RIGHT


def test_app_is_added_by_the_code_of_this_half_minute(client, handler):
    desk_login(client, "tipsmottagare")
    secret = ask_desk(client, "konto/totp/").json()["secret"]
    late = ask_desk(client, "konto/totp/", {"code": _code(secret, -1), "label": "x"})
    assert (late.status_code, late.json()) == (400, JUST_ENDED)
    assert not factors.has_factor(handler)
    added = ask_desk(client, "konto/totp/", {"code": _code(secret), "label": "x"})
    assert added.status_code == 200


def test_who_is_asked_again_is_told_of_a_code_that_has_just_ended(client, secret):
    _first_step(client)
    assert _second(client, way="totp", code=_code(secret)).status_code == 200
    change_factors(step=0)
    late = ask_desk(client, "fraga-igen/", {"way": "totp", "code": _code(secret, -1)})
    assert (late.status_code, late.json()) == (400, JUST_ENDED)


def test_code_that_one_was_enrolled_with_lets_nobody_in(client, handler):
    found, _answer = _add_app(desk_login(Client(), "tipsmottagare"))
    _first_step(client)
    assert _second(client, way="totp", code=_code(found)).json() == NOT_RIGHT


def test_five_wrong_answers_end_half_a_login(client, secret):
    _first_step(client)
    for _attempt in range(proving.MOST_WRONG_ANSWERS):
        assert _second(client, way="totp", code="000000").json() == NOT_RIGHT
    assert _second(client, way="totp", code=_code(secret)).json() == LOGGED_OUT
    # And guesses are braked, from whatever login they come.
    _first_step(client)
    assert _second(client, way="totp", code=_code(secret)).status_code == 429


def test_who_guesses_codes_does_not_brake_the_password_of_the_right_one(client, secret):
    guesser, person = Client(), Client(REMOTE_ADDR="192.0.2.7")
    _first_step(guesser)
    for _attempt in range(proving.MOST_WRONG_ANSWERS):
        _second(guesser, way="totp", code="000000")
    assert _first_step(guesser).json()["step"] == "second"
    assert _first_step(person).json()["step"] == "second"
    assert _second(person, way="totp", code=_code(secret)).json() == {"step": "in"}


def test_a_browser_that_has_been_here_comes_past_the_guesses_of_others(client, secret):
    _first_step(client)
    assert _second(client, way="totp", code=_code(secret)).status_code == 200
    change_factors(step=0)
    guesser = Client()
    _first_step(guesser)
    for _attempt in range(proving.MOST_WRONG_ANSWERS):
        _second(guesser, way="totp", code="000000")

    _first_step(client)
    assert _second(client, way="totp", code=_code(secret)).json() == {"step": "in"}


def test_database_has_no_secret_that_can_be_read(secret, handler, colleague):
    """Whoever reads it lacks the key file; and a secret that is moved to another opens nothing."""
    row = Authenticator.objects.get(kind="totp")
    sealed = bytes(row.secret)
    assert base64.b32decode(secret) not in sealed
    assert secrets_file.unseal_secret(sealed, handler) == base64.b32decode(secret)
    with pytest.raises(secrets_file.NoKeyFile):
        secrets_file.unseal_secret(sealed, colleague)


def test_without_its_key_file_the_desk_says_so_and_lets_nobody_in(
    client, handler, settings, tmp_path, caplog, subtests
):
    settings.DESK_KEY_FILE = tmp_path / "desk-key"
    for content in [None, "", "aa", "zz" * 32]:
        with subtests.test(content=content):
            if content is not None:
                settings.DESK_KEY_FILE.write_text(content)

            answer = _first_step(client)

            assert answer.status_code == 503
            assert said(answer).startswith("Inloggningar kan inte kontrolleras.")
            assert "the key file of the desk is missing" in caplog.text
            assert not _is_in(client)


def test_key_file_is_made_once_and_for_its_owner_alone(tmp_path):
    path = tmp_path / "folder" / "desk-key"
    secrets_file.make_key_file(path)
    made = path.read_text()
    secrets_file.make_key_file(path)
    assert path.read_text() == made
    assert len(bytes.fromhex(made)) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


# Recovery codes


def test_recovery_code_lets_in_once_however_it_is_typed(client, passkey, subtests):
    for typed in [str, str.lower, lambda code: code.replace("-", " ")]:
        with subtests.test(typed=typed):
            made = factors.new_recovery_codes(_owner())
            _first_step(client)
            assert _second(client, way="code", code=typed(made[3])).json() == {"step": "in"}
            assert _is_in(client)
            assert ask_desk(client, "konto/").json()["codes_left"] == 9

            _first_step(client)
            assert _second(client, way="code", code=made[3]).json() == NOT_RIGHT
            assert _second(client, way="code", code=made[4]).json() == {"step": "in"}


def _owner():
    return Handler.objects.get(username="tipsmottagare")


def test_new_codes_end_the_old_ones(client, passkey):
    old = factors.new_recovery_codes(_owner())
    _first_step(client)
    _second(client, way="code", code=old[0])
    made = ask_desk(client, "konto/koder/", {}).json()["codes"]
    assert len(made) == 10
    assert not set(made) & set(old)

    _first_step(client)
    assert _second(client, way="code", code=old[1]).json() == NOT_RIGHT
    assert _second(client, way="code", code=made[0]).json() == {"step": "in"}


def test_codes_without_a_factor_are_not_made(at_desk):
    answer = ask_desk(at_desk, "konto/koder/", {})
    assert (answer.status_code, answer.json()) == (
        400, refusal("Lägg till en lösennyckel eller en app först."),
    )  # fmt: skip


def test_database_has_no_code_that_can_be_read(passkey):
    made = factors.new_recovery_codes(_owner())
    kept = repr(Authenticator.objects.get(kind="codes").codes)
    assert not [code for code in made if code in kept or code.replace("-", "") in kept]


def test_one_try_of_a_code_costs_one_hash(client, passkey, dear_guesses, monkeypatch):
    _first_step(client)
    calls = []
    scrypt = hashlib.scrypt
    monkeypatch.setattr(
        hashlib, "scrypt", lambda *words, **more: calls.append(more) or scrypt(*words, **more)
    )
    _second(client, way="code", code="fel")
    assert [call["n"] for call in calls] == [2**14]


# Removing


def test_last_factor_stays_where_one_is_required(client, handler, required):
    _first_step(client)
    _add_passkey(client, Passkey())
    (only,) = ask_desk(client, "konto/").json()["authenticators"]

    answer = ask_desk(client, "konto/ta-bort/", {"id": only["id"]})

    assert (answer.status_code, answer.json()) == (
        400, refusal("Det här är den sista. Lägg till en annan först."),
    )  # fmt: skip
    _add_app(client)
    left = ask_desk(client, "konto/ta-bort/", {"id": only["id"]}).json()
    assert [each["kind"] for each in left["authenticators"]] == ["totp"]
    assert left["codes_left"] == 10


def test_with_the_last_factor_its_codes_go_too_where_none_is_required(client, secret):
    _first_step(client)
    _second(client, way="totp", code=_code(secret))
    (only,) = ask_desk(client, "konto/").json()["authenticators"]
    left = ask_desk(client, "konto/ta-bort/", {"id": only["id"]}).json()
    assert (left["authenticators"], left["codes_left"]) == ([], 0)
    again = ask_desk(client, "konto/ta-bort/", {"id": only["id"]})
    assert (again.status_code, again.json()) == (404, refusal("Den är redan borttagen."))
    assert desk_login(Client(), "tipsmottagare")


def test_factor_and_session_of_a_colleague_are_not_ones_own(passkey, colleagues_desk):
    theirs = Authenticator.objects.get(kind="webauthn")
    answer = ask_desk(colleagues_desk, "konto/ta-bort/", {"id": str(theirs.pk)})
    assert answer.status_code == 404
    session = _owner().sessions.get()
    ask_desk(colleagues_desk, "konto/sessioner/", {"id": str(session.pk)})
    assert Authenticator.objects.filter(pk=theirs.pk).exists()
    assert DeskSession.objects.filter(pk=session.pk).exists()
