"""What the page of one's own account asks: second factors, recovery codes, password, sessions."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localtime

from tips.accounts import apps_with_codes, factors, passkeys, people, row_seals, secrets_file
from tips.journal import note
from tips.models import Authenticator, DeskSession
from tips.refusals import Refusal

from . import asked, gate, login_api, proving, sessions
from .sessions import Stage

_SMALL = 16 * 1024
_LONGEST_LABEL, _LONGEST_CODE, _LONGEST_PASSWORD = 60, 40, 1000


@gate.account("GET", half=True)
def own_account(request: HttpRequest, session: DeskSession) -> HttpResponseBase:
    return JsonResponse(_account(session))


@gate.account("GET", "POST", half=True, asks_again=True)
def passkey(request: HttpRequest, session: DeskSession) -> HttpResponseBase:
    """GET asks the browser for a new passkey; POST keeps it."""
    _refuse_half_but_to_enrol(session)
    handler, place = session.handler, gate.place_of(request)
    if request.method != "POST":
        those = factors.passkeys_of(handler)
        options, challenge = passkeys.ask_to_make(place, handler, those)
        sessions.set_challenge(session, challenge)
        return JsonResponse(options)
    body = asked.json_body(request, _SMALL)
    asked.only(body, "label", "answer")
    label = asked.text(body, "label", _LONGEST_LABEL)
    answer = asked.object_in(body, "answer")

    def add() -> None:
        challenge = sessions.take_challenge(session)
        factors.add_passkey(handler, label, answer, challenge, place)

    return _added(request, session, Authenticator.Kind.PASSKEY, add)


@gate.account("GET", "POST", half=True, asks_again=True)
def app(request: HttpRequest, session: DeskSession) -> HttpResponseBase:
    """GET draws a secret for an app with codes; POST keeps it, once the app shows its code."""
    _refuse_half_but_to_enrol(session)
    handler = session.handler
    if request.method != "POST":
        secret = apps_with_codes.draw_secret()
        row_seals.change_row(session, secret=secrets_file.seal_secret(secret, handler))
        return JsonResponse(
            {
                "secret": apps_with_codes.written(secret),
                "uri": apps_with_codes.address(secret, handler.username),
            }
        )
    body = asked.json_body(request, _SMALL)
    asked.only(body, "code", "label")
    label = asked.text(body, "label", _LONGEST_LABEL)
    code = asked.text(body, "code", _LONGEST_CODE)

    def add() -> None:
        if session.secret is None:
            raise passkeys.WrongAnswer
        factors.add_app(handler, label, bytes(session.secret), code)
        row_seals.change_row(session, secret=None)

    return _added(request, session, Authenticator.Kind.APP, add)


@gate.account("POST", asks_again=True)
def recovery_codes(request: HttpRequest, session: DeskSession) -> HttpResponseBase:
    asked.only(asked.json_body(request, _SMALL))
    if not factors.has_factor(session.handler):
        raise gate.Stop(400, Refusal.NO_FACTOR)
    drawn = factors.new_recovery_codes(session.handler)
    note(proving.DESK_DOOR, "factor-made", session.handler.username, kind=Authenticator.Kind.CODES)
    return JsonResponse({"codes": drawn})


@gate.account("POST", asks_again=True)
def remove_own_factor(request: HttpRequest, session: DeskSession) -> HttpResponseBase:
    """Takes a passkey or an app away; never the last one where one is required."""
    body = asked.json_body(request, _SMALL)
    asked.only(body, "id")
    handler = session.handler
    try:
        kind = factors.remove_factor(
            handler,
            str(asked.uuid(body, "id")),
            is_required=settings.SECOND_FACTOR_REQUIRED,
        )
    except factors.LastFactor:
        raise gate.Stop(400, Refusal.LAST_FACTOR) from None
    except Authenticator.DoesNotExist:
        raise gate.Stop(404, Refusal.FACTOR_GONE) from None
    note(proving.DESK_DOOR, "factor-removed", handler.username, kind=kind)
    return JsonResponse(_account(session))


@gate.account("POST")
def password(request: HttpRequest, session: DeskSession) -> HttpResponseBase:
    """A new password, for one who knows the old one. The handler's other sessions end."""
    body = asked.json_body(request, _SMALL)
    asked.only(body, "old", "new")
    old = asked.secret(body, "old", _LONGEST_PASSWORD)
    chosen = asked.secret(body, "new", _LONGEST_PASSWORD)
    handler = session.handler
    proving.require_proof(request, session, {"way": "password", "password": old}, "password")
    sessions.prove(session)
    with gate.unfit_is_refused():
        people.choose_password(handler, chosen, but=session)
    note(proving.DESK_DOOR, "password-set", handler.username)
    return JsonResponse({})


@gate.account("POST", asks_again=True)
def end_own_session(request: HttpRequest, session: DeskSession) -> HttpResponseBase:
    """Ends one of one's own sessions."""
    body = asked.json_body(request, _SMALL)
    asked.only(body, "id")
    count, _rows = session.handler.sessions.filter(pk=asked.uuid(body, "id")).delete()
    if count:
        note(proving.DESK_DOOR, "session-ended", session.handler.username)
    return JsonResponse(_account(session))


@gate.account("GET", "POST")
def prove_again(request: HttpRequest, session: DeskSession) -> HttpResponseBase:
    """GET tells the ways, and whether it is needed; POST proves, and what asks again may be done."""
    if request.method != "POST":
        asking = proving.ways_to_prove(request, session)
        # A recovery code is for one who has lost the rest, and is not spent on this.
        ways = ["password", *(way for way in asking["ways"] if way in Authenticator.FACTORS)]
        return JsonResponse({**asking, "ways": ways, "proven": sessions.is_proven(session)})
    body = asked.json_body(request, _SMALL)
    proving.require_proof(request, session, body, "password", *Authenticator.FACTORS)
    sessions.prove(session)
    return JsonResponse({})


def _refuse_half_but_to_enrol(session: DeskSession) -> None:
    """Who has shown a password alone makes a second factor only if there is none to be shown."""
    if session.stage == Stage.HALF and factors.has_factor(session.handler):
        raise sessions.LoggedOut


def _added(
    request: HttpRequest, session: DeskSession, kind: str, add: Callable[[], None]
) -> HttpResponseBase:
    """The account with the factor added. With the first one come the recovery codes, and one is in."""
    handler = session.handler
    is_first = not factors.has_factor(handler)
    try:
        add()
    except apps_with_codes.LateCode:
        raise gate.Stop(400, Refusal.LATE_CODE) from None
    except passkeys.WrongAnswer:
        raise gate.Stop(400, Refusal.WRONG_ANSWER) from None
    note(proving.DESK_DOOR, "factor-made", handler.username, kind=kind)
    more = {"codes": factors.new_recovery_codes(handler)} if is_first else {}
    if session.stage == Stage.IN:
        return JsonResponse({**_account(session), **more})
    return login_api.let_in(request, handler, lambda begun: {**_account(begun), **more})


def _account(session: DeskSession) -> dict[str, object]:
    handler = session.handler
    about = {
        "user": handler.username,
        "name": handler.name,
        "required": settings.SECOND_FACTOR_REQUIRED,
    }
    if session.stage == Stage.HALF:  # nothing more to one who has shown a password alone
        step = "second" if factors.has_factor(handler) else "enrol"
        return {**about, "step": step, "authenticators": [], "codes_left": 0, "sessions": []}
    return {
        **about,
        "step": "in",
        "authenticators": [
            {
                "id": str(each.pk),
                "kind": each.kind,
                "label": each.label,
                "made_on": each.made_on.isoformat(),
                "used_on": each.used_on.isoformat() if each.used_on else None,
            }
            for each in factors.factors_of(handler)
        ],
        "codes_left": factors.codes_left(handler),
        "sessions": [
            {
                "id": str(each.pk),
                "label": each.label,
                "began": localtime(each.began).isoformat(timespec="minutes"),
                "seen": localtime(each.seen).isoformat(timespec="minutes"),
                "is_this": each.pk == session.pk,
            }
            for each in sessions.sessions_of(handler)
        ],
    }
