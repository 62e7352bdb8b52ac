"""Doing what a handler has signed: with all the tips that are named, or with none.

The server can refuse and leave out; it cannot make up, since it has nobody's key.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.timezone import localdate

from tips.keeping.present_keyring import OtherKeyring, signed_now
from tips.keeping.vault import Vault
from tips.models import Event, SignedStatement, Tip
from tips.refusals import Refusal, Refusing
from tips.router import DATABASE
from tips.sealing.keyring import KeyringEntry
from tips.sealing.statements import ChainLink, Statement
from tips.sealing.trust import NOTHING_BEFORE, is_hash

from . import purge, steps
from .states import STEPS, Step

# So much can be done with a tip: whoever signs without end would make it heavy for all.
MOST_STATEMENTS = 1000
_ALWAYS_POSSIBLE = ("propose_purge", "purge")
# So far may the clock of the one who signs be wrong.
CLOCK_WRONG_BY = timedelta(days=1)


class Overtaken(Refusing):
    """Somebody has done something with these tips that the one who signed had not seen: nothing is done."""

    def __init__(self, stale: list[UUID]) -> None:
        super().__init__(Refusal.OVERTAKEN)
        self.stale = stale


def act(statement: Statement, handler: KeyringEntry, vault: Vault) -> list[Tip]:
    """Takes the step that the handler has signed; the tips as they are then, without what was purged."""
    act, value, signed = statement.act, statement.value, statement.hash
    step = _step_of(statement)
    with transaction.atomic(using=DATABASE, durable=True):
        tips = in_hand(statement, handler, act)
        for tip in tips:
            if act == "purge":
                purge.purge_tip(tip, statement)
                continue
            if act == "propose_purge":
                purge.refuse_before_its_day(tip, localdate())
            if step is None:
                steps.record(tip, act, actor=handler.id, reason=value, statement=signed)
            else:
                steps.change_tip(tip, step, actor=handler.id, reason=value, statement=signed)
    if act != "purge":
        return tips
    for tip in tips:
        purge.remove_folder(tip.pk, vault)
    return []


def _step_of(statement: Statement) -> Step | None:
    """The step, with what it asks for; None: that a page was handed out, named by its hash, in which words are not."""
    act, value = statement.act, statement.value
    step = STEPS.get(act)
    if act == "masked":
        if not is_hash(value):
            raise steps.Refused(Refusal.NOT_FILLED_IN)
    elif step is None or not (step.is_offered or act == "purge"):
        raise steps.Refused(Refusal.UNREADABLE)
    elif act != "purge":
        steps.check_value(step, value)
    return step


def in_hand(statement: Statement, handler: KeyringEntry, act: str) -> list[Tip]:
    """The tips of a statement by which this handler does this, which is kept from now on.

    Call it in a transaction: nobody else changes the tips before it ends. Overtaken where somebody has done
    something with one of them that the statement does not know.
    """
    refuse_unless_signed(statement, handler, act)
    keep(statement)
    held = Tip.objects.using(DATABASE).select_for_update().filter(pk__in=statement.tips)
    tips = {tip.pk: tip for tip in held.order_by("pk")}
    stale = [tip_id for tip_id in statement.tips if not knows(statement, tips.get(tip_id))]
    if stale:
        raise Overtaken(stale)
    if act not in _ALWAYS_POSSIBLE and _has_too_much(tips):
        raise steps.Refused(Refusal.TIP_FULL)
    return list(tips.values())


def _has_too_much(tips: Iterable[UUID]) -> bool:
    signed = Event.objects.using(DATABASE).filter(tip_id__in=tips).exclude(statement="")
    most = signed.values("tip_id").annotate(count=Count("seq")).order_by("-count").first()
    return most is not None and most["count"] >= MOST_STATEMENTS


def refuse_unless_signed(statement: Statement, handler: KeyringEntry, act: str) -> None:
    """Refuses a statement that does not count: it is signed for this act, now, by the handler who is logged in."""
    ring = signed_now()
    if statement.keyring != ring.serial:
        raise OtherKeyring
    if (statement.author, statement.act) != (handler.id, act) or not statement.is_by(ring):
        raise steps.Refused(Refusal.NOT_SIGNED)
    if abs(localdate() - statement.written_on) > CLOCK_WRONG_BY:
        raise steps.Refused(Refusal.CLOCK_WRONG)


def keep(statement: Statement) -> None:
    SignedStatement.objects.using(DATABASE).get_or_create(
        hash=statement.hash,
        defaults={
            "octets": statement.octets,
            "ed25519": statement.signature.ed25519,
            "mldsa65": statement.signature.mldsa65,
        },
    )


def knows(statement: Statement, tip: Tip | None) -> bool:
    """Whether it was signed after all else on this tip, which has come in."""
    return tip is not None and tip.version > 0 and link_after(tip) == statement.tips[tip.pk]


def link_after(tip: Tip) -> ChainLink:
    """Where the next statement on this tip stands."""
    return ChainLink(tip.arrival_hash, tip.statement or NOTHING_BEFORE)
