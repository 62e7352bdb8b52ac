"""What a request says of the queue: whose heads, from which place, and whether closed tips too."""

import re

from django.http import HttpRequest

from tips.refusals import Refusal

from . import asked, gate
from .queue import QueuePlace

_ENTRIES_HEADER = "X-Desk-Entries"
_ENTRIES = re.compile(r"[a-z0-9-]{2,32}(?:,[a-z0-9-]{2,32}){0,15}")


def own_entries(request: HttpRequest) -> list[str]:
    """The entries of the keyring whose keys the browser has: it is given their heads."""
    said = request.headers.get(_ENTRIES_HEADER, "")
    if said and not _ENTRIES.fullmatch(said):
        raise gate.Stop(400, Refusal.UNREADABLE)
    return said.split(",") if said else []


def place_in(request: HttpRequest) -> QueuePlace | None:
    """The place to go on from; None at the beginning."""
    if "efter" not in request.GET:
        return None
    day, _slash, tip = request.GET["efter"].partition("/")
    return QueuePlace(asked.as_day(day), asked.as_uuid(tip))


def is_with_closed(request: HttpRequest) -> bool:
    return request.GET.get("alla") == "1"
