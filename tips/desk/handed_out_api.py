"""A masked copy of a tip is handed out: of what stands on it, only the hash comes here."""

from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from tips.handling import steps
from tips.sealing.keyring import KeyringEntry

from . import asked, gate, queue

_SMALL = 1024


@gate.api("POST")
def handed_out(request: HttpRequest, user: KeyringEntry, tip_id: UUID) -> HttpResponseBase:
    body = asked.json_body(request, _SMALL)
    asked.only(body, "hash")
    digest = asked.sha256(body, "hash")
    gate.refuse_unread(steps.find(tip_id))
    steps.hand_out(tip_id, user.id, digest)
    return JsonResponse({"events": queue.history_of(tip_id)})
