import re

from django import template
from django.conf import settings
from django.template.defaultfilters import stringfilter
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

_KNOWN = "|".join(map(re.escape, ("112", "114 14", settings.PHONE, settings.PHONE_FROM_ABROAD)))
_NUMBER = re.compile(rf"(?<![\w#&+-])(?:{_KNOWN})(?![\w-])".replace(r"\ ", r"[ \xa0]"))


@register.simple_tag
def phone() -> str:
    """The agency's own number, as readers of the page's language dial it."""
    return settings.PHONE_FROM_ABROAD if get_language() == "en" else settings.PHONE


@register.simple_tag
def phone_href() -> str:
    return settings.PHONE_HREF


@register.filter
@stringfilter
def paragraphs(text: str) -> SafeString:
    """The plain text as paragraphs, with links on the telephone numbers that we know."""
    return mark_safe(_NUMBER.sub(_link, linebreaks(text, autoescape=True)))  # noqa: S308


def _link(number: re.Match[str]) -> str:
    dialled = re.sub(r"[^\d+]", "", number[0])
    if dialled.startswith("0"):
        dialled = f"+46{dialled[1:]}"
    return f'<a href="tel:{dialled}">{number[0]}</a>'
