"""The page on which somebody proposes that a page is moved."""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from pages.content.tree.addresses import address_of
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.withdrawals import pages_that_go

from .proposing import ProposingView


class MoveForm(forms.Form):
    to = forms.ModelChoiceField(
        label=_("Move it to"),
        queryset=Page.objects.all(),
        widget=AdminPageChooser,
        error_messages={"required": _("Choose where it is moved to.")},
    )


class MoveView(ProposingView):
    """Asks where a page is moved to; what will be different stands on the page that sends it."""

    act = "move"
    template_name = "newsdesk/move.html"

    def find(self) -> object:
        return get_object_or_404(Page, pk=self.kwargs["pk"]).specific

    def look(self) -> HttpResponse | None:
        if not pages_that_go(self.object).exists():
            return redirect("wagtailadmin_pages:move", self.object.pk)
        return super().look()

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(MoveForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = MoveForm(request.POST)
        if not form.is_valid():
            return self._page(form)
        try:
            proposal = self.propose({"to": form.cleaned_data["to"].pk})
        except (NotConfirmed, ValidationError) as error:
            return self._page(form, errors=error.messages)
        return redirect("newsdesk:send_proposal", proposal.pk)

    def _page(self, form: MoveForm, *, errors: Sequence[str] = ()) -> HttpResponse:
        return self.page(
            errors=errors,
            form=form,
            address=address_of(self.object.url_path),
            above=self.object.get_parent(),
            below_count=pages_that_go(self.object).exclude(pk=self.object.pk).count(),
        )
