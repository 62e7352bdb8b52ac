"""The page on which what waits for its time is stopped, or taken up again to be changed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.views import View
from wagtail.admin import messages

from pages.content.publishing.roles import is_chief, may_confirm
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.digest import object_of
from pages.newsroom.models import Approval
from pages.newsroom.moments import clock, weekday_of
from pages.newsroom.proposals import title_of
from pages.newsroom.stopping import stop_approved, waiting_for_their_time

from .confirmation_page import why_not_confirmed_by
from .newsdesk_forms import StopForm
from .showing import shown
from .start import back_to_desk
from .ways import editing_address


class StopView(View):
    """Says when it goes out and on whose word; a chief stops it, every editor may change it."""

    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: Any) -> HttpResponseBase:
        pk = kwargs["pk"]
        self.approval = get_object_or_404(Approval, pk=pk, revision__isnull=False)
        self.object = object_of(self.approval.kind, self.approval.key)
        if self.object is None or not waiting_for_their_time().filter(pk=pk).exists():
            messages.info(request, gettext("It does not wait for its time any more."))
            return redirect(editing_address(self.request.user, self.object) or "wagtailadmin_home")
        self.title = title_of(self.object)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self.page(StopForm())

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        form, act = StopForm(request.POST), request.POST.get("act", "")
        if act not in self._acts() or not form.is_valid():
            return self.page(form)
        if stop_approved(request.user, self.approval, form.cleaned_data["why"]):
            names = [each.person_name for each in self.approval.words]
            text = gettext(
                "The publication of “%(title)s” on %(day)s at %(time)s has been stopped. Nothing "
                "changes for readers. %(names)s have got an e-mail."
            )
            messages.success(
                request, text % {**self._said(), "names": gettext(" and ").join(names)}
            )
        address = editing_address(request.user, self.object) if act == "change" else None
        return redirect(address) if address else back_to_desk(request)

    def _acts(self) -> dict[str, str]:
        if not may_confirm(self.request.user):
            return {}
        stops = {"stop": gettext("Stop")} if is_chief(self.request.user) else {}
        return {**stops, "change": gettext("Stop and change")}

    def _said(self) -> dict[str, str]:
        due_at: Any = self.approval.due_at
        return {"title": self.title, "day": weekday_of(due_at), "time": clock(due_at)}

    def page(self, form: StopForm) -> HttpResponse:
        acts = [{"label": label, "value": act} for act, label in self._acts().items()]
        context: dict[str, Any] = {
            **shown(self.approval.revision, self.request.user),
            "heading": gettext("“%(title)s” will be published on %(day)s at %(time)s")
            % self._said(),
            "confirmed_by": [(each.person_name, clock(each.at)) for each in self.approval.words],
            "errors": why_not_confirmed_by(self.request.user),
            "form": form if acts else None,
            "primary": acts[0] if acts else None,
            "secondary": acts[1:],
        }
        status = 422 if self.request.method == "POST" else 200
        return TemplateResponse(self.request, "newsdesk/confirm.html", context, status=status)
