"""Handlers and their logins, for tests: as the desk's page asks for them."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.request import HttpHeaders
from django.test import Client

from tests.rings import handler_key, secret_number
from tips.handling.handlers import handler_now
from tips.sealing import trust
from tips.sealing.keyring import KeyringEntry

API = "/tipsmottagning/api/"
HOST = "testserver"
# What the desk's own script sends with each request.
SIGNS = {"Sec-Fetch-Site": "same-origin", "X-Desk": "1", "Origin": f"http://{HOST}"}


def ask_desk(client: Client, address: str, body: object = None, **headers: str) -> HttpResponse:
    """What the desk's own script asks: GET, or POST of what is given."""
    signs = {**SIGNS, **headers}
    if body is None:
        return client.get(API + address, headers=signs)
    return client.post(
        API + address, json.dumps(body), content_type="application/json", headers=signs
    )


def signed_login(client: Client, whose: KeyringEntry, **changed: Any) -> dict[str, Any]:
    """What the page sends to come in as this handler: what it has been asked, and signed."""
    return signed(whose, {**ask_desk(client, "utmaning/", {}).json(), **changed})


def signed(whose: KeyringEntry, asked: dict[str, Any]) -> dict[str, Any]:
    """What was asked of this handler, as it is signed."""
    said = {"format": "sapo-login/1", "handler": whose.id, "host": HOST, **asked}
    octets = trust.spell(said)
    signature = handler_key(secret_number(whose)).sign("login", octets)
    return {"login": octets.decode(), **trust.signature_row(signature)}


def desk_login(client: Client, handler_id: str = "tipsmottagare") -> Client:
    """Logs in as the desk's page does; the client asks as its script from then on."""
    handler = handler_now(handler_id)
    assert handler is not None, f"{handler_id} stands in no keyring in {settings.TIPS_TRUST_DIR}"
    response = ask_desk(client, "logga-in/", signed_login(client, handler))
    assert response.json() == {"user": handler_id}, response.content.decode()
    client.handler_id = handler_id
    client.defaults |= HttpHeaders.to_wsgi_names(SIGNS)
    return client


def is_in(client: Client) -> bool:
    """Whether the desk lets the client in, as somebody who does something there."""
    answer = ask_desk(client, "ko/", **{"X-Desk-Active": "1"})
    assert answer.status_code in (200, 401)
    return bool(answer.status_code == 200)
