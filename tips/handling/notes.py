"""Notes that handlers write to each other on a tip. They come here sealed."""

import io
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from tips.keeping.present_keyring import OtherKeyring
from tips.models import Note, Tip
from tips.refusals import Refusal
from tips.router import DATABASE
from tips.sealing.keyring import Keyring, KeyringEntry, is_sealed_to
from tips.sealing.statements import Statement

from . import acting, events, steps

LARGEST_NOTE = 160 * 1024
MOST_NOTES = 500


class PlaceTaken(Exception):
    """Somebody else came first: a note says after which other it was written."""


def write_note(
    tip_id: UUID,
    statement: Statement,
    *,
    note_id: UUID,
    place: int,
    sealed: bytes,
    serial: int,
    author: KeyringEntry,
    ring: Keyring,
) -> Tip:
    """Keeps the note, as the next of the tip. The same note once more changes nothing."""
    tip = steps.find(tip_id)
    if known := Note.objects.using(DATABASE).filter(pk=note_id).first():
        is_same = (known.tip_id, known.author, bytes(known.sealed)) == (tip_id, author.id, sealed)
        if is_same:
            return tip
        raise steps.Refused(Refusal.UNREADABLE)
    if serial != ring.serial:
        raise OtherKeyring
    if len(sealed) > LARGEST_NOTE:
        raise steps.Refused(Refusal.UNREADABLE)
    source = io.BytesIO(sealed)
    if not is_sealed_to(ring, source) or not source.read(1):
        raise steps.Refused(Refusal.NOTE_TO_OTHERS)
    if place > MOST_NOTES:
        raise steps.Refused(Refusal.NOTES_FULL)
    if place != Note.objects.using(DATABASE).filter(tip_id=tip_id).count() + 1:
        raise PlaceTaken
    try:
        with transaction.atomic(using=DATABASE):
            [tip, *_others] = acting.in_hand(statement, author, "note")
            note = Note.objects.using(DATABASE).create(
                pk=note_id,
                tip_id=tip.pk,
                place=place,
                author=author.id,
                written_on=localdate(),
                sealed=sealed,
                keyring_serial=serial,
            )
            if list(statement.tips) != [tip_id] or statement.value != events.reason_of(note):
                raise steps.Refused(Refusal.NOT_SIGNED)
            steps.record(
                tip, "note", actor=author.id, reason=statement.value, statement=statement.hash
            )
    except IntegrityError:
        raise PlaceTaken from None
    return tip
