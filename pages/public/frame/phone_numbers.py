"""Telephone numbers, as editors have written them: on one line, to be called, and each once."""

import re
from collections.abc import Iterable, Iterator
from html import unescape

from django.conf import settings
from wagtail.blocks import StreamValue

_NUMBER = re.compile(settings.PHONE_LOOKS, re.VERBOSE)
# Said to be called, or alone in its place: elsewhere it may be any figure.
_SOS = re.compile(
    r"(?:(?<=[Rr]ing )|(?<=ringa )|(?<=ringer )|(?<=ringer du )|(?<=[Cc]all ))112\b|^\s*112\s*$"
)
# What a number begins with, and what follows of the text or of the tag: most tags and texts have none, and are not looked at.
_MAY_BE_ONE = re.compile(r"[01+][^<>]*")
# Elements in which nothing else can be pressed, and `alone`: those that hold text and no element.
_AROUND = re.compile(
    r"<(?P<end>/?)(?:a|button|summary|label|h[1-6]|(?P<alone>script|style|textarea|option|title))\b",
    re.IGNORECASE,
)


def whole_numbers(html: str) -> str:
    """The same HTML with each telephone number on one line, and a link that calls it where one may stand."""
    parts, end, depth, depth_alone = [], 0, 0, 0
    for found in _MAY_BE_ONE.finditer(html):
        if html[found.end() : found.end() + 1] == ">":  # in a tag
            continue
        start = html.rfind(">", 0, found.start()) + 1
        for tag in _AROUND.finditer(html, end, start):
            step = -1 if tag["end"] else 1
            depth, depth_alone = depth + step, depth_alone + step * bool(tag["alone"])
        text = html[start : found.end()]
        parts += [html[end:start], text if depth_alone else _marked(text, may_link=not depth)]
        end = found.end()
    return "".join([*parts, html[end:]])


def dialled(phone: str) -> str:
    """The `tel:` link of a number, a Swedish one with the country code."""
    digits = re.sub(r"\(0\)|\D", "", phone)
    if phone.strip().startswith("+"):
        return f"tel:+{digits}"
    if digits.startswith("00"):
        return f"tel:+{digits[2:]}"
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
        # In a draft one may be empty still.
        yield from (each["number"] for each in block.value["numbers"] if each["number"])
    elif block.block_type == "contact" and block.value and block.value.phone:
        yield block.value.phone


def _marked(text: str, *, may_link: bool) -> str:
    if not may_link:
        return _NUMBER.sub(r'<span class="phone">\g<0></span>', text)
    return _SOS.sub(_called, _NUMBER.sub(_called, text))


def _called(number: re.Match[str]) -> str:
    return f'<a class="phone" href="{dialled(unescape(number[0]))}">{number[0]}</a>'
