import re
from collections.abc import Callable

from django import template
from django.conf import settings
from django.template.defaultfilters import stringfilter
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from tips.questions import TipQuestion

register = template.Library()

_KNOWN = "|".join(map(re.escape, ("112", "114 14", settings.PHONE, settings.PHONE_FROM_ABROAD)))
_NUMBER = re.compile(rf"(?<![\w#&+-])(?:{_KNOWN})(?![\w-])")


@register.simple_tag
def phone() -> str:
    """The agency's own number, as readers of the page's language dial it."""
    return settings.PHONE_FROM_ABROAD if get_language() == "en" else settings.PHONE


@register.simple_tag
def phone_href() -> str:
    return settings.PHONE_HREF


@register.simple_tag
def page_about(subject: str) -> str:
    """The address of a page of the website, which is not asked whether it has moved."""
    return settings.PAGES_ABOUT[subject, get_language() or settings.LANGUAGE_CODE]


@register.filter
def hint_of(texts: dict[str, str], question: TipQuestion) -> str:
    """What stands below the question: one of the texts, or a sentence of the form's own."""
    return texts[question.hint_text] if question.hint_text else gettext(question.hint)


@register.filter
@stringfilter
def paragraphs(text: str) -> SafeString:
    """The plain text as paragraphs, with links on the telephone numbers that we know."""
    return _with_numbers(text, _linked)


@register.filter
@stringfilter
def paragraphs_beside_number(text: str) -> SafeString:
    """The same without links, for a text that stands beside one."""
    return _with_numbers(text, _whole)


def _with_numbers(text: str, shown: Callable[[re.Match[str]], str]) -> SafeString:
    return mark_safe(_NUMBER.sub(shown, linebreaks(text, autoescape=True)))  # noqa: S308


def _linked(number: re.Match[str]) -> str:
    dialled = re.sub(r"[^\d+]", "", number[0])
    if dialled.startswith("0"):
        dialled = f"+46{dialled[1:]}"
    return f'<a href="tel:{dialled}">{number[0]}</a>'


def _whole(number: re.Match[str]) -> str:
    return f'<span class="phone">{number[0]}</span>'
