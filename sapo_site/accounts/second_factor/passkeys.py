"""Passkeys: what the browser is asked, and whether its answer is right.

An answer counts as both factors, since the key must have checked the person by PIN, face or finger.
"""

import json
import logging
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.helpers import WebAuthnHelper
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import UserVerificationRequirement

from .factors import NAME_LENGTH

logger = logging.getLogger(__name__)

_ADDING, _SHOWING = "passkey_adding", "passkey_showing"
# What the two libraries raise on an answer that no browser sends is only partly their own.
_FAULTS = (
    WebAuthnException, OTPWebAuthnApiError, IntegrityError, ValueError, TypeError, KeyError,
    AttributeError, IndexError, OverflowError, RecursionError,
)  # fmt: skip


class CheckedByThePerson(WebAuthnHelper):
    """Keeps only keys that have checked who holds them; the library would only prefer it."""

    def get_generate_registration_options_kwargs(self, *, user: User) -> dict[str, Any]:
        options = super().get_generate_registration_options_kwargs(user=user)
        options["authenticator_selection"].user_verification = UserVerificationRequirement.REQUIRED
        return options


def works_at(request: HttpRequest) -> str:
    """The address at which passkeys work, if it is another than this one."""
    origins = settings.OTP_WEBAUTHN_ALLOWED_ORIGINS
    return "" if f"{request.scheme}://{request.get_host()}" in origins else origins[0]


def ask_to_add(request: HttpRequest, user: User) -> dict[str, Any]:
    options, request.session[_ADDING] = CheckedByThePerson(request).register_begin(user)
    return options


def keep_passkey(request: HttpRequest, user: User, answer: str, name: str) -> bool:
    """Keeps the key of the browser's answer. Each question is answered once."""
    try:
        with transaction.atomic():
            device = CheckedByThePerson(request).register_complete(
                user, request.session.pop(_ADDING), _parsed(answer)
            )
            device.name = name[:NAME_LENGTH]
            device.save(update_fields=["name"])
    except _FAULTS as fault:
        logger.info("A passkey was not added: %s", type(fault).__name__)
        return False
    return True


def ask_for_passkey(request: HttpRequest, user: User | None) -> dict[str, Any]:
    """Asks for a key of the person's, or of anybody's if it is not known who comes."""
    options, request.session[_SHOWING] = CheckedByThePerson(request).authenticate_begin(user)
    return options


def shown_by(request: HttpRequest, user: User | None, answer: str) -> User | None:
    """Whose key the browser has shown; None if the answer is wrong, or is not this person's."""
    try:
        device = CheckedByThePerson(request).authenticate_complete(
            user, request.session.pop(_SHOWING), _parsed(answer)
        )
    except _FAULTS as fault:
        logger.info("A passkey was refused: %s", type(fault).__name__)
        return None
    return device.user


def _parsed(answer: str) -> dict[str, Any]:
    parsed = json.loads(answer)
    if not isinstance(parsed, dict):
        raise ValueError
    return parsed
