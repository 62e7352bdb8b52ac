"""The form for those without script, and the answer to what was sent."""

from collections.abc import Mapping
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tips.keeping import intake
from tips.keeping.intake import Closed, SpentToken

from . import answers, guard, limits, tokens, upload
from .forms import TipForm
from .guard import guarded
from .incoming import is_from_elsewhere, is_readable, length_of, places
from .limiter import limiter
from .reception import NAMES, Limited, Reception
from .upload import Letter

_READING = ("GET", "HEAD")


def form(request: HttpRequest) -> HttpResponse:
    """Shows the form, and takes in what is sent with it."""
    if request.method == "POST":
        return leave_tip(request)
    if request.method not in _READING:
        return answers.refused_method(request, (*_READING, "POST"))
    try:
        intake.check_ready()
    except Closed as closed:
        return _closed(request, closed.reason)
    return answers.form_page(request, TipForm(), tokens.make_token())


def leave_tip(request: HttpRequest) -> HttpResponse:
    """Takes a tip in and says thank you, or says what to do and keeps all that was typed."""
    length = length_of(request)
    if is_from_elsewhere(request):
        return answers.refused(request, 403)
    if not is_readable(request):
        return answers.refused(request, 415)
    if length is None:
        return answers.refused(request, 411)
    with places.one_for(request.META.get(settings.TIPS_ADDRESS_HEADER, "")) as is_free:
        if not is_free:
            return answers.refused(request, 503)  # unread: a slow sender holds no thread
        letter = Letter()
        return guarded(
            lambda: _take_in(request, length, letter),
            otherwise=lambda: answers.closed(request, letter.fields),
        )


def _take_in(request: HttpRequest, length: int, letter: Letter) -> HttpResponse:
    address = request.META.pop(settings.TIPS_ADDRESS_HEADER, "")
    if not limiter.has_room(address):
        upload.read_form(request, length, letter, NAMES, None, seconds=limits.LIMITED_SECONDS)
        return answers.limited(request, letter.fields)
    # Counted only when it turns out to be a tip: else anybody could use up the room with nothing.
    with Reception(letter, length, partial(limiter.lets_in, address)) as reception:
        reception.read(request)
        if letter.is_limited:
            return answers.limited(request, letter.fields)
        if letter.closed:
            return _closed(request, letter.closed, letter.fields)
        if letter.is_damaged and not letter.fields:
            return answers.refused(request, 400)
        if faults := reception.faults():
            return _again(request, letter, reception.form, faults)
        try:
            tip_id = reception.hand_in()
        except Limited:
            return answers.limited(request, letter.fields)
        except Closed as closed:
            return _closed(request, closed.reason, letter.fields)
        except SpentToken:
            del letter.fields["token"]
            sent = _(
                "The form has been sent already. If you have changed something, send it again."
            )
            return _again(request, letter, reception.form, [("", sent)])
        return answers.received(request, tip_id)


def _again(
    request: HttpRequest, letter: Letter, form: TipForm, faults: list[tuple[str, str]]
) -> HttpResponse:
    """The form with all that was typed. Files must be chosen again: no page can fill them in."""
    if letter.too_large or letter.is_too_much or letter.are_too_many or letter.has_long_fields:
        status = 413
    else:
        status = 400 if letter.is_cut_off or letter.is_damaged else 422
    token = answers.reusable_token(letter.fields)
    return answers.form_page(
        request, form, token, faults, files_lost=letter.has_files, status=status
    )


def _closed(
    request: HttpRequest, reason: str, fields: Mapping[str, str] | None = None
) -> HttpResponse:
    guard.report_closed(reason)
    return answers.closed(request, fields, reason)
