"""Handlers and their logins, for tests: as the desk's pages ask for them."""

import json
from typing import Any

from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import localdate

from tips.models import Handler

PASSWORD = "hemligt-nog-for-prov"
API = "/tipsmottagning/api/"


def make_handler(username: str, password: str = PASSWORD, **fields: Any) -> Handler:
    fields = {"name": username, "made_on": localdate(), **fields}
    return Handler.objects.create(username=username, password=make_password(password), **fields)


def ask_desk(client: Client, address: str, body: object = None, **headers: str) -> HttpResponse:
    """What the desk's own script asks: GET, or POST of what is given."""
    signs = {"Sec-Fetch-Site": "same-origin", "X-Desk": "1"}
    if body is None:
        return client.get(API + address, headers={**signs, **headers})
    signs["Origin"] = "http://testserver"
    return client.post(
        API + address,
        json.dumps(body),
        content_type="application/json",
        headers={**signs, **headers},
    )


def desk_login(client: Client, username: str, password: str = PASSWORD) -> Client:
    """Logs in as the desk's page does, where no second factor is needed."""
    response = ask_desk(client, "logga-in/", {"username": username, "password": password})
    assert response.json() == {"step": "in"}, response.content.decode()
    return client
