"""Handlers and their logins, for tests: as the desk's pages ask for them."""

import json
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpResponse
from django.http.request import HttpHeaders
from django.test import Client
from django.utils.timezone import localdate

from tips.accounts import row_seals
from tips.models import Authenticator, DeskSession, Handler
from tips.router import DATABASE

PASSWORD = "hemligt-nog-for-prov"
API = "/tipsmottagning/api/"
# What the desk's own script sends with each request.
SIGNS = {"Sec-Fetch-Site": "same-origin", "X-Desk": "1", "Origin": "http://testserver"}


def make_handler(username: str, password: str = PASSWORD, **fields: Any) -> Handler:
    fields = {"name": username, "made_on": localdate(), **fields}
    handler = Handler(username=username, password=make_password(password), **fields)
    row_seals.seal_row(handler)
    handler.save(force_insert=True)
    return handler


def change_sessions(**values: object) -> None:
    """As if the desk itself had written it, in all sessions."""
    for session in DeskSession.objects.all():
        row_seals.change_row(session, **values)


def change_factors(**values: object) -> None:
    """As if the desk itself had written it, in all second factors: at once, since it may be asked meanwhile."""
    with transaction.atomic(using=DATABASE):
        Authenticator.objects.update(**values)
        for handler in Handler.objects.exclude(factors_digest=""):
            digest = row_seals.digest_of_factors(handler.authenticators.all())
            row_seals.change_row(handler, factors_digest=digest)


def ask_desk(client: Client, address: str, body: object = None, **headers: str) -> HttpResponse:
    """What the desk's own script asks: GET, or POST of what is given."""
    signs = {**SIGNS, **headers}
    if body is None:
        return client.get(API + address, headers=signs)
    return client.post(
        API + address, json.dumps(body), content_type="application/json", headers=signs
    )


def desk_login(client: Client, username: str, password: str = PASSWORD) -> Client:
    """Logs in as the desk's page does, where no second factor is needed; the client asks as its script from then on."""
    response = ask_desk(client, "logga-in/", {"username": username, "password": password})
    assert response.json() == {"step": "in"}, response.content.decode()
    client.defaults |= HttpHeaders.to_wsgi_names(SIGNS)
    return client


def is_in(client: Client) -> bool:
    """Whether the desk lets the client in, as somebody who does something there."""
    answer = ask_desk(client, "ko/", **{"X-Desk-Active": "1"})
    assert answer.status_code in (200, 401)
    return bool(answer.status_code == 200)
