"""The chooser of pages, which begins where one last was in it, or else where one writes."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.chooser import BrowseView
from wagtail.models import Page

_LAST = "page_chooser_at"


class RememberingBrowseView(BrowseView):
    def get(self, request: HttpRequest, parent_page_id: int | None = None) -> HttpResponse:
        last, has_chosen = request.session.get(_LAST), parent_page_id or "locale" in request.GET
        if not has_chosen and Page.objects.filter(pk=last).exists():
            parent_page_id = last
        answer = super().get(request, parent_page_id)
        request.session[_LAST] = self.parent_page.pk
        return answer


def begin_where_one_writes(request: HttpRequest, parent_page: Page, _kind: type[Page]) -> None:
    request.session.setdefault(_LAST, parent_page.pk)


def chooser_addresses(admin_path: str) -> list[URLPattern]:
    """Stand before Wagtail's own, whose names they keep."""
    browse = require_admin_access(RememberingBrowseView.as_view())
    below = ("", "<int:parent_page_id>/")
    return [path(f"{admin_path}choose-page/{each}", browse) for each in below]
