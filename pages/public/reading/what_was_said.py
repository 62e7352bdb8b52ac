"""Where anybody checks what we have said: the versions of a page by their sums, and the signed sheets."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from pages.content.tree.addresses import address_typed, as_pages_write_it
from pages.public.store.first_pages import for_machines
from pages.public.store.keeping import kept
from pages.records.told_versions import NAMED, versions_told

from .finding import page_at
from .for_machines.said import FOR_EVERYBODYS_PROGRAMS

_LONGEST, _MOST_SHOWN = 512, 20
_FILES = {"nyckel": "key", "senaste": "last"}


@require_safe
@kept(seconds=5)
@cache_control(private=True, no_cache=True)
def what_was_said(request: HttpRequest) -> HttpResponse:
    """The versions of a page that readers meet now, as they stood on a day; of any other page nothing."""
    typed, day = request.GET.get("adress", "").strip(), request.GET.get("dag", "")
    context = {"typed": typed, "day": day, **(_answer(typed, day) if typed else {})}
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
    shown_as = "application/octet-stream" if kind == "sig" else "text/plain; charset=utf-8"
    return FileResponse(file, content_type=shown_as, headers=FOR_EVERYBODYS_PROGRAMS)


def _answer(typed: str, day: str) -> dict[str, object]:
    """What stood there on the day, or ever; else why there is nothing, and when there is."""
    host, path = address_typed(typed)
    if host:
        return {"answer": "elsewhere"}
    is_data = path in set(for_machines())
    address = path if is_data else as_pages_write_it(path)
    # What was withdrawn, is a draft or never was reads the same.
    if not path or len(address) > _LONGEST or not (is_data or page_at(address)):
        return {"answer": "unknown"}
    versions = list(_told_at(address))
    if not versions:
        return {"answer": "unsigned"}
    try:
        on = parse_date(day) if day else None
    except ValueError:
        on = None
    if day and on is None:
        return {"answer": "unreadable"}
    found = [each for each in versions if on is None or each["first"] <= on <= each["last"]]
    if on is None or found:
        return {"answer": "found", "checked": address, "found": found[-_MOST_SHOWN:]}
    before = max((each["last"] for each in versions if each["last"] < on), default=None)
    after = min((each["first"] for each in versions if each["first"] > on), default=None)
    return {"answer": "not then", "checked": address, "nearest": [before, after]}


def _told_at(address: str) -> Iterator[dict[str, Any]]:
    """What stood there, from which day to which, and what it takes to check it."""
    versions = versions_told(settings.SAID_ROOT, address)
    for each, following in zip_longest(versions, versions[1:]):
        if each.salt:
            since, until = _moment(each.since), _moment(following.since) if following else None
            last = until - timedelta(microseconds=1) if until else max(since, timezone.now())
            days = {"first": localdate(since), "last": localdate(last)}
            made = datetime.strptime(each.sheet, NAMED).replace(tzinfo=UTC)
            said = {"version": each, "lines": each.lines(address), "sum": each.sum(address)}
            yield said | days | {"since": since, "until": until, "made": made}


def _moment(micro: int) -> datetime:
    return datetime.fromtimestamp(micro / 1_000_000, UTC)
