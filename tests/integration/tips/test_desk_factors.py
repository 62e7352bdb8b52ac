"""Second factors at the desk: passkeys, apps with codes and recovery codes, made, shown and removed."""

import time

import pytest
from django.test import Client
from webauthn import base64url_to_bytes

from tests.handlers import PASSWORD, ask_desk, desk_login
from tests.passkeys import Passkey
from tips.accounts import apps_with_codes

pytestmark = [pytest.mark.tips, pytest.mark.django_db(databases=["default", "tips"])]

DESK = "/tipsmottagning/"
NOT_RIGHT = {"error": "Det stämde inte. Försök igen."}
UNREADABLE = {"error": "Det som skickades går inte att läsa."}
LOGGED_OUT = {"error": "Du har loggats ut. Logga in igen."}


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def _first_step(client, username="tipsmottagare"):
    return ask_desk(client, "logga-in/", {"username": username, "password": PASSWORD})


def _is_in(client):
    return client.get(DESK).status_code == 200


def _add_passkey(client, passkey, label="Min nyckel"):
    options = ask_desk(client, "konto/nyckel/").json()
    return ask_desk(client, "konto/nyckel/", {"label": label, "answer": passkey.made(options)})


def _add_app(client, label="Min telefon"):
    """The app's secret, and what the desk answers when it has shown its code."""
    secret = ask_desk(client, "konto/totp/").json()["secret"]
    code = _code(secret)
    return secret, ask_desk(client, "konto/totp/", {"code": code, "label": label})


def _code(secret, steps=0):
    octets = base64url_to_bytes if False else __import__("base64").b32decode
    return apps_with_codes.code_at(octets(secret), int(time.time()) // 30 + steps)


@pytest.fixture
def with_passkey(handler):
    passkey = Passkey()
    client = desk_login(Client(), "tipsmottagare")
    assert _add_passkey(client, passkey).status_code == 200
    return passkey


def test_smoke(client, handler, required):
    assert _first_step(client).json() == {"step": "enrol"}
    assert not _is_in(client)
    answer = _add_passkey(client, Passkey())
    assert answer.status_code == 200, answer.content
    print(answer.json())
    assert _is_in(client)
    other = Client()
    step = _first_step(other).json()
    print(step)
