"""What the desk's page asks to come in, and to go: a challenge, its signature, and the way out."""

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from tips.journal import note, note_login, note_refusal
from tips.keeping.present_keyring import signed_now
from tips.refusals import Refusal
from tips.sealing import trust
from tips.sealing.trust import TrustError

from . import asked, gate, proof, sessions

_SMALL, _LARGEST = 1024, 32 * 1024
_LONGEST_LOGIN, _LONGEST_PART = 2048, 8192
_OF_A_PASSKEY = ("authenticator", "client", "credential", "signature")


@gate.open_to_all("POST")
def challenge(request: HttpRequest) -> HttpResponseBase:
    """What to sign: nothing is kept of it."""
    asked.only(asked.json_body(request, _SMALL))
    return JsonResponse(proof.new_challenge(signed_now()))


@gate.open_to_all("POST")
def log_in(request: HttpRequest) -> HttpResponseBase:
    """Lets in whoever has signed with the key, and shown the passkey, of an entry in the keyring."""
    shown = _proof_in(asked.json_body(request, _LARGEST))
    ring = signed_now()
    try:
        handler = proof.who_has_proved(shown, ring, gate.place_of(request))
    except proof.NotProved:
        note_refusal(gate.DESK_DOOR, _known_in(shown.login))
        raise gate.Stop(400, Refusal.NOT_LET_IN) from None
    response = JsonResponse({"user": handler.id})
    sessions.begin_session(request, response, handler)
    note_login(gate.DESK_DOOR, handler.id)
    return response


@gate.open_to_all("POST")
def end_login(request: HttpRequest) -> HttpResponseBase:
    """Ends the session of whoever's key is open in the page: not that of who came in later in another tab."""
    asked.only(asked.json_body(request, _SMALL))
    response = JsonResponse({})
    if gate.is_anothers(request):
        return response
    if handler_id := sessions.end_session_and_forget(request, response):
        note(gate.DESK_DOOR, "logged-out", handler_id)
    return response


def _proof_in(body: dict[str, object]) -> proof.LoginProof:
    passkey = None
    if "passkey" in body:
        answer = asked.object_in(body, "passkey")
        asked.only(answer, *_OF_A_PASSKEY)
        passkey = {name: asked.text(answer, name, _LONGEST_PART) for name in _OF_A_PASSKEY}
    asked.only(body, "ed25519", "login", "mldsa65", *(["passkey"] if passkey else []))
    # As it stands: one spelling, with a line break at its end.
    login = asked.lines(body, "login", _LONGEST_LOGIN)
    try:
        signature = asked.signature(body)
    except TrustError:
        raise gate.Stop(400, Refusal.NOT_LET_IN) from None
    return proof.LoginProof(login.encode("utf-8", "replace"), signature, passkey)


def _known_in(login: bytes) -> str | None:
    """The id that somebody claims, where the keyring has it: what else stands there is no name."""
    try:
        claimed = trust.read(login).get("handler")
    except TrustError:
        return None
    return next((each.id for each in signed_now().entries if each.id == claimed), None)
