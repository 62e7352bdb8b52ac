"""Purging a tip: one handler proposes it by a decision, another carries it out.

What is left is a tombstone and the events. The row goes before the folder: a process that dies in
between leaves a folder with a tombstone, which the janitor removes.
"""

import logging
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.timezone import localdate

from tips.keeping.present_keyring import rings_now
from tips.keeping.vault import Vault
from tips.models import Note, Tip, Tombstone
from tips.refusals import Refusal
from tips.router import DATABASE
from tips.sealing.statements import Statement

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


def purge_tip(tip: Tip, approval: Statement) -> None:
    """Purges the tip for good, of which the folder is left. Call it in a transaction that holds the tip."""
    on = localdate()
    _refuse_unless_due(tip, approval, on)
    stone = Tombstone(
        id=tip.pk,
        received_on=tip.received_on,
        register_no=tip.register_no,
        decision=tip.purge_decision,
        purged_on=on,
        proposed_by=tip.purge_proposed_by,
        approved_by=approval.author,
        proposal=tip.purge_proposal,
        approval=approval.hash,
    )
    steps.change_tip(
        tip,
        STEPS["purge"],
        actor=approval.author,
        reason=stone.decision,
        on=on,
        statement=approval.hash,
    )
    stone.save(using=DATABASE, force_insert=True)
    Note.objects.using(DATABASE).filter(tip_id=tip.pk).delete()
    Tip.objects.using(DATABASE).filter(pk=tip.pk).delete()


def remove_folder(tip_id: UUID, vault: Vault) -> None:
    """Removes what is left of a tip that has been purged."""
    try:
        vault.remove(tip_id)
    except FileNotFoundError:
        pass
    except OSError:
        logger.error("The folder of a purged tip could not be removed; the janitor will try again.")


def refuse_before_its_day(tip: Tip, on: date) -> None:
    first = states.purgeable_from(tip)
    if tip.state in PURGEABLE and on < first:
        raise steps.Refused(Refusal.DAY_TOO_EARLY, day=first)


def _purgeable() -> QuerySet[Tip]:
    tips = Tip.objects.using(DATABASE).filter(state__in=PURGEABLE)
    return tips.order_by("state_on", "id")


def _refuse_unless_due(tip: Tip, approval: Statement, on: date) -> None:
    if tip.state not in PURGEABLE:
        raise steps.Refused(Refusal.NOT_PURGEABLE)
    if tip.is_on_hold:
        raise steps.Refused(Refusal.ON_HOLD)
    refuse_before_its_day(tip, on)
    is_proposed = tip.purge_proposal and DECISION.fullmatch(tip.purge_decision)
    if not is_proposed or approval.value != tip.purge_proposal:
        raise steps.Refused(Refusal.NOT_PROPOSED)
    first, second = map(handlers.handler_now, (tip.purge_proposed_by, approval.author))
    if why := handlers.why_not_two(first, second, rings_now(), on):
        raise steps.Refused(why)
