"""A handler's second factors: which there are, whether one was shown, and how they come and go."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from tips.models import Authenticator, Handler
from tips.router import DATABASE

from . import apps_with_codes, codes, passkeys, row_seals, secrets_file
from .apps_with_codes import LateCode
from .passkeys import DeskPlace, WrongAnswer

_Kind = Authenticator.Kind

_CODES_AT_A_TIME = 10


class LastFactor(Exception):
    """It is the only one, and one is required."""


def has_factor(handler: Handler) -> bool:
    """As the handler's own row says: to take all of them away in the database is not enough."""
    return bool(handler.factors_digest)


def factors_of(handler: Handler) -> list[Authenticator]:
    """The handler's passkeys and apps, the oldest first."""
    return [each for each in _all(handler) if each.kind in Authenticator.FACTORS]


def ways(handler: Handler) -> list[str]:
    """How the handler can show a second factor, as the login page calls them."""
    kinds = {each.kind for each in _all(handler)}
    found = [kind.value for kind in Authenticator.FACTORS if kind in kinds]
    return found + (["code"] if found and codes_left(handler) else [])


def passkeys_of(handler: Handler) -> list[Authenticator]:
    return _of_kind(_Kind.PASSKEY, _all(handler))


def codes_left(handler: Handler) -> int:
    return sum(len(each.codes["hashes"]) for each in _of_kind(_Kind.CODES, _all(handler)))


def is_whole_account(handler: Handler) -> bool:
    """Whether the desk's service alone has written the account and its factors."""
    try:
        _all(handler)
    except row_seals.NotWhole:
        return False
    return True


def _all(handler: Handler) -> list[Authenticator]:
    with transaction.atomic(using=DATABASE):
        return _held(handler)


def _held(handler: Handler) -> list[Authenticator]:
    """All of them, the oldest first, which nobody else changes until the transaction ends."""
    now = row_seals.hold_row(handler)
    found = list(handler.authenticators.order_by("made_on", "pk"))
    if not secrets.compare_digest(row_seals.digest_of_factors(found), now.factors_digest):
        row_seals.note_broken(now)
        raise row_seals.NotWhole
    return found


def _keep(handler: Handler, those: Iterable[Authenticator]) -> None:
    """These and no others. They are not read again, which would seal what others write meanwhile."""
    row_seals.change_row(handler, factors_digest=row_seals.digest_of_factors(those))


def _of_kind(kind: _Kind, those: Iterable[Authenticator]) -> list[Authenticator]:
    return [each for each in those if each.kind == kind]


# Showing one


def show_passkey(
    handler: Handler, answer: dict[str, Any], challenge: bytes, place: DeskPlace
) -> None:
    """`WrongAnswer` unless one of the handler's passkeys has signed this challenge."""
    credential_id = passkeys.credential_id_in(answer)
    with transaction.atomic(using=DATABASE):
        held = _held(handler)
        for key in _of_kind(_Kind.PASSKEY, held):
            if bytes(key.credential_id or b"") == credential_id:
                key.counter = passkeys.counter_after(answer, challenge, place, key)
                key.used_on = localdate()
                key.save(update_fields=["counter", "used_on"])
                return _keep(handler, held)
    raise WrongAnswer


def show_app_code(handler: Handler, code: str) -> None:
    """`WrongAnswer` unless an app of the handler's shows it now, and it has not been used.

    `LateCode` if one showed it a moment ago.
    """
    late = None
    with transaction.atomic(using=DATABASE):
        held = _held(handler)
        for app in _of_kind(_Kind.APP, held):
            secret = secrets_file.unseal_secret(bytes(app.secret or b""), handler)
            try:
                step = apps_with_codes.step_of(code, secret, app.step)
            except LateCode as fault:
                late = fault
                continue
            if step is not None:
                app.step, app.used_on = step, localdate()
                app.save(update_fields=["step", "used_on"])
                return _keep(handler, held)
    raise late or WrongAnswer


def show_recovery_code(handler: Handler, code: str) -> None:
    """`WrongAnswer` unless it is one of those that are left; it counts no second time."""
    with transaction.atomic(using=DATABASE):
        held = _held(handler)
        if not (found := _of_kind(_Kind.CODES, held)):
            raise WrongAnswer
        row = found[0]
        shown = codes.hash_of_code(code, row.codes["salt"])
        left = [each for each in row.codes["hashes"] if not secrets.compare_digest(each, shown)]
        if len(left) == len(row.codes["hashes"]):
            raise WrongAnswer
        row.codes, row.used_on = {**row.codes, "hashes": left}, localdate()
        row.save(update_fields=["codes", "used_on"])
        _keep(handler, held)


# Making and removing


def add_passkey(
    handler: Handler, label: str, answer: dict[str, Any], challenge: bytes, place: DeskPlace
) -> None:
    found = passkeys.made(answer, challenge, place)
    try:
        _add(
            handler,
            kind=_Kind.PASSKEY,
            label=label,
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
    _add(handler, kind=_Kind.APP, label=label, secret=bytes(sealed), step=step)


def new_recovery_codes(handler: Handler) -> list[str]:
    """Ten new ones, to be shown once; those of before end."""
    drawn = [codes.draw_code() for _each in range(_CODES_AT_A_TIME)]
    # One salt for all: the codes are drawn, so no two are alike, and a try costs one hash.
    salt = codes.draw_salt()
    kept = {"salt": salt, "hashes": [codes.hash_of_code(code, salt) for code in drawn]}
    with transaction.atomic(using=DATABASE):
        others = [each for each in _held(handler) if each.kind != _Kind.CODES]
        handler.authenticators.filter(kind=_Kind.CODES).delete()
        _keep(handler, others)
        _add(handler, kind=_Kind.CODES, codes=kept)
    return drawn


def remove_factor(handler: Handler, authenticator: str, *, is_required: bool) -> str:
    """Removes a passkey or an app, and returns which kind. With the last one its codes go too."""
    with transaction.atomic(using=DATABASE):
        held = _held(handler)  # two at once would both go
        own = {str(each.pk): each for each in held if each.kind in Authenticator.FACTORS}
        if authenticator not in own:
            raise Authenticator.DoesNotExist
        if len(own) == 1 and is_required:
            raise LastFactor
        going = held if len(own) == 1 else [own[authenticator]]
        handler.authenticators.filter(pk__in=[each.pk for each in going]).delete()
        _keep(handler, (each for each in held if each not in going))
    return own[authenticator].kind


def _add(handler: Handler, **about: Any) -> None:
    with transaction.atomic(using=DATABASE):
        held = _held(handler)
        made = handler.authenticators.create(made_on=localdate(), **about)
        _keep(handler, [*held, made])
