"""What the view of the tip page's texts asks: what editors want it to say, and the answer to them."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from tips.handling import tip_page_texts
from tips.handling.tip_page_texts import WantedTexts
from tips.models import Handler
from tips.refusals import Refusal
from tips.wording.texts import TEXT_FIELDS, built_in_to_edit, shown_texts

from . import asked, gate
from .word_differences import marked_apart

_SMALL = 16 * 1024
_LONGEST_WORD = 64
_ANSWERS = {"approve": tip_page_texts.approve_texts, "refuse": tip_page_texts.refuse_texts}


@gate.api("GET", "POST")
def texts(request: HttpRequest, user: Handler) -> HttpResponseBase:
    """What editors want on the tip page, beside what it says; POST answers them first."""
    if request.method == "POST":
        _answer(request, user)
    return JsonResponse({"languages": [_about(code) for code, _name in settings.LANGUAGES]})


def _answer(request: HttpRequest, user: Handler) -> None:
    body = asked.json_body(request, _SMALL)
    asked.only(body, "step", "language", "digest")
    step, language, digest = (
        asked.text(body, name, _LONGEST_WORD) for name in ("step", "language", "digest")
    )
    if step not in _ANSWERS:
        raise gate.Stop(400, Refusal.UNREADABLE)
    try:
        _ANSWERS[step](language, digest, user.username)
    except tip_page_texts.OtherTexts:
        raise gate.Stop(409, Refusal.TEXTS_CHANGED) from None
    except tip_page_texts.UnfitTexts:
        raise gate.Stop(400, Refusal.TEXTS_UNFIT) from None
    except OSError:
        raise gate.Stop(503, Refusal.TEXTS_WAIT) from None


def _about(language: str) -> dict[str, Any]:
    wanted, shown = tip_page_texts.wanted_texts(language), shown_texts(language)
    release = built_in_to_edit(language)
    now = release | shown.texts
    then = release | wanted.texts if wanted else now
    return {
        "code": language,
        "approved_on": shown.approved_on.isoformat() if shown.approved_on else "",
        "wanted": _what_waits(wanted) if wanted else None,
        "rows": [_beside(each.key, now[each.key], then[each.key]) for each in TEXT_FIELDS],
    }


def _what_waits(wanted: WantedTexts) -> dict[str, Any]:
    refusal = wanted.answer if wanted.is_refused else None
    return {
        "digest": wanted.digest,
        "refused_by": refusal.actor if refusal else "",
        "refused_on": refusal.on.isoformat() if refusal else "",
        "is_withdrawn": not wanted.texts,
        "can_be_shown": wanted.can_be_shown,
        # Each kind once for each text, however many of its words are meant.
        "faults": [*dict.fromkeys((each.key, each.kind.value) for each in wanted.faults)],
    }


def _beside(key: str, now: str, then: str) -> dict[str, Any]:
    shown, wanted = ([asdict(words) for words in text] for text in marked_apart(now, then))
    return {"key": key, "differ": now != then, "shown": shown, "wanted": wanted}
