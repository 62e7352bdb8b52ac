"""Sending and approving several at once: one by one through the newsroom's door, with a line each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property, classproperty
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.models import LockableMixin
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.models import get_snippet_models

from pages.content.publishing.roles import may_confirm
from pages.newsroom.digest import key_of, kind_of
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.matching import Seen, seen_of, sentence_on_waiting, what_waits
from pages.newsroom.models import Confirmation, Submission
from pages.newsroom.proposals import title_of
from pages.newsroom.rule import Sendable, word_of, would_hold
from pages.newsroom.submissions import (
    MOST_TOGETHER,
    Outcome,
    Result,
    confirm,
    open_submission_of,
    send,
    verdict_on,
)
from pages.newsroom.waivers import Checked, RedFindingsLeft, check_together, words_of_red

from .confirmation_page import label_of_approval
from .findings_part import answers_from, findings_part
from .newsdesk_forms import SeveralForm
from .sending_page import is_public_already
from .showing import shown
from .telling import tell
from .ways import goes_through_newsroom, way_to_object

_REFUSED = {
    Result.CHANGED: _("“%(title)s” is not what you saw."),
    Result.ALREADY: _("“%(title)s” has been answered already."),
    Result.SAME_PERSON: _(
        "You cannot be both persons for “%(title)s”. Somebody else must approve."
    ),
    Result.EXCHANGED: _("A file of “%(title)s” has been replaced. Open it and read."),
}
_NOT_SHOWN = Seen("")


@dataclass(frozen=True)
class _Chosen:
    """What is sent, or approved, as one of several."""

    sent: Any
    title: str
    address: str  # of the page on which it is read by itself
    sendables: Mapping[str, Sendable]

    @cached_property
    def checked(self) -> list[Checked]:
        return check_together(list(self.sendables.values()))


class _OneByOne(BulkAction):
    """What is done to each is bound to what the page of questions has shown of it."""

    form_class = SeveralForm
    template_name = "newsdesk/several.html"
    way: str  # of the words that are given

    def check_perm(self, obj: Any) -> bool:
        return may_confirm(self.request.user)

    @cached_property
    def sorted(self) -> tuple[list[_Chosen], list[tuple[str, str]]]:
        """Those with which it can be done here; why not with the others, and where they are read."""
        here: dict[Any, _Chosen] = {}
        left_out = {}
        for obj in self.get_actionable_objects()[0]:
            each = self.chosen(obj)
            if each.sent in here:  # sent together
                continue
            if len(here) == MOST_TOGETHER:
                why_not = gettext(
                    "There is no room for “%(title)s”: at most %(count)d are read at once."
                )
            else:
                why_not = self.why_not(obj, each) or _found(each)
            if why_not:
                said = {"title": each.title, "count": MOST_TOGETHER}
                left_out[each.address, each.title] = (why_not % said, each.address)
            else:
                here[each.sent] = each
        return list(here.values()), list(left_out.values())

    def get_initial(self) -> dict[str, Any]:
        sendables = {key: it for each in self.sorted[0] for key, it in each.sendables.items()}
        return {"seen": seen_of(sendables)}

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        chosen, left_out = self.sorted
        shown_of = {key: it for each in chosen for key, it in each.sendables.items()}
        sendables = list(shown_of.values())
        checked = [found for each in chosen for found in each.checked]
        return super().get_context_data(**kwargs) | {
            "heading": self.display_name,
            "left_out": left_out,
            "items": [
                shown(sendable, self.request.user) | {"to_tick": key}
                for key, sendable in shown_of.items()
            ],
            "findings": findings_part(self.request, sendables, checked),
            "primary": {"label": self.label(chosen), "value": self.action_type},
            "secondary": [{"label": gettext("Cancel"), "href": self.next_url}],
        }

    def prepare_action(
        self, objects: list[Model], objects_without_access: list[Model]
    ) -> HttpResponse:
        """Does it here: Wagtail would do it for all in one transaction."""
        seen = self.cleaned_form.cleaned_data["seen"] or {}
        chosen, left_out = self.sorted
        ticked = set(self.request.POST.getlist("read"))
        done, refused = [], []
        for each in chosen:
            if not each.sendables.keys() <= ticked:
                text = gettext(
                    "“%(title)s” is as it was: you have not ticked that you have read it."
                )
                refused.append((text % {"title": each.title}, each.address))
                continue
            try:
                outcome = self.carry_through(each, seen)
            except RedFindingsLeft as error:
                refused += [(line, each.address) for line in error.in_a_list]
            except (NotConfirmed, ValidationError) as error:
                refused += [(line, each.address) for line in error.messages]
            else:
                if outcome.result in _REFUSED:
                    text = str(_REFUSED[outcome.result]) % {"title": each.title}
                    refused.append((text, each.address))
                else:
                    done.append(outcome)
        for outcome in done:
            tell(self.request, outcome, self.way)
        # The page of questions has named all of them, which may be a whole list.
        for line, address in [*refused, *left_out][:MOST_TOGETHER]:
            buttons = [messages.button(address, gettext("Open"))]
            messages.error(self.request, line, buttons=buttons)
        return redirect(self.next_url)

    def chosen(self, obj: Any) -> _Chosen:
        raise NotImplementedError

    def why_not(self, obj: Any, each: _Chosen) -> str:
        """Why it cannot be done here; empty if it can."""
        raise NotImplementedError

    def label(self, chosen: list[_Chosen]) -> str:
        return str(self.display_name)

    def carry_through(self, each: _Chosen, seen: dict[str, Seen]) -> Outcome:
        raise NotImplementedError


class SendSeveral(_OneByOne):
    """Sends the newest version of each for approval, but never as a word on what others stand behind."""

    display_name = _("Send for approval")
    aria_label = _("Send what is chosen for approval")
    action_type = "send"
    action_priority = 10
    way = Confirmation.Way.SENT

    def chosen(self, obj: Any) -> _Chosen:
        newest = obj.latest_revision
        sendables = {str(obj.pk): newest} if newest else {}
        waits = what_waits(kind_of(obj), key_of(obj))
        address = _to_approve(waits) if waits else way_to_object("send", obj)
        return _Chosen(obj, title_of(obj), address, sendables)

    def why_not(self, obj: Any, each: _Chosen) -> str:
        kind, key = kind_of(obj), key_of(obj)
        lock = obj.get_lock() if isinstance(obj, LockableMixin) else None
        if what_waits(kind, key) is not None:
            return sentence_on_waiting()
        if not each.sendables or is_public_already(obj, kind, key):
            return gettext("There is nothing new to send of “%(title)s”.")
        if lock is not None and lock.for_user(self.request.user):
            return gettext("“%(title)s” is locked.")
        return ""

    def carry_through(self, each: _Chosen, seen: dict[str, Seen]) -> Outcome:
        shown = [seen.get(key, _NOT_SHOWN) for key in each.sendables]
        return send(self.request.user, list(each.sendables.values()), seen=shown)


class ApproveSeveral(_OneByOne):
    """Confirms what was sent of each, together with what was sent with it, after it was read."""

    display_name = _("Approve")
    aria_label = _("Approve what was sent of what is chosen")
    action_type = "approve"
    action_priority = 20
    way = Confirmation.Way.CONFIRMED

    def chosen(self, obj: Any) -> _Chosen:
        sent = open_submission_of(obj)
        if sent is None:
            return _Chosen(obj, title_of(obj), way_to_object("send", obj), {})
        sendables = {str(item.pk): item.sendable for item in sent.items.all()}
        return _Chosen(sent, str(sent), _to_approve(sent), sendables)

    def why_not(self, obj: Any, each: _Chosen) -> str:
        if not isinstance(each.sent, Submission):
            return gettext("“%(title)s” does not wait for approval.")
        counted = all(found.is_confirmed_by(self.request.user) for found in _verdicts(each))
        return str(_REFUSED[Result.SAME_PERSON]) if counted else ""

    def label(self, chosen: list[_Chosen]) -> str:
        """What happens to what is ticked: several labels if it is not the same for all."""
        word, now = word_of(self.request.user), timezone.now()
        labels: dict[str, None] = {}
        for each in chosen:
            is_enough = all(would_hold(found, word, now) for found in _verdicts(each))
            labels[label_of_approval(list(each.sendables.values()), is_enough)] = None
        return " · ".join(labels)

    def carry_through(self, each: _Chosen, seen: dict[str, Seen]) -> Outcome:
        shown = {int(key): seen.get(key, _NOT_SHOWN) for key in each.sendables}
        answers = answers_from(self.request.POST, asks_amber=True)
        return confirm(self.request.user, each.sent, shown, answers=answers)


def _to_approve(sent: Submission) -> str:
    return reverse("newsdesk:confirm", args=[sent.pk])


def _found(each: _Chosen) -> str:
    """What is found is read by itself, where its reasons stand: why it is left out here."""
    for found in each.checked:
        if found.red:
            return words_of_red(found.title, len(found.red))
        if found.new_amber:
            return gettext("“%(title)s” has amber findings: open it and read them.")
    return ""


def _verdicts(each: _Chosen) -> list[Any]:
    return [verdict_on(item) for item in each.sent.items.all()]


class _OfRegisters(SnippetBulkAction):
    @classproperty
    def models(self) -> list[type[Model]]:
        return [model for model in get_snippet_models() if goes_through_newsroom(model)]


class SendPages(SendSeveral, PageBulkAction):
    form_class = SeveralForm


class ApprovePages(ApproveSeveral, PageBulkAction):
    form_class = SeveralForm


class SendRows(SendSeveral, _OfRegisters):
    pass


class ApproveRows(ApproveSeveral, _OfRegisters):
    pass


SEVERAL = (SendPages, ApprovePages, SendRows, ApproveRows)
