"""The event log: what was done with each tip and by whom, in a chain that shows when it is broken.

Each event holds the hash of the one before it. Changing, removing or reordering events breaks a
link; cutting off the end leaves tips without their last event. Whoever can write to the whole
database can make a new chain: the hash of the last event, noted elsewhere, reveals it.
"""

import hashlib
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connections, transaction
from django.db.models import QuerySet

from tips.keeping.sealed_files import UUID_PATTERN
from tips.models import Event, Note, State, Tip, Tombstone
from tips.refusals import Refusal, Refusing
from tips.router import DATABASE
from tips.sealing import age
from tips.sealing.arrivals import OF_NO_TIP
from tips.sealing.trust import is_hash

from . import states

EVENT_FORMAT = "sapo-event/1"
BEFORE_THE_FIRST = "0" * 64
# Each new try means that somebody else has written an event.
_TRIES = 200
_OF_NOTE = re.compile(rf"({UUID_PATTERN}) [0-9a-f]{{64}}")
_OF_FILE = re.compile(UUID_PATTERN)
# The digest of what came, and the hash of what the intake signed of it.
_OF_CONTENT = re.compile(r"[0-9a-f]{64}(?: [0-9a-f]{64})?")


# Writing


def append(
    tip: Tip,
    verb: str,
    *,
    from_state: str,
    on: date,
    actor: str = "",
    reason: str = "",
    statement: str = "",
) -> None:
    """Writes the next event. Call it last in a transaction: it waits for others who write one."""
    _append(
        tip_id=tip.pk,
        tip_version=tip.version,
        on=on,
        actor=actor,
        verb=verb,
        from_state=from_state,
        to_state=tip.state,
        reason=reason,
        statement=statement,
    )


def append_of_queue(verb: str, *, on: date, actor: str) -> None:
    """The same of what is done with the whole queue, and with no tip alone."""
    _append(
        tip_id=OF_NO_TIP,
        tip_version=0,
        on=on,
        actor=actor,
        verb=verb,
        from_state="",
        to_state="",
        reason="",
    )


def _append(**said: object) -> None:
    for _attempt in range(_TRIES):
        last = last_event()
        event = Event(
            seq=last.seq + 1 if last else 1,
            previous_hash=last.hash if last else BEFORE_THE_FIRST,
            **said,
        )
        event.hash = hash_of(event)
        try:
            with transaction.atomic(using=DATABASE):
                event.save(using=DATABASE, force_insert=True)
        except IntegrityError:
            continue  # somebody took the number
        return
    raise IntegrityError("the event log takes no event")


def hash_of(event: Event) -> str:
    """SHA-256 of all that the event says, the hash before it included."""
    content = {
        "format": EVENT_FORMAT,
        "seq": event.seq,
        "tip": str(event.tip_id),
        "version": event.tip_version,
        "on": event.on.isoformat(),
        "actor": event.actor,
        "verb": event.verb,
        "from": event.from_state,
        "to": event.to_state,
        "reason": event.reason,
        "statement": event.statement,
        "previous": event.previous_hash,
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def reason_of(note: Note) -> str:
    """The note's id and the SHA-256 of its payload; the header may be wrapped anew."""
    sealed = io.BytesIO(bytes(note.sealed))
    try:
        age.split_header(sealed)
    except age.AgeError:
        return f"{note.pk}, damaged"
    return f"{note.pk} {hashlib.sha256(sealed.read()).hexdigest()}"


# Asking


def newest_first() -> QuerySet[Event]:
    return Event.objects.using(DATABASE).order_by("-seq")


def last_event() -> Event | None:
    """The last event. Its hash, noted elsewhere, reveals a log that was made anew."""
    return newest_first().first()


def has_read(tip: Tip, actor: str, on: date) -> bool:
    """Whether the log says that this person has read the tip on this day."""
    read = Event.objects.using(DATABASE).filter(tip_id=tip.pk, verb__in=states.READINGS)
    return read.filter(actor=actor, on=on).exists()


def arrived_after(seq: int, most: int) -> tuple[list[UUID], int]:
    """The tips that came in after this event, at most so many, and the event to go on from."""
    came = list(_arrivals().filter(seq__gt=seq).order_by("seq").values_list("tip_id", "seq")[:most])
    return [tip_id for tip_id, _seq in came], came[-1][1] if came else seq


def changed_after(seq: int, most: int) -> tuple[list[UUID], int, bool]:
    """The tips that were changed after this event, at most so many, the event to go on from, and
    whether that is all.

    An event gets its number when the one before it is there for all to see (`_append`): none that is
    written now turns up later with a number that has been passed.
    """
    last = last_event()
    until = last.seq if last else 0
    about = Event.objects.using(DATABASE).filter(seq__gt=seq, seq__lte=until)
    about = about.exclude(verb__in=states.RECORDS.keys() - states.SIGNED).order_by("seq")
    found: dict[UUID, int] = {}
    for tip_id, number in about.values_list("tip_id", "seq").iterator():
        if tip_id not in found and len(found) == most:
            return list(found), number - 1, False
        found[tip_id] = number
    return list(found), max(until, seq), True


def _arrivals() -> QuerySet[Event]:
    return Event.objects.using(DATABASE).filter(verb__in=states.ARRIVALS)


# Checking


@dataclass(frozen=True)
class BrokenLink:
    """Where the log disagrees with itself, or with the tips."""

    kind: str
    seq: int
    tip_id: UUID | None = None

    @property
    def refusing(self) -> Refusing:
        """What is said of it."""
        return Refusing(Refusal(f"log-{self.kind.replace('_', '-')}"), seq=self.seq)

    def __str__(self) -> str:
        return str(self.refusing)


def verify() -> BrokenLink | None:
    """The first broken link; None when the log is whole and agrees with every tip."""
    return next(iter(every_fault()), None)


def every_fault() -> list[BrokenLink]:
    """All that is broken; after a broken link the log is followed from what stands there."""
    with one_moment():
        return list(_Verification().faults())


@contextmanager
def one_moment() -> Iterator[None]:
    """Reads all as of one moment, while others go on writing."""
    connection = connections[DATABASE]
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(using=DATABASE):
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


@dataclass
class _Followed:
    """What a tip should be like after the events so far."""

    seq: int = 0
    version: int = 0
    state: str = ""
    digest: bytes = b""
    came: int = 0
    fields: dict[str, Any] = field(default_factory=dict)
    last: Event | None = None


class _Verification:
    def __init__(self) -> None:
        self._tips: dict[UUID, _Followed] = {}
        self._notes: dict[UUID, dict[UUID, Event]] = defaultdict(dict)
        self._last_seq = 0
        self._last_hash = BEFORE_THE_FIRST
        self._unclear: set[UUID] = set()  # of which the log says what cannot be

    def faults(self) -> Iterator[BrokenLink]:
        for event in Event.objects.using(DATABASE).order_by("seq").iterator():
            yield from self._faults_of(event)
            self._last_seq, self._last_hash = event.seq, event.hash
            if event.tip_id not in self._unclear:
                self._follow(event)
        yield from self._faults_of_tips()

    def _faults_of(self, event: Event) -> Iterator[BrokenLink]:
        is_next = event.seq == self._last_seq + 1
        if not is_next:
            yield BrokenLink("missing", self._last_seq + 1)
        is_linked = event.previous_hash == self._last_hash or not is_next
        is_whole = hash_of(event) == event.hash
        is_unclear = event.tip_id in self._unclear
        can_be = is_whole and (is_unclear or self._could_happen(event))
        if not (is_whole and is_linked and can_be):
            kind = "impossible" if is_linked else "unlinked"
            yield BrokenLink(kind if is_whole else "altered", event.seq)
        if not can_be:
            self._unclear.add(event.tip_id)

    def _could_happen(self, event: Event) -> bool:
        tip = self._tips.get(event.tip_id, _Followed())
        if event.verb in states.RECORDS:
            return self._could_be_recorded(event, tip)
        if (event.tip_version, event.from_state) != (tip.version + 1, tip.state):
            return False
        if event.verb in states.ARRIVALS:
            is_first = tip.version == 0 and event.to_state == State.RECEIVED
            return is_first and bool(_OF_CONTENT.fullmatch(event.reason))
        step = states.STEPS.get(event.verb)
        if (
            step is None
            or not event.actor
            or event.from_state not in step.sources
            or event.to_state != (step.target or event.from_state)
        ):
            return False
        if event.verb == "purge":
            proposer = tip.fields["purge_proposed_by"].casefold()
            return proposer not in ("", event.actor.casefold()) and not tip.fields["is_on_hold"]
        is_about_headers = event.verb in ("rewrap", "restore")
        return not is_about_headers or event.reason == "" or event.reason.isdecimal()

    def _could_be_recorded(self, event: Event, tip: _Followed) -> bool:
        if event.verb in states.OF_THE_QUEUE:
            of_no_tip = (OF_NO_TIP, 0, "", "", "")
            said = (event.tip_id, event.tip_version, event.from_state, event.to_state, event.reason)
            return bool(event.actor) and said == of_no_tip
        is_as_it_was = event.to_state == event.from_state == tip.state != State.PURGED
        if not is_as_it_was or event.tip_version != tip.version or tip.version == 0:
            return False
        if event.verb == "note":
            found = _OF_NOTE.fullmatch(event.reason)
            return bool(event.actor and found and UUID(found[1]) not in self._notes[event.tip_id])
        if event.verb == "fetched":
            return bool(event.actor and _OF_FILE.fullmatch(event.reason))
        if event.verb == "masked":
            return bool(event.actor and is_hash(event.reason))
        return bool(event.actor) and event.reason == ""

    def _follow(self, event: Event) -> None:
        if event.verb == "note":
            self._notes[event.tip_id][UUID(event.reason.partition(" ")[0])] = event
        if event.verb in states.RECORDS:
            if event.statement:
                self._tips[event.tip_id].fields["statement"] = event.statement
            return
        if event.verb == "purge":
            self._notes.pop(event.tip_id, None)
        tip = self._tips.setdefault(event.tip_id, _Followed())
        changed = states.changes(
            event.verb,
            state=event.from_state,
            reason=event.reason,
            actor=event.actor,
            on=event.on,
            statement=event.statement,
        )
        if event.verb in states.ARRIVALS:
            # The day of receiving is the tip's own; the event tells when the desk first saw it.
            digest, _space, arrival = event.reason.partition(" ")
            changed = {"assigned_to": "", "register_no": "", "is_on_hold": False}
            changed |= {**states.NO_PROPOSAL, "statement": "", "arrival_hash": arrival}
            tip.came = event.seq
            tip.digest = bytes.fromhex(digest)
        tip.fields |= changed
        tip.seq, tip.version, tip.state, tip.last = (
            event.seq,
            event.tip_version,
            event.to_state,
            event,
        )

    def _faults_of_tips(self) -> Iterator[BrokenLink]:
        faults = [*self._faults_of_rows(), *self._faults_of_tombstones(), *self._faults_of_notes()]
        # Tips that have events, but no row any more.
        faults += [BrokenLink("gone", tip.seq, tip_id) for tip_id, tip in self._tips.items()]
        named = (fault for fault in faults if fault.tip_id not in self._unclear)
        yield from sorted(named, key=lambda fault: fault.seq)

    def _faults_of_rows(self) -> Iterator[BrokenLink]:
        for row in Tip.objects.using(DATABASE).iterator():
            followed = self._tips.pop(row.pk, None)
            if followed is None:
                if row.version > 0:
                    yield BrokenLink("cut_off", self._last_seq + 1, row.pk)
            elif row.version > followed.version:
                yield BrokenLink("cut_off", self._last_seq + 1, row.pk)
            elif (row.version, row.state) != (followed.version, followed.state) or any(
                getattr(row, name) != value for name, value in followed.fields.items()
            ):
                yield BrokenLink("tip", followed.seq, row.pk)
            elif followed.digest != bytes(row.files_digest):
                yield BrokenLink("content", followed.came, row.pk)

    def _faults_of_notes(self) -> Iterator[BrokenLink]:
        for note in Note.objects.using(DATABASE).iterator():
            event = self._notes[note.tip_id].pop(note.pk, None)
            if event is None:
                yield BrokenLink("cut_off", self._last_seq + 1, note.tip_id)
            elif (note.author, note.written_on, reason_of(note)) != (
                event.actor,
                event.on,
                event.reason,
            ):
                yield BrokenLink("note", event.seq, event.tip_id)
        for events in self._notes.values():
            for event in events.values():
                yield BrokenLink("note", event.seq, event.tip_id)

    def _faults_of_tombstones(self) -> Iterator[BrokenLink]:
        for stone in Tombstone.objects.using(DATABASE).iterator():
            followed = self._tips.pop(stone.pk, None)
            if followed is None or followed.last is None or followed.state != State.PURGED:
                yield BrokenLink("cut_off", self._last_seq + 1, stone.pk)
            elif (
                stone.register_no,
                stone.proposed_by,
                stone.approved_by,
                stone.decision,
                stone.purged_on,
                stone.proposal,
                stone.approval,
            ) != (
                followed.fields["register_no"],
                followed.fields["purge_proposed_by"],
                followed.last.actor,
                followed.last.reason,
                followed.last.on,
                followed.fields["purge_proposal"],
                followed.last.statement,
            ):
                yield BrokenLink("tombstone", followed.seq, stone.pk)
