"""What the view of purges asks: what may be purged, and what is proposed."""

from datetime import date

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localdate

from tips.handling import purge, states
from tips.models import Tip
from tips.sealing.keyring import KeyringEntry
from tips.sealing.statements import MOST_AT_ONCE

from . import gate, paging, queue


@gate.api("GET")
def purges(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """What may be purged, a page at a time, and what is proposed, with what its proposers signed."""
    page, today = paging.page_of(purge.due(), request, MOST_AT_ONCE), localdate()
    proposed = list(purge.proposed())
    return JsonResponse(
        {
            "proposed": [_row(tip, today) for tip in proposed],
            "proposals": queue.statements({tip.purge_proposal for tip in proposed}),
            "due": [_row(tip, today) for tip in page],
            "page": paging.which(page),
        }
    )


def _row(tip: Tip, today: date) -> dict[str, object]:
    first = states.purgeable_from(tip)
    return {
        **queue.how_far(tip),
        "not_before": first.isoformat() if today < first else "",
        "proposal": tip.purge_proposal,
        "decision": tip.purge_decision,
    }
