"""The page on which somebody proposes that something is taken off the website."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.admin import messages
from wagtail.models import Page

from pages.content.models import ThreatLevelDecision
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.digest import digest_of_act, key_of, kind_of
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.models import Confirmation
from pages.newsroom.proposals import act_named, title_of
from pages.newsroom.rule import may_act_alone
from pages.newsroom.withdrawals import describe

from .proposing import ProposingView
from .sending_page import found_object
from .showing import kind_label
from .start import back_to_desk
from .telling import tell
from .ways import editing_address
from .withdrawal_form import RowWithdrawalForm, WithdrawalForm

_MOST = 200


class WithdrawView(ProposingView):
    """Asks why a page is withdrawn, says what goes along and who links to it, and sends it."""

    act = "withdraw"
    template_name = "newsdesk/withdraw.html"

    def find(self) -> Any:
        return found_object(self.kwargs["kind"], self.kwargs["key"])

    def look(self) -> HttpResponse | None:
        elsewhere = editing_address(self.request.user, self.object) or "wagtailadmin_home"
        if isinstance(self.object, ThreatLevelDecision):
            return redirect(elsewhere)  # where it is said how one is corrected
        if not self.object.live:
            text = gettext("Readers do not meet “%(title)s”.")
            messages.info(self.request, text % {"title": title_of(self.object)})
            return redirect(elsewhere)
        return super().look()

    def get(self, request: SignedInRequest, **_key: object) -> HttpResponse:
        return self._page(self._form())

    def post(self, request: SignedInRequest, **_key: object) -> HttpResponse:
        form = self._form(request.POST)
        if form["shown"].value() != self._shown():
            text = gettext(
                "Pages have come or gone below it meanwhile. Look at it again and send it anew."
            )
            return self._page(self._form(), errors=[text])
        if not form.is_valid():
            return self._page(form)
        given = form.cleaned_data
        replaced_by = given.get("replaced_by")
        parameters = {
            "reason": given.get("reason"),
            "replaced_by": replaced_by and replaced_by.pk,
        }
        try:
            if request.POST.get("act") == "at_once":
                proposal = self.propose(parameters)
                address = reverse("newsdesk:send_proposal", args=[proposal.pk])
                return redirect(f"{address}?genast=1")
            outcome = self.send(parameters, given["note"])
        except (NotConfirmed, ValidationError) as error:
            return self._page(form, errors=error.messages)
        tell(request, outcome, Confirmation.Way.SENT)
        return back_to_desk(request)

    def _form(self, data: Any = None) -> RowWithdrawalForm:
        initial = {"shown": self._shown()}
        if isinstance(self.object, Page):
            return WithdrawalForm(data, page=self.object, initial=initial)
        return RowWithdrawalForm(data, initial=initial)

    def _shown(self) -> str:
        """What the person sees that goes along."""
        parameters = act_named(self.act).complete(self.object, {})
        return digest_of_act(self.act, kind_of(self.object), key_of(self.object), parameters)

    def _page(self, form: RowWithdrawalForm, *, errors: Sequence[str] = ()) -> HttpResponse:
        why_not = [] if errors else self._why_not_at_all()
        return self.page(
            errors=[*errors, *why_not],
            form=form,
            kind_label=kind_label(self.object),
            may_send=not why_not,
            may_at_once=may_act_alone(self.request.user),
            **(_reach(self.object) if isinstance(self.object, Page) else {}),
        )

    def _why_not_at_all(self) -> list[str]:
        """Why it cannot be withdrawn, whatever reason is given."""
        act = act_named(self.act)
        try:
            act.refuse(self.object, act.complete(self.object, {"reason": "outdated"}))
        except ValidationError as error:
            return error.messages
        return []


def _reach(page: Page) -> dict[str, Any]:
    reach = describe(page)
    return {
        "is_page": True,
        "linking": reach.linking.order_by("title")[:_MOST],
        "linking_count": reach.linking.count(),
        "below": reach.below[:_MOST],
        "below_count": reach.below.count(),
        "elsewhere": sorted(reach.elsewhere.values()),
    }
