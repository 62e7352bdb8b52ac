"""What the view of the register asks: the tips of a period, to be read or to be kept as a file."""

from dataclasses import astuple
from datetime import date

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localdate

from tips.handling import register
from tips.journal import note
from tips.refusals import Refusal
from tips.sealing.keyring import KeyringEntry
from tips.sealing.reference import reference_of

from . import asked, gate


@gate.api("GET")
def tips_of_period(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """The tips that were received in the period, by reference."""
    rows = [astuple(row) for row in register.rows(reference_of, *_period(request))]
    return JsonResponse({"rows": rows})


@gate.file("GET")
def as_csv(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """The same as a table for spreadsheets. The journal says who has taken it out."""
    period = _period(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"register-{localdate().isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    register.write_csv(register.rows(reference_of, *period), response)
    note(gate.DESK_DOOR, "exported", user.id, what="register")
    return response


def _period(request: HttpRequest) -> tuple[date | None, date | None]:
    """The first and the last day; None where none is given."""
    first, last = (request.GET.get(name, "") for name in ("fran", "till"))
    try:
        return asked.as_day(first) if first else None, asked.as_day(last) if last else None
    except gate.Stop:
        raise gate.Stop(400, Refusal.NOT_A_DAY) from None
