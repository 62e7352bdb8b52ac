"""Purging a tip: one handler proposes it by a decision, another carries it out.

What is left is a tombstone and the events. The row goes before the folder: a process that dies in
between leaves a folder with a tombstone, which the janitor removes.
"""

import logging
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from tips.keeping.vault import Vault
from tips.models import Note, State, Tip, Tombstone
from tips.refusals import Refusal
from tips.router import DATABASE

from . import handlers, states, steps
from .register_numbers import DECISION
from .states import PURGEABLE, STEPS

logger = logging.getLogger(__name__)


def proposed() -> QuerySet[Tip]:
    """Tips that somebody has proposed to purge; the oldest first."""
    return _purgeable().exclude(purge_proposed_by="")


def due() -> QuerySet[Tip]:
    """Tips whose purge may be proposed, and those that are exempt from it; the oldest first."""
    return _purgeable().filter(purge_proposed_by="")


def propose(tip_id: UUID, version: int, actor: str, decision: str) -> Tip:
    _refuse_stranger(actor)
    _refuse_before_its_day(steps.find(tip_id), localdate())
    return steps.take_step(tip_id, "propose_purge", version, actor, {"decision": decision})


def withdraw(tip_id: UUID, version: int, actor: str) -> Tip:
    _refuse_stranger(actor)
    return steps.take_step(tip_id, "withdraw_purge", version, actor)


def approve(tip_id: UUID, version: int, actor: str, vault: Vault) -> Tombstone:
    """Purges the tip for good. Refused to the one who proposed it."""
    _refuse_stranger(actor)
    on = localdate()
    with transaction.atomic(using=DATABASE, durable=True):
        tip = steps.find(tip_id)
        if tip.version != version:
            raise steps.Conflict(tip)
        _refuse_unless_due(tip, actor, on)
        stone = Tombstone(
            id=tip.pk,
            received_on=tip.received_on,
            register_no=tip.register_no,
            decision=tip.purge_decision,
            purged_on=on,
            proposed_by=tip.purge_proposed_by,
            approved_by=actor,
        )
        # The row first, by its version: from here on nobody else can change the tip.
        steps.change_tip(tip, STEPS["purge"], actor=actor, reason=stone.decision, on=on)
        stone.save(using=DATABASE, force_insert=True)
        Note.objects.using(DATABASE).filter(tip_id=tip_id).delete()
        Tip.objects.using(DATABASE).filter(pk=tip_id).delete()
    try:
        vault.remove(tip_id)
    except FileNotFoundError:
        pass
    except OSError:
        logger.error("The folder of a purged tip could not be removed; the janitor will try again.")
    return stone


def _purgeable() -> QuerySet[Tip]:
    tips = Tip.objects.using(DATABASE).filter(state__in=PURGEABLE)
    return tips.order_by("state_on", "id")


def _refuse_unless_due(tip: Tip, actor: str, on: date) -> None:
    if tip.state not in PURGEABLE or tip.state == State.PURGED:
        raise steps.Refused(Refusal.NOT_PURGEABLE)
    if tip.is_on_hold:
        raise steps.Refused(Refusal.ON_HOLD)
    _refuse_before_its_day(tip, on)
    if not tip.purge_proposed_by or not DECISION.fullmatch(tip.purge_decision):
        raise steps.Refused(Refusal.NOT_PROPOSED)
    if not handlers.is_handler(tip.purge_proposed_by):
        raise steps.Refused(Refusal.PROPOSER_LEFT)
    if not handlers.are_two(actor, tip.purge_proposed_by):
        raise steps.Refused(Refusal.OWN_PROPOSAL)
    if any(handlers.is_new(each, on) for each in (actor, tip.purge_proposed_by)):
        raise steps.Refused(Refusal.NEWCOMER)


def _refuse_before_its_day(tip: Tip, on: date) -> None:
    first = states.purgeable_from(tip)
    if tip.state in PURGEABLE and on < first:
        raise steps.Refused(Refusal.DAY_TOO_EARLY, day=first)


def _refuse_stranger(actor: str) -> None:
    if not handlers.is_handler(actor):
        raise steps.Refused(Refusal.NOT_IN_KEYRING)
