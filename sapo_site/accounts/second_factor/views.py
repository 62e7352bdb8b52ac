"""The pages of the second step: showing a factor, and one's own factors."""

from collections.abc import Callable
from functools import wraps

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from pages.ground.whole_numbers import whole_number
from sapo_site.accounts.brake import BRAKED, Brake, login_address
from sapo_site.audit_log.audit import CMS_DOOR
from tips.journal import note, note_refusal

from . import factors, passkeys, stages

_View = Callable[..., HttpResponse]

_brake = Brake()
_KEY = "new_app_key"


def _page(request: HttpRequest, kind: str, status: int = 200, **context: object) -> HttpResponse:
    return render(request, f"sapo_site/login/{kind}.html", context, status=status)


# The second step of the login


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def show_second_step(request: HttpRequest) -> HttpResponse:
    """A passkey, a code of an app or a recovery code, after the password."""
    user = stages.half_in(request)
    if user is None or not factors.has_cms_factor(user):
        return redirect("wagtailadmin_login")
    why, status = "", 200
    if request.method == "POST":
        # A counter of its own: the right password gives no new attempts at the code.
        counted = _counted(request, user, "code")
        if not _brake.lets_through(*counted):
            why, status = str(BRAKED), 429
            note_refusal(CMS_DOOR, user.get_username(), "brake")
        elif factors.is_right_code(user, request.POST.get("code", "")):
            _brake.was_right(*counted)
            return stages.let_into_cms(request, user, redirect(stages.wanted_address(request)))
        else:
            why = _("The code is wrong, used or too old. Write the next one that the app shows.")
            note_refusal(CMS_DOOR, user.get_username())
    kinds = {each.kind for each in factors.cms_factors_of(user)}
    return _page(
        request, "second_step", status, why=why, kinds=kinds, works_at=passkeys.works_at(request)
    )


def _counted(request: HttpRequest, user: User, what: str) -> tuple[str, str, str]:
    # Told apart by a sign that no name has.
    name = user.get_username()
    return f"{name}\0{what}", login_address(request), stages.cms_browsers.device(request, name)


@never_cache
@require_POST
def passkey_question(request: HttpRequest) -> HttpResponse:
    """What the browser is to ask a passkey: whoever comes, whoever is half in, or is asked again."""
    user = request.user if request.user.is_authenticated else stages.half_in(request)
    return JsonResponse(passkeys.ask_for_passkey(request, user))


@never_cache
@require_POST
def passkey_answer(request: HttpRequest) -> HttpResponse:
    """Logs in whoever has shown a passkey: alone it counts as both factors."""
    half = stages.half_in(request)
    user = passkeys.shown_by(request, half, request.POST.get("answer", ""))
    if user is None or not stages.may_use_cms(user):
        note_refusal(CMS_DOOR, half.get_username() if half else None)
        messages.error(request, _("The passkey was not accepted. Try again, or log in otherwise."))
        return redirect("login_second_step" if half else "wagtailadmin_login")
    wanted = (
        stages.wanted_address(request)
        if half
        else stages.safe_address(request, request.POST.get("next", ""))
    )
    return stages.let_into_cms(request, user, redirect(wanted))


# One's own factors


def _of_the_person(view: _View) -> _View:
    """For whoever is logged in; and for whoever has no factor and has given the password."""

    @never_cache
    @wraps(view)
    def decorated(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and stages.may_use_cms(request.user):
            return view(request, request.user)
        user = stages.half_in(request)
        if user is None or factors.has_cms_factor(user):
            return redirect("wagtailadmin_login")
        return view(request, user)

    return decorated


@_of_the_person
def own_factors(request: HttpRequest, user: User) -> HttpResponse:
    """What one has, and how to add, renew and take away."""
    found = factors.cms_factors_of(user)
    return _page(
        request,
        "own_factors",
        factors=found,
        has_room=len(found) < factors.AT_MOST,
        codes_left=factors.recovery_codes_left(user),
        is_required=settings.SECOND_FACTOR_REQUIRED,
        is_inside=request.user.is_authenticated,
        works_at=passkeys.works_at(request),
    )


@_of_the_person
@require_POST
def new_passkey_question(request: HttpRequest, user: User) -> HttpResponse:
    return JsonResponse(passkeys.ask_to_add(request, user))


@_of_the_person
@require_POST
def new_passkey(request: HttpRequest, user: User) -> HttpResponse:
    """Keeps a new passkey."""
    name = _name(request) or _("Passkey")
    if _is_full(user) or not passkeys.keep_passkey(
        request, user, request.POST.get("answer", ""), name
    ):
        messages.error(request, _("The passkey was not added. Try again."))
        return redirect("own_factors")
    return _added(request, user, factors.PASSKEY)


@_of_the_person
@require_http_methods(["GET", "POST"])
def adding_app(request: HttpRequest, user: User) -> HttpResponse:
    """Shows a key for an app, and keeps it once a code has shown that the app has it."""
    if _is_full(user):
        return redirect("own_factors")
    device = factors.new_app(user, request.session.get(_KEY, ""))
    request.session[_KEY] = device.key
    why, status = "", 200
    if request.method == "POST":
        counted = _counted(request, user, "new app")
        code = "".join(request.POST.get("code", "").split())
        if not _brake.lets_through(*counted):
            why, status = str(BRAKED), 429
        elif factors.keep_app(device, _name(request) or _("App with codes"), code):
            _brake.was_right(*counted)
            del request.session[_KEY]
            return _added(request, user, factors.APP)
        else:
            why = _("The code does not belong to this key. Write the one that the app shows now.")
    return _page(
        request,
        "app",
        status,
        why=why,
        name=_name(request),
        key=factors.as_written(device),
        picture=mark_safe(segno.make(device.config_url).svg_inline(scale=4, light="#fff")),  # noqa: S308
    )


@_of_the_person
@require_POST
def renewing_codes(request: HttpRequest, user: User) -> HttpResponse:
    """Shows new recovery codes, this once; the former ones end."""
    if not factors.has_cms_factor(user):
        return redirect("own_factors")
    return _show_codes(request, user)


@_of_the_person
@require_POST
def taking_away(request: HttpRequest, user: User) -> HttpResponse:
    """Takes a factor away, but never the last one where one is required."""
    if settings.SECOND_FACTOR_REQUIRED and len(factors.cms_factors_of(user)) < 2:
        messages.error(request, _("Add another one first: you must have at least one."))
    else:
        kind, pk = request.POST.get("kind", ""), whole_number(request.POST.get("id", ""))
        if pk is not None and factors.take_away(user, kind, pk):
            note(CMS_DOOR, "factor-removed", user.get_username(), kind=kind)
    return redirect("own_factors")


def _name(request: HttpRequest) -> str:
    return " ".join(request.POST.get("name", "").replace("\0", "").split())[: factors.NAME_LENGTH]


def _is_full(user: User) -> bool:
    return len(factors.cms_factors_of(user)) >= factors.AT_MOST


def _added(request: HttpRequest, user: User, kind: str) -> HttpResponse:
    """Lets in whoever was only half in; with the first factor come the recovery codes."""
    note(CMS_DOOR, "factor-made", user.get_username(), kind=kind)
    is_inside = request.user.is_authenticated
    go_on_to = "" if is_inside else stages.wanted_address(request)
    answer: HttpResponse = redirect(go_on_to or "own_factors")
    if factors.recovery_codes_left(user):
        messages.success(request, _("Added. It is asked for the next time you log in."))
    else:
        answer = _show_codes(request, user, go_on_to)
    if not is_inside:
        return stages.let_into_cms(request, user, answer)
    stages.note_shown(request)
    request.session.cycle_key()
    return answer


def _show_codes(request: HttpRequest, user: User, go_on_to: str = "") -> HttpResponse:
    note(CMS_DOOR, "factor-made", user.get_username(), kind="codes")
    return _page(request, "codes", codes=factors.new_codes(user), go_on_to=go_on_to)
