"""What a search in the whole text of unopened tips asks: their bodies, sealed, which the browser opens.

It changes the state of no tip. Nothing is handed out before the log says who searches.
"""

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from tips.handling import searching
from tips.keeping.vault import Vault, vault_now
from tips.models import Tip
from tips.refusals import Refusal
from tips.sealing.keyring import KeyringEntry

from . import arrivals_api, asked, gate, queue
from .queue_asked import is_with_closed, own_entries, place_in

MOST_TEXTS = 25
_SMALL = 1024


@gate.api("POST")
def begin_search(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    asked.only(asked.json_body(request, _SMALL))
    searching.note_search(user.id)
    return JsonResponse({})


@gate.api("GET")
def texts(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """The next tips of the queue, each with what is needed to open it and to check it."""
    if not searching.is_searching(user.id):
        raise gate.Stop(409, Refusal.NOT_SEARCHING)
    tips, following = queue.lot(
        place_in(request), with_closed=is_with_closed(request), most=MOST_TEXTS
    )
    vault, own = vault_now(), own_entries(request)
    return JsonResponse(
        {
            "tips": [_sealed(tip, vault, own) for tip in tips],
            "next": str(following) if following else "",
        }
    )


def _sealed(tip: Tip, vault: Vault, own: list[str]) -> dict[str, object]:
    return {
        "id": str(tip.pk),
        "head": queue.sealed_head(vault, tip, own),
        "body": queue.sealed_body(vault, tip),
        "arrival": arrivals_api.of_tip(tip.pk),
    }
