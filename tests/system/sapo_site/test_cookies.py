"""How the cookies of production are closed to other sites, to plain http and to programs."""

import json

import pytest

from tests.integration.sapo_site.test_cms_login import LOGIN, PASSWORD
from tests.system.as_service import run_as

from .test_settings import COMPLETE

pytestmark = pytest.mark.django_db

_OF_COOKIES = """
import json
from django.conf import settings
names = [name for name in dir(settings) if name.startswith(("SESSION_COOKIE", "CSRF_COOKIE", "COOKIE_NOTICE"))]
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


@pytest.fixture
def production(settings):
    """The settings of cookies that a service in production has."""
    for name, value in json.loads(run_as("", _OF_COOKIES, **COMPLETE)).items():
        setattr(settings, name, value)


@pytest.mark.usefixtures("production", "home")
def test_no_cookie_of_production_can_be_set_by_others_or_sent_in_clear(client, editor):
    client.get(LOGIN, secure=True)
    client.post(LOGIN, {"username": "redaktor", "password": PASSWORD}, secure=True)
    client.post("/kakor/stang/", {"next": "/"}, secure=True)

    cookies = client.cookies
    assert {"__Host-session", "__Host-csrf", "__Host-kakmeddelande"} <= set(cookies)
    for name, cookie in cookies.items():
        assert name.startswith("__Host-"), name
        assert cookie["secure"], name
        assert cookie["path"] == "/"
        assert not cookie["domain"]
        assert cookie["samesite"] in ("Lax", "Strict"), name
        assert len(f"{name}={cookie.value}") < 4096


@pytest.mark.usefixtures("production", "home")
def test_programs_read_no_cookie_but_the_token_that_they_send_back(client, editor):
    client.get(LOGIN, secure=True)
    client.post(LOGIN, {"username": "redaktor", "password": PASSWORD}, secure=True)
    client.post("/kakor/stang/", {"next": "/"}, secure=True)

    read = {name for name, cookie in client.cookies.items() if not cookie["httponly"]}
    assert read == {"__Host-csrf"}
