"""A record is weeded under a decision when a second person has said so."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from pages.content.publishing.roles import is_registrar, may_look_back
from pages.newsroom.persons import same_person, why_same
from pages.records.kept import Records, Rendering
from pages.records.lookup import Standing
from pages.records.models import WeedingProposal

from .exports import throw_away_exports_with
from .signatures import signature_of

_Outcome = WeedingProposal.Outcome


def propose_weeding(user: Any, rendering: Rendering, decision: str) -> WeedingProposal:
    """The first person's word; ValidationError if it waits already."""
    try:
        with transaction.atomic():
            return WeedingProposal.objects.create(
                address=rendering.address, since=rendering.since, digest=rendering.digest,
                decision=decision, proposed_by=user, proposed_by_name=signature_of(user),
            )  # fmt: skip
    except IntegrityError:
        raise ValidationError(gettext("Somebody has proposed this already.")) from None


def why_not_weeded_by(user: Any, proposal: WeedingProposal) -> str:
    """Why this person cannot be the second; empty if the person can."""
    if record_of(proposal) is None:
        return gettext("The record is not there any more as it was proposed. Propose it anew.")
    if not may_look_back(user):
        return gettext("Only a registrar or a chief editor can be the second person.")
    if not is_registrar(proposal.proposed_by):
        return gettext("Whoever proposed it is not a registrar any more. Propose it anew.")
    now = timezone.now()
    if same_person(user, proposal.proposed_by, now):
        return why_same(user, proposal.proposed_by, now)
    return ""


def weed(user: Any, proposal: WeedingProposal) -> bool:
    """The second person's word: the bytes are gone; False if another has answered meanwhile."""
    rendering: Any = record_of(proposal)
    if why := why_not_weeded_by(user, proposal):
        raise ValidationError(why)
    with transaction.atomic():
        if not _answer(user, proposal, _Outcome.WEEDED):
            return False
        if rendering.standing is not Standing.WEEDED:
            Records().weed(
                rendering.address, rendering.since, decision=proposal.decision,
                by=(proposal.proposed_by_name, signature_of(user)),
            )  # fmt: skip
    throw_away_exports_with([rendering])
    return True


def take_back_weeding(user: Any, proposal: WeedingProposal) -> bool:
    """Ends a proposal without weeding anything; False if another has answered meanwhile."""
    return _answer(user, proposal, _Outcome.TAKEN_BACK)


def record_of(proposal: WeedingProposal) -> Rendering | None:
    """The very record that is to be weeded."""
    found = Records().at(proposal.address, proposal.since)
    return found if found is not None and found.digest == proposal.digest else None


def _answer(user: Any, proposal: WeedingProposal, outcome: str) -> bool:
    """Once, whoever comes first."""
    return bool(
        WeedingProposal.objects.filter(pk=proposal.pk, outcome=_Outcome.OPEN).update(
            outcome=outcome, answered_by=user, answered_by_name=signature_of(user),
            answered_at=timezone.now(),
        )
    )  # fmt: skip
