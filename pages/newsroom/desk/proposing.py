"""What the pages have in common on which people propose acts."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.views import View
from wagtail.models import DraftStateMixin

from pages.ground.json_types import JsonObject
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.digest import key_of, kind_of
from pages.newsroom.matching import what_waits
from pages.newsroom.models import Confirmation, Proposal
from pages.newsroom.proposals import act_named, make_proposal, title_of
from pages.newsroom.rule import change_of_proposal
from pages.newsroom.submissions import Outcome, refuse_stranger, send

from .confirmation_page import why_not_confirmed_by


class ProposingView(View):
    """Lets somebody choose how an act is done, and shows what will be different."""

    request: SignedInRequest
    act: ClassVar[str]
    template_name: ClassVar[str]
    obj: DraftStateMixin

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.object = self.find()
        if (answer := self.look()) is not None:
            return answer
        return super().dispatch(request, *args, **kwargs)

    def find(self) -> Any:
        """What the act is about; 404 if there is none."""
        raise NotImplementedError

    def look(self) -> HttpResponse | None:
        """Leads to what was sent, if the same is proposed already."""
        kind = act_named(self.act).kind or kind_of(self.object)
        waits = what_waits(kind, key_of(self.object), self.act)
        return redirect("newsdesk:confirm", waits.pk) if waits is not None else None

    def propose(self, parameters: JsonObject) -> Proposal:
        refuse_stranger(self.request.user)
        return make_proposal(self.act, self.object, parameters, self.request.user)

    @transaction.atomic
    def send(self, parameters: JsonObject, note: str) -> Outcome:
        """Proposes it and sends it in one step."""
        proposal = self.propose(parameters)
        seen = change_of_proposal(proposal).digest
        way = Confirmation.Way.SENT
        return send(self.request.user, [proposal], seen=[seen], note=note, way=way)

    def page(self, *, errors: Sequence[str] = (), **context: Any) -> HttpResponse:
        form = context.get("form")
        has_failed = errors or (form is not None and form.errors)
        status = 422 if has_failed and self.request.method == "POST" else 200
        context = {
            "title": title_of(self.object),
            "errors": [*errors, *why_not_confirmed_by(self.request.user)],
            "notices": self._notices(),
            **context,
        }
        return TemplateResponse(self.request, self.template_name, context, status=status)

    def _notices(self) -> list[str]:
        waits = what_waits(act_named(self.act).kind or kind_of(self.object), key_of(self.object))
        if waits is None:
            return []
        return [
            gettext("“%(title)s” waits for approval. If you send this, that is a draft again.")
            % {"title": waits}
        ]
