"""The page on which another person looks, afterwards, at what a chief editor published alone."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.views import View
from wagtail.admin import messages

from pages.newsroom.acting import SignedInRequest
from pages.newsroom.digest import object_of
from pages.newsroom.emergencies import (
    last_by_two,
    review,
    together_with,
    who_put_out,
    why_not_reviewed_by,
)
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.models import Approval, Review
from pages.newsroom.moments import clock, since
from pages.newsroom.proposals import act_of, object_of_proposal, title_of
from pages.newsroom.waivers import check_together

from .findings_part import findings_part
from .newsdesk_forms import ReviewForm
from .showing import beside, preview_of
from .start import back_to_desk
from .ways import editing_address


class ReviewView(View):
    """Shows it beside what two persons had confirmed last, with every version between."""

    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        emergencies = Approval.objects.filter(ground=Approval.Ground.EMERGENCY)
        self.approval = get_object_or_404(emergencies, pk=kwargs["pk"])
        self.approvals = together_with(self.approval)
        self.object = object_of(self.approval.kind, self.approval.key)
        if self.object is None:
            raise Http404
        self.title = title_of(self.object)
        if not self.approvals:
            return self._reviewed()
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self.page(ReviewForm(initial={"newest": self.approvals[-1].pk}))

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        form, act = ReviewForm(request.POST), request.POST.get("act", "")
        if act not in Review.Answer.values or not form.is_valid():
            return self.page(form)
        if act == Review.Answer.TO_CHANGE and not form.cleaned_data["note"].strip():
            form.add_error("note", gettext("Write what should be changed."))
            return self.page(form)
        newest, note = form.cleaned_data["newest"], form.cleaned_data["note"]
        try:
            reviews = review(request.user, self.approval, act, note, newest=newest)
        except NotConfirmed as error:
            return self.page(form, errors=error.messages)
        if not reviews:
            text = gettext("More has been published since you opened the page. Read it as well.")
            messages.error(request, text)
            return redirect(request.path)
        said = {"title": self.title, "time": clock(reviews[-1].at)}
        text = gettext("Thank you. “%(title)s” was reviewed at %(time)s.")
        messages.success(request, text % said)
        address = editing_address(request.user, self.object)
        if address and act == Review.Answer.TO_CHANGE:
            return redirect(address)
        return back_to_desk(request)

    def _reviewed(self) -> HttpResponse:
        last = Review.objects.filter(approval=self.approval).last()
        if last is not None:
            text = gettext("Done already. %(name)s reviewed “%(title)s” %(time)s.")
            said = {"name": last.by_name, "title": self.title, "time": since(last.at)}
            messages.info(self.request, text % said)
        return redirect("wagtailadmin_home")

    def page(self, form: ReviewForm, *, errors: Sequence[str] = ()) -> HttpResponse:
        user, first, newest = self.request.user, self.approvals[0], self.approvals[-1]
        why_not = why_not_reviewed_by(user, self.approvals)
        sendables = [each for each in (newest.sendable,) if each is not None]
        answers = [] if why_not else [{"label": a.label, "value": a.value} for a in Review.Answer]
        context = {
            "title": self.title,
            "findings": findings_part(self.request, sendables, check_together(sendables)),
            "heading": gettext("Review “%(title)s” afterwards") % {"title": self.title},
            "sent_line": gettext("Published alone by %(name)s %(time)s")
            % {"name": who_put_out(newest).person_name, "time": since(newest.decided_at)},
            "note": newest.reason,
            "errors": [*errors, *([why_not] if why_not else [])],
            "form": None if why_not else form,
            "items": self._parts(first, newest),
            "primary": answers[0] if answers else None,
            "secondary": answers[1:],
        }
        status = 422 if self.request.method == "POST" else 200
        return TemplateResponse(self.request, "newsdesk/confirm.html", context, status=status)

    def _parts(self, first: Approval, newest: Approval) -> list[dict[str, Any]]:
        """The whole difference, and then, if there are several, each version beside the former."""
        base = last_by_two(first)
        former = base.revision if base and base.live_digest else None
        whole = self._part(gettext("All that is new since two approved"), former, newest)
        if len(self.approvals) == 1:
            return [whole]
        parts = [whole]
        for approval in self.approvals:
            name, time = who_put_out(approval).person_name, since(approval.decided_at)
            title = gettext("%(name)s %(time)s: %(reason)s") % {
                "name": name,
                "time": time,
                "reason": approval.reason,
            }
            parts.append({**self._part(title, former, approval), "is_folded": True})
            former = approval.revision
        return parts

    def _part(self, title: str, former: Any, approval: Approval) -> dict[str, Any]:
        if approval.proposal is not None:
            act = act_of(approval.proposal)
            lines = act.lines(object_of_proposal(approval.proposal), approval.proposal.parameters)
            return {"title": title, "sentences": lines}
        revision: Any = approval.revision
        before = former.as_object() if former is not None else None
        return {
            "title": title,
            **beside(before, revision.as_object()),
            "preview_url": preview_of(revision),
        }
