"""What the queue and a tip's page are told: the handling of a tip, and its sealed octets."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from tips.handling import acting, states
from tips.handling.states import Step
from tips.keeping.sealed_files import BODY, HEAD
from tips.keeping.vault import Vault
from tips.models import Event, Note, SignedStatement, State, Tip
from tips.router import DATABASE
from tips.sealing import age
from tips.sealing.trust import to_text

# How long a tip may lie unread. The urgency is sealed, so the browser does the counting.
URGENT_HOURS, NORMAL_HOURS = 2, 48
CLOSED = (State.CLOSED, State.SPAM)
_WITH_MANY = ("spam", "no_action", "close")
# How many come at once: the first are shown soon, and no answer weighs on the server.
MOST_TIPS = 200


@dataclass(frozen=True)
class QueuePlace:
    """Where a part of the queue ends, by day and id: these never change."""

    day: date
    tip: UUID

    def __str__(self) -> str:
        return f"{self.day.isoformat()}/{self.tip}"


def lot(
    after: QueuePlace | None, *, with_closed: bool, most: int | None = None
) -> tuple[list[Tip], QueuePlace | None]:
    """The next tips in the queue, newest first, and where to go on if there are more."""
    tips = _in_queue(with_closed=with_closed)
    if after:
        same_day = Q(received_on=after.day, id__lt=after.tip)
        tips = tips.filter(Q(received_on__lt=after.day) | same_day)
    most = most or MOST_TIPS
    found = list(tips.order_by("-received_on", "-id")[: most + 1])
    if len(found) <= most:
        return found, None
    found.pop()
    return found, QueuePlace(found[-1].received_on, found[-1].pk)


def among(tip_ids: list[UUID], *, with_closed: bool = False) -> list[Tip]:
    """Those of the tips that are in the queue, in the same order."""
    found = _in_queue(with_closed=with_closed).in_bulk(tip_ids)
    return [found[tip_id] for tip_id in tip_ids if tip_id in found]


def length(*, with_closed: bool) -> int:
    return _in_queue(with_closed=with_closed).count()


def _in_queue(*, with_closed: bool) -> QuerySet[Tip]:
    tips = Tip.objects.using(DATABASE)
    return tips.all() if with_closed else tips.exclude(state__in=CLOSED)


def overdue(on: date) -> int:
    """How many tips have lain unread too long. Only days are known: rather early than late."""
    oldest = date.fromordinal(on.toordinal() - NORMAL_HOURS // 24)
    unread = Tip.objects.using(DATABASE).filter(state=State.RECEIVED)
    return unread.filter(received_on__lte=oldest).count()


def about(tip: Tip, vault: Vault, own: Iterable[str]) -> dict[str, object]:
    """How far a tip has come, with its head for the first of these entries of the keyring."""
    return {**how_far(tip), "head": sealed_head(vault, tip, own)}


def how_far(tip: Tip) -> dict[str, object]:
    """How far a tip has come, and after what the next statement on it stands."""
    link = acting.link_after(tip)
    return {
        "id": str(tip.pk),
        "received_on": tip.received_on.isoformat(),
        "state": tip.state,
        "state_on": tip.state_on.isoformat(),
        "version": tip.version,
        "arrival_hash": link.arrival,
        "statement": link.previous,
        "assigned_to": tip.assigned_to,
        "is_on_hold": tip.is_on_hold,
        "register_no": tip.register_no,
        "keyring_serial": tip.keyring_serial,
        "is_unread": tip.state == State.RECEIVED,
        "purge_proposed_by": tip.purge_proposed_by,
    }


def sealed_body(vault: Vault, tip: Tip) -> str | None:
    """The octets of the body as text; None when it cannot be read."""
    return _sealed(vault, tip, BODY)


def sealed_head(vault: Vault, tip: Tip, own: Iterable[str]) -> str | None:
    try:
        return as_text(vault.heads_of(tip.pk).part(own))
    except OSError:
        return None
    except age.AgeError:  # as it is: the browser then says that it is damaged
        return _sealed(vault, tip, HEAD)


def _sealed(vault: Vault, tip: Tip, name: str) -> str | None:
    try:
        with vault.open(tip.pk, name) as file:
            return as_text(file.read())
    except OSError:  # a tip without files must not hide the others
        return None


def attachments(vault: Vault, tip: Tip) -> list[dict[str, object]]:
    return [
        {"id": file.name.removesuffix(".age"), "sealed_size": file.size}
        for file in vault.files(tip.pk)
        if file.name not in (HEAD, BODY)
    ]


def notes_on(tip: Tip) -> list[dict[str, object]]:
    return [
        {
            "id": str(note.pk),
            "author": note.author,
            "written_on": note.written_on.isoformat(),
            "sealed": as_text(bytes(note.sealed)),
        }
        for note in Note.objects.using(DATABASE).filter(tip_id=tip.pk).order_by("place")
    ]


def history_of(tip_id: UUID) -> list[dict[str, object]]:
    events = Event.objects.using(DATABASE).filter(tip_id=tip_id).order_by("seq")
    return [event_row(event) for event in events]


def statements_on(tip_id: UUID) -> list[dict[str, str]]:
    """What handlers have signed of a tip."""
    events = Event.objects.using(DATABASE).filter(tip_id=tip_id).exclude(statement="")
    return statements(events.values_list("statement", flat=True))


def statements(hashes: Iterable[str]) -> list[dict[str, str]]:
    """These statements, as they were signed."""
    return [
        {
            "statement": bytes(row.octets).decode("utf-8", "replace"),
            "ed25519": to_text(bytes(row.ed25519)),
            "mldsa65": to_text(bytes(row.mldsa65)),
        }
        for row in SignedStatement.objects.using(DATABASE).filter(hash__in=hashes)
    ]


def event_row(event: Event) -> dict[str, object]:
    has_moved = event.from_state != event.to_state
    return {
        "seq": event.seq,
        "on": event.on.isoformat(),
        "actor": event.actor,
        "verb": event.verb,
        "from": event.from_state if has_moved else "",
        "to": event.to_state if has_moved else "",
        "reason": states.reason_told(event.verb, event.reason),
        "statement": event.statement,
        # What the file is called stands under the seal: only the browser knows.
        "file": event.reason if event.verb == "fetched" else "",
    }


def steps_with(tip: Tip, people: list[tuple[str, str]]) -> list[dict[str, object]]:
    """What may be done now, and what each step asks for."""
    return [_step_row(step, people) for step in states.offered(tip, localdate())]


def steps_with_many() -> list[dict[str, object]]:
    """What may be done with many tips at once from the queue: in which states, and for which reasons."""
    return [
        {"states": sorted(states.STEPS[name].sources), **_step_row(states.STEPS[name], [])}
        for name in _WITH_MANY
    ]


def as_text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def _step_row(step: Step, people: list[tuple[str, str]]) -> dict[str, Any]:
    needs = []
    if need := step.need:
        choices = need.choices or (people if need.pattern is None else ())
        needs = [
            {
                "name": need.name,
                "type": "choice" if choices else "text",
                "choices": [value for value, _label in choices],
            }
        ]
    return {"name": step.name, "needs": needs}
