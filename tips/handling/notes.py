"""Notes that handlers write to each other on a tip. They come here sealed."""

import io
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from tips.keeping.present_keyring import OtherKeyring
from tips.models import Note, Tip
from tips.router import DATABASE
from tips.sealing.keyring import Keyring, is_sealed_to

from . import events, steps

LARGEST_NOTE = 128 * 1024
MOST_NOTES = 500
_TRIES = 50


def write_note(
    tip_id: UUID, *, note_id: UUID, sealed: bytes, serial: int, author: str, ring: Keyring
) -> Tip:
    """Keeps the note. The same note once more changes nothing."""
    tip = steps.find(tip_id)
    if known := Note.objects.using(DATABASE).filter(pk=note_id).first():
        is_same = (known.tip_id, known.author, bytes(known.sealed)) == (tip_id, author, sealed)
        if is_same:
            return tip
        raise steps.Refused(_("There is another note with that number."))
    if serial != ring.serial:
        raise OtherKeyring
    if len(sealed) > LARGEST_NOTE:
        raise steps.Refused(_("The note is too long."))
    source = io.BytesIO(sealed)
    if not is_sealed_to(ring, source) or not source.read(1):
        raise steps.Refused(_("The note is not sealed to those in the keyring."))
    for _attempt in range(_TRIES):
        place = Note.objects.using(DATABASE).filter(tip_id=tip_id).count() + 1
        if place > MOST_NOTES:
            raise steps.Refused(_("The tip has no room for more notes."))
        try:
            with transaction.atomic(using=DATABASE):
                tip = steps.hold(tip_id)
                note = Note.objects.using(DATABASE).create(
                    pk=note_id,
                    tip_id=tip_id,
                    place=place,
                    author=author,
                    written_on=localdate(),
                    sealed=sealed,
                    keyring_serial=serial,
                )
                steps.record(tip, "note", actor=author, reason=events.reason_of(note))
        except IntegrityError:
            continue  # somebody took the place
        return tip
    raise IntegrityError("no place for the note")
