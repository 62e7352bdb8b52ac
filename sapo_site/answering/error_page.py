"""Error pages that work when nothing else does.

They are made from text alone: no template, no database, no catalogue, no static file. The style is
inline and allowed by its hash, so that the content security policy stays strict.
"""

import base64
import hashlib
from typing import Literal

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpResponse

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0;font:1.125rem/1.6 system-ui,sans-serif;hyphens:auto;overflow-wrap:anywhere;"
    "background:light-dark(#fff,#0b1420);color:light-dark(#13202e,#e8eef5)}"
    "header{background:#0a2140;color:#fff;border-bottom:4px solid #efc14a;"
    "font-size:1.375rem;font-weight:650;padding:1.25rem max(1rem,calc(50% - 22rem))}"
    "main{max-width:44rem;margin:auto;padding:3rem 1rem}"
    "h1{font-size:clamp(2rem,1.6rem + 2vw,3rem);line-height:1.1;letter-spacing:-.02em;margin:0 0 1rem}"
    "a{color:light-dark(#0b56a3,#9ccbff)}"
    "[href^=tel]{white-space:nowrap}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

_PHONE = f'<a href="{settings.PHONE_HREF}">{settings.PHONE}</a>'

_TO_CMS = f'<a href="/{settings.ADMIN_PATH}">Till redaktionsverktygets startsida</a>'

# Language, or the CMS, which is in Swedish -> status, or what else it is -> the heading, and the paragraphs after it.
_TEXTS: dict[str, dict[int | str, tuple[str, ...]]] = {
    "sv": {
        400: (
            "Det gick inte att läsa det som skickades",
            "Webbläsaren skickade något som vi inte kan tolka. Gå tillbaka och försök igen.",
            f"Du kan alltid ringa oss på {_PHONE}.",
        ),
        403: (
            "Du har inte tillgång till sidan",
            "Sidan kan ha varit öppen för länge. Ladda om den och försök igen.",
            f"Du kan alltid ringa oss på {_PHONE}.",
        ),
        404: (
            "Sidan finns inte",
            "Adressen kan vara felskriven eller sidan borttagen.",
            '<a href="/">Gå till startsidan</a> eller ring oss på ' + _PHONE + ".",
        ),
        500: (
            "Något gick fel hos oss",
            "Sidan kunde inte visas. Felet ligger hos oss, inte hos dig. Försök igen om en stund.",
            f"Behöver du nå oss nu? Ring {_PHONE}. "
            'Vid fara för liv: ring <a href="tel:112">112</a>.',
            '<a href="/">Till startsidan</a>',
        ),
        503: (
            "Webbplatsen kan inte svara just nu",
            "Felet ligger hos oss. Försök igen om en stund. Om du just skickade något är det inte sparat.",
            f"Behöver du nå oss nu? Ring {_PHONE}. "
            'Vid fara för liv: ring <a href="tel:112">112</a>.',
        ),
        "busy": (
            "Många söker just nu",
            "Vänta några sekunder och ladda om sidan. Allt annat på webbplatsen går att läsa.",
            f"Du kan alltid ringa oss på {_PHONE}.",
        ),
    },
    "en": {
        400: (
            "We could not read what was sent",
            "Your browser sent something that we cannot interpret. Go back and try again.",
            f"You can always call us on {_PHONE}.",
        ),
        403: (
            "You do not have access to this page",
            "The page may have been open for too long. Reload it and try again.",
            f"You can always call us on {_PHONE}.",
        ),
        404: (
            "The page does not exist",
            "The address may be misspelt, or the page may have been removed.",
            '<a href="/en/">Go to the start page</a> or call us on ' + _PHONE + ".",
        ),
        500: (
            "Something went wrong on our side",
            "The page could not be shown. The fault is ours, not yours. Try again in a while.",
            f"Do you need to reach us now? Call {_PHONE}. "
            'If a life is in danger: call <a href="tel:112">112</a>.',
            '<a href="/en/">To the start page</a>',
        ),
        503: (
            "The website cannot answer right now",
            "The fault is ours. Try again in a while. If you have just sent something, it is not saved.",
            f"Do you need to reach us now? Call {_PHONE}. "
            'If a life is in danger: call <a href="tel:112">112</a>.',
        ),
        "busy": (
            "Many people are searching right now",
            "Wait a few seconds and reload the page. Everything else on the website can be read.",
            f"You can always call us on {_PHONE}.",
        ),
    },
    "cms": {
        400: (
            "Det gick inte att läsa det som skickades",
            "Webbläsaren skickade något som redaktionsverktyget inte kan tolka. Gå tillbaka och försök "
            "igen.",
            _TO_CMS,
        ),
        403: (
            "Du har inte tillgång till sidan",
            "Sidan kan ha varit öppen för länge. Ladda om den och försök igen.",
            _TO_CMS,
        ),
        404: (
            "Sidan finns inte i redaktionsverktyget",
            "Adressen kan vara felskriven, eller det som fanns där borttaget.",
            _TO_CMS,
        ),
        500: (
            "Något gick fel i redaktionsverktyget",
            "Felet ligger hos oss, inte hos dig. Det som redan var sparat finns kvar: ett utkast öppnar "
            "du från startsidan.",
            "Händer det igen? Säg till dem som driver webbplatsen vad du gjorde och när.",
            _TO_CMS,
        ),
        503: (
            "Redaktionsverktyget kan inte svara just nu",
            "Felet ligger hos oss. Försök igen om en stund. Om du just sparade något är det inte sparat.",
            _TO_CMS,
        ),
    },
}
# What passes by itself: the status, and after how many seconds to ask again.
_PASSING = {503: (503, 30), "busy": (503, 5)}


def plain_error_page(what: int | Literal["busy"], language: str | None) -> HttpResponse:
    """A whole page, in Swedish or English or to editors, that says what happened and whom to call.

    It is known by its status, or as "busy": the site does answer, but not one more.
    """
    language = language if language in _TEXTS else "sv"
    heading, *paragraphs = _TEXTS[language][what]
    status, seconds = _PASSING.get(what, (what, None))
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    language = "en" if language == "en" else "sv"
    response = HttpResponse(unframed_page(language, heading, body), status=status)
    response.headers["Cache-Control"] = "no-store"
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    response.headers[HEADER] = policy_of_unframed_pages()
    return response


def unframed_page(language: str, heading: str, body: str) -> str:
    """A page with its style in it; heading and body are HTML."""
    agency = "Säkerhetspolisen" if language == "sv" else "Swedish Security Service"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{heading} – {agency}</title>'
        f"<style>{_STYLE}</style></head><body><header>{agency}</header>"
        f"<main><h1>{heading}</h1>{body}</main></body></html>"
    )


def policy_of_unframed_pages() -> str:
    return build_policy({**settings.CSP_FOR_VISITORS, "style-src": [f"'sha256-{_STYLE_HASH}'"]})
