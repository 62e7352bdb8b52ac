"""What is done with a tip: one transaction, one version, one event."""

from contextlib import suppress
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from tips.journal import note
from tips.keeping import intake
from tips.keeping.vault import vault_now
from tips.models import Arrival, State, Tip, Tombstone
from tips.refusals import Refusal, Refusing
from tips.router import DATABASE
from tips.sealing.trust import sha256_of

from . import events, handlers, states
from .states import STEPS, Step

_LONGEST_ACTOR = 150


class Refused(Refusing, ValueError):
    """The step cannot be taken."""


class Conflict(Refusing):
    """Somebody else has changed the tip since it was read."""

    def __init__(self) -> None:
        super().__init__(Refusal.OVERTAKEN)


def open_tip(tip_id: UUID, actor: str) -> Tip:
    """Marks the tip as read, and logs once a day that this handler has read it again."""
    while True:
        tip = find(tip_id)
        try:
            if tip.version == 0:
                _arrive(tip, "received")
            elif tip.state != State.RECEIVED:
                return _read_again(tip_id, actor)
            else:
                with transaction.atomic(using=DATABASE):
                    return change_tip(tip, STEPS["open"], actor=actor)
        except Conflict:
            continue  # another handler opened it in the same moment


def _read_again(tip_id: UUID, actor: str) -> Tip:
    with transaction.atomic(using=DATABASE):
        # Held, so that two readings in the same moment are one.
        tip = hold(tip_id)
        if not events.has_read(tip, actor, localdate()):
            record(tip, "seen", actor=actor)
    return tip


def take_in_new() -> int:
    """Gives every new tip its first version and event; returns how many there were."""
    count = 0
    purged = Tombstone.objects.using(DATABASE).values("pk")
    new = Tip.objects.using(DATABASE).filter(version=0).exclude(pk__in=purged)
    for tip in new.order_by("received_on", "id"):
        # Each in a transaction of its own: one that held several tips could lock others out.
        try:
            _arrive(tip, "received")
        except Conflict:
            continue
        count += 1
    return count


def adopt(tip_id: UUID) -> bool:
    """Takes in a tip that lies whole in the vault without a row; returns whether it did.

    One that was purged stays purged: its folder is only what a crash has left.
    """
    if Tombstone.objects.using(DATABASE).filter(pk=tip_id).exists():
        return False
    if Tip.objects.using(DATABASE).filter(pk=tip_id).exists() or not intake.enter_missing_row(
        tip_id
    ):
        return False
    with suppress(Conflict):  # the queue was shown in the same moment, and took it in
        _arrive(find(tip_id), "recovered")
    return True


def export(tip_id: UUID, actor: str) -> Tip:
    """Logs that somebody has taken the tip out sealed."""
    with transaction.atomic(using=DATABASE):
        tip = hold(tip_id)
        record(tip, "export", actor=actor)
    note("desk", "exported", actor, what="tip")
    return tip


def fetch(tip_id: UUID, actor: str, file_id: UUID) -> None:
    """Logs that somebody has taken out a file of the tip."""
    with transaction.atomic(using=DATABASE):
        record(hold(tip_id), "fetched", actor=actor, reason=str(file_id))


def hold(tip_id: UUID) -> Tip:
    """The tip, locked: nobody else changes or purges it before the transaction ends."""
    return Tip.objects.using(DATABASE).select_for_update().get(pk=tip_id)


def record(tip: Tip, verb: str, *, actor: str, reason: str = "", statement: str = "") -> None:
    """Logs what leaves the tip as it is. Call it in a transaction that holds the tip."""
    if tip.version == 0:
        _arrive(tip, "received")
    if statement:
        tip.statement = statement
        tip.save(using=DATABASE, update_fields=["statement"])
    events.append(
        tip,
        verb,
        from_state=tip.state,
        on=localdate(),
        actor=actor,
        reason=reason,
        statement=statement,
    )


def find(tip_id: UUID) -> Tip:
    """The tip; `Tip.DoesNotExist` when it does not exist or has been purged."""
    return Tip.objects.using(DATABASE).get(pk=tip_id)


def change_tip(
    tip: Tip,
    step: Step,
    *,
    actor: str,
    reason: str = "",
    on: date | None = None,
    statement: str = "",
) -> Tip:
    """Takes the step if the tip is still as it was read. Call it in a transaction."""
    # One day for all that the step writes: midnight may come in between.
    on = on or localdate()
    if not 0 < len(actor) <= _LONGEST_ACTOR:
        raise Refused(Refusal.UNREADABLE)
    if not states.is_possible(step, tip, on):
        raise Refused(Refusal.NOT_NOW)
    changed = states.changes(
        step.name, state=tip.state, reason=reason, actor=actor, on=on, statement=statement
    )
    return _write(tip, step.name, changed, on, actor=actor, reason=reason, statement=statement)


def check_value(step: Step, value: str) -> None:
    """Refuses what the step does not ask for, and what it asks for otherwise."""
    need = step.need
    if need is None:
        if value:
            raise Refused(Refusal.UNREADABLE)
        return
    if not value:
        raise Refused(Refusal.NOT_FILLED_IN)
    if need.choices:
        if value not in dict(need.choices):
            raise Refused(Refusal.NOT_IN_LIST)
    elif need.pattern:
        if not need.pattern.fullmatch(value):
            raise Refused(need.pattern.refusal)
    elif not handlers.is_handler(value):
        raise Refused(Refusal.NOT_A_HANDLER)


def _arrive(tip: Tip, verb: str) -> Tip:
    """Writes the first event of a tip: with the digest of its files, and of what was signed of it.

    One that was purged does not come again: the log would contradict itself ever after.
    """
    if Tombstone.objects.using(DATABASE).filter(pk=tip.pk).exists():
        raise Tip.DoesNotExist
    arrival = _signed(tip.pk)
    reason = f"{bytes(tip.files_digest).hex()} {arrival}".strip()
    changed: dict[str, object] = {"state": State.RECEIVED, "arrival_hash": arrival}
    with transaction.atomic(using=DATABASE):
        return _write(tip, verb, changed, localdate(), reason=reason)


def _signed(tip_id: UUID) -> str:
    """The hash of the tip's arrival; empty where it has none."""
    row = Arrival.objects.using(DATABASE).filter(tip_id=tip_id).first()
    if row:
        return sha256_of(bytes(row.message))
    # Adopted from its folder: the intake enters the arrival when it comes to it.
    beside = vault_now().arrival(tip_id)
    return sha256_of(beside.message) if beside else ""


def _write(
    tip: Tip,
    verb: str,
    changed: dict[str, object],
    on: date,
    *,
    actor: str = "",
    reason: str = "",
    statement: str = "",
) -> Tip:
    from_state, version = (tip.state if tip.version else ""), tip.version
    changed = {**changed, "version": version + 1}
    rows = Tip.objects.using(DATABASE).filter(pk=tip.pk, version=version)
    if not rows.update(**changed):
        raise Conflict
    for name, value in changed.items():
        setattr(tip, name, value)
    events.append(
        tip, verb, from_state=from_state, on=on, actor=actor, reason=reason, statement=statement
    )
    return tip
