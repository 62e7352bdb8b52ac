"""The pages on which a registrar proposes weeding, and a second person answers."""

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from pages.content.publishing.roles import is_registrar
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.moments import since
from pages.records.models import WeedingProposal

from .around import records_page
from .coming_in import keeps_records, looks_back
from .sealing_page import not_written, what_is_named
from .shown_record import at_address, shown_at
from .stockholm_time import in_words
from .two_to_weed import propose_weeding, take_back_weeding, weed, why_not_weeded_by

_LATEST = 100


class DecisionForm(forms.Form):
    decision = forms.CharField(
        label=_("Number of the decision"),
        max_length=100,
        help_text=_("The decision under which the record may be weeded."),
    )

    def clean_decision(self) -> str:
        number = " ".join(self.cleaned_data["decision"].split())
        if not any(sign.isdigit() for sign in number):
            raise ValidationError(gettext("Write the number of the decision."))
        return number


@keeps_records
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose_page(request: SignedInRequest) -> HttpResponse:
    """The password has been asked for again before."""
    shown, rendering = what_is_named(request)
    if not shown.may_be_weeded:
        return redirect(at_address(shown.address, shown.moment))
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        try:
            proposal = propose_weeding(request.user, rendering, form.cleaned_data["decision"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            text = gettext("Proposed. It is weeded when a second person has answered.")
            messages.success(request, text)
            return redirect("registrar:weed", proposal.pk)
    context = {"shown": shown, "form": form, "errors": form.non_field_errors()}
    return records_page(request, "propose", context, 422 if form.errors else 200)


@looks_back
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def weed_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is to be weeded, under which decision, and the second person's button."""
    proposal = get_object_or_404(WeedingProposal.objects.select_related("proposed_by"), pk=pk)
    act = request.POST.get("act")
    why = why_not_weeded_by(request.user, proposal) if proposal.is_open else ""
    if act == "take_back" and proposal.is_open:
        if not _may_take_back(request.user, proposal):
            raise PermissionDenied
        _say(
            request,
            take_back_weeding(request.user, proposal),
            gettext("The proposal is taken back."),
        )
        return redirect("registrar:weedings")
    if act == "weed" and proposal.is_open and not why:
        try:
            done = weed(request.user, proposal)
        except ValidationError as error:
            why = " ".join(error.messages)
        except OSError:
            why = not_written()
        else:
            said = gettext("The record is weeded. That it existed is still known.")
            _say(request, done, said)
            return redirect("registrar:weedings")
    context: dict[str, object] = {"proposal": proposal, "since": in_words(proposal.since)}
    context["shown"] = shown_at(proposal.address, proposal.since)
    context |= {"proposed": since(proposal.proposed_at), "errors": [why] if why and act else []}
    context |= {"why_not": "" if act else why, "may_weed": proposal.is_open and not why}
    context["may_take_back"] = proposal.is_open and _may_take_back(request.user, proposal)
    return records_page(request, "weed", context, 422 if act else 200)


@looks_back
@never_cache
@require_safe
def weedings_page(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, and what has been answered."""
    rows = WeedingProposal.objects.all()
    waiting = rows.filter(outcome=WeedingProposal.Outcome.OPEN)
    answered = rows.exclude(outcome=WeedingProposal.Outcome.OPEN)[:_LATEST]
    return records_page(request, "weedings", {"waiting": waiting, "answered": answered})


def _may_take_back(user: User, proposal: WeedingProposal) -> bool:
    return is_registrar(user) or user.pk == proposal.proposed_by_id


def _say(request: HttpRequest, done: bool, text: str) -> None:
    if done:
        messages.success(request, text)
    else:
        messages.info(request, gettext("Somebody else has answered it already."))
