"""The page on which a handler approves what the tip page says. It shows nothing of any tip."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tips.handling import tip_page_texts
from tips.models import Handler
from tips.wording.texts import TEXT_FIELDS, built_in_to_edit, shown_texts

from . import gate
from .views import frame
from .word_differences import marked_apart


@gate.page("GET", "POST")
def texts(request: HttpRequest, user: Handler) -> HttpResponse:
    """What editors want on the tip page, beside what it says, and the answer to them."""
    if request.method != "POST":
        return _texts_page(request, user)
    language, digest = request.POST.get("sprak", ""), request.POST.get("digest", "")
    answers = {"approve": tip_page_texts.approve_texts, "refuse": tip_page_texts.refuse_texts}
    answer = answers.get(request.POST.get("steg", ""))
    if answer is None:
        raise gate.Stop(400, _("What was sent cannot be read."))
    try:
        answer(language, digest, user.username)
    except tip_page_texts.OtherTexts:
        fault = _("The texts have been changed since you were shown them. Read them again.")
        return _texts_page(request, user, fault, status=409)
    except tip_page_texts.UnfitTexts:
        fault = _("These texts cannot be shown. Nothing has been changed.")
        return _texts_page(request, user, fault, status=400)
    except OSError:
        fault = _(
            "Your answer is in the log, but could not be handed on. It will be tried again "
            "within five minutes: look at this page then."
        )
        return _texts_page(request, user, fault, status=503)
    return HttpResponseRedirect(f"{reverse('desk:texts')}?klart={request.POST['steg']}")


def _texts_page(
    request: HttpRequest, user: Handler, fault: str = "", status: int = 200
) -> HttpResponse:
    done = {
        "approve": _("The texts are approved. The tip page shows them now."),
        "refuse": _("The texts are refused. The tip page is as it was, and the editors are told."),
    }.get(request.GET.get("klart", ""), "")
    context = {
        **frame(user),
        "languages": [_about(code, name) for code, name in settings.LANGUAGES],
        "fault": fault,
        "done": done,
    }
    return render(request, "tips/desk/texts.html", context, status=status)


def _about(language: str, name: str) -> dict[str, Any]:
    wanted = tip_page_texts.wanted_texts(language)
    shown = shown_texts(language)
    release = built_in_to_edit(language)
    now = release | shown.texts
    return {
        "code": language,
        "name": name,
        "approved_on": shown.approved_on,
        "wanted": wanted,
        "rows": list(_beside(now, (release | wanted.texts) if wanted else now)),
    }


def _beside(now: dict[str, str], then: dict[str, str]) -> Iterator[dict[str, Any]]:
    for field in TEXT_FIELDS:
        shown, wanted = marked_apart(now[field.key], then[field.key])
        differ = now[field.key] != then[field.key]
        yield {"label": field.label, "shown": shown, "wanted": wanted, "differ": differ}
