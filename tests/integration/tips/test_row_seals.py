"""What is written in the tips' database beside the desk's service opens nothing (decision 0050)."""

import base64
import hashlib
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from tests.desk_refusals import refusal
from tests.handlers import PASSWORD, ask_desk, change_factors, desk_login, is_in
from tips.accounts import apps_with_codes, codes, factors, people, row_seals
from tips.handling import handlers
from tips.models import Authenticator, DeskAttempt, DeskSession, Handler

from .commands import fault, said

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

DESK = "/tipsmottagning/"
WRONG = refusal("Användarnamnet eller lösenordet stämmer inte.")
OTHER = "ett-annat-som-duger-8"
GOOD = "lila-gurka-tretton-moln-7"
PASSED_OVER = "Ett konto har ändrats vid sidan av tipsmottagningen: tipsmottagare"


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


def _try(password=PASSWORD, username="tipsmottagare"):
    return ask_desk(Client(), "logga-in/", {"username": username, "password": password})


def _written(model, **values):
    """As a user of the database writes it."""
    assert model.objects.update(**values)


def _as_it_was(model):
    """All rows of the table, to be put back with their seals."""
    rows = list(model.objects.values())

    def put_back():
        model.objects.all().delete()
        model.objects.bulk_create(model(**row) for row in rows)

    return put_back


@pytest.fixture
def secret(handler):
    """The secret of an app that the handler has added, whose last code was used a while ago."""
    at_desk = desk_login(Client(), "tipsmottagare")
    found = base64.b32decode(ask_desk(at_desk, "konto/totp/").json()["secret"])
    added = ask_desk(at_desk, "konto/totp/", {"code": _code(found), "label": "Min telefon"})
    assert added.status_code == 200
    change_factors(step=0)
    return found


def _code(secret):
    return apps_with_codes.code_at(secret, int(apps_with_codes.time.time()) // 30)


# Accounts


def test_an_account_that_was_inserted_does_not_come_in(handler):
    row = Handler.objects.values().get()
    password = make_password(OTHER)
    for seal in ("", row["seal"], "ö" * 64):
        Handler.objects.filter(username="inlagd").delete()
        stranger = Handler(username="inlagd", name="Inlagd", made_on=row["made_on"], seal=seal)
        stranger.password = password
        stranger.save()

        assert _try(OTHER, "inlagd").json() == WRONG
        assert not handlers.is_handler("inlagd")
    assert [each.username for each in handlers.all_handlers()] == ["tipsmottagare"]
    assert _try().json() == {"step": "in"}


def test_an_account_that_was_changed_does_not_come_in_and_is_named(handler, noted, subtests):
    for changed in [
        {"password": make_password(OTHER)}, {"code": codes.as_kept("AAAA-AAAA-AAAA-AAAA")},
        {"code_until": timezone.now() + timedelta(days=900)}, {"enrolled_by": "kollega"},
        {"browsers_since": timezone.now()}, {"factors_digest": "0" * 64},
        {"email": "nagon-annan@example.org"},
    ]:  # fmt: skip
        with subtests.test(changed=changed):
            put_back = _as_it_was(Handler)
            DeskAttempt.objects.all().delete()  # else they would be braked
            _written(Handler, **changed)

            assert _try().json() == _try(OTHER).json() == _try(username="ingen").json() == WRONG
            assert {
                "door": "desk", "event": "seal-broken", "who": "tipsmottagare", "table": "handler",
            } in noted()  # fmt: skip
            assert PASSED_OVER in said("tips_status")
            put_back()


def test_a_code_that_was_written_into_an_account_gives_it_no_password(handler):
    until = timezone.now() + timedelta(days=1)
    _written(Handler, code=codes.as_kept("AAAA-AAAA-AAAA-AAAA"), code_until=until)
    body = {"username": "tipsmottagare", "code": "AAAA-AAAA-AAAA-AAAA", "password": GOOD}
    assert ask_desk(Client(), "ny/", body).status_code == 400


@pytest.mark.parametrize("state", [{"is_locked": True}, {"closed_on": timezone.localdate()}])
def test_a_locked_or_closed_account_is_not_opened_in_the_database(handler, state):
    row_seals.change_row(handler, **state)
    assert _try().json() == WRONG
    _written(Handler, is_locked=False, closed_on=None)
    assert _try().json() == WRONG


def test_a_name_that_was_given_another_password_hash_of_a_colleague_stays_out(handler, colleague):
    """Rows are sealed whole: what is right in one row is nothing in another."""
    row_seals.change_row(colleague, password=make_password(OTHER))
    theirs = Handler.objects.filter(pk=colleague.pk).values("password", "seal").get()
    Handler.objects.filter(pk=handler.pk).update(**theirs)
    assert _try(OTHER).json() == WRONG


def test_who_is_in_is_out_once_the_row_was_changed(at_desk, handler):
    _written(Handler, name="Någon Annan")
    assert not is_in(at_desk)


def test_a_superuser_of_the_cms_with_the_same_name_and_password_is_nobody_here(handler):
    get_user_model().objects.create_superuser("tipsmottagare", password=PASSWORD)
    get_user_model().objects.create_superuser("chefen", password=PASSWORD)
    _written(Handler, password="")
    assert _try().json() == _try(username="chefen").json() == WRONG


# Second factors


def test_a_factor_that_was_inserted_opens_nothing(handler, secret):
    Authenticator.objects.create(
        handler=handler,
        kind="webauthn",
        made_on=timezone.localdate(),
        credential_id=b"en annans",
        public_key=b"nyckel",
    )

    assert _try().json() == WRONG
    assert PASSED_OVER in said("tips_status")


@pytest.mark.parametrize("left", ["an app", "codes", "nothing"])
def test_a_factor_that_was_taken_away_leaves_no_account_with_a_password_alone(
    handler, secret, settings, left
):
    settings.SECOND_FACTOR_REQUIRED = left == "nothing"
    going = {"an app": ["codes"], "codes": ["totp"], "nothing": ["codes", "totp"]}[left]
    Authenticator.objects.filter(kind__in=going).delete()
    assert _try().json() == WRONG
    assert factors.has_factor(Handler.objects.get())


def test_a_code_of_an_app_that_was_used_is_not_made_unused(handler, secret):
    client = Client()
    ask_desk(client, "logga-in/", {"username": "tipsmottagare", "password": PASSWORD})
    before = _as_it_was(Authenticator)
    code = _code(secret)
    assert ask_desk(client, "logga-in/igen/", {"way": "totp", "code": code}).json() == {
        "step": "in"
    }

    before()

    assert _try().json() == WRONG


def test_recovery_codes_that_were_used_are_not_put_back(handler, secret):
    made = factors.new_recovery_codes(Handler.objects.get())
    client = Client()
    ask_desk(client, "logga-in/", {"username": "tipsmottagare", "password": PASSWORD})
    before = _as_it_was(Authenticator)
    shown = ask_desk(client, "logga-in/igen/", {"way": "code", "code": made[0]})
    assert shown.json() == {"step": "in"}
    before()
    assert _try().json() == WRONG


def test_what_changes_while_a_factor_is_shown_is_never_sealed_with_it(handler, secret, monkeypatch):
    """Somebody inserts a factor between the look at those that are there and the new seal."""
    keep = factors._keep

    def keep_late(handler, those):
        Authenticator.objects.create(
            handler=handler, kind="webauthn", made_on=timezone.localdate(), credential_id=b"x"
        )
        keep(handler, those)

    monkeypatch.setattr(factors, "_keep", keep_late)
    factors.show_app_code(handler, _code(secret))

    assert not factors.is_whole_account(Handler.objects.get())


# Sessions


def test_a_session_that_was_inserted_opens_nothing(handler):
    now = timezone.now()
    client = Client()
    client.cookies["desk"] = key = "en nyckel som någon har hittat på"
    DeskSession.objects.create(
        key_hash=hashlib.sha256(key.encode()).hexdigest(),
        handler=handler,
        stage="in",
        began=now,
        seen=now,
        proven=now,
    )

    assert not is_in(client)
    assert "En inloggning har skrivits vid sidan av tipsmottagningen: tipsmottagare" in said(
        "tips_status"
    )
    desk_login(Client(), "tipsmottagare")
    assert DeskSession.objects.count() == 1


def test_a_session_does_not_become_younger(at_desk, subtests):
    for member in ["began", "seen", "proven"]:
        with subtests.test(member=member):
            put_back = _as_it_was(DeskSession)
            DeskSession.objects.update(**{member: timezone.now() + timedelta(hours=11)})
            assert not is_in(at_desk)
            put_back()
            assert is_in(at_desk)


def test_half_a_login_is_not_made_a_whole_one(handler, secret):
    client = Client()
    ask_desk(client, "logga-in/", {"username": "tipsmottagare", "password": PASSWORD})
    _written(DeskSession, stage="in")
    assert not is_in(client)


def test_wrong_answers_are_not_forgotten_and_a_question_is_not_asked_again(handler, secret):
    client = Client()
    ask_desk(client, "logga-in/", {"username": "tipsmottagare", "password": PASSWORD})
    ask_desk(client, "logga-in/igen/", {"way": "totp", "code": "000000"})
    _written(DeskSession, wrong_answers=0)
    right = ask_desk(client, "logga-in/igen/", {"way": "totp", "code": _code(secret)})
    assert right.status_code == 401


def test_a_session_is_not_given_to_another(at_desk, colleague):
    _written(DeskSession, handler=colleague)
    assert not is_in(at_desk)


# The operator's part


def test_rows_of_before_come_in_once_an_operator_has_sealed_them(handler, secret):
    """As after the update that brings seals: no row has one."""
    _written(Handler, seal="", factors_digest="")
    _written(DeskSession, seal="")
    assert _try().json() == WRONG
    told = said("tips_desk", "list")
    assert "Ett konto saknar sigill: tipsmottagare, tipsmottagare, gjort" in told

    said("tips_desk", "seal", "tipsmottagare")

    assert not DeskSession.objects.exists()
    client = Client()
    body = {"username": "tipsmottagare", "password": PASSWORD}
    assert ask_desk(client, "logga-in/", body).json()["step"] == "second"
    shown = ask_desk(client, "logga-in/igen/", {"way": "totp", "code": _code(secret)})
    assert shown.json() == {"step": "in"}
    assert "Alla konton och inloggningar är skrivna av tipsmottagningen." in said(
        "tips_desk", "seal"
    )


def test_a_changed_account_is_named_until_it_is_rescued(handler, secret, noted):
    _written(Authenticator, label="En annan")
    wrong = fault("tips_desk", "seal")
    assert wrong.startswith("Ingen kommer in med dem.")
    assert "vid sidan av tipsmottagningen, eller saknar sigill" in fault(
        "tips_desk", "lock", "tipsmottagare"
    )

    said("tips_desk", "rescue", "tipsmottagare")

    assert "Alla konton" in said("tips_desk", "seal")
    assert people.handler_named("tipsmottagare").password == ""
    assert fault("tips_desk", "seal", "tipsmottagare") == (
        "Kontot tipsmottagare behöver inget sigill."
    )


# In PostgreSQL
