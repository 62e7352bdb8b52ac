"""Each tip that comes in gets the next number, signed: none is added, exchanged or lost unseen.

A number is reserved on the disk before it is used, and one tip at a time is given one. What a crash
leaves of a number is put right before the next: the tip is entered, or the number is given again.
Who has lost count, finds its number taken, or is told that a backup was restored begins a new epoch, and
never closes the form.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.conf import settings
from django.utils.timezone import localdate

from tips.sealing.arrivals import (
    OF_NO_TIP,
    ArrivalMessage,
    NamedArrival,
    SignedArrival,
    Way,
    check_signed,
    read_arrival,
)
from tips.sealing.keyring import Keyring
from tips.sealing.trust import NOTHING_BEFORE, SigningKey, TrustError, sha256_of

from . import arrival_state
from .arrival_rows import NumberTaken, enter_number, is_number_taken
from .arrival_state import ArrivalState, Reserved
from .intake_key import signing_key
from .present_keyring import rings_now
from .vault import vault_now

NOTHING_COUNTED = NamedArrival("", 0, NOTHING_BEFORE)
# Enters the row of a tip that is whole in the vault, where it is missing; whether it is whole.
EnterRow = Callable[[UUID], bool]


@contextmanager
def one_at_a_time(
    keyring: Callable[[], Keyring], enter_row: EnterRow, *, waits: bool = True
) -> Iterator["Counting"]:
    """The one whose turn it is; what was cut off before is put right first. Busy where one would wait."""
    path = settings.TIPS_INTAKE_DIR / "arrivals"
    with arrival_state.held(path, waits=waits) as state:
        ring = keyring()
        counting = Counting(state, ring, signing_key(ring))
        counting.put_right(enter_row)
        yield counting


class Counting:
    """Gives numbers, for as long as it is held."""

    def __init__(self, state: ArrivalState, ring: Keyring, key: SigningKey) -> None:
        self._state, self._ring, self._key = state, ring, key

    def reserve(self, tip: UUID, digest: bytes, head: bytes, on: date, way: Way) -> SignedArrival:
        """The next number, for this tip. Enter it, and say when that is done."""
        last = self._state.last
        if last is None or (last.counter == 1 and not self._state.is_done):
            self.begin_anew()
        return self._reserve(tip, digest.hex(), head.hex(), on, way)

    def done(self) -> None:
        """The tip and its number are in the database."""
        self._state.finish()

    def begin_anew(self, ends: NamedArrival | None = None) -> None:
        """Counts from one again, after this number, or whatever is known to have come before."""
        last = self._state.last
        former = [each.epoch for each in (last, ends) if each]
        if not former:  # what lies beside the tips still says which there were
            former += [arrival.epoch for arrival, _signed in _kept_after(NOTHING_COUNTED)]
        before = ends.hash if ends else self._known or NOTHING_BEFORE
        day = localdate()
        epoch = _epoch_after(max(former, default=""), day)
        enter_number(self._sign(self._arrival(epoch, 1, before, OF_NO_TIP, "epoch", day)))
        self._state.finish()

    def enter_what_is_kept(self, ends: NamedArrival, enter_row: EnterRow) -> NamedArrival:
        """Enters the tips after this number, also of later epochs, that are whole in the vault; the last of all.

        What the intake has not signed, or of another tip, stands for none. A backup's files are younger than its database.
        """
        for arrival, signed in _kept_after(ends):
            if enter_row(arrival.tip):
                with suppress(NumberTaken):
                    enter_number(signed)
                ends = NamedArrival(arrival.epoch, arrival.counter, arrival.hash)
        return ends

    def has_ended_at(self, ends: NamedArrival) -> bool:
        """Whether the last number that was given is this one."""
        last = self._state.last
        return last is not None and (last.epoch, last.hash) == (ends.epoch, ends.hash)

    @property
    def _known(self) -> str:
        """The hash of the last message that may be in the database; empty where none is known."""
        last = self._state.last
        return "" if last is None else last.hash if self._state.is_done else last.previous

    def put_right(self, enter_row: EnterRow) -> None:
        """Settles the number that was reserved last, if nobody knows what became of it.

        One that came to nothing is given again. An epoch's first begins another, with the next tip.
        """
        last = self._state.last
        if last is None or self._state.is_done:
            return
        if is_number_taken(last.epoch, last.counter):
            self._state.finish()
            return
        signed = vault_now().arrival(last.tip) if last.tip != OF_NO_TIP else None
        is_ours = signed is not None and sha256_of(signed.message) == last.hash
        if signed and is_ours and enter_row(last.tip):
            with suppress(NumberTaken):  # somebody has entered the tip under another
                enter_number(signed)
                self._state.finish()
                return
        if last.counter > 1:
            before = Reserved(
                last.epoch, last.counter - 1, last.previous, NOTHING_BEFORE, OF_NO_TIP
            )
            self._state.reserve(before)
            self._state.finish()

    def _reserve(self, tip: UUID, digest: str, head: str, on: date, way: Way) -> SignedArrival:
        last = self._state.last
        if last is None:
            raise ValueError("an epoch begins with its first number")
        blank = self._arrival(last.epoch, last.counter + 1, last.hash, tip, way, on)
        return self._sign(replace(blank, digest=digest, head=head))

    def _sign(self, arrival: ArrivalMessage) -> SignedArrival:
        self._state.reserve(
            Reserved(arrival.epoch, arrival.counter, arrival.hash, arrival.previous, arrival.tip)
        )
        return SignedArrival.of(arrival, self._key)

    def _arrival(
        self, epoch: str, counter: int, previous: str, tip: UUID, way: Way, on: date
    ) -> ArrivalMessage:
        signed_by = self._ring.serial, self._key.public.id
        return ArrivalMessage(
            epoch, counter, previous, way, tip, NOTHING_BEFORE, NOTHING_BEFORE, on, *signed_by
        )


def _kept_after(ends: NamedArrival) -> list[tuple[ArrivalMessage, SignedArrival]]:
    """What lies signed beside the tips of the vault, of numbers after this one, also of later epochs."""
    kept, rings = vault_now(), rings_now()
    found = []
    for tip in kept.tips():
        if beside := kept.arrival(tip):
            with suppress(TrustError):
                arrival = read_arrival(beside.message)
                is_after = (arrival.epoch, arrival.counter) > (ends.epoch, ends.counter)
                if is_after and check_signed(beside, rings).tip == tip:
                    found.append((arrival, beside))
    return sorted(found, key=lambda each: (each[0].epoch, each[0].counter))


def _epoch_after(former: str, day: date) -> str:
    """A new epoch: it begins with the day, for people, and comes after one of the same day."""
    drawn = f"{day:%Y%m%d}{secrets.token_hex(12)}"
    is_later = former < drawn or former[:8] != drawn[:8]
    return drawn if is_later else f"{int(former, 16) + 1:032x}"
