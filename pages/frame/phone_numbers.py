"""Telephone numbers, as editors have written them: on one line, to be called, and each once."""

import re
from collections.abc import Iterable, Iterator

from django.conf import settings
from wagtail.blocks import StreamValue

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


def dialled(phone: str) -> str:
    """The `tel:` link of a number, a Swedish one with the country code."""
    digits = re.sub(r"\(0\)|\D", "", phone)
    if phone.strip().startswith("+"):
        return f"tel:+{digits}"
    return f"tel:+46{digits[1:]}" if digits.startswith("0") else f"tel:{digits}"


def told_above(streams: Iterable[StreamValue]) -> set[str]:
    """The ids of the contacts whose number another block above them tells already."""
    told: set[str] = set()
    again: set[str] = set()
    for block in (block for stream in streams for block in stream):
        numbers = {dialled(phone) for phone in _phones_in(block)}
        if block.block_type == "contact" and numbers & told:
            again.add(block.id)
        told |= numbers
    return again


def _phones_in(block: StreamValue.StreamChild) -> Iterator[str]:
    if block.block_type == "numbers":
        yield from (each["number"] for each in block.value["numbers"])
    elif block.block_type == "contact" and block.value and block.value.phone:
        yield block.value.phone


def _marked(text: str) -> str:
    return _NUMBER.sub(_whole, text) if _DIGIT.search(text) else text


def _whole(number: re.Match[str]) -> str:
    return f'<span class="phone">{number[0]}</span>'
