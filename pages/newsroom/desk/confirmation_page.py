"""The page on which what was sent is confirmed, returned or taken back."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views import View
from wagtail.admin import messages

from pages.content.publishing.roles import is_chief, may_confirm
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.digest import object_of
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.in_crisis import answers_in_crisis, crisis_of
from pages.newsroom.matching import (
    Seen,
    starts_at,
    stored_of,
    takes_away,
    what_waits,
)
from pages.newsroom.models import Confirmation, Submission, SubmittedItem
from pages.newsroom.moments import clock, since, weekday_of
from pages.newsroom.persons import who_is_missing, why_alone, why_same
from pages.newsroom.remarks import quoted
from pages.newsroom.rule import Sendable, Verdict, change_of, word_of, would_hold
from pages.newsroom.submissions import (
    Result,
    confirm,
    may_take_back,
    return_for_changes,
    take_back,
    verdict_on,
)
from pages.newsroom.waivers import Checked, RedFindingsLeft, check_together

from .acting_alone import emergency_form, label_of, put_out_from
from .findings_part import answers_from, findings_part
from .newsdesk_forms import ConfirmForm
from .showing import shown
from .start import back_to_desk
from .telling import (
    full_name_of,
    name_at_beginning,
    tell,
    tell_changed,
    tell_newer,
    words_of_closed,
    words_of_sender,
)
from .ways import editing_address


class ConfirmView(View):
    """Shows what was sent beside what is public, and does with it what the person says."""

    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.submission = get_object_or_404(Submission, pk=kwargs["pk"])
        self.items = list(self.submission.items.select_related("revision", "proposal"))
        self.crisis = crisis_of(self.submission)
        if not self.submission.is_open:
            return self._closed()
        if any(stored_of(item) is None for item in self.items):
            messages.error(request, gettext("What was sent is not there any more."))
            return redirect("wagtailadmin_home")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self.page(ConfirmForm(initial={"seen": self._shown()}))

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        acts: dict[str, Callable[[], HttpResponse]] = {
            "confirm": self._confirm,
            "ask": self._ask,
            "take_back": self._take_back,
            "emergency": self._emergency,
        }
        if "here" in request.POST:
            return self._ask_here(request.POST["here"])
        act = acts.get(request.POST.get("act", ""), lambda: self.page(self._form()))
        try:
            return act()
        except RedFindingsLeft as error:
            return self.page(self._form(), errors=error.messages, checked=error.checked)
        except (NotConfirmed, ValidationError) as error:
            return self.page(self._form(), errors=error.messages)

    def _closed(self) -> HttpResponse:
        """Leads on from what waits no longer: to what was sent in its place, or to the object."""
        first = self.items[0]
        if self.submission.outcome == Submission.Outcome.REPLACED:
            later = what_waits(first.kind, first.key)
            if later is not None:
                if self.request.method == "POST":
                    tell_changed(self.request, later)
                return redirect("newsdesk:confirm", later.pk)
        messages.info(self.request, words_of_closed(self.submission, self.request.user))
        return redirect(self._edit_address() or "wagtailadmin_home")

    # What the buttons do

    def _confirm(self) -> HttpResponse:
        form = self._form()
        seen = (form.is_valid() and form.cleaned_data["seen"]) or {}
        by_item = {item.pk: seen[key] for item in self.items if (key := str(item.pk)) in seen}
        if self.crisis is not None:
            answers = answers_in_crisis(check_together([item.sendable for item in self.items]))
        else:
            answers = answers_from(self.request.POST, asks_amber=True)
        outcome = confirm(self.request.user, self.submission, by_item, answers=answers)
        if outcome.result is Result.ALREADY:
            self.submission = outcome.submission
            return self._closed()
        tell(self.request, outcome, Confirmation.Way.CONFIRMED)
        if outcome.result is Result.CHANGED and (item := self._own_newer()) is not None:
            return redirect("newsdesk:send", item.kind, item.key)
        if outcome.result in (Result.CHANGED, Result.EXCHANGED, Result.SAME_PERSON):
            return redirect("newsdesk:confirm", self.submission.pk)
        if self.crisis is not None:
            return redirect("newsdesk:crisis_out", self.crisis.pk)
        return back_to_desk(self.request)

    def _ask(self) -> HttpResponse:
        form = self._form()
        if self.submission.sent_by_id == self.request.user.pk:
            return self.page(form, errors=[gettext("You have sent it. Take it back instead.")])
        if not form.require_note():
            return self.page(form)
        if not return_for_changes(self.request.user, self.submission, form.cleaned_data["note"]):
            self.submission.refresh_from_db()
            return self._closed()
        text = gettext("“%(title)s” is back with %(name)s, with your comments.")
        said = {"title": str(self.submission), "name": full_name_of(self.submission.sent_by)}
        messages.success(self.request, text % said)
        return back_to_desk(self.request)

    def _ask_here(self, here: str) -> HttpResponse:
        """The same page, with the words that the person has pointed at in its note."""
        words = here.partition(":")[2].strip()
        note = f"{self.request.POST.get('note', '')}\n{quoted(words)}".lstrip()
        form = ConfirmForm(initial={"seen": self._shown(), "note": note})
        form.fields["note"].widget.attrs["autofocus"] = True
        return self.page(form, is_asking=True)

    def _take_back(self) -> HttpResponse:
        if not take_back(self.request.user, self.submission):
            self.submission.refresh_from_db()
            return self._closed()
        text = gettext("You have taken back “%(title)s”. You can change it and send it.")
        messages.success(self.request, text % {"title": str(self.submission)})
        return redirect(self._edit_address() or "wagtailadmin_home")

    def _emergency(self) -> HttpResponse:
        sendables = {str(item.pk): item.sendable for item in self.items}
        form = emergency_form(self.request, list(sendables.values()), self._shown())
        if form is None:
            raise NotConfirmed(gettext("Only a chief editor may publish alone in an emergency."))
        approvals = put_out_from(self.request, form, sendables)
        if approvals is None:
            return self.page(ConfirmForm(initial={"seen": self._shown()}), emergency=form)
        if approvals:
            return back_to_desk(self.request)
        tell_newer(self.request, None)
        return redirect("newsdesk:confirm", self.submission.pk)

    # What the page shows

    def _form(self) -> ConfirmForm:
        return ConfirmForm(self.request.POST)

    def _shown(self) -> dict[str, Seen]:
        found = {}
        for item in self.items:
            newest = getattr(stored_of(item), "latest_revision_id", None)
            found[str(item.pk)] = Seen(
                item.digest, newest, dict(change_of(item.sendable).companions)
            )
        return found

    def page(
        self,
        form: ConfirmForm,
        *,
        errors: Sequence[str] = (),
        emergency: Any = None,
        is_asking: bool = False,
        checked: Sequence[Checked] | None = None,
    ) -> HttpResponse:
        now, user, sent = timezone.now(), self.request.user, self.submission
        sendables = [item.sendable for item in self.items]
        parts = [shown(sendable, user) for sendable in sendables]
        has_answered = checked is not None
        if checked is None:
            checked = check_together(sendables)
        verdicts = [
            verdict_on(item, now, found.red)
            for item, found in zip(self.items, checked, strict=True)
        ]
        word = word_of(user)
        is_enough = all(would_hold(each, word, now) for each in verdicts)
        why_not = [*why_not_confirmed_by(user), *self._why_not_now()]
        has_confirmed = all(found.is_confirmed_by(user) for found in verdicts)
        can_confirm = not why_not and not has_confirmed
        if not can_confirm or sent.sent_by_id == user.pk:
            del form.fields["note"]
        context = {
            "title": str(sent),
            "sent_line": words_of_sender(sent),
            "note": sent.note,
            "wanted_by": sent.wanted_by and since(sent.wanted_by),
            "confirmed_by": _words(verdicts),
            "missing": [who_is_missing(any(found.needs_chief for found in verdicts))],
            "publishes": _when(sendables) if self._is_text() else "",
            "errors": [*errors, *why_not],
            "notices": self._notices(verdicts, has_confirmed),
            "form": form,
            "may_ask": can_confirm and sent.sent_by_id != user.pk,
            "findings": findings_part(
                self.request,
                sendables,
                checked,
                may_answer=can_confirm and self.crisis is None,
                asks_amber=True,
                has_answered=has_answered,
            ),
            "is_crisis": self.crisis is not None,
            "primary": {"label": self._label(is_enough, sendables), "value": "confirm"}
            if can_confirm
            else None,
            "secondary": self._others(can_confirm),
            "emergency": emergency
            or (None if is_enough else emergency_form(self.request, sendables, self._shown())),
            "emergency_label": label_of(sendables),
            **(parts[0] if len(parts) == 1 else {"items": parts}),
        }
        status = 422 if self.request.method == "POST" and not is_asking else 200
        return TemplateResponse(self.request, "newsdesk/confirm.html", context, status=status)

    def _why_not_now(self) -> list[str]:
        """Says it if what was sent is no longer what it was, such as because it was moved."""
        if all(change_of(item.sendable).digest == item.digest for item in self.items):
            return []
        return [gettext("What was sent has been changed or moved since. It has to be sent again.")]

    def _notices(self, verdicts: list[Verdict], has_confirmed: bool) -> list[str]:
        user: Any = self.request.user
        now = timezone.now()
        if has_confirmed:
            said = gettext("You have approved this. Somebody else has to approve as well.")
            return [said, *filter(None, [why_alone()])]
        tied = [
            _with_way(why_same(user, each.person, now))
            for found in verdicts
            for each in found.confirmations
        ]
        return list(dict.fromkeys(filter(None, [*tied, self._what_is_newer()])))

    def _what_is_newer(self) -> str:
        for item in self.items:
            newest = getattr(stored_of(item), "latest_revision", None)
            if newest is None or item.revision is None or newest.pk == item.revision_id:
                continue
            text = gettext(
                "%(name)s has saved a newer version at %(time)s. It is not what is approved here."
            )
            name = name_at_beginning(newest.user, self.request.user)
            return text % {"name": name, "time": clock(newest.created_at)}
        return ""

    def _label(self, is_enough: bool, sendables: list[Sendable]) -> str:
        label = label_of_approval(sendables, is_enough)
        is_several = len(sendables) > 1 or self.crisis is not None
        if is_several and label == gettext("Approve and publish"):
            return gettext("Approve and publish everything")
        return label

    def _others(self, can_confirm: bool) -> list[dict[str, str]]:
        user, found = self.request.user, []
        if can_confirm and self.submission.sent_by_id != user.pk:
            found.append({"label": gettext("Ask for changes"), "value": "ask"})
        if (item := self._own_newer()) is not None:
            address = reverse("newsdesk:send", args=[item.kind, item.key])
            found.append({"label": gettext("See my change"), "href": address})
        if may_take_back(user, self.submission):
            found.append({"label": gettext("Take back and change"), "value": "take_back"})
        elif is_chief(user) and self._is_text() and (form := self._edit_address()):
            found.append({"label": gettext("Change it myself"), "href": form})
        return found

    def _is_text(self) -> bool:
        """Whether there is something in it that can be written otherwise, and not acts alone."""
        return any(item.revision is not None for item in self.items)

    def _own_newer(self) -> SubmittedItem | None:
        """What the person has written on since it was sent, and may send as a change."""
        for item in self.items:
            newest: Any = getattr(stored_of(item), "latest_revision", None)
            is_newer = item.revision and newest and newest.pk != item.revision_id
            if is_newer and newest.user_id == self.request.user.pk:
                return item
        return None

    def _edit_address(self) -> str | None:
        first = self.items[0]
        return editing_address(self.request.user, object_of(first.kind, first.key))


def _with_way(why: str) -> str:
    """Why two are one person, and where that is lifted."""
    way = reverse("newsdesk:ties")
    return why and format_html(
        '{} <a href="{}">{}</a>', why, way, gettext("Accounts that belong together")
    )


def label_of_approval(sendables: list[Sendable], is_enough: bool) -> str:
    """What the button is called that approves it: what happens then."""
    if not is_enough:
        return gettext("Approve")
    if takes_away(sendables):
        return gettext("Approve and remove")
    return (
        gettext("Approve and schedule") if _start_of(sendables) else gettext("Approve and publish")
    )


def why_not_confirmed_by(user: User) -> list[str]:
    """Why the user cannot send or confirm anything, and what to do; empty if the user can."""
    if not may_confirm(user):
        return [
            gettext(
                "Your account may not approve: it is in neither Redaktörer nor Chefredaktörer."
            ),
            gettext(
                "Log in with such an account, or give somebody the role under Settings → Users. "
                "An account that you make or change counts as you for seven days."
            )
            if user.has_perm("auth.change_user")
            else gettext(
                "Log in with such an account, or ask whoever keeps the accounts for the role."
            ),
        ]
    return []


def _words(verdicts: list[Verdict]) -> list[tuple[str, str]]:
    """Who has confirmed all of it, and when."""
    said = {
        each.person_id: (each.person_name, clock(each.at)) for each in verdicts[0].confirmations
    }
    for found in verdicts[1:]:
        said = {key: said[key] for each in found.confirmations if (key := each.person_id) in said}
    return list(said.values())


def _when(sendables: list[Sendable]) -> str:
    start = _start_of(sendables)
    if start is None:
        return gettext("at once")
    return gettext("%(day)s at %(time)s") % {"day": weekday_of(start), "time": clock(start)}


def _start_of(sendables: list[Sendable]) -> datetime | None:
    """When the last of them goes out; None if all do at once."""
    now = timezone.now()
    return max((at for sendable in sendables if (at := starts_at(sendable, now))), default=None)
