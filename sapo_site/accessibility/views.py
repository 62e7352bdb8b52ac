"""The form for messages on accessibility, and the answer to what was sent."""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from pages.content.tree.addresses import prefix_of
from pages.ground.models import ContentVersion
from pages.ground.version.memory import one_version
from pages.public.store.keeping import kept
from sapo_site.answering.error_page import plain_error_page

from . import spool
from .message_form import LONGEST_LINE, MessageForm
from .messages import DAYS_KEPT, answer_by, reference_of_key
from .senders import senders

logger = logging.getLogger(__name__)

_PLAIN_FORM = "application/x-www-form-urlencoded"


# There is nobody logged in whom a page elsewhere could use: what such a page sends is refused below.
@csrf_exempt
def message(request: HttpRequest) -> HttpResponse:
    """Shows the form, and keeps what is sent with it."""
    if request.method == "POST":
        return _take(request)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    return _empty_form(request)


@kept
def _empty_form(request: HttpRequest) -> HttpResponse:
    """The page that it is about stands in the address where the reader chose a link that says so."""
    place = request.GET.get("om", "")
    is_ours = place.startswith("/") and len(place) <= LONGEST_LINE and place.isprintable()
    return _form_page(request, MessageForm(initial={"place": place if is_ours else ""}), 200)


def _take(request: HttpRequest) -> HttpResponse:
    if _is_from_elsewhere(request):
        return plain_error_page(403, get_language())
    # Before the form is read: files would be written to disk.
    if request.content_type != _PLAIN_FORM:
        return plain_error_page(400, get_language())
    form = MessageForm(request.POST)
    with one_version(ask=ContentVersion.now):
        if not form.is_valid():
            return _form_page(request, form, 422)
        if not senders.lets_in(request.META.get(settings.TIPS_ADDRESS_HEADER, "")):
            told = _(
                "Many messages are coming right now. Wait ten minutes and send it again, or call %(phone)s."
            )
            return _not_kept(request, form, told, 429)
        try:
            key = spool.put(form.message, get_language() or settings.LANGUAGE_CODE)
        except spool.SpoolFullError as error:
            logger.error("A message was not kept: %s", type(error.__cause__ or error).__name__)
            told = _(
                "We cannot keep your message right now. The fault is ours. Try again in a while, or call %(phone)s."
            )
            return _not_kept(request, form, told, 503)
        return _receipt(request, key)


def _receipt(request: HttpRequest, key: str) -> HttpResponse:
    """Says that the message is kept, even when the page for it fails.

    The answer to what was sent, not another page: a reader who has no cookie could not be told from one
    who never sent anything. Sent again, it counts once (`spool.put`).
    """
    context = {
        "reference": reference_of_key(key),
        "answer_by": answer_by(localdate()),
        "supervisor": settings.SUPERVISOR,
        "supervisor_address": settings.SUPERVISOR_ADDRESS,
    }
    try:
        return _page(request, "sapo_site/message_received.html", context, 200)
    except Exception as error:
        logger.error("The receipt of a message failed: %s", type(error).__name__)
        told = _("Thank you, your message has arrived. Reference number: %(reference)s")
        return HttpResponse(f"{told % context}\n", content_type="text/plain; charset=utf-8")


def _not_kept(request: HttpRequest, form: MessageForm, told: str, status: int) -> HttpResponse:
    phone = settings.PHONE_FROM_ABROAD if get_language() == "en" else settings.PHONE
    form.add_error(None, told % {"phone": phone})
    answer = _form_page(request, form, status)
    answer.headers["Retry-After"] = "600" if status == 429 else "60"
    return answer


def _form_page(request: HttpRequest, form: MessageForm, status: int) -> HttpResponse:
    return _page(request, "sapo_site/message.html", {"form": form, "days": DAYS_KEPT}, status)


def _page(
    request: HttpRequest, template: str, context: dict[str, object], status: int
) -> HttpResponse:
    # By its address: the tip page may be served by another process.
    language = get_language() or settings.LANGUAGE_CODE
    context["tips_address"] = f"{prefix_of(language)}/{settings.INTAKE_PATH}"
    answer = render(request, template, context, status=status)
    if request.method == "POST":
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a page that is not ours made the browser send this."""
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin", own).lower() != own.lower()
