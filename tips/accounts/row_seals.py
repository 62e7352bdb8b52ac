"""Seals on the rows that say who comes in: what the desk's service has not written opens nothing.

The key comes from a file that the service alone reads, so no user of the database can make a seal.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import models, transaction

from tips.journal import note_attempt
from tips.models import Authenticator, DeskSession, Handler
from tips.router import DATABASE

from .secrets_file import key_for

Row = TypeVar("Row", Handler, DeskSession)
_PURPOSE = b"tips accounts row seals 1"


class NotWhole(Exception):
    """The row is gone, or somebody else than the desk's service has written it."""


def seal_row(row: Handler | DeskSession) -> None:
    """To be saved with the row, whoever wrote what it says."""
    row.seal = _seal_of(row)


def is_whole(row: Handler | DeskSession) -> bool:
    """Whether the desk's service wrote the row as it is. If not, the audit log says whose it is."""
    if hmac.compare_digest(row.seal.encode(), _seal_of(row).encode()):
        return True
    note_broken(row)
    return False


def note_broken(row: Handler | DeskSession) -> None:
    whose = row.handler if isinstance(row, DeskSession) else row
    note_attempt("desk", "seal-broken", whose.username, table=row._meta.model_name)


def hold_row(row: Row) -> Row:
    """The row as it is now; until the transaction ends nobody else changes it."""
    now = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    if now is None or not is_whole(now):
        raise NotWhole
    return now


def change_row(row: Row, **values: object) -> None:
    """Writes the values into the row as it is now, with its seal, and into `row` here."""
    with transaction.atomic(using=DATABASE):
        now = hold_row(row)
        for name, value in values.items():
            setattr(now, name, value)
        seal_row(now)
        now.save(update_fields=[*values, "seal"])
    for name in (*values, "seal"):
        setattr(row, name, getattr(now, name))


def digest_of_factors(factors: Iterable[Authenticator]) -> str:
    """What the handler's row holds of all of them, and so seals; nothing if there is none."""
    those = sorted((_members(each) for each in factors), key=lambda members: members["id"])
    return hashlib.sha256(_spelled(those)).hexdigest() if those else ""


def _seal_of(row: Handler | DeskSession) -> str:
    said = _spelled([row._meta.model_name, _members(row)])
    return hmac.digest(key_for(_PURPOSE), said, "sha256").hex()


def _members(row: models.Model) -> dict[str, Any]:
    """All but the seal. What is empty is left out, so a column of later leaves seals as they are."""
    names = [field.attname for field in row._meta.concrete_fields if field.attname != "seal"]
    return {name: value for name in names if (value := _plain(getattr(row, name)))}


def _plain(value: object) -> object:
    """Alike for what has just been set and for what a database gives back."""
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, (date, UUID)) else value


def _spelled(content: list[Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
