"""Stops of handlers, for tests: signed as a browser, or a signer's program, would."""

from datetime import date

from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import localdate

from tests.handlers import ask_desk
from tests.rings import SIGNER_KEYS, handler_key, secret_number
from tips.keeping.present_keyring import signed_now
from tips.sealing import stops, trust
from tips.sealing.trust import SignedKind, SigningKey


def stop_text(
    handler: str = "stoppas", made_on: date | None = None, keyring: str = "", reason: str = "left"
) -> bytes:
    return stops.spell_stop(handler, keyring or signed_now().hash, made_on or localdate(), reason)


def signed_by(octets: bytes, *keys: SigningKey, kind: SignedKind = "step") -> bytes:
    return trust.spell_signatures(
        kind, octets, {key.public.id: key.sign(kind, octets) for key in keys}
    )


def by_handlers(octets: bytes, *ids: str) -> bytes:
    return signed_by(octets, *map(_key_of, ids))


def by_signer(octets: bytes, number: int = 0) -> bytes:
    return signed_by(octets, SIGNER_KEYS[number], kind="account")


def _key_of(handler_id: str) -> SigningKey:
    [entry] = (each for each in signed_now().entries if each.id == handler_id)
    return handler_key(secret_number(entry))


def sign_at_desk(client: Client, octets: bytes, file: bytes) -> HttpResponse:
    return ask_desk(client, "stopp/", {"text": octets.decode(), "signatures": file.decode()})
