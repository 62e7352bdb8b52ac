"""Where anybody checks what we have said: the versions of a page by their sums, and the signed sheets."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import zip_longest

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from pages.content.tree.addresses import path_typed
from pages.public.store.keeping import kept
from pages.records.told_versions import NAMED, versions_told

from .finding import page_at

_LONGEST, _MOST_SHOWN = 512, 20
_FILES = {"nyckel": "key", "senaste": "last"}


@require_safe
@kept(seconds=5)
@cache_control(private=True, no_cache=True)
def what_was_said(request: HttpRequest) -> HttpResponse:
    """The versions of a page that readers meet now, as they stood on a day; of any other page nothing."""
    typed, day = request.GET.get("adress", "").strip(), request.GET.get("dag", "")
    address = _address_in(typed) if typed else ""
    found = list(_standing_on(address, day)) if address else []
    context = {"typed": typed, "day": day, "checked": address, "found": found[-_MOST_SHOWN:]}
    has_sheets = (settings.SAID_ROOT / "last.txt").exists()
    return render(request, "public/what_was_said.html", context | {"has_sheets": has_sheets})


@require_safe
@cache_control(public=True, max_age=300)
def said_sheet(request: HttpRequest, name: str, kind: str) -> FileResponse:
    """A sheet, its signature, or the key that holds for all."""
    try:
        file = (settings.SAID_ROOT / f"{_FILES.get(name, name)}.{kind}").open("rb")
    except OSError:
        raise Http404 from None
    types = {"sig": "application/octet-stream"}
    return FileResponse(file, content_type=types.get(kind, "text/plain; charset=utf-8"))


def _address_in(typed: str) -> str:
    """The address of a live page; nothing for any other."""
    if not (path := path_typed(typed)):
        return ""
    address = re.sub("/+", "/", f"/{path}/")
    return address if len(address) <= _LONGEST and page_at(address) else ""


def _standing_on(address: str, day: str) -> Iterator[dict[str, object]]:
    """What stood there at some moment of the day, or all, and what it takes to check it."""
    begin, end = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    if day:
        try:
            first = parse_date(day) or datetime.max.date()
            begin = datetime.combine(first, time(), timezone.get_default_timezone())
            end = begin + timedelta(days=1)
        except (ValueError, OverflowError):
            return
    versions = versions_told(settings.SAID_ROOT, address)
    for each, following in zip_longest(versions, versions[1:]):
        since, until = _moment(each.since), _moment(following.since) if following else None
        if each.salt and since < end and (until is None or until > begin):
            made = datetime.strptime(each.sheet, NAMED).replace(tzinfo=UTC)
            said = {"version": each, "lines": each.lines(address), "sum": each.sum(address)}
            yield said | {"since": since, "until": until, "made": made}


def _moment(micro: int) -> datetime:
    return datetime.fromtimestamp(micro / 1_000_000, UTC)
