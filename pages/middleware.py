"""What a visitor meets at an address where no page answers."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .addresses import address_of, prefix_of, split_address
from .finding import page_in
from .memory import one_version
from .models import ContentVersion, Withdrawal


class VersionMiddleware:
    """Lets a visitor's request meet one content version, under which things are remembered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_reading = request.method in ("GET", "HEAD")
        if not is_reading or request.path_info.startswith(f"/{settings.ADMIN_PATH}"):
            return self.get_response(request)
        with one_version(ask=ContentVersion.now):
            return self.get_response(request)


class MissingPageMiddleware:
    """Says what became of a page that was withdrawn, and which pages are not translated.

    Stands outside Wagtail's redirects, so that a redirect an editor has made comes first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        # PostgreSQL takes no NUL, not even in a question.
        if request.path_info.startswith(f"/{settings.ADMIN_PATH}") or "\0" in request.path_info:
            return response
        return self._withdrawn(request) or self._untranslated(request) or response

    def _withdrawn(self, request: HttpRequest) -> HttpResponse | None:
        address = request.path_info if request.path_info.endswith("/") else f"{request.path_info}/"
        withdrawal = Withdrawal.objects.filter(address=address).first()
        if withdrawal is None:
            return None
        return render(request, "410.html", {"withdrawal": withdrawal}, status=410)

    def _untranslated(self, request: HttpRequest) -> HttpResponse | None:
        language, path = split_address(request.path_info)
        if not path.endswith("/"):
            return None
        for code, name in settings.LANGUAGES:
            original = None if code == language else page_in(code, path)
            if original is not None:
                return render(
                    request,
                    "pages/untranslated.html",
                    {
                        "original": original,
                        "original_url": address_of(original.url_path),
                        "original_language": code,
                        "original_language_name": name,
                        "start_url": f"{prefix_of(language)}/",
                    },
                )
        return None
