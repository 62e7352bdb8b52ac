"""What the page of the form asks of the service: how it stands, and to take in what is sealed.

It answers in codes; the words are the page's own.
"""

import json
from functools import partial

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils import timezone

from tips.keeping import intake
from tips.keeping.intake import Closed, SpentToken
from tips.keeping.present_keyring import keyring_of_the_intake
from tips.sealing.envelope import rounded
from tips.sealing.keyring import KeyringError

from . import guard, laid_pages, limits, tokens
from .incoming import is_from_elsewhere, is_readable, length_of, places
from .limiter import limiter
from .reading import Body, CutOff
from .sealed_parts import NotTaken, SealedTip
from .time_limit import time_limit

FORMAT = "sapo-form/1"
_STATUS = {
    "form": 400,
    "spent": 409,
    "keyring": 409,
    "token": 410,
    "size": 413,
    "limited": 429,
    "busy": 503,
    "closed": 503,
}


def standing(request: HttpRequest) -> HttpResponse:
    """Whether the form is open, and what a tip that is sealed now has to hold."""
    if request.method not in ("GET", "HEAD"):
        return _refused("form", status=405)
    try:
        intake.check_ready()
        ring = keyring_of_the_intake()
        if not settings.TIP_FORM_BY_SERVICE and not laid_pages.are_laid():
            raise Closed("page")
    except Closed as closed:
        return _closed_now(closed.reason)
    except KeyringError:
        return _closed_now("keyring")
    text = tokens.make_token()
    token = tokens.read_token(text)
    return _said(200, is_open=True, serial=ring.serial, tip=str(token and token.tip_id), token=text)


def leave_sealed(request: HttpRequest) -> HttpResponse:
    """Takes in a tip that the sender's browser has sealed."""
    length = length_of(request)
    if request.method != "POST":
        return _refused("form", status=405)
    if is_from_elsewhere(request):
        return _refused("form", status=403)
    if not is_readable(request) or length is None:
        return _refused("form")
    if length > limits.MAX_SEALED_BYTES:
        return _refused("size")
    with places.one_for(request.META.get(settings.TIPS_ADDRESS_HEADER, "")) as is_free:
        if not is_free:
            return _refused("busy")
        return guard.guarded(
            lambda: _take_in(request, length), otherwise=lambda: _refused("closed")
        )


def _take_in(request: HttpRequest, length: int) -> HttpResponse:
    address = request.META.pop(settings.TIPS_ADDRESS_HEADER, "")
    has_room = limiter.has_room(address)
    seconds = limits.READ_SECONDS if has_room else limits.LIMITED_SECONDS
    body = Body(request, length, seconds)
    with time_limit.over(request.META.get("gunicorn.socket"), seconds):
        try:
            code = _read(request, body, length, address) if has_room else "limited"
            body.drain()  # a browser shows no answer before it has sent all
        except CutOff:
            code = "form"
    return _refused(code) if code else _json({"ok": True}, 201)


def _read(request: HttpRequest, body: Body, length: int, address: str) -> str:
    """Why it is not taken in; nothing when it is."""
    tip = SealedTip(length, partial(limiter.lets_in, address))
    try:
        MultiPartParser(request.META, body, [tip], "utf-8").parse()
    except NotTaken as refused:
        return refused.code
    except SpentToken:
        return "spent"
    except (Closed, KeyringError) as closed:
        guard.report_closed(closed.reason if isinstance(closed, Closed) else "keyring")
        return "closed"
    except (MultiPartParserError, SuspiciousOperation):
        return "form"
    return "" if tip.is_taken_in else "form"


def _closed_now(reason: str) -> HttpResponse:
    guard.report_closed(reason)
    return _said(503, why=reason)


def _said(
    status: int,
    *,
    is_open: bool = False,
    serial: int = 0,
    tip: str = "",
    token: str = "",
    why: str = "",
) -> HttpResponse:
    now = rounded(timezone.now())
    content = {"format": FORMAT, "keyring": serial, "now": now, "open": is_open}
    return _json({**content, "tip": tip, "token": token, "why": why}, status)


def _refused(code: str, status: int = 0) -> HttpResponse:
    return _json({"error": code}, status or _STATUS[code])


def _json(content: dict[str, object], status: int) -> HttpResponse:
    text = json.dumps(content, separators=(",", ":"))
    return HttpResponse(f"{text}\n", status=status, content_type="application/json")
