"""Keeps errors, which may hold a tip, out of logs, mails, traces and answers.

Tracebacks hold the values of variables; errors of the database and of files quote what was written.
So every error ends here, as one line that says its kind and where it was.
"""

import logging
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation

logger = logging.getLogger("tips.intake")

_OURS = str(Path(__file__).resolve().parents[1])
# Texts for when neither templates nor catalogues can be relied on.
_NUMBERS = '<p>112 &middot; 114 14 &middot; <a href="{href}">{telephone}</a></p><p>{when}</p>'
_TEXTS = {
    "sv": {
        "agency": "Säkerhetspolisen",
        "title": "Formulär",
        "telephone": settings.PHONE,
        "when": "Ring 112 om någon är i fara, 114 14 till polisen om annat brott, "
        f"{settings.PHONE} om du vill tipsa oss.",
        "closed": "Formuläret är stängt just nu. Fick du inget nummer när du skickade har det "
        "inte kommit fram. Försök igen om en stund, eller ring.",
        "elsewhere": "Sidan finns inte under den här adressen. Kontrollera adressen, eller ring.",
        "received": "Tack, tipset har kommit fram. Referensnummer: ",
    },
    "en": {
        "agency": "Swedish Security Service",
        "title": "Form",
        "telephone": settings.PHONE_FROM_ABROAD,
        "when": "Call 112 if someone is in danger, 114 14 to reach the police about other crime, "
        f"{settings.PHONE_FROM_ABROAD} to leave us a tip.",
        "closed": "The form is closed right now. If you got no number when you sent a tip, "
        "it has not arrived. "
        "Try again in a while, or call.",
        "elsewhere": "There is no page at this address. Check the address, or call.",
        "received": "Thank you, the tip has arrived. Reference number: ",
    },
}


def guarded(
    act: Callable[[], HttpResponse],
    *,
    otherwise: Callable[[], HttpResponse],
) -> HttpResponse:
    """The answer of `act`; if it fails, of `otherwise`; if both fail, a page without a template."""
    for attempt in (act, otherwise):
        try:
            return attempt()
        except Exception as error:
            report(error)
            _empty(error)
    return plain_page("closed", status=503)


def report(error: BaseException) -> None:
    """Logs one line: the kind of error, and where it was in our own code."""
    function, line = _place(error)
    logger.error("%s in %s, line %d", type(error).__name__, function, line)


def report_closed(reason: str, level: int = logging.ERROR) -> None:
    """Logs why the form is closed, but not at every visit: the log would tell when people came."""
    global _reported
    if _reported[0] != reason or time.monotonic() - _reported[1] > _QUIET_SECONDS:
        _reported = reason, time.monotonic()
        logger.log(level, "The form is closed: %s", reason)


_QUIET_SECONDS = 10 * 60
_reported = "", 0.0


def plain_page(text: str, *, status: int = 200, reference: str = "") -> HttpResponse:
    language = "en" if translation.get_language() == "en" else "sv"
    texts = _TEXTS[language]
    numbers = _NUMBERS.format(href=settings.PHONE_HREF, **texts)
    return HttpResponse(
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{texts['title']} – {texts['agency']}</title></head>"
        f"<body><main><h1>{texts['agency']}</h1><p>{texts[text]}{reference}</p>{numbers}"
        "</main></body></html>",
        status=status,
    )


def _place(error: BaseException) -> tuple[str, int]:
    """Our innermost function that the error passed, and the line."""
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        code = frame.f_code
        if code.co_filename.startswith(_OURS) and code.co_filename != __file__:
            module = Path(code.co_filename).stem
            return f"{module}.{code.co_qualname}", line
    return "?", 0


def _empty(error: BaseException) -> None:
    """Clears the variables of the functions that failed."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        waiting += [each.__cause__, each.__context__]
        traceback.clear_frames(each.__traceback__)
        each.__traceback__ = each.__cause__ = each.__context__ = None
        each.args = ()
