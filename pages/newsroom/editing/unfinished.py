"""Tells editors what keeps a page from being published, where no form of the page can."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder

from pages.content.publishing.finished import UnfinishedPageError
from pages.newsroom import happenings
from pages.newsroom.gate import NotConfirmed


class UnfinishedPageMiddleware:
    """Leads from a refused publication to the page's form, such as from an approval.

    What nobody has confirmed is refused in the same way, with the sentence that says so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match error:
            case UnfinishedPageError():
                may_edit = AdminURLFinder(request.user).get_edit_url(error.page)
                form = may_edit or reverse("wagtailadmin_home")
                return refusal(request, str(error.message), form)
            case NotConfirmed() if request.path_info.startswith(f"/{settings.ADMIN_PATH}"):
                return not_confirmed(request, error)
        return None


def not_confirmed(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    """Says it on the page that the person came from."""
    happenings.led_back.send(type(error), why="not-confirmed")
    return refusal(request, str(error), _where_from(request))


def refusal(request: HttpRequest, sentence: str, then: str) -> HttpResponse:
    """Says why nothing was published, and leads on; programs are told in their own way."""
    if not request.accepts("text/html"):
        said = {"error_code": "blocked_by_hook", "error_message": sentence}
        return JsonResponse({"success": False, **said}, status=400)
    messages.error(request, sentence)
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        # To Wagtail's dialogs, success means that they may close.
        return JsonResponse({"step": "success", "redirect": then})
    return redirect(then)


def _where_from(request: HttpRequest) -> str:
    """The page of ours that the person came from, such as a form; else the start of the CMS."""
    back = request.headers.get("referer", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return back if back and is_ours else reverse("wagtailadmin_home")
