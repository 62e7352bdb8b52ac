"""What handlers sign of tips, for tests: as the desk's page makes it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import localdate, localtime

from tests.handlers import ask_desk
from tests.rings import handler_key, secret_number
from tips.handling import acting, events, rewrap, steps
from tips.handling.handlers import handler_now
from tips.keeping.present_keyring import signed_now
from tips.keeping.vault import vault_now
from tips.models import Note, Tip
from tips.router import DATABASE
from tips.sealing.statements import ChainLink, Statement, sign_statement
from tips.sealing.trust import NOTHING_BEFORE, signature_row


def signed_act(
    handler_id: str,
    act: str,
    *tips: Tip,
    value: str = "",
    links: dict[UUID, ChainLink] | None = None,
    keyring: int = 0,
    written: datetime | None = None,
) -> Statement:
    """What this handler signs of the tips as they are given: others may have done something since."""
    handler = handler_now(handler_id)
    assert handler is not None, f"{handler_id} stands in no keyring"
    return sign_statement(
        handler_key(secret_number(handler)),
        act=act,
        author=handler_id,
        keyring=keyring or signed_now().serial,
        tips=links or {tip.pk: acting.link_after(tip) for tip in tips},
        value=value,
        written=written or localtime(),
    )


def act_of_note(
    handler_id: str, tip_id: UUID, note_id: UUID, sealed: bytes, **said: Any
) -> Statement:
    """What this handler signs of a note, beside what is signed in it."""
    value = events.reason_of(Note(pk=note_id, sealed=sealed))
    return signed_act(handler_id, "note", links=_links_of([tip_id]), value=value, **said)


def act_of_headers(handler_id: str, lot: Sequence[rewrap.Wrapped], **said: Any) -> Statement:
    """What this handler signs of headers."""
    links, value = _links_of([each.tip for each in lot]), rewrap.value_of(lot)
    return signed_act(handler_id, "rewrap", links=links, value=value, **said)


def act(handler_id: str, name: str, *tips: Tip, value: str = "") -> list[Tip]:
    """Signs and does it; the tips as they are then."""
    handler = handler_now(handler_id)
    assert handler is not None, f"{handler_id} stands in no keyring"
    return acting.act(signed_act(handler_id, name, *tips, value=value), handler, vault_now())


def act_now(handler_id: str, name: str, tip_id: UUID, value: str = "") -> Tip:
    """The same with one tip as it is now."""
    [tip] = act(handler_id, name, steps.find(tip_id), value=value)
    return tip


def as_sent(statement: Statement) -> dict[str, Any]:
    """What the page sends of a statement."""
    return {"statement": statement.octets.decode(), **signature_row(statement.signature)}


def send_act(
    client: Client, handler_id: str, act: str, *tips: Tip, value: str = ""
) -> HttpResponse:
    """The answer to what this handler's page sends, when a button has been pressed."""
    return ask_desk(client, "steg/", as_sent(signed_act(handler_id, act, *tips, value=value)))


def lay_note(tip_id: UUID, sealed: bytes, author: str, note_id: UUID | None = None) -> Note:
    """Lays a note there as whoever runs the desk's service can: nobody has signed that it was written."""
    notes = Note.objects.using(DATABASE)
    with transaction.atomic(using=DATABASE):
        note = notes.create(
            pk=note_id or uuid4(),
            tip_id=tip_id,
            place=notes.filter(tip_id=tip_id).count() + 1,
            author=author,
            written_on=localdate(),
            sealed=sealed,
            keyring_serial=signed_now().serial,
        )
        steps.record(steps.hold(tip_id), "note", actor=author, reason=events.reason_of(note))
    return note


def _links_of(tip_ids: Sequence[UUID]) -> dict[UUID, ChainLink]:
    there = Tip.objects.in_bulk(tip_ids)
    return {
        tip_id: acting.link_after(there[tip_id])
        if tip_id in there
        else ChainLink("", NOTHING_BEFORE)
        for tip_id in tip_ids
    }
