"""The register of tips: day, number, state and register number, and nothing else.

It reads four columns, and leaves out what does not have the form of a register number: so neither
words nor name of a tipster can come along. It imports nothing that opens or stores tips
(import-linter keeps it).
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import pgettext

from tips.models import State, Tip, Tombstone
from tips.router import DATABASE

from .register_numbers import REGISTER_NO

# Makes spreadsheets read the file as UTF-8.
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"

_Item = TypeVar("_Item", bound=Model)


class _Text(Protocol):
    def write(self, text: str, /) -> object: ...


@dataclass(frozen=True)
class Row:
    """A tip; `state` is its value, or nothing where SQL has put something else in its place."""

    received_on: str
    reference: str
    state: str
    register_no: str


def rows(
    reference_of: Callable[[UUID], str], since: date | None = None, until: date | None = None
) -> list[Row]:
    """Every tip that was received in the period, also those that have been purged.

    The reference is what the tipster was shown: whoever calls makes it of the id.
    """
    tips = _in_period(Tip.objects.using(DATABASE).all(), since, until)
    purged = _in_period(Tombstone.objects.using(DATABASE).all(), since, until)
    found = [
        *tips.values_list("received_on", "id", "state", "register_no"),
        *(
            (day, tip_id, State.PURGED.value, register_no)
            for day, tip_id, register_no in purged.values_list("received_on", "id", "register_no")
        ),
    ]
    return [
        _row(day, reference_of(tip_id), state, register_no)
        for day, tip_id, state, register_no in sorted(found)
    ]


def write_csv(found: Iterable[Row], out: _Text) -> None:
    """With semicolons, as spreadsheets in Swedish expect. No cell can begin a formula."""
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            pgettext("tip", "Received"),
            pgettext("tip", "Tip"),
            pgettext("tip", "State"),
            pgettext("tip", "Register number"),
        ]
    )
    for row in found:
        state = str(State(row.state).label) if row.state else ""
        writer.writerow([row.received_on, row.reference, state, row.register_no])


def _in_period(items: QuerySet[_Item], since: date | None, until: date | None) -> QuerySet[_Item]:
    if since:
        items = items.filter(received_on__gte=since)
    return items.filter(received_on__lte=until) if until else items


def _row(received_on: date, reference: str, state: str, register_no: str) -> Row:
    return Row(
        received_on.isoformat(),
        reference,
        state if state in State.values else "",
        register_no if REGISTER_NO.fullmatch(register_no) else "",
    )
