"""What waits in a crisis, and what was put out alone and nobody has reviewed, on every page of the CMS."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name

from pages.content.publishing.roles import is_chief
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.digest import object_of
from pages.newsroom.emergencies import open_emergencies, who_put_out
from pages.newsroom.in_crisis import crises_for
from pages.newsroom.models import Approval
from pages.newsroom.moments import since
from pages.newsroom.proposals import title_of

register = template.Library()


@register.simple_tag(takes_context=True)
def tell_of_emergencies(context: template.Context) -> str:
    """Adds a message for each, which the page that is being rendered shows at its top."""
    request = context["request"]
    _tell_of_crises(request)
    # One review closes all that was put out of the same object, so the last of them stands for it.
    last = {(each.kind, each.key): each for each in open_emergencies()}
    if last and is_chief(request.user):
        for approval in last.values():
            _tell(request, approval)
    return ""


def _tell_of_crises(request: SignedInRequest) -> None:
    for crisis in crises_for(request.user):
        submission: Any = crisis.submission
        address = reverse("newsdesk:confirm", args=[submission.pk])
        if request.path != address:
            text = gettext("Waits for your approval: “%(title)s”, sent by %(name)s.")
            said = {"title": submission, "name": get_user_display_name(submission.sent_by)}
            button = messages.button(address, gettext("See everything and approve"))
            messages.error(request, text % said, buttons=[button])


def _tell(request: SignedInRequest, approval: Approval) -> None:
    who = who_put_out(approval)
    day, _, time = since(approval.decided_at).rpartition(" ")
    said = {
        "title": _title(approval),
        "name": who.person_name,
        "day": day,
        "time": time,
        "reason": approval.reason,
    }
    if who.person_id == request.user.pk:
        text = gettext(
            "Somebody else must review what you have put out alone: “%(title)s”, %(day)s at %(time)s."
        )
        messages.error(request, text % said)
        return
    text = gettext(
        "Put out alone and not reviewed: “%(title)s”, %(name)s %(day)s at %(time)s. "
        "Reason: %(reason)s"
    )
    review = reverse("newsdesk:review", args=[approval.pk])
    button = messages.button(review, gettext("Review afterwards"))
    messages.error(request, text % said, buttons=[button])


def _title(approval: Approval) -> str:
    obj = object_of(approval.kind, approval.key)
    return title_of(obj) if obj is not None else approval.key
