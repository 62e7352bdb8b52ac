"""A handler's second factors: which there are, whether one was shown, and how they come and go."""

import secrets
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from tips.models import Authenticator, Handler
from tips.router import DATABASE

from . import apps_with_codes, codes, passkeys, secrets_file
from .apps_with_codes import LateCode
from .passkeys import DeskPlace, WrongAnswer

_CODES_AT_A_TIME = 10


class LastFactor(Exception):
    """It is the only one, and one is required."""


def has_factor(handler: Handler) -> bool:
    return handler.authenticators.filter(kind__in=Authenticator.FACTORS).exists()


def factors_of(handler: Handler) -> list[Authenticator]:
    """The handler's passkeys and apps, the oldest first."""
    return list(handler.authenticators.filter(kind__in=Authenticator.FACTORS).order_by("made_on"))


def who_have_one() -> set[UUID]:
    """The ids of all handlers with a second factor."""
    having = Authenticator.objects.filter(kind__in=Authenticator.FACTORS)
    return set(having.values_list("handler_id", flat=True))


def ways(handler: Handler) -> list[str]:
    """How the handler can show a second factor, as the login page calls them."""
    kinds = set(handler.authenticators.values_list("kind", flat=True))
    found = [kind.value for kind in Authenticator.FACTORS if kind in kinds]
    return found + (["code"] if found and codes_left(handler) else [])


def passkeys_of(handler: Handler) -> list[Authenticator]:
    return list(handler.authenticators.filter(kind=Authenticator.Kind.PASSKEY).order_by("pk"))


def codes_left(handler: Handler) -> int:
    row = handler.authenticators.filter(kind=Authenticator.Kind.CODES).first()
    return len(row.codes["hashes"]) if row else 0


# Showing one


def show_passkey(
    handler: Handler, answer: dict[str, Any], challenge: bytes, place: DeskPlace
) -> None:
    """`WrongAnswer` unless one of the handler's passkeys has signed this challenge."""
    credential_id = passkeys.credential_id_in(answer)
    with transaction.atomic(using=DATABASE):
        held = handler.authenticators.select_for_update()
        key = held.filter(kind=Authenticator.Kind.PASSKEY, credential_id=credential_id).first()
        if key is None:
            raise WrongAnswer
        key.counter = passkeys.counter_after(answer, challenge, place, key)
        key.used_on = localdate()
        key.save(update_fields=["counter", "used_on"])


def show_app_code(handler: Handler, code: str) -> None:
    """`WrongAnswer` unless an app of the handler's shows it now, and it has not been used.

    `LateCode` if one showed it a moment ago.
    """
    late = None
    with transaction.atomic(using=DATABASE):
        for app in handler.authenticators.select_for_update().filter(kind=Authenticator.Kind.APP):
            secret = secrets_file.unseal_secret(bytes(app.secret or b""), handler)
            try:
                step = apps_with_codes.step_of(code, secret, app.step)
            except LateCode as fault:
                late = fault
                continue
            if step is not None:
                app.step, app.used_on = step, localdate()
                app.save(update_fields=["step", "used_on"])
                return
    raise late or WrongAnswer


def show_recovery_code(handler: Handler, code: str) -> None:
    """`WrongAnswer` unless it is one of those that are left; it counts no second time."""
    with transaction.atomic(using=DATABASE):
        held = handler.authenticators.select_for_update()
        row = held.filter(kind=Authenticator.Kind.CODES).first()
        if row is None:
            raise WrongAnswer
        shown = codes.hash_of_code(code, row.codes["salt"])
        left = [each for each in row.codes["hashes"] if not secrets.compare_digest(each, shown)]
        if len(left) == len(row.codes["hashes"]):
            raise WrongAnswer
        row.codes, row.used_on = {**row.codes, "hashes": left}, localdate()
        row.save(update_fields=["codes", "used_on"])


# Making and removing


def add_passkey(
    handler: Handler, label: str, answer: dict[str, Any], challenge: bytes, place: DeskPlace
) -> None:
    found = passkeys.made(answer, challenge, place)
    try:
        with transaction.atomic(using=DATABASE):
            handler.authenticators.create(
                kind=Authenticator.Kind.PASSKEY,
                label=label,
                made_on=localdate(),
                credential_id=found.credential_id,
                public_key=found.public_key,
                counter=found.counter,
            )
    except IntegrityError:  # somebody has it already
        raise WrongAnswer from None


def add_app(handler: Handler, label: str, sealed: bytes, code: str) -> None:
    """`WrongAnswer` unless the app shows the code of the secret: it must have been read right.

    `LateCode` if it showed it a moment ago.
    """
    step = apps_with_codes.step_of(code, secrets_file.unseal_secret(sealed, handler), 0)
    if step is None:
        raise WrongAnswer
    handler.authenticators.create(
        kind=Authenticator.Kind.APP,
        label=label,
        made_on=localdate(),
        secret=bytes(sealed),
        step=step,
    )


def new_recovery_codes(handler: Handler) -> list[str]:
    """Ten new ones, to be shown once; those of before end."""
    drawn = [codes.draw_code() for _each in range(_CODES_AT_A_TIME)]
    # One salt for all: the codes are drawn, so no two are alike, and a try costs one hash.
    salt = codes.draw_salt()
    kept = {"salt": salt, "hashes": [codes.hash_of_code(code, salt) for code in drawn]}
    with transaction.atomic(using=DATABASE):
        handler.authenticators.filter(kind=Authenticator.Kind.CODES).delete()
        handler.authenticators.create(
            kind=Authenticator.Kind.CODES, made_on=localdate(), codes=kept
        )
    return drawn


def remove_factor(handler: Handler, authenticator: str, *, is_required: bool) -> str:
    """Removes a passkey or an app, and returns which kind. With the last one its codes go too."""
    with transaction.atomic(using=DATABASE):
        Handler.objects.select_for_update().get(pk=handler.pk)  # two at once would both go
        own = handler.authenticators.filter(kind__in=Authenticator.FACTORS)
        gone = own.get(pk=authenticator)
        is_last = own.count() == 1
        if is_last and is_required:
            raise LastFactor
        gone.delete()
        if is_last:
            handler.authenticators.all().delete()
    return gone.kind


def forget_all(handler: Handler) -> None:
    handler.authenticators.all().delete()
