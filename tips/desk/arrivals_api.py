"""What the intake has signed of the tips: as it lies, for the script to check itself."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Max, Q, QuerySet, When
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from tips.handling.checking_arrivals import vanished
from tips.models import Arrival
from tips.refusals import Refusal
from tips.router import DATABASE
from tips.sealing.arrivals import LONGEST_FILE
from tips.sealing.keyring import KeyringEntry
from tips.sealing.trust import to_text

from . import gate

MOST = 500
_LARGEST = 2**53 - 1  # what a browser counts to
# What is no message, or no signature, is not read: whoever owns the table may have written any.
_SIZES = {"message": LONGEST_FILE, "ed25519": 64, "mldsa65": 3309}
# The last number that is known of each epoch: as many as an address holds.
_KNOWN = re.compile(r"(?:[0-9a-f]{32}:\d{1,15}(?:,[0-9a-f]{32}:\d{1,15}){0,31})?")
# Where a lot begins: whoever owns the table may have written any epoch there.
_PLACE = re.compile(r"([^\0]{0,32}):(\d{1,19})", re.DOTALL)


@gate.api("GET")
def arrivals(request: HttpRequest, user: KeyringEntry) -> HttpResponseBase:
    """The arrivals after those that are known, lot by lot; and which tips of theirs are gone."""
    known, begun = request.GET.get("efter", ""), request.GET.get("fran", "")
    place = _PLACE.fullmatch(begun)
    if not _KNOWN.fullmatch(known) or (begun and not place):
        raise gate.Stop(400, Refusal.UNREADABLE)
    numbers = {
        epoch: int(number)
        for epoch, number in (each.split(":") for each in known.split(",") if each)
    }
    asked = _sound().filter(_after(numbers, place)).order_by("epoch", "counter")
    found = list(asked[: MOST + 1])
    lot = {"arrivals": [_row(row) for row in found[:MOST]]}
    if len(found) > MOST:
        return JsonResponse({**lot, "next": _place_of(found[MOST - 1])})
    return JsonResponse({**lot, "next": "", **_ends(numbers)})


def _ends(known: Iterable[str]) -> dict[str, object]:
    """How far these epochs go, and which numbers have lost their tips: said with the last lot."""
    rows = Arrival.objects.using(DATABASE).filter(epoch__in=known, counter__lte=_LARGEST)
    return {
        "newest": dict(rows.values_list("epoch").annotate(Max("counter"))),
        "vanished": list(vanished().values_list("counter", flat=True)[:MOST]),
    }


def _after(known: Mapping[str, int], place: re.Match[str] | None) -> Q:
    """What comes after the last number known of each epoch, and after the lot that was sent."""
    after = ~Q(epoch__in=known)
    for epoch, number in known.items():
        after |= Q(epoch=epoch, counter__gt=number)
    if place:
        epoch, number = place[1], int(place[2])
        after &= Q(epoch__gt=epoch) | Q(epoch=epoch, counter__gt=number)
    return after


def of_tip(tip_id: UUID) -> dict[str, str] | None:
    """What was signed of the tip, with both halves; None where nothing was."""
    row = _sound().filter(tip_id=tip_id).first()
    if row is None:
        return None
    return {
        "message": _text(row),
        "ed25519": _half(row, "ed25519"),
        "mldsa65": _half(row, "mldsa65"),
    }


def _sound() -> QuerySet[Arrival, Any]:
    """The rows, without what is larger than the intake makes it: that is not even read."""
    sound = {
        f"sound_{name}": Case(When(LessThanOrEqual(Length(name), most), then=F(name)))
        for name, most in _SIZES.items()
    }
    return Arrival.objects.using(DATABASE).values("epoch", "counter", **sound)


def _row(row: Mapping[str, Any]) -> dict[str, str | int]:
    """What the intake has signed, and the number under which it stands."""
    return {
        "epoch": row["epoch"],
        "counter": row["counter"],
        "message": _text(row),
        "ed25519": _half(row, "ed25519"),
    }


def _place_of(row: Mapping[str, Any]) -> str:
    return f"{row['epoch']}:{row['counter']}"


def _text(row: Mapping[str, Any]) -> str:
    return bytes(row["sound_message"] or b"").decode("utf-8", "replace")


def _half(row: Mapping[str, Any], name: str) -> str:
    return to_text(bytes(row[f"sound_{name}"] or b""))
