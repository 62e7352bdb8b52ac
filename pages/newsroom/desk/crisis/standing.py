"""What is out, what waits, and whom to call: the first page of Krisläge, and that of one sending."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from pages.content.models import Alert, MessageType, ThreatLevelDecision
from pages.content.publishing.roles import is_chief, may_confirm
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.in_crisis import crises_for, messages_out, waiting_crises
from pages.newsroom.models import CallNumber, CrisisDraft, Submission
from pages.newsroom.moments import date_in_words, moment_of, since
from pages.newsroom.submissions import take_back, who_is_missing_in

from ..telling import full_name_of, words_of_closed
from .crisis_steps import is_on_its_way, refuse_other_than_chief


@dataclass(frozen=True)
class OutNow:
    """A message that is out, as the newsroom speaks of it."""

    alert: Alert

    @property
    def since(self) -> str:
        at = self.alert.said_at
        exact = f"{localtime(at):%H.%M.%S}"
        day = "" if localdate(at) == localdate() else f"{date_in_words(at)} "
        said = {"time": f"{day}{exact}"}
        if at > timezone.now():
            return gettext("Will be out from %(time)s, Swedish and English") % said
        return gettext("Out since %(time)s, Swedish and English") % said

    @property
    def until(self) -> str:
        ends = self.alert.ends_at
        return gettext("Until %(moment)s") % {"moment": moment_of(ends)} if ends else ""

    @property
    def ways(self) -> list[tuple[str, str]]:
        """What can follow it: the kind of message, and the button."""
        ways: list[tuple[str, str]] = [
            (MessageType.UPDATE, gettext("Update message")),
            (MessageType.CORRECTION, gettext("Correct message")),
        ]
        if self.alert.message_type != MessageType.ALL_CLEAR:  # a danger is over once
            ways.append((MessageType.ALL_CLEAR, gettext("Danger over")))
        return ways

    @property
    def withdraw_address(self) -> str:
        address = reverse("newsdesk:withdraw", args=[Alert.fixed_kind, self.alert.pk])
        return f"{address}?genast=1"


def crisis(request: SignedInRequest) -> HttpResponse:
    """Step 1: what is out and what waits, and what can be begun."""
    if not may_confirm(request.user):
        raise PermissionDenied
    chief = is_chief(request.user)
    own = CrisisDraft.objects.filter(made_by_id=request.user.pk).select_related("submission")
    context = {
        "out": [OutNow(alert) for alert in messages_out()],
        "level": ThreatLevelDecision.objects.in_force().first(),
        "waiting": list(waiting_crises()),
        "to_answer": crises_for(request.user),
        "unfinished": [each for each in own[:10] if not is_on_its_way(each)] if chief else [],
        "is_chief": chief,
        "numbers": CallNumber.of_nobody(),
    }
    return render(request, "newsdesk/crisis/crisis.html", context)


def out(request: SignedInRequest, pk: int) -> HttpResponse:
    """What became of one sending; it is asked again and again until a second person has answered."""
    draft = _draft(request, pk)
    if draft.put_out_alone_at is None and draft.submission is None:
        return redirect("newsdesk:crisis_write", pk)
    submission = draft.submission
    context = {
        "draft": draft,
        "state": state_of(draft),
        "waits": submission is not None and submission.is_open,
        "missing": who_is_missing_in(submission) if submission and submission.is_open else "",
        "asked": _name_and_number(draft.asked),
        "numbers": CallNumber.of_nobody(),
        "titles": [item.title for item in submission.items.all()] if submission else [],
        "out": [OutNow(each) for each in messages_out() if each.pk == draft.message_id],
        "is_out": _is_out(draft),
        "on_whose_word": _on_whose_word(draft),
        "closed": words_of_closed(submission, request.user)
        if submission and not submission.is_open
        else "",
        "sent_at": since(submission.sent_at) if submission else "",
        "is_own": draft.made_by_id == request.user.pk,
        "is_chief": is_chief(request.user),
    }
    return render(request, "newsdesk/crisis/out.html", context)


@never_cache
@require_safe
def state(request: SignedInRequest, pk: int) -> JsonResponse:
    """Another word whenever the page would look different."""
    return JsonResponse({"state": state_of(_draft(request, pk))})


def state_of(draft: CrisisDraft) -> str:
    if draft.put_out_alone_at is not None:
        return "alone"
    if draft.submission is None:
        return "draft"
    given = draft.submission.confirmations.count()
    return f"{draft.submission.outcome or 'waits'}-{given}"


@require_POST
def take_back_sending(request: SignedInRequest, pk: int) -> HttpResponse:
    """Makes a draft of what was sent, to be written again."""
    draft = _draft(request, pk)
    if draft.made_by_id != request.user.pk or draft.submission is None:
        raise PermissionDenied
    if not take_back(request.user, draft.submission):
        return redirect("newsdesk:crisis_out", pk)
    messages.success(request, gettext("You have taken it back. You can change it and send it."))
    return redirect("newsdesk:crisis_write", pk)


@require_POST
def throw_away_sending(request: SignedInRequest, pk: int) -> HttpResponse:
    """Forgets what was begun; drafts that were made of it stay where drafts are."""
    refuse_other_than_chief(request.user)
    draft = get_object_or_404(CrisisDraft, pk=pk, made_by=request.user, submission=None)
    if not is_on_its_way(draft):
        draft.delete()
    return redirect("newsdesk:crisis")


def _draft(request: SignedInRequest, pk: int) -> CrisisDraft:
    if not may_confirm(request.user):
        raise PermissionDenied
    rows = CrisisDraft.objects.select_related("submission__sent_by", "asked", "message")
    return get_object_or_404(rows, pk=pk)


def _is_out(draft: CrisisDraft) -> bool:
    published = Submission.Outcome.PUBLISHED
    sent = draft.submission
    return draft.put_out_alone_at is not None or bool(sent and sent.outcome == published)


def _on_whose_word(draft: CrisisDraft) -> str:
    sent = draft.submission
    if sent is None or not _is_out(draft):
        return ""
    names = {"first": full_name_of(sent.sent_by), "second": full_name_of(sent.closed_by)}
    return gettext("Sent by %(first)s, approved by %(second)s.") % names


def _name_and_number(person: User | None) -> tuple[str, str] | None:
    if person is None:
        return None
    return full_name_of(person), CallNumber.of_accounts().get(person.pk, "")
