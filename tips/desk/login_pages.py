"""The page where handlers log in, where no nginx stands in front: the same file, the same headers.

In production the service must not be asked: whoever writes this page can read every password.
"""

from pathlib import Path

from csp.utils import build_policy
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.views.decorators.csrf import csrf_exempt

from tips.opener import login_page

from . import gate


@csrf_exempt
def login_pages(request: HttpRequest) -> HttpResponseBase:
    """One document for logging in, the first time, the account and the colleagues."""
    if not settings.DESK_LOGIN_BY_SERVICE:
        return gate.missing(request)
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    program = finders.find(login_page.PROGRAM)
    if program is None:
        raise FileNotFoundError(login_page.PROGRAM)  # not built: ./sapo run builds it
    return HttpResponse(
        login_page.filled(static, Path(program).read_bytes()),
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": build_policy(settings.CSP_FOR_DESK_LOGIN),
            "X-Robots-Tag": "noindex, nofollow, noarchive",
        },
    )
