"""The second step of the login to the CMS: nobody comes in without it where it is required."""

import re
import time

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from sapo_site.accounts.brake import PER_NAME_AND_NETWORK
from sapo_site.accounts.second_factor import factors
from tests.factories import ArticlePageFactory
from tests.logins import (
    ASK,
    CMS,
    LOGIN,
    NOT_ACCEPTED,
    OWN,
    PASSWORD,
    SECOND,
    SHOW,
    TOO_MANY,
    WRONG_CODE,
    add_passkey,
    code_now,
    code_of,
    give_password,
    is_inside,
    show_passkey,
    text_of,
)
from tests.soft_passkey import SoftPasskey


@pytest.fixture
def client():
    return Client(SERVER_NAME="localhost")  # where passkeys work


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


# Not inside before


def test_who_has_a_factor_does_not_come_in_by_the_password_alone(client, app):
    assert give_password(client)["Location"] == SECOND
    assert not is_inside(client)
    assert "_auth_user_id" not in client.session
    answer = client.post(SECOND, {"code": code_now(app)})
    assert answer["Location"] == CMS
    assert is_inside(client)


@pytest.mark.usefixtures("required")
def test_who_has_none_is_led_to_adding_one_and_does_nothing_else_before(client, editor, section):
    draft = ArticlePageFactory(parent=section, live=False)
    assert give_password(client)["Location"] == OWN
    assert "Lösenordet räcker inte för att komma in." in text_of(client.get(OWN))

    edit = f"/admin/pages/{draft.pk}/edit/"
    for address in (CMS, edit, f"{edit}preview/", f"/admin/pages/{draft.pk}/view_draft/",
                    "/admin/api/main/pages/", "/admin/account/", SECOND):  # fmt: skip
        for ask in (client.get, client.post):
            answer = ask(address)
            assert answer.status_code == 302, address
            assert answer["Location"].startswith(LOGIN), address

    answer = add_passkey(client, SoftPasskey())
    assert "Dina återställningskoder" in text_of(answer)
    assert is_inside(client)
    assert client.get("/admin/api/main/pages/").status_code == 200


@pytest.mark.usefixtures("required")
def test_an_app_is_added_with_a_code_of_its_own(client, editor):
    give_password(client)
    page = text_of(client.get(f"{OWN}app/"))
    key = TOTPDevice(key=client.session["new_app_key"])
    assert factors.as_written(key) in page
    assert "<svg" in page

    wrong = client.post(f"{OWN}app/", {"code": "000000", "name": "Telefonen"})
    assert "Koden hör inte till den här nyckeln." in text_of(wrong)
    assert 'value="Telefonen"' in text_of(wrong)
    code = code_of(key.key)
    done = client.post(f"{OWN}app/", {"code": f"{code[:3]} {code[3:]}", "name": "Telefonen"})

    assert "Dina återställningskoder" in text_of(done)
    assert "Telefonen" in text_of(client.get(OWN))
    other = Client()
    give_password(other)
    assert WRONG_CODE in text_of(other.post(SECOND, {"code": code})), "used when it was added"


def test_a_stolen_password_does_not_add_a_second_factor_beside_the_owners(client, app):
    give_password(client)
    options = client.post(f"{OWN}nyckel/fraga/")
    assert options["Location"] == LOGIN
    for address in (OWN, f"{OWN}app/", f"{OWN}koder/", f"{OWN}ta-bort/", f"{OWN}nyckel/"):
        for ask in (client.get, client.post):
            assert ask(address)["Location"] == LOGIN, address
    assert not WebAuthnCredential.objects.exists()


def test_login_that_began_before_a_second_factor_was_required_ends(client, editor, settings):
    give_password(client)
    assert is_inside(client)
    settings.SECOND_FACTOR_REQUIRED = True
    assert client.get(CMS)["Location"].startswith(LOGIN)
    assert not Session.objects.filter(session_data__contains="_auth_user_id").exists()


def test_the_second_step_waits_for_ten_minutes(client, app, monkeypatch):
    give_password(client)
    later = time.time() + 601
    monkeypatch.setattr("sapo_site.accounts.second_factor.stages.time.time", lambda: later)
    assert client.get(SECOND)["Location"] == LOGIN


def test_the_second_step_ends_when_the_password_is_changed_or_the_account_closed(client, app):
    give_password(client)
    user = get_user_model().objects.get(username="redaktor")
    user.set_password("ett-nytt-losenord")
    user.save()
    assert client.get(SECOND)["Location"] == LOGIN

    give_password(client, password="ett-nytt-losenord")
    assert client.get(SECOND).status_code == 200
    get_user_model().objects.update(is_active=False)
    assert client.get(SECOND)["Location"] == LOGIN


def test_the_address_that_was_asked_for_is_kept_through_both_steps(client, app):
    give_password(client, next="/admin/images/")
    assert client.post(SECOND, {"code": code_now(app)})["Location"] == "/admin/images/"
    other = Client()
    give_password(other, next="https://ond.example/")
    assert other.post(SECOND, {"code": code_now(app)})["Location"] == CMS


# Passkeys


def test_a_passkey_logs_in_alone_and_counts_as_both_factors(client, passkey, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    assert show_passkey(client, passkey, next="/admin/images/")["Location"] == "/admin/images/"
    assert is_inside(client)


def test_a_passkey_is_asked_for_after_the_password(client, passkey):
    give_password(client)
    assert "Logga in med nyckel" in text_of(client.get(SECOND))
    options = client.post(ASK).json()
    assert len(options["allowCredentials"]) == 1
    assert options["userVerification"] == "required"
    client.post(SHOW, {"answer": passkey.show(options)})
    assert is_inside(client)


def test_whoever_asks_for_a_passkey_learns_nothing_of_who_has_one(client, passkey):
    assert client.post(ASK, {"username": "redaktor"}).json().get("allowCredentials", []) == []


def test_an_answer_is_taken_once(client, passkey):
    answer = passkey.show(client.post(ASK).json())
    client.post(SHOW, {"answer": answer})
    client.post("/admin/logout/")
    thief = Client()
    thief.post(ASK)
    for one in (client, thief):
        one.post(SHOW, {"answer": answer})
        assert not is_inside(one)


def test_a_key_that_does_not_hold_what_it_must_is_not_added(client, editor, subtests):
    client.force_login(editor)
    for key in [
        SoftPasskey(checks_holder=False), SoftPasskey("https://ond.example"),
    ]:  # fmt: skip
        with subtests.test(key=key):
            assert add_passkey(client, key)["Location"] == OWN
            assert "Nyckeln lades inte till. Försök igen." in text_of(client.get(OWN))
            assert not WebAuthnCredential.objects.exists()


def test_a_key_that_has_not_checked_who_holds_it_does_not_log_in(client, passkey):
    passkey.flags = 0x01
    assert show_passkey(client, passkey)["Location"] == LOGIN
    assert NOT_ACCEPTED in text_of(client.get(LOGIN))
    assert not is_inside(client)


def test_one_person_s_password_and_another_s_passkey_let_nobody_in(client, passkey, chief_editor):
    chief = factors.new_app(chief_editor)
    chief.save()
    give_password(client, "chefredaktor")
    assert show_passkey(client, passkey)["Location"] == SECOND
    assert not is_inside(client)


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"groups": []}], ids=["closed", "no role"]
)
def test_a_passkey_of_one_who_may_not_come_in_is_answered_as_an_unknown_one(
    client, passkey, editor, change
):
    if "groups" in change:
        editor.groups.clear()
    else:
        get_user_model().objects.filter(pk=editor.pk).update(**change)

    said = []
    for key in (passkey, SoftPasskey()):
        answer = show_passkey(client, key)
        said.append((answer.status_code, answer["Location"]))
        assert NOT_ACCEPTED in text_of(client.get(LOGIN))
    assert said[0] == said[1]
    assert not is_inside(client)


def test_no_answer_that_is_none_fails_the_server(client, passkey, editor, subtests):
    for answer in [
        "", "x", "[]", "{}", "null", "1" * 5000, "[" * 50_000, '{"id": 1}', "\0",
        '{"id": "", "rawId": "", "type": "public-key", "response": {}}',
        '{"id": "x", "rawId": "x", "type": "public-key", "response": {"clientDataJSON": "e30",' ' "authenticatorData": "AAAA", "signature": "AA", "attestationObject": "o2NmbXRk"}}',
        '{"id": "x", "rawId": "y", "type": [], "response": 3}',
    ]:  # fmt: skip
        with subtests.test(answer=answer):
            assert client.post(SHOW, {"answer": answer}).status_code == 302, "nothing was asked"
            client.post(ASK)
            assert client.post(SHOW, {"answer": answer}).status_code == 302
            client.force_login(editor)
            client.post(f"{OWN}nyckel/fraga/")
            assert client.post(f"{OWN}nyckel/", {"answer": answer}).status_code == 302
            assert WebAuthnCredential.objects.count() == 1


def test_where_passkeys_do_not_work_the_page_says_where_they_do(client, editor, settings):
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = ["http://localhost:8000"]
    client.force_login(editor)
    for page in (text_of(Client().get(LOGIN)), text_of(client.get(OWN))):
        assert "Nycklar fungerar bara på" in page
        assert 'href="http://localhost:8000/admin/"' in page
        assert "data-passkey=" not in page


# Codes


def test_a_code_of_the_app_is_right_once_and_for_its_half_minute(app, monkeypatch):
    code = code_now(app)
    assert [factors.is_right_code(app.user, code) for _twice in range(2)] == [True, False]
    for steps in (-1, 1):
        assert not factors.is_right_code(app.user, code_now(app, steps))


def test_a_recovery_code_lets_in_once_and_not_twice(client, app, editor):
    first, second, *_rest = factors.new_codes(editor)
    give_password(client)
    assert client.post(SECOND, {"code": first.upper().replace("-", " ")})["Location"] == CMS
    assert "9 koder är kvar." in text_of(client.get(OWN))
    other = Client()
    give_password(other)
    assert WRONG_CODE in text_of(other.post(SECOND, {"code": first}))
    assert other.post(SECOND, {"code": second})["Location"] == CMS


def test_new_recovery_codes_end_the_former_ones_and_are_not_readable_in_the_database(
    client, app, editor
):
    former = factors.new_codes(editor)
    client.force_login(editor)
    page = text_of(client.post(f"{OWN}koder/"))
    new = re.findall(r"<code>([a-z2-7-]{29})</code>", page)

    assert len(new) == len(set(new)) == 10
    stored = "".join(StaticToken.objects.values_list("token", flat=True))
    assert not any(code.replace("-", "")[:8] in stored for code in new)
    assert not factors.is_right_code(editor, former[0])
    assert factors.is_right_code(editor, new[0])


def test_wrong_codes_are_braked_and_the_right_password_gives_no_new_attempts(client, app, passkey):
    for _attempt in range(PER_NAME_AND_NETWORK):
        give_password(client)
        assert WRONG_CODE in text_of(client.post(SECOND, {"code": "000000"}))

    give_password(client)
    answer = client.post(SECOND, {"code": code_now(app)})
    assert answer.status_code == 429
    assert TOO_MANY in text_of(answer)
    assert not is_inside(client)
    assert show_passkey(client, passkey)["Location"] == CMS, "a passkey goes past the brake"


# Session


def test_the_key_of_the_session_changes_at_each_step(client, app, settings, monkeypatch):
    def key():
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    client.post(ASK)
    keys = [key()]
    give_password(client)
    keys.append(key())
    client.post(SECOND, {"code": code_now(app)})
    keys.append(key())
    later = time.time() + 601
    monkeypatch.setattr("pages.newsroom.desk.password_again.time.time", lambda: later)
    client.post(OWN, {"ask_again_was": "GET", "ask_again_password": PASSWORD})
    keys.append(key())

    assert len(set(keys)) == 4
    assert Session.objects.count() == 1
