"""What a person shows beside the password, and how it is added, checked and taken away."""

import hashlib
import secrets
import time
from base64 import b32encode, urlsafe_b64encode
from binascii import unhexlify
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django_otp import verify_token
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

PASSKEY, APP = "passkey", "app"
RECOVERY_CODES = 10
# More would only be forgotten ones.
AT_MOST = 10
NAME_LENGTH = 64
_DIGITS = 6
_KINDS: dict[str, type[Any]] = {PASSKEY: WebAuthnCredential, APP: TOTPDevice}


@dataclass(frozen=True)
class Factor:
    kind: str
    pk: int
    name: str
    made_at: datetime
    used_at: datetime | None


def cms_factors_of(user: User) -> list[Factor]:
    """The person's passkeys and apps, the oldest first. Recovery codes alone are no factor."""
    return sorted(_found(user), key=lambda each: each.made_at)


def _found(user: User) -> Iterator[Factor]:
    for kind, model in _KINDS.items():
        for row in model._default_manager.filter(user=user, confirmed=True):
            yield Factor(kind, row.pk, row.name, row.created_at, row.last_used_at)


def has_cms_factor(user: User) -> bool:
    return bool(cms_factors_of(user))


def has_passkey(user: User) -> bool:
    return any(each.kind == PASSKEY for each in cms_factors_of(user))


# Apps


def new_app(user: User, key: str = "") -> TOTPDevice:
    """An app that is not kept yet. A code holds for its half minute, and no longer."""
    device = TOTPDevice(user=user, tolerance=0)
    if key:
        device.key = key
    return device


def as_written(device: TOTPDevice) -> str:
    """The key as a person writes it into an app that cannot read the picture."""
    key = b32encode(unhexlify(device.key)).decode()
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


def keep_app(device: TOTPDevice, name: str, code: str) -> bool:
    """Keeps the app if the code shows that it holds the key; this code is then used."""
    totp = _clock_of(device)
    if not _is_of_app(code) or not totp.verify(int(code), device.tolerance):
        return False
    device.name, device.last_t = name, totp.t()
    device.save()
    return True


def _clock_of(device: TOTPDevice) -> TOTP:
    totp = TOTP(unhexlify(device.key), device.step, device.t0, device.digits, device.drift)
    totp.time = time.time()
    return totp


def _is_of_app(code: str) -> bool:
    return len(code) == _DIGITS and code.isascii() and code.isdecimal()


# Recovery codes


def recovery_codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user).count()


@transaction.atomic
def new_codes(user: User) -> list[str]:
    """Draws new recovery codes; the former ones end. Only their hashes are kept."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user)
    # 120 bits each, so that a fast hash protects them (ASVS 6.5.2).
    codes = [b32encode(secrets.token_bytes(15)).decode().lower() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_hash(code)) for code in codes)
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


def _hash(code: str) -> str:
    # The column has room for sixteen characters.
    return urlsafe_b64encode(hashlib.sha256(code.encode()).digest())[:16].decode()


# Both


def is_right_code(user: User, written: str) -> bool:
    """Whether it is a code of the person's app or a recovery code. Each is right only once."""
    code = "".join(written.split()).replace("-", "").lower()
    model, token = (TOTPDevice, code) if _is_of_app(code) else (StaticDevice, _hash(code))
    return any(
        verify_token(user, device.persistent_id, token)
        for device in model._default_manager.filter(user=user, confirmed=True)
    )


def take_away(user: User, kind: str, pk: int) -> bool:
    """Takes one of the person's factors away; with the last one, the recovery codes too."""
    if kind not in _KINDS:
        return False
    removed, _kinds = _KINDS[kind]._default_manager.filter(user=user, pk=pk).delete()
    if not has_cms_factor(user):
        StaticDevice.objects.filter(user=user).delete()
    return bool(removed)


def take_all_away(user: User) -> None:
    """For who has lost them: the next login asks for the password, and leads to adding new ones."""
    for model in (*_KINDS.values(), StaticDevice):
        model._default_manager.filter(user=user).delete()
