"""The page on which the owner of a page says that it is right, and who the owner is."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from pages.content.models import Upkeep
from pages.content.publishing.roles import may_confirm
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.moments import date_in_words

from .showing import kind_label, preview_of
from .start import back_to_desk
from .telling import tell_newer


class UpkeepForm(forms.ModelForm):
    class Meta:
        model = Upkeep
        fields = ["role", "person", "months", "due_on"]
        widgets = {"due_on": AdminDateInput}


class UpkeepView(View):
    """Shows what readers meet now; the day on which it was read is all that one person makes public."""

    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: Any) -> HttpResponseBase:
        if not may_confirm(self.request.user):
            raise PermissionDenied
        found = Upkeep.objects.select_related("page__live_revision", "person")
        self.upkeep = get_object_or_404(found, page=kwargs["pk"], page__live=True)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self._page(UpkeepForm(instance=self.upkeep))

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        if request.POST.get("act") == "read":
            return self._read()
        form = UpkeepForm(request.POST, instance=self.upkeep)
        if not form.is_valid():
            return self._page(form)
        form.save()
        messages.success(request, gettext("Saved. Readers see nothing of it."))
        return redirect(request.path)

    def _read(self) -> HttpResponse:
        if not self.upkeep.may_be_read_by(self.request.user):
            raise PermissionDenied
        if self.request.POST.get("seen") != str(self.upkeep.page.live_revision_id):
            tell_newer(self.request, self.upkeep.page.live_revision)
            return redirect(self.request.path)
        self.upkeep.note_read(self.request.user)
        text = gettext("“%(title)s” is shown as reviewed today. It is to be read again by %(day)s.")
        said = {"title": self.upkeep.page.title, "day": date_in_words(self.upkeep.due_on)}
        messages.success(self.request, text % said)
        return back_to_desk(self.request)

    def _page(self, form: UpkeepForm) -> HttpResponse:
        page = self.upkeep.page
        context = {
            "title": page.title,
            "kind_label": kind_label(page.specific),
            "upkeep": self.upkeep,
            "form": form,
            "may_read": self.upkeep.may_be_read_by(self.request.user),
            "preview_url": preview_of(page.live_revision) if page.live_revision else "",
        }
        return TemplateResponse(self.request, "newsdesk/upkeep.html", context)
