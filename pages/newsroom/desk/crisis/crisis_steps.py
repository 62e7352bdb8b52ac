"""The five steps: choose, write, look, ask, and the way from one to the next without losing a word."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.models import DraftStateMixin

from pages.content.models import Alert, MessageType
from pages.content.publishing.roles import is_chief
from pages.ground.whole_numbers import whole_number
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.in_crisis import answers_in_crisis, mail_asked
from pages.newsroom.matching import Seen, seen_of
from pages.newsroom.models import CallNumber, CrisisDraft, Submission
from pages.newsroom.persons import same_person, who_may_confirm
from pages.newsroom.proposals import title_of
from pages.newsroom.rule import Sendable
from pages.newsroom.submissions import Result, send
from pages.newsroom.waivers import check_together

from ..acting_alone import emergency_form, put_out_from
from ..findings_part import findings_part
from ..newsdesk_forms import SendForm
from ..showing import kind_label, previews_of, shown
from ..telling import full_name_of, tell_newer
from .crisis_forms import AskForm, ChooseForm, WriteForm
from .drafting import (
    begin_crisis,
    keep_typed,
    put_into_drafts,
    sendables_of,
    use_prepared,
    what_is_missing,
)

WAY = {
    "crisis_choose": gettext_lazy("What goes out"),
    "crisis_write": gettext_lazy("Write"),
    "crisis_look": gettext_lazy("Look"),
    "crisis_ask": gettext_lazy("Approval"),
}
_ALL_CHIEFS = "chiefs"


def refuse_other_than_chief(user: User) -> None:
    if not is_chief(user):
        raise PermissionDenied


class BeginView(View):
    """Begins a message, a level, or what follows a message that is out."""

    def post(self, request: SignedInRequest) -> HttpResponse:
        refuse_other_than_chief(request.user)
        message_type = request.POST.get("type", "")
        if message_type not in MessageType.values:
            message_type = MessageType.NEW
        follows = None
        if message_type != MessageType.NEW:
            key = request.POST.get("follows", "")
            follows = Alert.objects.public().filter(pk=whole_number(key) or 0).first()
            if follows is None:
                text = gettext("The message that it takes the place of is not out any more.")
                messages.error(request, text)
                return redirect("newsdesk:crisis")
        what = "level" if request.POST.get("what") == "level" else "message"
        draft = begin_crisis(request.user, message_type, follows, what)
        follow_up = draft.follows is not None or what == "level"
        return redirect(
            "newsdesk:crisis_write" if follow_up else "newsdesk:crisis_choose", draft.pk
        )


class StepView(View):
    """One step of a draft; whatever is posted is kept first, also what is wrong."""

    request: SignedInRequest
    name: str
    template_name: str
    draft: CrisisDraft

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        refuse_other_than_chief(self.request.user)
        own = CrisisDraft.objects.select_related("submission", "follows", "message", "decision")
        self.draft = get_object_or_404(own, pk=kwargs["pk"], made_by=request.user)
        if is_on_its_way(self.draft):
            return redirect("newsdesk:crisis_out", self.draft.pk)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self.page()

    def page(self, *, errors: Sequence[str] = (), **more: Any) -> HttpResponse:
        context = {
            "draft": self.draft,
            "errors": errors,
            "steps": [
                {
                    "label": label,
                    "address": reverse(f"newsdesk:{name}", args=[self.draft.pk]),
                    "is_current": name == self.name,
                }
                for name, label in WAY.items()
            ],
            **more,
        }
        status = 422 if self.request.method == "POST" else 200
        return TemplateResponse(self.request, self.template_name, context, status=status)


class _FormStep(StepView):
    def form(self, data: Any = None) -> forms.Form:
        raise NotImplementedError

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self.page(form=self.form())

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        form = self.form(request.POST)
        keep_typed(self.draft, form, request.POST)
        if "autosave" in request.POST:
            return HttpResponse(status=204)
        if not form.is_valid():
            return self.page(form=form)
        return self.go_on(form)

    def go_on(self, form: Any) -> HttpResponse:
        raise NotImplementedError


class ChooseView(_FormStep):
    name = "crisis_choose"
    template_name = "newsdesk/crisis/choose.html"

    def form(self, data: Any = None) -> ChooseForm:
        user = self.request.user
        return ChooseForm(data, initial=self.draft.typed, draft=self.draft, user=user)

    def go_on(self, form: Any) -> HttpResponse:
        self.draft.typed["what"] = form.cleaned_data["what"]
        use_prepared(self.draft, form.cleaned_data["prepared"])
        return redirect("newsdesk:crisis_write", self.draft.pk)


class WriteView(_FormStep):
    name = "crisis_write"
    template_name = "newsdesk/crisis/write.html"

    def form(self, data: Any = None) -> WriteForm:
        return WriteForm(data, initial=self.draft.typed, draft=self.draft)

    def go_on(self, form: Any) -> HttpResponse:
        try:
            put_into_drafts(self.draft, form.cleaned_data, self.request.user)
        except ValidationError as error:
            self.draft.refresh_from_db()
            return self.page(form=form, errors=error.messages)
        return redirect("newsdesk:crisis_look", self.draft.pk)


class _WrittenStep(StepView):
    """A step that needs all that was chosen."""

    sendables: dict[str, Sendable]

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        refuse_other_than_chief(self.request.user)
        draft = get_object_or_404(CrisisDraft, pk=kwargs["pk"], made_by_id=request.user.pk)
        self.sendables = sendables_of(draft)
        if not self.sendables or what_is_missing(draft):
            return redirect("newsdesk:crisis_write", draft.pk)
        return super().dispatch(request, *args, **kwargs)

    def seen(self) -> dict[str, Seen]:
        return seen_of(self.sendables)


class LookView(_WrittenStep):
    name = "crisis_look"
    template_name = "newsdesk/crisis/look.html"

    def page(self, **more: Any) -> HttpResponse:
        sendables = list(self.sendables.values())
        message = next((each for each in sendables if isinstance(_version(each), Alert)), None)
        others = [each for each in sendables if each is not message]
        return super().page(
            previews=previews_of(message) if message is not None else [],
            others=[
                (shown(each, self.request.user), kind_label(_version(each))) for each in others
            ],
            findings=findings_part(self.request, sendables, check_together(sendables)),
            **more,
        )


def _version(sendable: DraftStateMixin) -> Any:
    return sendable.as_object()


class AskView(_WrittenStep):
    name = "crisis_ask"
    template_name = "newsdesk/crisis/ask.html"

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self.page()

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        if request.POST.get("act") == "emergency":
            return self._alone()
        form = self._form(request.POST)
        bound = SendForm({"seen": request.POST.get("seen", "")})
        if not form.is_valid() or not bound.is_valid():
            return self.page(form=form)
        seen = bound.cleaned_data["seen"] or {}
        if seen.keys() != self.sendables.keys():
            return self._changed()
        sendables = list(self.sendables.values())
        try:
            outcome = send(
                request.user,
                sendables,
                seen=[seen[key] for key in self.sendables],
                note=form.cleaned_data["note"],
                answers=answers_in_crisis(check_together(sendables)),
            )
        except (NotConfirmed, ValidationError) as error:
            return self.page(form=form, errors=error.messages)
        if outcome.result is Result.CHANGED:
            return self._changed()
        asked = form.cleaned_data["asked"]
        self.draft.submission = outcome.submission
        self.draft.asked_id = whole_number(asked)
        self.draft.save()
        mail_asked(self.draft)
        return redirect("newsdesk:crisis_out", self.draft.pk)

    def _alone(self) -> HttpResponse:
        form = emergency_form(self.request, list(self.sendables.values()), self.seen())
        if form is None:
            raise PermissionDenied
        approvals = put_out_from(self.request, form, self.sendables)
        if approvals is None:
            return self.page(emergency=form)
        if not approvals:
            return self._changed()
        self.draft.put_out_alone_at = timezone.now()
        self.draft.save()
        return redirect("newsdesk:crisis_out", self.draft.pk)

    def _changed(self) -> HttpResponse:
        tell_newer(self.request, None)
        return redirect("newsdesk:crisis_look", self.draft.pk)

    def _form(self, data: Any = None) -> AskForm:
        form = AskForm(data, initial={"asked": _ALL_CHIEFS})
        fields: Any = form.fields
        fields["asked"].choices = [*self._people(), (_ALL_CHIEFS, gettext("All chief editors"))]
        return form

    def _people(self) -> list[tuple[str, str]]:
        user: Any = self.request.user
        now, phones = timezone.now(), CallNumber.of_accounts()
        others = who_may_confirm().exclude(pk=user.pk).order_by("first_name", "last_name", "pk")
        return [
            (str(each.pk), f"{full_name_of(each)} {phones.get(each.pk, '')}".strip())
            for each in others
            if not same_person(each, user, now)
        ]

    def page(self, **more: Any) -> HttpResponse:
        sendables = list(self.sendables.values())
        more.setdefault("form", self._form())
        more.setdefault("emergency", None)
        more["emergency"] = more["emergency"] or emergency_form(
            self.request, sendables, self.seen()
        )
        titles = [title_of(_version(each)) for each in sendables]
        bound = SendForm(initial={"seen": self.seen()})
        return super().page(
            titles=titles, seen=bound["seen"], numbers=CallNumber.of_nobody(), **more
        )


def is_on_its_way(draft: CrisisDraft) -> bool:
    """Whether it waits for a second person, or is out: then nothing more is written in it."""
    sent = draft.submission
    return draft.put_out_alone_at is not None or (
        sent is not None
        and sent.outcome
        in (Submission.Outcome.OPEN, Submission.Outcome.PUBLISHED, Submission.Outcome.SCHEDULED)
    )
