"""Whether the arrivals are whole: no number missing, each signed, and each tip as it was signed."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from tips.keeping.present_keyring import rings_now
from tips.keeping.vault import Vault
from tips.models import Arrival, Event, Tip, Tombstone
from tips.router import DATABASE
from tips.sealing import age, arrivals
from tips.sealing.arrivals import OF_NO_TIP, NamedArrival, SignedArrival
from tips.sealing.keyring import Keyring
from tips.sealing.trust import NOTHING_BEFORE, Signature, TrustError, sha256_of

from . import events, states
from .arrival_faults import ArrivalFault


@dataclass
class Counted:
    """What there was to look at."""

    arrivals: int = 0
    epochs: int = 0


def newest() -> NamedArrival | None:
    """The last arrival that the intake has signed, for paper."""
    rows = Arrival.objects.using(DATABASE).order_by("-epoch", "-counter")
    rings = rings_now() if rows.exists() else {}
    for row in rows.iterator():
        with suppress(TrustError):
            # Compared first: copies of what was signed would each cost two signatures.
            found = arrivals.read_arrival(bytes(row.message))
            if (found.epoch, found.counter) == (row.epoch, row.counter):
                found = _signed(row, rings)
                return NamedArrival(found.epoch, found.counter, found.hash)
    return None


def is_there(named: NamedArrival) -> bool:
    """Whether this arrival is there, from whichever epoch where none is named."""
    rows = Arrival.objects.using(DATABASE).filter(counter=named.counter)
    if named.epoch:
        rows = rows.filter(epoch=named.epoch)
    messages = rows.values_list("message", flat=True)
    return named.hash in {sha256_of(bytes(message)) for message in messages}


def verify_arrivals(vault: Vault) -> tuple[list[ArrivalFault], Counted]:
    """Every fault, and what was looked at. Look at the event log first."""
    looked = _Verification(vault)
    with events.one_moment():
        return list(looked.faults()), looked.counted


class _Verification:
    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.counted = Counted()
        self._by_tip: dict[UUID, tuple[arrivals.ArrivalMessage, str]] = {}
        self._named: set[UUID | None] = set()  # tips whose number is not signed

    def faults(self) -> Iterator[ArrivalFault]:
        yield from self._faults_of_the_chain()
        yield from self._faults_of_tips()

    def _faults_of_the_chain(self) -> Iterator[ArrivalFault]:
        rows = Arrival.objects.using(DATABASE).order_by("epoch", "counter")
        rings = rings_now() if rows.exists() else {}
        gone = set(vanished().values_list("tip_id", flat=True))
        epoch, counter, keyring, before = "", 0, 0, NOTHING_BEFORE
        hashes, began = {NOTHING_BEFORE}, []
        for row in rows.iterator():
            if row.epoch != epoch:
                self.counted.epochs += 1
                epoch, counter, keyring, before = row.epoch, 0, 0, ""
            has_gap = row.counter != counter + 1
            if has_gap:
                yield _gap(counter + 1, row.counter - 1)
            is_first, counter = row.counter == 1, row.counter
            previous, before = before, sha256_of(bytes(row.message))
            self.counted.arrivals += 1
            hashes.add(before)  # of what is not signed too: what follows on it does follow
            try:
                found = _signed(row, rings)
            except TrustError:
                yield ArrivalFault("signature", str(row.counter), tip_id=row.tip_id)
                self._named.add(row.tip_id)
                continue
            tip = row.tip_id or OF_NO_TIP
            if (found.epoch, found.counter, found.tip) != (row.epoch, row.counter, tip):
                yield ArrivalFault("altered", str(row.counter))
            is_linked = found.way == "epoch" if is_first else found.previous == previous
            if not (is_linked or has_gap) or found.keyring < keyring:
                yield ArrivalFault("unlinked", str(row.counter))
            if row.tip_id in gone:
                yield ArrivalFault("gone", str(row.counter), tip_id=row.tip_id)
            keyring = found.keyring
            began += [found] * (found.way == "epoch")
            if found.tip != OF_NO_TIP:
                self._by_tip[found.tip] = found, before
        yield from _cut(began, hashes)

    def _faults_of_tips(self) -> Iterator[ArrivalFault]:
        said = _in_the_log()
        for tip in Tip.objects.using(DATABASE).order_by("received_on", "pk").iterator():
            if tip.pk in self._named:
                continue
            digest, found = said.get(tip.pk, ""), self._by_tip.get(tip.pk)
            if digest and (found is None or found[1] != digest):
                yield ArrivalFault("lost", tip_id=tip.pk)
            elif found is None:
                yield ArrivalFault("unsigned", tip_id=tip.pk)
            elif not self._is_as_signed(tip, found[0]):
                yield ArrivalFault("content", str(found[0].counter), tip_id=tip.pk)

    def _is_as_signed(self, tip: Tip, arrival: arrivals.ArrivalMessage) -> bool:
        try:
            head = sha256_of(self._vault.heads_of(tip.pk).payload)
        except (OSError, age.AgeError):
            head = ""
        there = bytes(tip.files_digest).hex(), head, tip.received_on
        is_same = there == (arrival.digest, arrival.head, arrival.on)
        # A tip purged while we looked is no fault.
        return is_same or not Tip.objects.using(DATABASE).filter(pk=tip.pk).exists()


def _cut(began: list[arrivals.ArrivalMessage], hashes: set[str]) -> Iterator[ArrivalFault]:
    """The epochs that follow on something that is not there."""
    for first in began:
        if first.previous not in hashes:
            yield ArrivalFault("cut", str(first.on))


def _in_the_log() -> dict[UUID, str]:
    """For each tip the hash of what the intake signed of it, by its first event; empty: nothing."""
    first = Event.objects.using(DATABASE).filter(verb__in=states.ARRIVALS)
    return {
        tip: reason.partition(" ")[2]
        for tip, reason in first.values_list("tip_id", "reason").iterator()
    }


def vanished() -> QuerySet[Arrival]:
    """The arrivals whose tips are gone without having been purged."""
    tip = Tip.objects.using(DATABASE).filter(pk=OuterRef("tip_id"))
    stone = Tombstone.objects.using(DATABASE).filter(pk=OuterRef("tip_id"))
    numbered = Arrival.objects.using(DATABASE).filter(tip_id__isnull=False)
    return numbered.filter(~Exists(tip), ~Exists(stone)).order_by("epoch", "counter")


def _signed(row: Arrival, rings: Mapping[int, Keyring]) -> arrivals.ArrivalMessage:
    """What is signed in the row; TrustError unless both halves hold."""
    signature = Signature(bytes(row.ed25519), bytes(row.mldsa65))
    return arrivals.check_signed(SignedArrival(bytes(row.message), signature), rings)


def _gap(first: int, last: int) -> ArrivalFault:
    numbers = str(first) if first == last else f"{first}–{last}"
    return ArrivalFault("gap", numbers, last - first + 1)
