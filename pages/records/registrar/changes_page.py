"""All that changed for readers in a period, what was withdrawn and deleted too."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pages.records.answered import is_a_file
from pages.records.kept import Records, Rendering
from pages.records.lookup import Standing

from .around import records_page
from .asked_for import DaysForm, lately
from .shown_record import at_address, met_in_words, standing_in_words
from .stockholm_time import exact_moment, in_words, moment_named

_ROWS = 100
_AND = "~"


class ChangesForm(DaysForm):
    with_files = forms.BooleanField(label=_("Files and pictures too"), required=False)


def _row(began: Rendering) -> dict[str, str]:
    """A record in the list, which began in the period."""
    is_kept = began.standing is Standing.KEPT
    words = [met_in_words(began), "" if is_kept else standing_in_words(began)]
    return {
        "address": began.address,
        "since": in_words(began.since),
        "until": in_words(began.until) if began.until else "",
        "way": at_address(began.address, began.since),
        "said": ", ".join(filter(None, words)),
    }


@never_cache
@require_safe
def changes_page(request: HttpRequest) -> HttpResponse:
    """A long list continues from the entry that was shown last."""
    form = ChangesForm(request.GET or lately())
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        start, end = form.cleaned_data["period"]
        found = _changes(start, end, request.GET.get("after", ""))
        if not form.cleaned_data["with_files"]:
            found = (each for each in found if not is_a_file(each.address))
        rows = list(islice(found, _ROWS + 1))
        query = request.GET.copy()
        if len(rows) > _ROWS:
            last = rows[_ROWS - 1]
            query["after"] = f"{exact_moment(last.since)}{_AND}{last.address}"
            context["more"] = f"?{query.urlencode()}"
        context["gaps"] = [
            (in_words(gap.begin), in_words(gap.end), gap.sentence)
            for gap in islice(Records().gaps(start, end), _ROWS)
        ]
        context |= {
            "rows": [_row(each) for each in rows[:_ROWS]],
            "continues": "after" in request.GET,
        }
    return records_page(request, "changes", context, 422 if form.errors else 200)


def _changes(start: datetime, end: datetime, after: str) -> Iterator[Rendering]:
    """By since, then address, from the entry after the named one."""
    named, _, address = after.partition(_AND)
    last = moment_named(named)
    if last is None:
        yield from Records().changes(start, end)
        return
    for each in Records().changes(max(start, last), end):
        if (each.since, each.address) > (last, address):
            yield each
