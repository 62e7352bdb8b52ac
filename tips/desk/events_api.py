"""What the view of the event log asks: all steps with all tips, and whether the log is whole."""

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from tips.handling import events, proofs
from tips.models import Event
from tips.sealing.arrivals import OF_NO_TIP
from tips.sealing.keyring import KeyringEntry

from . import gate, paging, queue


@gate.api("GET")
def event_log(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """A page of the log, the latest first."""
    page = paging.page_of(events.newest_first(), request)
    last, broken = events.last_event(), events.verify() or next(iter(proofs.unproved()), None)
    return JsonResponse(
        {
            "rows": [_row(event) for event in page],
            "statements": queue.statements({event.statement for event in page}),
            "page": paging.which(page),
            "broken": broken.refusing.answer if broken else None,
            "last": {"seq": last.seq, "hash": last.hash} if last else None,
        }
    )


def _row(event: Event) -> dict[str, object]:
    tip = "" if event.tip_id == OF_NO_TIP else str(event.tip_id)
    return {**queue.event_row(event), "tip": tip}
