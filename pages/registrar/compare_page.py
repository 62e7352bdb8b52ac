"""One address at two moments: the words that differ, and how both looked."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from lxml import html as lxml_html
from lxml.etree import ParserError

from pages.newsroom.difference import Line, compare, lines_of

from .around import records_page
from .as_it_stood import own_address
from .asked_for import AskedForm, MomentForm, asked, now_asked
from .frames import frame_at
from .shown_record import Shown, shown_at
from .stockholm_time import moment_named

_THEN = "then"


@never_cache
@require_safe
def compare_page(request: HttpRequest) -> HttpResponse:
    """Asks for an address and two moments, and shows both."""
    given = asked(request.GET)
    later = {name: request.GET.get(f"{_THEN}-{name}", "") for name in ("day", "hour")}
    is_asked = "address" in given and any(later.values())
    first = AskedForm(given) if is_asked else AskedForm(initial=now_asked() | given)
    second = MomentForm(
        {f"{_THEN}-{name}": value for name, value in later.items()} if is_asked else None,
        initial=now_asked(), prefix=_THEN,
    )  # fmt: skip
    context: dict[str, Any] = {"first": first, "second": second}
    if is_asked and first.is_valid() and second.is_valid():
        address = first.cleaned_data["address"]
        moment = moment_named(request.GET.get("moment", "")) or first.cleaned_data["moment"]
        before, after = shown_at(address, moment), shown_at(address, second.cleaned_data["moment"])
        context |= {"before": before, "after": after, **_difference(before, after)}
    return records_page(request, "compare", context, 422 if first.errors or second.errors else 200)


def _difference(before: Shown, after: Shown) -> dict[str, Any]:
    """The words of the page that differ, as those are shown who confirm."""
    if not before.html or not after.html:
        return {}
    own = compare(_lines(before), _lines(after))
    return {
        "diff_lines": own,
        "is_same": before.body == after.body,
        "has_new_words": any(not line.is_same for line in own),
    }


def _lines(shown: Shown) -> list[Line]:
    """With the pictures of the same moment: those of today may be others, or lie on another host."""
    lines = [*_lines_of_messages(shown.html), *lines_of(shown.html)]
    return [replace(line, shown=_as_then(line.shown, shown)) for line in lines]


def _lines_of_messages(html: str) -> Iterator[Line]:
    """The important messages: they stand above the page, and are what one looks for after a crisis."""
    try:
        document = lxml_html.document_fromstring(html)
    except ParserError:  # nothing in it
        return
    for message in document.find_class("alert"):
        yield from lines_of(lxml_html.tostring(message, encoding="unicode"))


def _as_then(picture: str, shown: Shown) -> str:
    own = own_address(picture, shown.address) if picture else ""
    return frame_at(own, shown.moment) if own else ""
