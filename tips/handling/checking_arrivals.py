"""Whether the arrivals are whole: no number missing, each signed, and each tip as it was signed."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from tips.keeping.present_keyring import rings_now
from tips.keeping.vault import Vault
from tips.models import Arrival, Event, Tip, Tombstone
from tips.router import DATABASE
from tips.sealing import age, arrivals
from tips.sealing.arrivals import OF_NO_TIP, NamedArrival, Restored, SignedArrival
from tips.sealing.keyring import Keyring
from tips.sealing.trust import NOTHING_BEFORE, Signature, TrustError, sha256_of

from . import events, states
from .arrival_faults import ArrivalFault


@dataclass
class Counted:
    """What there was to look at."""

    arrivals: int = 0
    epochs: int = 0
    unsigned: int = 0  # tips that came before the intake signed
    restored: list[tuple[date, Restored]] = field(default_factory=list)  # and what backups lacked


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


@dataclass
class _Seen:
    """How far each epoch goes, and what the epochs that begin say came before them."""

    ends: dict[str, tuple[int, str]] = field(default_factory=dict)
    hashes: set[str] = field(default_factory=lambda: {NOTHING_BEFORE})
    began: list[arrivals.ArrivalMessage] = field(default_factory=list)
    restored: list[tuple[date, Restored]] = field(default_factory=list)

    def take(self, found: arrivals.ArrivalMessage, digest: str) -> None:
        self.ends[found.epoch] = found.counter, digest
        self.hashes.add(digest)
        if found.restored:
            self.restored.append((found.on, found.restored))
        elif found.way == "epoch":
            self.began.append(found)

    def faults(self) -> Iterator[ArrivalFault]:
        """Once all have been taken: what an epoch follows on must be there, and a backup's end be the end."""
        for first in self.began:
            if first.previous not in self.hashes:
                yield ArrivalFault("cut", str(first.on))
        for _on, said in self.restored:
            end = self.ends.get(said.epoch, (0, ""))
            if end[0] < said.counter:
                yield _gap(end[0] + 1, said.counter)
            elif end != (said.counter, said.hash):
                yield ArrivalFault("unlinked", str(end[0]))


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
        seen = _Seen()
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
            try:
                found = _signed(row, rings)
            except TrustError:
                yield ArrivalFault("signature", str(row.counter), tip_id=row.tip_id)
                self._named.add(row.tip_id)
                seen.hashes.add(before)  # what follows on it does follow
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
            seen.take(found, before)
            if found.tip != OF_NO_TIP:
                self._by_tip[found.tip] = found, before
        self.counted.restored = seen.restored
        yield from seen.faults()

    def _faults_of_tips(self) -> Iterator[ArrivalFault]:
        said = _in_the_log()
        began = min((seq for seq, digest in said.values() if digest), default=None)
        for tip in Tip.objects.using(DATABASE).order_by("received_on", "pk").iterator():
            if tip.pk in self._named:
                continue
            seq, digest = said.get(tip.pk, (0, ""))
            found = self._by_tip.get(tip.pk)
            if digest and (found is None or found[1] != digest):
                yield ArrivalFault("lost", tip_id=tip.pk)
            elif found is None and began is not None and seq > began:
                yield ArrivalFault("unsigned", tip_id=tip.pk)
            elif found is None:
                self.counted.unsigned += 1
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


def _in_the_log() -> dict[UUID, tuple[int, str]]:
    """For each tip its first event, and the hash of what the intake signed of it; empty: nothing."""
    first = Event.objects.using(DATABASE).filter(verb__in=states.ARRIVALS)
    rows = first.values_list("tip_id", "seq", "reason").iterator()
    return {tip: (seq, reason.partition(" ")[2]) for tip, seq, reason in rows}


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
