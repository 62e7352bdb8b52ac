"""What the view of keys asks: who can open what is left from now on."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from tips.keeping.present_keyring import keyring_now, refused_keyring
from tips.models import Handler, Tip
from tips.sealing.keyring import Keyring, KeyringError

from . import gate

_BEGINNING = 23  # of a key of 2,000 characters


@gate.api("GET")
def keyring(request: HttpRequest, user: Handler) -> HttpResponseBase:
    """The present keyring, and how many older tips wait to be wrapped for those in it too."""
    try:
        ring = keyring_now()
    except KeyringError as fault:
        return JsonResponse({"fault": refused_keyring(fault).answer})
    older = Tip.objects.exclude(keyring_serial=ring.serial).count()
    return JsonResponse({"fault": None, "older": older, **_about(ring)})


def _about(ring: Keyring) -> dict[str, Any]:
    return {
        "serial": ring.serial,
        "hash": ring.hash,
        "made_on": ring.made_on.isoformat(),
        "not_after": ring.not_after.isoformat(),
        "is_demo": ring.is_demo,
        "entries": [
            {
                "name": entry.name,
                "key": f"{str(entry.recipient)[:_BEGINNING]}…",
                "since": entry.since.isoformat(),
            }
            for entry in ring.entries
        ],
    }
