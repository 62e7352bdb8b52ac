"""The languages in which single words stand in a text or a name (WCAG 3.1.2).

Those of the country and its minorities, and those of most readers who read neither Swedish nor English.
"""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

LANGUAGES = {
    "sv": _("Swedish"),
    "en": _("English"),
    "fi": _("Finnish"),
    "fit": _("Meänkieli"),
    "se": _("Northern Sami"),
    "smj": _("Lule Sami"),
    "sma": _("Southern Sami"),
    "rom": _("Romani"),
    "yi": _("Yiddish"),
    "ar": _("Arabic"),
    "fa": _("Persian"),
    "fr": _("French"),
    "pl": _("Polish"),
    "ru": _("Russian"),
    "so": _("Somali"),
    "es": _("Spanish"),
    "de": _("German"),
    "uk": _("Ukrainian"),
}
FROM_RIGHT_TO_LEFT = frozenset({"ar", "fa", "yi"})


def known_language(tag: str) -> str:
    """The language of a tag like "en-GB", if it is one of ours; else nothing."""
    code = tag.strip().lower().split("-")[0]
    return code if code in LANGUAGES else ""


def opening_tag(code: str) -> SafeString:
    """What stands in HTML before words in the language."""
    return format_html("<span{}>", attributes_in_html(code))


def attributes_in_html(code: str) -> SafeString:
    """The attributes of an element that holds words in the language; none without a language."""
    return format_html_join("", ' {}="{}"', attributes_of(code).items() if code else ())


def attributes_of(code: str) -> dict[str, str]:
    """What says in HTML that words are in the language."""
    return {"lang": code, **({"dir": "rtl"} if code in FROM_RIGHT_TO_LEFT else {})}
