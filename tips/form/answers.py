"""The pages that a tipster can be answered with."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tips.sealing.reference import reference_of
from tips.wording.texts import built_in

from . import guard, limits, tokens
from .forms import TipForm
from .sealed_words import closed_for_long

# The status of pages that hold what was typed. On Back, Chromium shows pages from its memory, even
# with no-store, but only those with status 200. Without scripts, nothing else hides what was typed
# after a quick exit.
NOT_KEPT = 203

_UNREADABLE = _("We could not read what was sent")
_ANEW = _("Open the form again and send it from there.")
_REFUSALS: dict[int, tuple[str | Promise, str | Promise]] = {
    400: (_UNREADABLE, _ANEW),
    403: (_("Send the form from our own page"), _ANEW),
    404: (_("The page does not exist"), _("Check the address, or choose one of these pages.")),
    405: (_("The page cannot be used in that way"), _ANEW),
    411: (_UNREADABLE, _ANEW),
    415: (_UNREADABLE, _ANEW),
    503: (
        _("Many people are sending right now"),
        _(
            "What you sent has not arrived, and cannot be shown here again: there was no room to "
            "read it. Wait a while and write it anew, or call."
        ),
    ),
}


def form_page(
    request: HttpRequest,
    form: TipForm,
    token: str,
    faults: Iterable[tuple[str, str]] = (),
    *,
    files_lost: bool = False,
    status: int = NOT_KEPT,
) -> HttpResponse:
    """The form. Each fault is the id of a control, or "", and what to do."""
    context = {"form": form, "token": token, "errors": list(faults), "files_lost": files_lost}
    return _page(request, "form", context, status)


def received(request: HttpRequest, tip_id: UUID) -> HttpResponse:
    """Says that the tip is kept, even when the page for it fails."""
    reference = reference_of(tip_id)
    return guard.guarded(
        lambda: _page(request, "received", {"reference": reference}, status=200),
        otherwise=lambda: guard.plain_page("received", reference=reference),
    )


def closed(
    request: HttpRequest, fields: Mapping[str, str] | None = None, reason: str = ""
) -> HttpResponse:
    """No tip can be left now. What was typed stays on the page."""
    lasting = closed_for_long() if reason == "keyring" else ""
    return _page(request, "closed", {**_kept(fields or {}), "lasting": lasting}, status=503)


def limited(request: HttpRequest, fields: Mapping[str, str]) -> HttpResponse:
    return _page(request, "limited", _kept(fields), status=429)


def refused(request: HttpRequest, status: int) -> HttpResponse:
    heading, paragraph = _REFUSALS[status]
    return _page(request, "refused", {"heading": heading, "paragraphs": [paragraph]}, status)


def refused_method(request: HttpRequest, allowed: Iterable[str]) -> HttpResponse:
    answer = refused(request, 405)
    answer.headers["Allow"] = ", ".join(allowed)
    return answer


def reusable_token(fields: Mapping[str, str]) -> str:
    """The token that was sent while it can be used, else a new one."""
    token = fields.get("token", "")
    return token if tokens.read_token(token) else tokens.make_token()


def _kept(fields: Mapping[str, str]) -> dict[str, object]:
    if not fields.get("text"):
        return {"form": None, "token": ""}
    return {"form": TipForm(initial=dict(fields)), "token": reusable_token(fields)}


def _page(request: HttpRequest, name: str, context: dict[str, object], status: int) -> HttpResponse:
    language = translation.get_language() or ""
    everywhere = {
        "texts": built_in(language),
        "limits": limits,
    }
    page = render_to_string(f"tips/{name}.html", {**everywhere, **context}, request)
    return HttpResponse(page, status=status, headers={"X-Robots-Tag": "noindex, noarchive"})
