"""The folded ”Kan det inte vänta?” of the pages on which people send and confirm."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.admin import messages

from pages.newsroom.acting import SignedInRequest
from pages.newsroom.emergencies import may_be_emergency, put_out_in_emergency
from pages.newsroom.matching import Seen, takes_away
from pages.newsroom.models import Approval, Proposal
from pages.newsroom.moments import clock
from pages.newsroom.proposals import object_of_proposal, title_of
from pages.newsroom.rule import Sendable, may_act_alone

from .newsdesk_forms import EmergencyForm
from .telling import see_the_page


def emergency_form(
    request: SignedInRequest, sendables: Sequence[Sendable], seen: Mapping[str, Seen]
) -> EmergencyForm | None:
    """The form for a chief editor who may publish this alone; None for everybody else."""
    if not may_act_alone(request.user) or not all(map(may_be_emergency, sendables)):
        return None
    if request.method == "POST" and request.POST.get("act") == "emergency":
        return EmergencyForm(request.POST, request=request)
    return EmergencyForm(initial={"seen": seen}, request=request)


def label_of(sendables: Sequence[Sendable]) -> str:
    return (
        gettext("Remove at once") if takes_away(sendables) else gettext("Publish in an emergency")
    )


def put_out_from(
    request: SignedInRequest, form: EmergencyForm, sendables: Mapping[str, Sendable]
) -> list[Approval] | None:
    """Publishes alone what the form shows; empty if it has changed, None if the form is wrong."""
    if not form.is_valid():
        return None
    seen = form.cleaned_data["seen"] or {}
    if seen.keys() != sendables.keys():
        return []
    try:
        approvals = put_out_in_emergency(
            request.user,
            list(sendables.values()),
            form.cleaned_data["reason"],
            seen=[seen[key] for key in sendables],
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return None
    for sendable, approval in zip(sendables.values(), approvals, strict=bool(approvals)):
        _tell(request, sendable, approval)
    return approvals


def _tell(request: SignedInRequest, sendable: Sendable, approval: Approval) -> None:
    stored = (
        object_of_proposal(sendable) if isinstance(sendable, Proposal) else sendable.content_object
    )
    said = {"title": title_of(stored), "time": clock(timezone.now())}
    text = (
        gettext(
            "“%(title)s” was removed from the website at %(time)s. All chief editors have got an "
            "e-mail. Somebody else has to review it afterwards."
        )
        if isinstance(sendable, Proposal)
        else gettext(
            "“%(title)s” was published in an emergency at %(time)s. All chief editors have got an "
            "e-mail. Somebody else has to review it afterwards."
        )
    )
    buttons = see_the_page(approval.kind, approval.key)
    messages.success(request, text % said, buttons=buttons)
