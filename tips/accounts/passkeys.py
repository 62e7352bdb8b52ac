"""Passkeys (WebAuthn): what a browser is asked to sign, and whether it has signed just that."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import webauthn
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tips.models import Authenticator, Handler

_ALGORITHMS = [COSEAlgorithmIdentifier.ECDSA_SHA_256, COSEAlgorithmIdentifier.EDDSA]
_NAME = "Tipsmottagningen"
# What an answer that nobody's browser makes can lead to, too.
_UNFIT = (WebAuthnException, ValueError, TypeError, LookupError, AttributeError)


class WrongAnswer(Exception):
    """It was not signed by that key, for this place, or for what was asked."""


@dataclass(frozen=True)
class DeskPlace:
    """Where the browser is: a key that was made for another name counts for nothing here."""

    name: str  # the desk's host, without port
    origin: str


@dataclass(frozen=True)
class Made:
    credential_id: bytes
    public_key: bytes
    counter: int


def ask_to_make(
    place: DeskPlace, handler: Handler, those: Iterable[Authenticator]
) -> tuple[dict[str, Any], bytes]:
    """What to hand to `navigator.credentials.create`, and the challenge to keep."""
    options = webauthn.generate_registration_options(
        rp_id=place.name,
        rp_name=_NAME,
        user_id=handler.pk.bytes,
        user_name=handler.username,
        user_display_name=handler.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_named(those),
        supported_pub_key_algs=_ALGORITHMS,
    )
    return json.loads(webauthn.options_to_json(options)), options.challenge


def made(answer: dict[str, Any], challenge: bytes, place: DeskPlace) -> Made:
    _refuse_unasked(challenge)
    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.name,
            expected_origin=place.origin,
            require_user_verification=True,
            supported_pub_key_algs=_ALGORITHMS,
        )
    except _UNFIT:
        raise WrongAnswer from None
    return Made(found.credential_id, found.credential_public_key, found.sign_count)


def ask_to_show(place: DeskPlace, those: Iterable[Authenticator]) -> tuple[dict[str, Any], bytes]:
    """What to hand to `navigator.credentials.get`, and the challenge to keep."""
    options = webauthn.generate_authentication_options(
        rp_id=place.name,
        allow_credentials=_named(those),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return json.loads(webauthn.options_to_json(options)), options.challenge


def counter_after(
    answer: dict[str, Any], challenge: bytes, place: DeskPlace, key: Authenticator
) -> int:
    """The key's counter after this answer, which a copy of the key cannot give twice."""
    _refuse_unasked(challenge)
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.name,
            expected_origin=place.origin,
            credential_public_key=bytes(key.public_key or b""),
            credential_current_sign_count=key.counter,
            require_user_verification=True,
        )
    except _UNFIT:
        raise WrongAnswer from None
    return found.new_sign_count


def credential_id_in(answer: dict[str, Any]) -> bytes:
    try:
        return webauthn.base64url_to_bytes(answer["rawId"])
    except _UNFIT:
        raise WrongAnswer from None


def _refuse_unasked(challenge: bytes) -> None:
    """An answer to no question could be given again and again."""
    if not challenge:
        raise WrongAnswer


def _named(those: Iterable[Authenticator]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=bytes(each.credential_id or b"")) for each in those]
