"""What the view of stops asks: those that stand or wait, as they were signed, and a handler's half of one."""

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from tips.handling import stopping
from tips.journal import note
from tips.sealing.keyring import KeyringEntry

from . import asked, gate

_LARGEST = 16 * 1024


@gate.api("GET", "POST")
def stops(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """GET lists them, but for those of whoever asks; POST signs one."""
    if request.method == "POST":
        return _sign(request, user)
    found = (each for each in stopping.stops_now() if each.text.handler != user.id)
    rows = [{"text": each.text.octets.decode(), "signatures": each.file.decode()} for each in found]
    return JsonResponse({"stops": rows})


def _sign(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    body = asked.json_body(request, _LARGEST)
    asked.only(body, "text", "signatures")
    text, file = (asked.lines(body, name, _LARGEST).encode() for name in ("text", "signatures"))
    try:
        stop = stopping.sign_stop(text, file, user.id)
    except stopping.StopRefused as fault:
        raise gate.Stop(400, fault.refusal) from None
    done = "stopped" if stop.is_whole else "stop-proposed"
    note(gate.DESK_DOOR, done, user.id, whom=stop.text.handler)
    return JsonResponse({})
