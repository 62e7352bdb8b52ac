"""The page on which the owner of a page says that it is right, and who the owner is."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import modelform_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.generic import UpdateView
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from pages.content.models import Upkeep
from pages.content.publishing.roles import may_confirm
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.moments import date_in_words

from .showing import kind_label, preview_of
from .start import back_to_desk
from .telling import tell_newer


class UpkeepView(UpdateView):
    """Shows what readers meet now; the day on which it was read is all that one person makes public."""

    request: SignedInRequest
    form_class = modelform_factory(
        Upkeep, fields=["role", "person", "months", "due_on"], widgets={"due_on": AdminDateInput}
    )
    template_name = "newsdesk/upkeep.html"

    def dispatch(self, request: Any, *args: object, **kwargs: object) -> Any:
        if not may_confirm(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_object(self, queryset: Any = None) -> Upkeep:
        found = Upkeep.objects.select_related("page__live_revision", "person")
        return get_object_or_404(found, page__pk=self.kwargs["pk"], page__live=True)

    def form_valid(self, form: Any) -> HttpResponse:
        form.save()
        messages.success(self.request, gettext("Saved. Readers see nothing of it."))
        return redirect(self.request.path)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        upkeep = self.get_object()
        if not upkeep.may_be_read_by(self.request.user):  # nor does anybody else make it theirs
            raise PermissionDenied
        if request.POST.get("act") != "read":
            return super().post(request, *args, **kwargs)
        if request.POST.get("seen") != str(upkeep.page.live_revision_id):
            tell_newer(self.request, upkeep.page.live_revision)
            return redirect(request.path)
        upkeep.note_read(self.request.user)
        text = gettext("“%(title)s” is shown as reviewed today. It is to be read again by %(day)s.")
        said = {"title": upkeep.page.title, "day": date_in_words(upkeep.due_on)}
        messages.success(request, text % said)
        return back_to_desk(self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.object.page
        return super().get_context_data(
            **kwargs,
            title=page.title,
            kind_label=kind_label(page.specific),
            may_read=self.object.may_be_read_by(self.request.user),
            preview_url=preview_of(page.live_revision) if page.live_revision else "",
        )
