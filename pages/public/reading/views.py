"""The addresses of the pages that visitors read."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseRedirectBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from pages.content.references.shelves import fetch_references_of
from pages.content.tree.addresses import address_of, prefix_of, root_of
from pages.content.twins import twin_keys_of
from pages.public.frame.of_language import frame_of
from pages.public.store.keeping import kept
from pages.public.store.question import COOKIE_NOTICE_CLOSED

from .finding import page_at, page_in
from .missing import known_of

ONE_YEAR = 365 * 24 * 60 * 60


@require_safe
@kept
def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Serves the page at this address."""
    language = get_language() or settings.LANGUAGE_CODE
    root, page = root_of(language), page_in(language, path)
    if page is None:
        known_of(request)  # brings the version, in the query that a missing page takes anyway
        page = page_in(language, path) if root_of(language) != root else None
    if page is None:
        raise Http404
    fetch_references_of(page, also=frame_of(request).named_pages | twin_keys_of(page))
    response = page.serve(request)
    if hasattr(response, "render"):
        response.render()
    return response


@require_safe
def old_address(request: HttpRequest, path: str) -> HttpResponse:
    """Redirects from an address of the former site (`….html`) to the present one."""
    # Some former addresses end in a hyphen, from a space after the title.
    page = page_at(f"{prefix_of(get_language() or settings.LANGUAGE_CODE)}/{path.rstrip('-')}/")
    # The page's own address, not what was asked for: `//…` would lead to another host.
    address = page and address_of(page.url_path)
    if not address:
        raise Http404
    return HttpResponsePermanentRedirect(address)


class SeeOther(HttpResponseRedirectBase):
    status_code = 303


# Without a CSRF token: the public site sets no cookie to compare it with, and a forged request
# could only close a notice.
@csrf_exempt
@require_POST
def close_cookie_notice(request: HttpRequest) -> HttpResponse:
    """Sets the one cookie that keeps the cookie notice closed, and goes back to the page."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        back = "/"
    response = SeeOther(back)
    response.set_cookie(
        settings.COOKIE_NOTICE_COOKIE,
        COOKIE_NOTICE_CLOSED,
        max_age=ONE_YEAR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response
