"""Who is enrolled as a handler, and how an account is made, opened with a code, locked and closed."""

import re
from contextlib import suppress
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from tips.login.passwords import password_fault
from tips.models import DeskSession, Handler
from tips.refusals import Refusal, Refusing
from tips.router import DATABASE

from . import codes, factors, row_seals

# A code from a colleague waits for a meeting; one from the server is used at once.
CODE_FROM_COLLEAGUE = timedelta(days=3)
CODE_FROM_SERVER = timedelta(minutes=30)

_USERNAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}[a-z0-9]")  # as the id of an entry of the keyring
_LONGEST_NAME = 150


class Unfit(Refusing, ValueError):
    """It cannot be done so."""


def may_come_in(handler: Handler) -> bool:
    return not handler.is_locked and handler.closed_on is None


def open_handlers() -> list[Handler]:
    """Those whose accounts are not closed, by name."""
    found = filter(row_seals.is_whole, Handler.objects.filter(closed_on=None))
    return sorted(found, key=lambda each: each.name.casefold())


def handler_named(username: str) -> Handler | None:
    """Also one that may not come in; nobody whose row others than the desk's service have written."""
    found = row_named(username)
    return found if found and row_seals.is_whole(found) else None


def row_named(username: str) -> Handler | None:
    """The account of that name, whoever has written it."""
    # A database folds more letters than the brake does: "ı" would be an "i" with other attempts.
    spelling = "username__iexact" if username.isascii() else "username"
    return Handler.objects.filter(**{spelling: username}).first()


def browsers_strange_since(username: str) -> datetime | None:
    """When a browser that had logged in with the name became as strange as any other."""
    handler = handler_named(username)
    return handler.browsers_since if handler else None


def hold_unchanged(handler: Handler) -> None:
    """Until the transaction ends nobody changes the account. `Unfit` if somebody has since it was read."""
    if _opens(row_seals.hold_row(handler)) != _opens(handler):
        raise Unfit(Refusal.ACCOUNT_CHANGED)


def _opens(handler: Handler) -> tuple[object, ...]:
    return handler.password, handler.code, handler.is_locked, handler.closed_on


# Passwords


def is_password_of(handler: Handler | None, password: str) -> bool:
    """Whether this handler may come in with it. Makes one hash of it, whoever it is.

    Whoever does not know it is answered alike, as soon, whatever others have done to the factors.
    """
    if handler is None or not handler.password:
        make_password(password)
        return False

    def store(password: str) -> None:
        hashed = make_password(password)
        with suppress(Unfit), transaction.atomic(using=DATABASE):
            hold_unchanged(handler)
            row_seals.change_row(handler, password=hashed)

    is_right = check_password(password, handler.password, store)
    return is_right and may_come_in(handler) and factors.is_whole_account(handler)


def choose_password(handler: Handler, password: str, *, but: DeskSession | None = None) -> None:
    """A new password. `Unfit` if it is easy to guess; every session `but` this one ends."""
    if fault := password_fault(password, [handler.username, handler.name, handler.email]):
        raise Unfit(fault)
    hashed = make_password(password)
    with transaction.atomic(using=DATABASE):
        hold_unchanged(handler)
        since = timezone.now()
        row_seals.change_row(
            handler, password=hashed, code="", code_until=None, browsers_since=since
        )
        ended = handler.sessions.all()
        (ended.exclude(pk=but.pk) if but else ended).delete()


def is_code_of(handler: Handler | None, code: str) -> bool:
    """Whether this handler may choose a password with it. As many hashes, whoever it is."""
    is_right = codes.is_code(code, handler.code if handler else "")
    return bool(
        is_right
        and handler
        and may_come_in(handler)
        and handler.code_until
        and timezone.now() < handler.code_until
        and factors.is_whole_account(handler)
    )


# Enrolling and ending


def enrol(username: str, name: str, email: str, *, by: str, lasts: timedelta) -> str:
    """Makes an account, and returns the one-time code that opens it. `by` is empty on the server."""
    if not _USERNAME.fullmatch(username):
        raise Unfit(Refusal.USERNAME_UNFIT)
    name, email = name.strip(), email.strip()
    if not 0 < len(name) <= _LONGEST_NAME:
        raise Unfit(Refusal.NAME_MISSING)
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise Unfit(Refusal.EMAIL_UNFIT) from None
    code = codes.draw_code()
    made = Handler(
        username=username,
        name=name,
        email=email,
        made_on=timezone.localdate(),
        enrolled_by=by,
        code=codes.as_kept(code),
        code_until=timezone.now() + lasts,
    )
    row_seals.seal_row(made)
    try:
        with transaction.atomic(using=DATABASE):
            made.save(force_insert=True)
    except IntegrityError:
        raise Unfit(Refusal.USERNAME_TAKEN) from None
    return code


def rescue(handler: Handler, lasts: timedelta) -> str:
    """A new one-time code for one who has lost all: password, factors and sessions end.

    Also where others have written the account: all that opens it ends.
    """
    code = codes.draw_code()
    with transaction.atomic(using=DATABASE):
        # A login may be on its way.
        handler = Handler.objects.select_for_update().get(pk=handler.pk)
        handler.password = ""
        handler.code, handler.code_until = codes.as_kept(code), timezone.now() + lasts
        handler.browsers_since = timezone.now()
        _end_all(handler, "password", "code", "code_until", "browsers_since")
    return code


def lock_account(handler: Handler) -> None:
    """Keeps the handler out, at once, until the account is opened again."""
    with transaction.atomic(using=DATABASE):
        row_seals.change_row(handler, is_locked=True, browsers_since=timezone.now())
        handler.sessions.all().delete()


def unlock_account(handler: Handler) -> None:
    row_seals.change_row(handler, is_locked=False)


def close_account(handler: Handler) -> None:
    """Closes an account for good, with all that opens it."""
    with transaction.atomic(using=DATABASE):
        handler = Handler.objects.select_for_update().get(pk=handler.pk)
        handler.closed_on = timezone.localdate()
        handler.password, handler.code, handler.code_until = "", "", None
        _end_all(handler, "closed_on", "password", "code", "code_until")


def _end_all(handler: Handler, *changed: str) -> None:
    """What has been changed is saved, and what opens the account beside the password ends."""
    handler.factors_digest = ""
    row_seals.seal_row(handler)
    handler.save(update_fields=[*changed, "factors_digest", "seal"])
    handler.authenticators.all().delete()
    handler.sessions.all().delete()
