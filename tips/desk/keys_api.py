"""What the view of keys asks: how many tips wait. Whose the keys are the script finds out itself."""

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from tips.keeping.present_keyring import keyring_now
from tips.models import Tip
from tips.sealing.keyring import KeyringEntry, KeyringError

from . import gate


@gate.api("GET")
def older_tips(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """How many older tips wait to be wrapped for those in the present keyring too."""
    try:
        ring = keyring_now()
    except KeyringError:
        return JsonResponse({"older": 0})
    return JsonResponse({"older": Tip.objects.exclude(keyring_serial=ring.serial).count()})
