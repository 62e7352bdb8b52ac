"""The desk's pages, where no nginx stands in front: the same files, the same headers.

In production the service must not be asked: whoever writes these pages can read keys and all that is
opened with them.
"""

from pathlib import Path

from csp.utils import build_policy
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.views.decorators.csrf import csrf_exempt

from tips.handling.desk_words import desk_words
from tips.keeping.present_keyring import root_or_none
from tips.opener import desk_pages
from tips.opener.integrity import sum_of

from . import gate


@csrf_exempt
def key_page(request: HttpRequest) -> HttpResponseBase:
    """The document in which a handler adds passkeys to what is taken to the ceremony."""
    return _answered(request, desk_pages.KEY_PAGE)


@csrf_exempt
def desk_page(request: HttpRequest, **_parts: object) -> HttpResponseBase:
    """The document in which keys and tips are opened, whatever it is to show."""
    return _answered(request, desk_pages.DESK_PAGE)


def _answered(request: HttpRequest, page: desk_pages.DeskPage) -> HttpResponseBase:
    if not settings.DESK_PAGES_BY_SERVICE:
        return gate.missing(request)
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    return HttpResponse(
        desk_pages.filled(page, static, _sum_of_file, root_or_none(), desk_words()),
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": build_policy(settings.CSP_FOR_DESK_PAGES),
            "Integrity-Policy": settings.INTEGRITY_POLICY,
            "X-Robots-Tag": "noindex, nofollow, noarchive",
        },
    )


def _sum_of_file(name: str) -> str:
    if of_collected := getattr(staticfiles_storage, "integrity", None):
        return str(of_collected(name))
    if (found := finders.find(name)) is None:
        raise FileNotFoundError(name)  # not built: ./sapo run builds it
    return sum_of(Path(found).read_bytes())
