"""What the view of purges asks: what may be purged, what is proposed, and both halves of a purge."""

from datetime import date

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localdate

from tips.handling import purge, states, steps
from tips.keeping.vault import vault_now
from tips.models import Tip
from tips.refusals import Refusal
from tips.sealing.keyring import KeyringEntry

from . import asked, gate, paging

_SMALL = 16 * 1024
_LONGEST_VALUE = 200


@gate.api("GET", "POST")
def purges(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """GET lists what may be purged and what is proposed; POST proposes, withdraws or approves."""
    if request.method == "POST":
        return _take(request, user.id)
    page, today = paging.page_of(purge.due(), request), localdate()
    return JsonResponse(
        {
            "proposed": [_row(tip, user, today) for tip in purge.proposed()],
            "due": [_row(tip, user, today) for tip in page],
            "page": paging.which(page),
        }
    )


def _take(request: HttpRequest, actor: str) -> HttpResponseBase:
    body = asked.json_body(request, _SMALL)
    asked.only(body, "step", "tip", "version", "decision")
    step = asked.text(body, "step", _LONGEST_VALUE)
    tip_id, version = asked.uuid(body, "tip"), asked.number(body, "version")
    try:
        match step:
            case "propose":
                decision = asked.text(body, "decision", _LONGEST_VALUE)
                purge.propose(tip_id, version, actor, decision.strip())
            case "withdraw":
                purge.withdraw(tip_id, version, actor)
            case "approve":
                purge.approve(tip_id, version, actor, vault_now())
            case _:
                raise gate.Stop(400, Refusal.UNREADABLE)
    except (steps.Conflict, Tip.DoesNotExist):
        raise gate.Stop(409, Refusal.PURGE_OVERTAKEN) from None
    return JsonResponse({})


def _row(tip: Tip, user: KeyringEntry, today: date) -> dict[str, object]:
    first = states.purgeable_from(tip)
    proposed_by = tip.purge_proposed_by
    return {
        "id": str(tip.pk),
        "version": tip.version,
        "state": tip.state,
        "state_on": tip.state_on.isoformat(),
        "received_on": tip.received_on.isoformat(),
        "register_no": tip.register_no,
        "is_on_hold": tip.is_on_hold,
        "not_before": first.isoformat() if today < first else "",
        "proposed_by": proposed_by,
        "is_mine": proposed_by == user.id,
        "decision": tip.purge_decision,
    }
