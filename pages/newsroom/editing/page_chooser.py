"""The chooser of pages, which begins where one last was in it, or else where one writes."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.chooser import BrowseView
from wagtail.models import Page

_LAST = "page_chooser_at"


class RememberingBrowseView(BrowseView):
    def get(self, request: HttpRequest, parent_page_id: int | None = None) -> HttpResponse:
        last = Page.objects.filter(pk=request.session.get(_LAST))
        if language := request.GET.get("locale"):  # that of the page that one writes
            last = last.filter(locale__language_code=language)
        at = parent_page_id or last.values_list("pk", flat=True).first()
        if at:
            request.session[_LAST] = at
        return super().get(request, at)


def begin_where_one_writes(request: HttpRequest, parent_page: Page, _kind: type[Page]) -> None:
    request.session.setdefault(_LAST, parent_page.pk)


def chooser_addresses(admin_path: str) -> list[URLPattern]:
    """Stand before Wagtail's own, whose names they keep."""
    browse = never_cache(require_admin_access(RememberingBrowseView.as_view()))
    address = f"{admin_path}choose-page/"
    return [path(address, browse), path(f"{address}<int:parent_page_id>/", browse)]
