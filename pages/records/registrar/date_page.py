"""”Så såg sidan ut”: an address, a day and an hour, and what readers met then."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pages.records.kept import Records

from .around import records_page
from .asked_for import AskedForm, asked, now_asked
from .shown_record import Shown, at_address, shown_at
from .since_before import words_that_differ
from .stockholm_time import exact_moment, moment_named

_MOMENT = timedelta(microseconds=1)


@never_cache
@require_safe
def date_page(request: HttpRequest) -> HttpResponse:
    """Asks, and shows what was asked for; nothing of it is noted."""
    given = asked(request.GET)
    form = AskedForm(given) if "address" in given else AskedForm(initial=now_asked())
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        moment = moment_named(request.GET.get("moment", "")) or form.cleaned_data["moment"]
        shown = shown_at(form.cleaned_data["address"], moment)
        context |= {
            "shown": shown, "moment": exact_moment(moment), "gaps": _gaps_around(shown), **_beside(shown),
        }  # fmt: skip
    return records_page(request, "date", context, 422 if form.errors else 200)


def _gaps_around(shown: Shown) -> list[str]:
    """What the records lack of this moment, in sentences; a page that is not sure says so itself."""
    found = Records().gaps(shown.moment, shown.moment + _MOMENT)
    return list(dict.fromkeys(gap.sentence for gap in found if gap.kind != "superseded"))


def _beside(shown: Shown) -> dict[str, Any]:
    """Where what stood there before and after is shown; of an empty address, what stands there now."""
    records = Records()
    if shown.rendering is None:
        newest = records.at(shown.address, timezone.now())
        return {"newest": at_address(newest.address, newest.since)} if newest else {}
    older, newer = records.older(shown.rendering), records.newer(shown.rendering)
    before = shown_at(older.address, older.since) if older else None
    return {
        "older": at_address(older.address, older.since) if older else "",
        "newer": at_address(newer.address, newer.since) if newer else "",
        "diff_lines": words_that_differ(before, shown) if before else [],
    }
