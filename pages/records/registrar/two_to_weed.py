"""A record is weeded under a decision when a second person has said so."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.admin.utils import get_user_display_name

from pages.content.publishing.roles import is_registrar, may_look_back
from pages.newsroom.persons import same_person, why_same
from pages.records.kept import Records, Rendering
from pages.records.lookup import Standing
from pages.records.models import WeedingProposal

from .exports import throw_away_exports_with

_Outcome = WeedingProposal.Outcome


def propose_weeding(user: User, rendering: Rendering, decision: str) -> WeedingProposal:
    """The first person's word; ValidationError if it waits already."""
    try:
        with transaction.atomic():
            return WeedingProposal.objects.create(
                address=rendering.address,
                since=rendering.since,
                digest=rendering.digest,
                decision=decision,
                proposed_by=user,
                proposed_by_name=signature_of(user),
            )
    except IntegrityError:
        raise ValidationError(gettext("Somebody has proposed this already.")) from None


def why_not_weeded_by(user: User, proposal: WeedingProposal) -> str:
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


def weed(user: User, proposal: WeedingProposal) -> bool:
    """The second person's word: the bytes are gone; False if another has answered meanwhile."""
    rendering = record_of(proposal)
    if (why := why_not_weeded_by(user, proposal)) or rendering is None:
        raise ValidationError(why)
    with transaction.atomic():
        if not _answer(user, proposal, _Outcome.WEEDED):
            return False
        if rendering.standing is not Standing.WEEDED:
            by = (proposal.proposed_by_name, signature_of(user))
            Records().weed(rendering.address, rendering.since, by=by, decision=proposal.decision)
    throw_away_exports_with([rendering])
    return True


def take_back_weeding(user: User, proposal: WeedingProposal) -> bool:
    """Ends a proposal without weeding anything; False if another has answered meanwhile."""
    return _answer(user, proposal, _Outcome.TAKEN_BACK)


def record_of(proposal: WeedingProposal) -> Rendering | None:
    """The very record that is to be weeded."""
    found = Records().at(proposal.address, proposal.since)
    return found if found is not None and found.digest == proposal.digest else None


def _answer(user: User, proposal: WeedingProposal, outcome: str) -> bool:
    """Once, whoever comes first."""
    open_still = WeedingProposal.objects.filter(pk=proposal.pk, outcome=_Outcome.OPEN)
    answered = {"answered_by": user, "answered_by_name": signature_of(user)}
    return bool(open_still.update(outcome=outcome, answered_at=timezone.now(), **answered))


def signature_of(user: User) -> str:
    """Name and account, since two persons may have one name: Ragnhild Registrator (ragnhild)."""
    name, account = get_user_display_name(user), user.get_username()
    return account if name == account else f"{name} ({account})"
