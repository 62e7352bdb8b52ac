"""What the desk's other views ask: the event log, purges, the register, and stops. Nothing of it says what a tip holds."""

from dataclasses import astuple
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localdate

from tips.handling import events, proofs, purge, register, states, stopping
from tips.journal import note
from tips.models import Event, Tip
from tips.refusals import Refusal
from tips.router import DATABASE
from tips.sealing.arrivals import OF_NO_TIP
from tips.sealing.keyring import KeyringEntry
from tips.sealing.reference import reference_of
from tips.sealing.statements import MOST_AT_ONCE

from . import asked, gate, queue

_ROWS = 50
_LARGEST_STOP = 16 * 1024


@gate.api("GET")
def event_log(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """A page of all steps with all tips, the latest first, and whether the log is whole."""
    page = _page_of(events.newest_first(), request, _ROWS)
    last, broken = events.last_event(), events.verify() or next(iter(proofs.unproved()), None)
    return JsonResponse(
        {
            "rows": [_event(event) for event in page],
            "statements": queue.statements({event.statement for event in page}),
            "page": _which(page),
            "broken": broken.refusing.answer if broken else None,
            "last": {"seq": last.seq, "hash": last.hash} if last else None,
        }
    )


def _event(event: Event) -> dict[str, object]:
    tip = "" if event.tip_id == OF_NO_TIP else str(event.tip_id)
    return {**queue.event_row(event), "tip": tip}


@gate.api("GET")
def purges(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """What may be purged, a page at a time, and what is proposed, with what its proposers signed."""
    page, today = _page_of(purge.due(), request, MOST_AT_ONCE), localdate()
    proposed = list(purge.proposed())
    return JsonResponse(
        {
            "proposed": [_purge(tip, today) for tip in proposed],
            "proposals": queue.statements(_signed_since(proposed)),
            "due": [_purge(tip, today) for tip in page],
            "page": _which(page),
        }
    )


def _signed_since(proposed: list[Tip]) -> set[str]:
    """The hashes of the proposals, and of what has been signed of their tips after them."""
    proposals = {tip.pk: tip.purge_proposal for tip in proposed}
    signed = Event.objects.using(DATABASE).filter(tip_id__in=proposals).exclude(statement="")
    begun, hashes = set(), set()
    for tip_id, statement in signed.order_by("seq").values_list("tip_id", "statement"):
        if statement == proposals[tip_id]:
            begun.add(tip_id)
        if tip_id in begun:
            hashes.add(statement)
    return hashes


def _purge(tip: Tip, today: date) -> dict[str, object]:
    first = states.purgeable_from(tip)
    return {
        **queue.how_far(tip),
        "not_before": first.isoformat() if today < first else "",
        "proposal": tip.purge_proposal,
        "decision": tip.purge_decision,
    }


@gate.api("GET")
def tips_of_period(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """The tips that were received in the period, by reference."""
    rows = [astuple(row) for row in register.rows(reference_of, *_period(request))]
    return JsonResponse({"rows": rows})


@gate.file("GET")
def as_csv(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """The same as a table for spreadsheets. The journal says who has taken it out."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    register.write_csv(register.rows(reference_of, *_period(request)), response)
    note(gate.DESK_DOOR, "exported", user.id, what="register")
    return response


def _period(request: HttpRequest) -> tuple[date | None, date | None]:
    """The first and the last day; None where none is given."""
    first, last = (request.GET.get(name, "") for name in ("fran", "till"))
    try:
        return asked.as_day(first) if first else None, asked.as_day(last) if last else None
    except gate.Stop:
        raise gate.Stop(400, Refusal.NOT_A_DAY) from None


@gate.api("GET", "POST")
def stops(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """GET lists those that stand or wait, as they were signed, but for those of whoever asks; POST signs one."""
    if request.method == "POST":
        return _sign_stop(request, user)
    found = (each for each in stopping.stops_now() if each.text.handler != user.id)
    rows = [{"text": each.text.octets.decode(), "signatures": each.file.decode()} for each in found]
    return JsonResponse({"stops": rows})


def _sign_stop(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    body = asked.json_body(request, _LARGEST_STOP)
    asked.only(body, "text", "signatures")
    text, file = (
        asked.lines(body, name, _LARGEST_STOP).encode() for name in ("text", "signatures")
    )
    try:
        stop = stopping.sign_stop(text, file, user.id)
    except stopping.StopRefused as fault:
        raise gate.Stop(400, fault.refusal) from None
    done = "stopped" if stop.is_whole else "stop-proposed"
    note(gate.DESK_DOOR, done, user.id, whom=stop.text.handler)
    return JsonResponse({})


def _page_of(found: QuerySet[Any], request: HttpRequest, rows: int) -> Page[Any]:
    """The page that is asked for; one that is not there gives the nearest."""
    return Paginator(found, rows).get_page(request.GET.get("sida"))


def _which(page: Page[Any]) -> dict[str, int]:
    """Which page it is, for the script."""
    return {"number": page.number, "count": page.paginator.num_pages}
