"""Keeps telephone numbers on one line, as editors have written them anywhere."""

import re

from django.conf import settings

_NUMBER = re.compile(settings.PHONE_LOOKS, re.VERBOSE)
_DIGIT = re.compile(r"\d")
# Elements that hold text alone, and tags.
_LEFT_ALONE = re.compile(
    r"<(?:(?P<name>script|style|textarea|option|title)\b.*?</(?P=name)>|!--.*?-->|[^>]*>)",
    re.DOTALL | re.IGNORECASE,
)


def whole_numbers(html: str) -> str:
    """The same HTML with a `span.phone`, which does not break, around each telephone number."""
    parts, end = [], 0
    for tag in _LEFT_ALONE.finditer(html):
        parts += [_marked(html[end : tag.start()]), tag[0]]
        end = tag.end()
    return "".join([*parts, _marked(html[end:])])


def _marked(text: str) -> str:
    return _NUMBER.sub(_whole, text) if _DIGIT.search(text) else text


def _whole(number: re.Match[str]) -> str:
    return f'<span class="phone">{number[0]}</span>'
