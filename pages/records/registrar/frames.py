"""Serves the recorded bytes of a moment: shut in, so that nothing in them can do anything."""

from datetime import datetime
from urllib.parse import quote

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from pages.records.kept import Records, RecordsError, Rendering

from .as_it_stood import page_as_it_stood, style_as_it_stood
from .coming_in import looks_back
from .stockholm_time import exact_moment, moment_named

# What a page shows or is dressed in; all else is downloaded.
_SHOWN = ("image/", "font/", "audio/", "video/", "text/vtt")
PAGE, STYLE = "text/html", "text/css"


@looks_back
@require_safe
def recorded(request: HttpRequest, moment: str, address: str = "") -> HttpResponse:
    """What lay at the address at the moment; never what lies there now."""
    at = moment_named(moment)
    rendering = Records().at(f"/{address}", at) if at else None
    if at is None or rendering is None:
        raise Http404
    try:
        body = Records().body(rendering)
    except RecordsError:
        raise Http404 from None
    response = _shut_in(_answer(rendering, body, at))
    if "som-fil" in request.GET or response.headers["Content-Type"] == "application/octet-stream":
        response.content = body
        response.headers["Content-Type"] = "application/octet-stream"
        response.headers["Content-Disposition"] = content_disposition_header(True, _name(rendering))
    return response


def frame_at(address: str, moment: datetime) -> str:
    """Where the CMS shows what lay at the address."""
    return reverse("registrar:recorded", args=[exact_moment(moment)]) + quote(
        address.removeprefix("/")
    )


def type_of(rendering: Rendering) -> str:
    """The kind of content that was sent, in small letters and without more."""
    headers = {name.lower(): value for name, value in rendering.headers}
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _answer(rendering: Rendering, body: bytes, at: datetime) -> HttpResponse:
    kind = type_of(rendering)
    if kind == PAGE:
        page = page_as_it_stood(body, rendering.address, lambda named: frame_at(named, at))
        return HttpResponse(page, content_type="text/html; charset=utf-8")
    if kind == STYLE:
        style = style_as_it_stood(body, lambda named: frame_at(named, at))
        return HttpResponse(style, content_type="text/css; charset=utf-8")
    return HttpResponse(
        body, content_type=kind if kind.startswith(_SHOWN) else "application/octet-stream"
    )


def _shut_in(response: HttpResponse) -> HttpResponse:
    response.headers[HEADER] = build_policy(settings.CSP_FOR_RECORDED)
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _name(rendering: Rendering) -> str:
    name = rendering.address.rstrip("/").rpartition("/")[2] or "start"
    return f"{name}.html" if type_of(rendering) == PAGE else name
