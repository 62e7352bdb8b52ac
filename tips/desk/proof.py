"""Whether somebody who asks to come in has proved whose key it is: what was asked, and what was signed.

The format is docs/decisions/0050. Who is refused is not told why: there is nothing to guess at, and
nothing to learn.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import webauthn
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from webauthn.helpers.exceptions import WebAuthnException

from tips.handling.handlers import handler_now
from tips.models import SpentChallenge
from tips.router import DATABASE
from tips.sealing import trust
from tips.sealing.keyring import Keyring, KeyringEntry, Passkey
from tips.sealing.trust import TrustError

LOGIN_FORMAT = "sapo-login/1"
CHALLENGE_LASTS = timedelta(seconds=120)
_RANDOM, _MAC = 16, 16
_WRITTEN = "%Y-%m-%dT%H:%M:%SZ"
# What an answer that nobody's browser makes can lead to, too.
_UNFIT = (WebAuthnException, ValueError, TypeError, LookupError, AttributeError)


class NotProved(Exception):
    """It was not signed by that key, for this place, or for what was asked."""


@dataclass(frozen=True)
class DeskPlace:
    """Where the browser is: what was signed for another place counts for nothing here."""

    name: str  # the desk's host, without port
    host: str
    origin: str


@dataclass(frozen=True)
class LoginProof:
    """What the browser sends: the text that was signed, both halves, and what a passkey says of it."""

    login: bytes
    signature: trust.Signature
    passkey: dict[str, str] | None


def new_challenge(ring: Keyring) -> dict[str, str | int]:
    """What to sign within two minutes: random octets, which know when they were given."""
    random, time = secrets.token_bytes(_RANDOM), datetime.now(UTC).strftime(_WRITTEN)
    return {
        "keyring": ring.serial,
        "nonce": trust.to_text(random + _mac(random, time)),
        "time": time,
    }


def who_has_proved(proof: LoginProof, ring: Keyring, place: DeskPlace) -> KeyringEntry:
    """The handler who has signed; NotProved where one thing is not as it should be."""
    try:
        said = _said(proof.login)
        _check_asked(said, ring, place)
        handler = handler_now(str(said["handler"]))
    except (TrustError, ValueError):
        raise NotProved from None
    if not (handler and handler.key and handler.key.holds(proof.signature, "login", proof.login)):
        raise NotProved
    _check_passkey(handler, proof, place)
    _spend(str(said["nonce"]))
    return handler


def _said(octets: bytes) -> dict[str, str | int]:
    texts = dict.fromkeys(("format", "handler", "host", "nonce", "time"), str)
    return trust.members(trust.read(octets), {**texts, "keyring": int}, {})


def _check_asked(said: dict[str, str | int], ring: Keyring, place: DeskPlace) -> None:
    asked = (LOGIN_FORMAT, ring.serial, place.host)
    octets = trust.from_text(str(said["nonce"]), _RANDOM + _MAC)
    random, mac = octets[:_RANDOM], octets[_RANDOM:]
    given = datetime.strptime(str(said["time"]), _WRITTEN).replace(tzinfo=UTC)
    is_ours = hmac.compare_digest(mac, _mac(random, str(said["time"])))
    is_now = timedelta(0) <= timezone.now() - given.replace(microsecond=0) <= CHALLENGE_LASTS
    if (said["format"], said["keyring"], said["host"]) != asked or not (is_ours and is_now):
        raise NotProved


def _check_passkey(handler: KeyringEntry, proof: LoginProof, place: DeskPlace) -> None:
    """That one of the entry's passkeys has signed the same text, with its person verified."""
    if not handler.passkeys:
        if settings.TIPS_PASSKEYS_REQUIRED:
            raise NotProved
        return
    answer = proof.passkey or {}
    try:
        passkey = _named(handler, answer)
        webauthn.verify_authentication_response(
            credential=_credential(answer),
            expected_challenge=bytes.fromhex(trust.sha256_of(proof.login)),
            expected_rp_id=place.name,
            expected_origin=place.origin,
            credential_public_key=passkey.key,
            credential_current_sign_count=0,  # counters are not kept: the keyring is signed
            require_user_verification=True,
        )
    except _UNFIT:
        raise NotProved from None


def _named(handler: KeyringEntry, answer: dict[str, str]) -> Passkey:
    named = {trust.to_text(each.credential): each for each in handler.passkeys}
    return named[answer["credential"]]


def _credential(answer: dict[str, str]) -> dict[str, object]:
    """As py_webauthn reads what a browser says."""
    return {
        "id": answer["credential"],
        "rawId": answer["credential"],
        "type": "public-key",
        "response": {
            "authenticatorData": answer["authenticator"],
            "clientDataJSON": answer["client"],
            "signature": answer["signature"],
        },
    }


def _spend(nonce: str) -> None:
    """Uses the challenge up; NotProved if somebody has come in with it."""
    now = timezone.now()
    SpentChallenge.objects.filter(at__lt=now - 2 * CHALLENGE_LASTS).delete()
    try:
        with transaction.atomic(using=DATABASE):
            SpentChallenge.objects.create(nonce=nonce, at=now)
    except IntegrityError:
        raise NotProved from None


def _mac(random: bytes, time: str) -> bytes:
    said = random + time.encode("utf-8", "replace")
    return salted_hmac("tips.desk.challenge", said, algorithm="sha256").digest()[:_MAC]
