import re

from django import template
from django.template.defaultfilters import stringfilter
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_NUMBER = re.compile(
    r"(?<![\w#&+-])(?:112|114[ \xa0]14|(?:0|\+46[ \xa0])10-568[ \xa0]70[ \xa0]00)(?![\w-])"
)


@register.filter
@stringfilter
def paragraphs(text: str) -> SafeString:
    """The plain text as paragraphs, in which the telephone numbers that we know can be called."""
    return mark_safe(_NUMBER.sub(_link, linebreaks(text, autoescape=True)))  # noqa: S308


def _link(number: re.Match[str]) -> str:
    dialled = re.sub(r"[^\d+]", "", number[0])
    if dialled.startswith("010"):
        dialled = f"+46{dialled[1:]}"
    return f'<a href="tel:{dialled}">{number[0]}</a>'
