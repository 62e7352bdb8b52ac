"""Sending and approving several at once: one by one through the newsroom's door, with a line each."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.models import LockableMixin
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.models import get_snippet_models

from pages.models import Submission
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.matching import Seen, change_of_item
from pages.newsroom.proposals import title_of
from pages.newsroom.putting_aside import Answers, RedFindingsLeft, check_together
from pages.newsroom.rule import change_of_thing, verdict, would_hold
from pages.newsroom.submissions import Outcome, Result, confirm, open_submission_of, send
from pages.publishing.roles import may_confirm

from .newsdesk_forms import SeenField
from .ways import goes_through_newsroom

_REFUSED = {
    Result.CHANGED: _("“%(title)s” is not what you saw."),
    Result.ALREADY: _("“%(title)s” has been answered already."),
    Result.SAME_PERSON: _(
        "You cannot be both persons for “%(title)s”. Somebody else must approve."
    ),
    Result.EXCHANGED: _("A file of “%(title)s” has been replaced. Open it and read."),
}
_NOT_SHOWN = Seen("")


class SeveralForm(forms.Form):
    seen = SeenField()
    saw_amber = forms.BooleanField(label=_("I have seen the amber findings"), required=False)


class _OneByOne(BulkAction):
    """What is done to each is bound to what the page of questions has shown of it."""

    form_class = SeveralForm
    template_name = "newsdesk/several.html"
    # What is said of how many went through, and of how many did not.
    done: ClassVar[Any]
    refused: ClassVar[Any]

    def get_initial(self) -> dict[str, Any]:
        objects, _others = self.get_actionable_objects()
        return {
            "seen": {key: seen for thing in self.things(objects) for key, seen in self.show(thing)}
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        objects, others = self.get_actionable_objects()
        left_out = [title_of(each) for each in others["items_with_no_access"]]
        chosen = [
            (self.title(each), self.address(each), self.amber_of(each))
            for each in self.things(objects)
        ]
        return context | {
            "chosen": chosen,
            "has_amber": any(amber for _title, _address, amber in chosen),
            "left_out": left_out,
            "act": self.display_name,
        }

    def prepare_action(
        self, objects: list[Model], objects_without_access: list[Model]
    ) -> HttpResponse:
        """Does it here: Wagtail would do it for all in one transaction."""
        seen = self.cleaned_form.cleaned_data["seen"] or {}
        done, refused = 0, []
        for thing in self.things(objects):
            try:
                result = self.carry_through(thing, seen).result
            except RedFindingsLeft as error:
                refused += error.in_a_list
            except (NotConfirmed, ValidationError) as error:
                refused += error.messages
            else:
                done += result not in _REFUSED
                if result in _REFUSED:
                    refused.append(_REFUSED[result] % {"title": self.title(thing)})
        if done:
            messages.success(self.request, self.done % {"count": done})
        if refused:
            text = self.refused % {"count": len(refused)}
            messages.error(self.request, f"{text} {' '.join(refused)}")
        return redirect(self.next_url)

    def things(self, objects: list[Any]) -> Iterable[Any]:
        return objects

    def amber_of(self, thing: Any) -> list[str]:
        """What the person should have seen of it before."""
        return []

    def title(self, thing: Any) -> str:
        return title_of(thing)

    def address(self, thing: Any) -> str:
        return ""

    def show(self, thing: Any) -> Iterable[tuple[str, Seen]]:
        """What the person is shown of a thing, by its key."""
        raise NotImplementedError

    def carry_through(self, thing: Any, seen: dict[str, Seen]) -> Outcome:
        raise NotImplementedError


class SendSeveral(_OneByOne):
    """Sends the newest version of each for approval."""

    display_name = _("Send for approval")
    aria_label = _("Send what is chosen for approval")
    action_type = "send"
    action_priority = 10
    done = ngettext_lazy("%(count)s is sent.", "%(count)s are sent.", "count")
    refused = ngettext_lazy("%(count)s was not sent:", "%(count)s were not sent:", "count")

    def check_perm(self, obj: Any) -> bool:
        lock = obj.get_lock() if isinstance(obj, LockableMixin) else None
        return (
            may_confirm(self.request.user)
            and obj.latest_revision is not None
            and (lock is None or not lock.for_user(self.request.user))
        )

    def show(self, thing: Any) -> Iterable[tuple[str, Seen]]:
        change = change_of_thing(thing.latest_revision)
        yield str(thing.pk), Seen(change.digest, along=dict(change.along))

    def carry_through(self, thing: Any, seen: dict[str, Seen]) -> Outcome:
        user, now = self.request.user, timezone.now()
        shown = seen.get(str(thing.pk), _NOT_SHOWN)
        change = change_of_thing(thing.latest_revision)
        # Whoever's word is the last has looked at what is amber: not here, where it does not stand.
        is_last = would_hold(verdict(change, now), user, now)
        answers = Answers(saw_amber=False) if is_last else None
        return send(user, [thing.latest_revision], seen=[shown], answers=answers)


class ApproveSeveral(_OneByOne):
    """Confirms what was sent of each, together with what was sent with it."""

    display_name = _("Approve")
    aria_label = _("Approve what was sent of what is chosen")
    action_type = "approve"
    action_priority = 20
    done = ngettext_lazy("%(count)s is approved.", "%(count)s are approved.", "count")
    refused = ngettext_lazy("%(count)s was not approved:", "%(count)s were not approved:", "count")

    def check_perm(self, obj: Any) -> bool:
        return may_confirm(self.request.user) and open_submission_of(obj) is not None

    def things(self, objects: list[Any]) -> Iterable[Submission]:
        found = filter(None, map(open_submission_of, objects))
        return list({each.pk: each for each in found}.values())

    def title(self, thing: Submission) -> str:
        return str(thing)

    def address(self, thing: Submission) -> str:
        return reverse("newsdesk:confirm", args=[thing.pk])

    def show(self, thing: Submission) -> Iterable[tuple[str, Seen]]:
        for item in thing.items.all():
            yield str(item.pk), Seen(item.digest, along=dict(change_of_item(item).along))

    def amber_of(self, thing: Submission) -> list[str]:
        things = [item.thing for item in thing.items.all()]
        return [each.title for found in check_together(things) for each in found.amber.values()]

    def carry_through(self, thing: Submission, seen: dict[str, Seen]) -> Outcome:
        shown = {item.pk: seen.get(str(item.pk), _NOT_SHOWN) for item in thing.items.all()}
        # What is red has a reason that somebody has to read: not here, where it does not stand.
        answers = Answers(saw_amber=self.cleaned_form.cleaned_data["saw_amber"])
        return confirm(self.request.user, thing, shown, answers=answers)


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
