"""Gives a new keyring access: headers that a handler has wrapped anew replace the old ones.

Of a head there are many: one for each in the keyring, in its order, which come one after another.
The server has no key. It cannot tell who can open a header, only that it is one, with as many
stanzas as the keyring has recipients. The payload is not touched. The old header is kept beside the
tip until the purge, so a handler who sends headers that nobody can open destroys nothing.
"""

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tips.keeping.sealed_files import HEAD, ReplacedHeader, SealedFile
from tips.keeping.vault import Vault
from tips.models import Note, Tip
from tips.refusals import Refusal
from tips.router import DATABASE
from tips.sealing import age, heads
from tips.sealing.keyring import Keyring, KeyringEntry, is_sealed_to
from tips.sealing.statements import Statement
from tips.sealing.trust import sha256_of

from . import acting, steps
from .states import STEPS

MOST_FILES = 200
MOST_OCTETS = 4 * 1024 * 1024
_PER_ENTRY = 1700  # octets of a header
_NOTE = "note:"
_KEPT_NOTE = "note-"


@dataclass(frozen=True)
class Wrapped:
    """The header of a file of a tip, or of a note ("note:" and its id).

    Of a head it is one header to open, and when it has been wrapped anew those of all in the keyring.
    """

    tip: UUID
    name: str
    header: bytes


def waiting(
    ring: Keyring,
    vault: Vault,
    after: UUID | None = None,
    after_name: str = "",
    own: Iterable[str] = (),
) -> list[Wrapped]:
    """The next headers that are not for the present keyring, after this tip and name.

    Of a head it is that of the first of the `own` entries that has one. The files of a tip come together. Its notes may be too many for that, and come one by one.
    """
    lot: list[Wrapped] = []
    size, new_size = 0, len(ring.entries) * _PER_ENTRY  # they come back with more than they went
    for tip_id in sorted(_ids_waiting(ring)):
        if (after and tip_id < after) or (tip_id == after and not after_name):
            continue
        name = after_name if tip_id == after else ""
        for more in _headers_of(tip_id, ring, vault, name, own):
            size += sum(max(len(wrapped.header), new_size) for wrapped in more)
            if lot and (len(lot) + len(more) > MOST_FILES or size > MOST_OCTETS):
                return lot
            lot += more
    return lot


def left(ring: Keyring, vault: Vault) -> int:
    """How many headers are not yet known to be for the present keyring."""
    # A tip counts all the same where its files cannot be listed.
    files = sum(len(_files(tip_id, vault)) or 1 for tip_id in _tips(ring))
    return files + _notes(ring).count()


def replace(
    ring: Keyring, statement: Statement, vault: Vault, lot: Sequence[Wrapped], actor: KeyringEntry
) -> int:
    """Puts the headers in place that the actor has signed, and returns in how many tips.

    It checks all before it replaces the first, and skips what is for the present keyring already.
    """
    acting.refuse_unless_signed(statement, actor, "rewrap")
    if statement.value != value_of(lot) or {each.tip for each in lot} != set(statement.tips):
        raise steps.Refused(Refusal.NOT_SIGNED)
    by_tip: dict[UUID, dict[str, bytes]] = defaultdict(dict)
    for wrapped in lot:
        header = _checked(ring, wrapped)
        if header is None:
            raise steps.Refused(Refusal.HEADER_TO_OTHERS)
        if wrapped.name in by_tip[wrapped.tip]:
            raise steps.Refused(Refusal.UNREADABLE)
        by_tip[wrapped.tip][wrapped.name] = header
    there = set(Tip.objects.using(DATABASE).filter(pk__in=by_tip).values_list("pk", flat=True))
    for tip_id, headers in by_tip.items():
        # A tip that was purged in the meantime is skipped.
        if tip_id in there and not headers.keys() <= _names(tip_id, vault):
            raise steps.Refused(Refusal.UNREADABLE)
    acting.keep(statement)
    return sum(
        _replace_in_tip(tip_id, by_tip[tip_id], ring, vault, statement)
        for tip_id in by_tip
        if tip_id in there
    )


def value_of(lot: Iterable[Wrapped]) -> str:
    """What is signed of them: a hash of what each header is of, and of its octets."""
    lines = (f"{each.tip} {each.name} {sha256_of(each.header)}\n" for each in lot)
    return sha256_of("".join(lines).encode())


def restorable(tip_id: UUID, vault: Vault) -> dict[int, list[ReplacedHeader]]:
    """The tip's replaced headers, by the version until which each was in use."""
    found: dict[int, list[ReplacedHeader]] = defaultdict(list)
    for replaced in vault.replaced_headers(tip_id):
        found[replaced.version].append(replaced)
    return dict(found)


def restore(tip_id: UUID, version: int, vault: Vault, actor: str) -> int:
    """Puts back the headers that were in use until this version; returns how many."""
    headers = restorable(tip_id, vault).get(version, [])
    files = {each.serial for each in headers if not each.name.startswith(_KEPT_NOTE)}
    with transaction.atomic(using=DATABASE):
        tip = steps.find(tip_id)
        before, serial = tip.version, tip.keyring_serial
        reason = str(files.pop()) if files else ""
        steps.change_tip(tip, STEPS["restore"], actor=actor, reason=reason)
        for each in headers:
            header = vault.replaced_header(tip_id, each)
            if each.name.startswith(_KEPT_NOTE):
                note_id = UUID(each.name.removeprefix(_KEPT_NOTE).removesuffix(".age"))
                _replace_in_note(note_id, header, each.serial, vault, before)
            else:
                _replace_in_file(tip_id, each.name, header, vault, before, serial)
    return len(headers)


def _replace_in_tip(
    tip_id: UUID, headers: dict[str, bytes], ring: Keyring, vault: Vault, statement: Statement
) -> bool:
    """Replaces a tip's headers that still wait for the present keyring; returns whether any did.

    One that somebody has done something with since it was signed waits on.
    """
    while True:
        try:
            with transaction.atomic(using=DATABASE):
                tip = steps.hold(tip_id)
                version, serial = tip.version, tip.keyring_serial
                waiting = _still_waiting(tip, headers, ring)
                if not waiting or not acting.knows(statement, tip):
                    return False
                files = {name for name in waiting if not name.startswith(_NOTE)}
                is_whole = bool(files) and files == {file.name for file in vault.files(tip_id)}
                # First: then a purge waits for this step, or this step finds the tip purged.
                reason = str(ring.serial) if is_whole else ""
                steps.change_tip(
                    tip,
                    STEPS["rewrap"],
                    actor=statement.author,
                    reason=reason,
                    statement=statement.hash,
                )
                for name, header in waiting.items():
                    if name.startswith(_NOTE):
                        note_id = UUID(name.removeprefix(_NOTE))
                        _replace_in_note(note_id, header, ring.serial, vault, version)
                    else:
                        _replace_in_file(tip_id, name, header, vault, version, serial)
        except steps.Conflict:
            continue  # another step was taken in the same moment
        except Tip.DoesNotExist:
            return False
        return True


def _still_waiting(tip: Tip, headers: dict[str, bytes], ring: Keyring) -> dict[str, bytes]:
    notes = {f"{_NOTE}{note}" for note in _notes(ring).values_list("pk", flat=True)}
    return {
        name: header
        for name, header in headers.items()
        if (name in notes if name.startswith(_NOTE) else tip.keyring_serial != ring.serial)
    }


def _replace_in_file(
    tip_id: UUID, name: str, header: bytes, vault: Vault, version: int, serial: int
) -> None:
    with vault.open(tip_id, name) as source:
        old = heads.split(source)
    vault.keep_header(tip_id, ReplacedHeader(name, version, serial), old)
    vault.replace_header(tip_id, name, header)


def _replace_in_note(note_id: UUID, header: bytes, serial: int, vault: Vault, version: int) -> None:
    note = Note.objects.using(DATABASE).select_for_update().get(pk=note_id)
    source = io.BytesIO(bytes(note.sealed))
    old = age.split_header(source)
    replaced = ReplacedHeader(f"{_KEPT_NOTE}{note_id}.age", version, note.keyring_serial)
    vault.keep_header(note.tip_id, replaced, old)
    note.sealed = header + source.read()
    note.keyring_serial = serial
    note.save(using=DATABASE, update_fields=["sealed", "keyring_serial"])


def _tips(ring: Keyring) -> list[UUID]:
    tips = Tip.objects.using(DATABASE).filter(version__gt=0).exclude(keyring_serial=ring.serial)
    return list(tips.values_list("pk", flat=True))


def _notes(ring: Keyring) -> QuerySet[Note]:
    return Note.objects.using(DATABASE).exclude(keyring_serial=ring.serial)


def _ids_waiting(ring: Keyring) -> set[UUID]:
    return {*_tips(ring), *_notes(ring).values_list("tip_id", flat=True)}


def _headers_of(
    tip_id: UUID, ring: Keyring, vault: Vault, after_name: str, own: Iterable[str]
) -> Iterator[list[Wrapped]]:
    """The headers of the tip's files together, then those of its notes one by one."""
    tip = Tip.objects.using(DATABASE).filter(pk=tip_id).first()
    if tip is not None and tip.keyring_serial != ring.serial and not after_name:
        yield _headers_of_files(tip_id, vault, own)
    notes = _notes(ring).filter(tip_id=tip_id, place__gt=_place_of(after_name)).order_by("place")
    for note in notes.iterator(chunk_size=MOST_FILES):
        sealed = io.BytesIO(bytes(note.sealed))
        yield list(_header_in(tip_id, f"{_NOTE}{note.pk}", sealed))


def _headers_of_files(tip_id: UUID, vault: Vault, own: Iterable[str]) -> list[Wrapped]:
    found: list[Wrapped] = []
    try:
        for file in vault.files(tip_id):
            with vault.open(tip_id, file.name) as source:
                found += _header_in(tip_id, file.name, source, own)
    except OSError:
        return []  # one cannot be read: its tip keeps waiting, and is counted
    return found


def _place_of(name: str) -> int:
    """The place of a note among those of its tip; files come before all notes."""
    if not name.startswith(_NOTE):
        return 0
    note = Note.objects.using(DATABASE).filter(pk=name.removeprefix(_NOTE)).first()
    return note.place if note else 0


def _header_in(
    tip_id: UUID, name: str, source: BinaryIO, own: Iterable[str] = ()
) -> Iterator[Wrapped]:
    try:
        one = io.BytesIO(heads.read_heads(source).part(own)) if name == HEAD else source
        yield Wrapped(tip_id, name, age.split_header(one))
    except age.AgeError:
        return  # damaged: its tip keeps waiting, and is counted


def _names(tip_id: UUID, vault: Vault) -> set[str]:
    notes = Note.objects.using(DATABASE).filter(tip_id=tip_id).values_list("pk", flat=True)
    return {*(file.name for file in _files(tip_id, vault)), *(f"{_NOTE}{note}" for note in notes)}


def _files(tip_id: UUID, vault: Vault) -> list[SealedFile]:
    """The tip's files; none where they cannot be listed, as with a link that leads nowhere."""
    try:
        return vault.files(tip_id)
    except OSError:
        return []


def _checked(ring: Keyring, wrapped: Wrapped) -> bytes | None:
    """What is to stand in front of the payload; None unless it is for all in the keyring."""
    if wrapped.name == HEAD:
        headers = heads.for_each(ring, wrapped.header)
        return heads.front_of(headers) if headers else None
    source = io.BytesIO(wrapped.header)
    return wrapped.header if is_sealed_to(ring, source) and not source.read(1) else None
