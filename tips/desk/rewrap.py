"""Access for a new keyring: headers that a handler has wrapped anew take the place of the old.

The server has no key: it cannot tell who opens a header, only that it is one, with as many
places as the keyring has recipients. What is sealed behind it is not touched.
"""

import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tips import age
from tips.age.header import Source
from tips.keyring import Keyring
from tips.models import Note, Tip
from tips.router import DATABASE
from tips.vault import Vault

from . import keys, steps
from .states import STEPS

MOST_FILES = 200
MOST_OCTETS = 4 * 1024 * 1024
_NOTE = "note:"


class OtherKeyring(Exception):
    """Wrapped for another keyring than the present one."""


@dataclass(frozen=True)
class Wrapped:
    """The header of a file of a tip, or of a note ("note:" and its id)."""

    tip: UUID
    name: str
    header: bytes


def waiting(ring: Keyring, vault: Vault, after: UUID | None = None) -> list[Wrapped]:
    """A lot of headers that are not for the present keyring; all those of a tip together."""
    lot: list[Wrapped] = []
    size = 0
    for tip_id in sorted(_ids_waiting(ring)):
        if after and tip_id <= after:
            continue
        more = list(_headers_of(tip_id, ring, vault))
        size += sum(len(wrapped.header) for wrapped in more)
        if lot and (len(lot) + len(more) > MOST_FILES or size > MOST_OCTETS):
            break
        lot += more
    return lot


def left(ring: Keyring, vault: Vault) -> int:
    """How many headers are not yet known to be for the present keyring."""
    files = sum(len(vault.files(tip_id)) for tip_id in _tips(ring))
    return files + _notes(ring).count()


def replace(ring: Keyring, serial: int, vault: Vault, lot: Sequence[Wrapped], actor: str) -> None:
    """Puts the headers in place. All are looked at before the first is replaced."""
    if serial != ring.serial:
        raise OtherKeyring
    by_tip: dict[UUID, dict[str, bytes]] = defaultdict(dict)
    for wrapped in lot:
        if not _is_whole_header(ring, wrapped.header):
            raise steps.Refused(_("A header is not one for those in the keyring."))
        if wrapped.name in by_tip[wrapped.tip]:
            raise steps.Refused(_("A header is there twice."))
        by_tip[wrapped.tip][wrapped.name] = wrapped.header
    there = set(Tip.objects.using(DATABASE).filter(pk__in=by_tip).values_list("pk", flat=True))
    for tip_id, headers in by_tip.items():
        # One that has been purged in the meantime is passed over.
        if tip_id in there and not headers.keys() <= _names(tip_id, vault):
            raise steps.Refused(_("There is no such file to give access to."))
    for tip_id in by_tip:
        if tip_id in there:
            _replace_in_tip(tip_id, by_tip[tip_id], ring, vault, actor)


def _replace_in_tip(
    tip_id: UUID, headers: dict[str, bytes], ring: Keyring, vault: Vault, actor: str
) -> None:
    files = {name: header for name, header in headers.items() if not name.startswith(_NOTE)}
    is_whole = bool(files) and files.keys() == {file.name for file in vault.files(tip_id)}
    while True:
        try:
            with transaction.atomic(using=DATABASE):
                # First, so that a purge waits for this, or this finds that it has been made.
                steps.change(
                    steps.find(tip_id),
                    STEPS["rewrap"],
                    actor=actor,
                    reason=str(ring.serial) if is_whole else "",
                )
                for name, header in headers.items():
                    if name.startswith(_NOTE):
                        _replace_in_note(UUID(name.removeprefix(_NOTE)), header, ring)
                    else:
                        vault.replace_header(tip_id, name, header)
        except steps.Conflict:
            continue  # another step was taken in the same moment
        except Tip.DoesNotExist:
            pass
        return


def _replace_in_note(note_id: UUID, header: bytes, ring: Keyring) -> None:
    note = Note.objects.using(DATABASE).select_for_update().get(pk=note_id)
    source = io.BytesIO(bytes(note.sealed))
    age.split_header(source)
    note.sealed = header + source.read()
    note.keyring_serial = ring.serial
    note.save(using=DATABASE, update_fields=["sealed", "keyring_serial"])


def _tips(ring: Keyring) -> list[UUID]:
    tips = Tip.objects.using(DATABASE).filter(version__gt=0).exclude(keyring_serial=ring.serial)
    return list(tips.values_list("pk", flat=True))


def _notes(ring: Keyring) -> QuerySet[Note]:
    return Note.objects.using(DATABASE).exclude(keyring_serial=ring.serial)


def _ids_waiting(ring: Keyring) -> set[UUID]:
    return {*_tips(ring), *_notes(ring).values_list("tip_id", flat=True)}


def _headers_of(tip_id: UUID, ring: Keyring, vault: Vault) -> Iterator[Wrapped]:
    tip = Tip.objects.using(DATABASE).filter(pk=tip_id).first()
    if tip is not None and tip.keyring_serial != ring.serial:
        for file in vault.files(tip_id):
            with vault.open(tip_id, file.name) as source:
                yield from _header_in(tip_id, file.name, source)
    for note in _notes(ring).filter(tip_id=tip_id).order_by("place"):
        yield from _header_in(tip_id, f"{_NOTE}{note.pk}", io.BytesIO(bytes(note.sealed)))


def _header_in(tip_id: UUID, name: str, source: Source) -> Iterator[Wrapped]:
    try:
        yield Wrapped(tip_id, name, age.split_header(source))
    except age.AgeError:
        return  # damaged: its tip keeps waiting, and is counted


def _names(tip_id: UUID, vault: Vault) -> set[str]:
    notes = Note.objects.using(DATABASE).filter(tip_id=tip_id).values_list("pk", flat=True)
    return {*(file.name for file in vault.files(tip_id)), *(f"{_NOTE}{note}" for note in notes)}


def _is_whole_header(ring: Keyring, header: bytes) -> bool:
    source = io.BytesIO(header)
    return keys.is_sealed_to(ring, source) and not source.read(1)
