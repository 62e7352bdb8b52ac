"""What the view of purges asks: what may be purged, and what is proposed."""

from datetime import date

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localdate

from tips.handling import purge, states
from tips.models import Event, Tip
from tips.router import DATABASE
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
            "proposals": queue.statements(_signed_since(proposed)),
            "due": [_row(tip, today) for tip in page],
            "page": paging.which(page),
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


def _row(tip: Tip, today: date) -> dict[str, object]:
    first = states.purgeable_from(tip)
    return {
        **queue.how_far(tip),
        "not_before": first.isoformat() if today < first else "",
        "proposal": tip.purge_proposal,
        "decision": tip.purge_decision,
    }
