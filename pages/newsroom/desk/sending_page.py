"""The pages on which a version, or an act, is sent for approval."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views import View
from wagtail.admin import messages
from wagtail.models import DraftStateMixin

from pages.content.publishing.roles import is_chief
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.digest import key_of, kind_of, object_of
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.matching import Seen, seen_of, takes_away, what_waits
from pages.newsroom.models import (
    Approval,
    Confirmation,
    Proposal,
    Publication,
    Submission,
    SubmittedItem,
)
from pages.newsroom.persons import who_is_missing
from pages.newsroom.rule import Sendable, change_of, verdict, word_of, would_help, would_hold
from pages.newsroom.sending_together import can_be_sent_together
from pages.newsroom.stopping import waiting_for_their_time
from pages.newsroom.submissions import MOST_TOGETHER, Result, send
from pages.newsroom.waivers import Checked, RedFindingsLeft, check_together

from .acting_alone import emergency_form, label_of, put_out_from
from .confirmation_page import why_not_confirmed_by
from .findings_part import answers_from, findings_part
from .newsdesk_forms import SendForm
from .showing import shown
from .start import back_to_desk
from .telling import tell, tell_newer, words_of_draft
from .ways import editing_address


class SendingView(View):
    """Shows what is new beside what is public, and sends exactly that."""

    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if (answer := self.look()) is not None:
            return answer
        return super().dispatch(request, *args, **kwargs)

    def look(self) -> HttpResponse | None:
        """Finds what is sent; an answer if it cannot be."""
        raise NotImplementedError

    sendables: dict[str, Sendable]
    before: Submission | None = None

    def get(self, request: SignedInRequest, **_key: object) -> HttpResponse:
        return self.page(SendForm(initial={"seen": self.seen()}))

    def post(self, request: SignedInRequest, **_key: object) -> HttpResponse:
        if request.POST.get("act") == "emergency":
            return self._emergency()
        form = SendForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        seen = form.cleaned_data["seen"] or {}
        if seen.keys() != self.sendables.keys():
            return self._changed()
        way = Confirmation.Way.CHANGED if self._is_change() else Confirmation.Way.SENT
        # Whoever sends has them in view beside the form; whoever has the last word says so.
        answers = answers_from(request.POST, asks_amber=self._is_enough())
        try:
            outcome = send(
                request.user,
                list(self.sendables.values()),
                seen=[seen[key] for key in self.sendables],
                note=form.cleaned_data["note"],
                wanted_by=form.cleaned_data["wanted_by"],
                way=way,
                answers=answers,
            )
        except RedFindingsLeft as error:
            return self.page(form, errors=error.messages, checked=error.checked)
        except (NotConfirmed, ValidationError) as error:
            return self.page(form, errors=error.messages)
        if outcome.result is Result.CHANGED:
            return self._changed()
        tell(request, outcome, way, sender=self.before.sent_by if self.before else None)
        if outcome.result is Result.EXCHANGED:
            return redirect("newsdesk:confirm", outcome.submission.pk)
        return back_to_desk(request)

    def _emergency(self) -> HttpResponse:
        form = emergency_form(self.request, list(self.sendables.values()), self.seen())
        if form is None:
            text = gettext("Only a chief editor may publish alone in an emergency.")
            return self.page(SendForm(initial={"seen": self.seen()}), errors=[text])
        approvals = put_out_from(self.request, form, self.sendables)
        if approvals is None:
            return self.page(SendForm(initial={"seen": self.seen()}), emergency=form)
        return back_to_desk(self.request) if approvals else self._changed()

    def _changed(self) -> HttpResponse:
        tell_newer(self.request, self.newest())
        return redirect(self.request.get_full_path())

    def _is_change(self) -> bool:
        return self.before is not None and self.before.sent_by_id != self.request.user.pk

    def newest(self) -> Any:
        return None

    def seen(self) -> dict[str, Seen]:
        return seen_of(self.sendables)

    def page(
        self,
        form: SendForm,
        *,
        errors: Sequence[str] = (),
        emergency: Any = None,
        checked: Sequence[Checked] | None = None,
    ) -> HttpResponse:
        user, sendables = self.request.user, list(self.sendables.values())
        parts = [shown(sendable, user) for sendable in sendables]
        title = ", ".join(part["title"] for part in parts)
        is_enough = self._is_enough()
        why_not = why_not_confirmed_by(user)
        context = {
            "title": title,
            "heading": gettext("Send “%(title)s” for approval") % {"title": title},
            "sent_line": "" if isinstance(sendables[0], Proposal) else words_of_draft(sendables[0]),
            "then": "" if is_enough or why_not else who_is_missing(not self._helps()),
            "errors": [*errors, *why_not],
            "form": None if why_not else form,
            "findings": findings_part(
                self.request,
                sendables,
                check_together(sendables) if checked is None else checked,
                may_answer=not why_not,
                asks_amber=is_enough,
                has_answered=checked is not None,
                send_address=self.request.get_full_path(),
            ),
            "primary": None if why_not else {"label": self._label(is_enough), "value": "send"},
            "secondary": self._others(sendables[0]),
            "emergency": emergency
            or (None if is_enough else emergency_form(self.request, sendables, self.seen())),
            "emergency_label": label_of(sendables),
            **(parts[0] if len(parts) == 1 else {"items": parts}),
        }
        status = 422 if self.request.method == "POST" else 200
        return TemplateResponse(self.request, "newsdesk/confirm.html", context, status=status)

    def _is_enough(self) -> bool:
        now, word = timezone.now(), word_of(self.request.user)
        return all(
            would_hold(verdict(change_of(sendable), now), word, now)
            for sendable in self.sendables.values()
        )

    def _helps(self) -> bool:
        word = word_of(self.request.user)
        return all(would_help(word, change_of(each).kind) for each in self.sendables.values())

    def _label(self, is_enough: bool) -> str:
        if is_enough:
            if takes_away(self.sendables.values()):
                return gettext("Approve and remove")
            return gettext("Approve and publish")
        return gettext("Approve my change") if self._is_change() else gettext("Send for approval")

    def _others(self, sendable: Sendable) -> list[dict[str, str]]:
        address = editing_address(self.request.user, sendable)
        return [{"label": gettext("Go on editing"), "href": address}] if address else []


class SendVersion(SendingView):
    """Sends the newest version of a page or of a row of a register."""

    def look(self) -> HttpResponse | None:
        kind, key = self.kwargs["kind"], self.kwargs["key"]
        self.object = found_object(kind, key)
        waiting = waiting_for_their_time().filter(kind=kind, key=key).first()
        if waiting is not None:
            return redirect("newsdesk:stop", waiting.pk)
        revision = self.object.latest_revision
        if revision is None or is_public_already(self.object, kind, key):
            messages.info(self.request, gettext("There is nothing new to send."))
            return redirect(editing_address(self.request.user, self.object) or "wagtailadmin_home")
        self.before = what_waits(kind, key)
        self.sendables = {f"{kind}:{key}": revision, **self._sent_with_it()}
        if self.before is None:
            return None
        if self._is_locked(self.before.items.get(kind=kind, key=key, proposal=None), revision):
            return redirect("newsdesk:confirm", self.before.pk)
        for item in self.before.items.select_related("revision", "proposal"):
            # What was sent together goes on together.
            act = f"{item.proposal.act}:" if item.proposal else ""
            sendable = item.sendable
            self.sendables.setdefault(f"{act}{item.kind}:{item.key}", sendable)
        return None

    def _sent_with_it(self) -> dict[str, Sendable]:
        """Other drafts that the person has asked to send together with it."""
        found: dict[str, Sendable] = {}
        for name in self.request.GET.getlist("with")[:MOST_TOGETHER]:
            kind, _colon, key = name.partition(":")
            draft = found_object(kind, key)
            if can_be_sent_together(draft, self.request.user):
                found[name] = draft.latest_revision
        return found

    def newest(self) -> Any:
        return self.object.latest_revision

    def _is_locked(self, item: SubmittedItem, revision: Any) -> bool:
        """Whether what is new is what was sent, or somebody's who has to take that back first."""
        is_sent = item.digest == change_of(revision).digest
        if not is_sent and not is_chief(self.request.user):
            text = gettext(
                "“%(title)s” is locked while it waits for approval. Take it back if you want to "
                "change it."
            )
            messages.warning(self.request, text % {"title": item.title})
        return is_sent or not is_chief(self.request.user)


class SendProposal(SendingView):
    """Sends an act that was proposed, such as to move or to remove a page."""

    def look(self) -> HttpResponse | None:
        proposal = get_object_or_404(Proposal, pk=self.kwargs["pk"])
        if proposal.carried_out_at is not None:
            messages.info(self.request, gettext("This has been done already."))
            return redirect("wagtailadmin_home")
        item = getattr(proposal, "item", None)
        if item is not None and item.submission.is_open:
            return redirect("newsdesk:confirm", item.submission_id)
        self.sendables = {f"{proposal.kind}:{proposal.key}": proposal}
        return None


def found_object(kind: str, key: str) -> Any:
    """The object of readers with this kind and key; 404 for everything else."""
    try:
        found = object_of(kind, key)
    except (ValueError, ValidationError, OverflowError) as error:
        raise Http404 from error
    if found is None or not isinstance(found, DraftStateMixin) or kind_of(found) != kind:
        raise Http404
    if key_of(found) != key:
        raise Http404
    return found


def is_public_already(stored: Any, kind: str, key: str) -> bool:
    """Whether readers meet the newest version, on the word of two persons."""
    if not stored.live or stored.has_unpublished_changes:
        return False
    last = Publication.last_of(kind, key)
    return bool(last and last.approval and last.approval.ground in Approval.BY_RULE)
