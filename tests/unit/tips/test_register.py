"""The register: four columns, into which nothing of a tipster can come."""

import csv
import io
import uuid
from datetime import date
from pathlib import Path

import pytest

from tips.handling import register
from tips.models import State, Tip, Tombstone
from tips.sealing.reference import reference_of

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

ROOT = Path(__file__).resolve().parents[3]


def _tip(received_on=date(2026, 11, 25), **fields):
    return Tip.objects.create(
        id=uuid.uuid4(),
        received_on=received_on,
        state_on=received_on,
        files_digest=bytes(32),
        keyring_serial=1,
        **fields,
    )


def _csv(rows=None):
    out = io.StringIO()
    register.write_csv(register.rows(reference_of) if rows is None else rows, out)
    return out.getvalue()


def test_register_holds_day_number_state_and_register_number():
    tip = _tip(state=State.FORWARDED, register_no="2026-1234")

    assert _csv() == (
        f"\ufeffMottaget;Tips;Status;Diarienummer\r\n2026-11-25;{reference_of(tip.pk)};Överlämnat;2026-1234\r\n"
    )


def test_purged_tips_stay_in_the_register():
    stone = Tombstone.objects.create(
        id=uuid.uuid4(),
        received_on=date(2026, 1, 2),
        register_no="2026-7",
        decision="2026-99",
        purged_on=date(2026, 11, 25),
        proposed_by="anna",
        approved_by="kollega",
    )
    _tip()

    first, second = register.rows(reference_of)

    assert first == register.Row("2026-01-02", reference_of(stone.pk), "purged", "2026-7")
    assert second.state == "received"


def test_period_takes_both_its_ends():
    for day in (1, 2, 3, 4):
        _tip(date(2026, 11, day))

    found = register.rows(reference_of, date(2026, 11, 2), date(2026, 11, 3))

    assert [row.received_on for row in found] == ["2026-11-02", "2026-11-03"]


def test_what_sql_has_put_in_place_of_a_number_does_not_come_out():
    for text in ("Anna Andersson", '=HYPERLINK("http://x")', "+46701234567", "-1+1", "@A1", "\t=1"):
        tip = _tip(register_no=text, assigned_to=text)
        Tip.objects.filter(pk=tip.pk).update(state="<script>"[:12])

    rows = list(csv.DictReader(io.StringIO(_csv().lstrip("\ufeff")), delimiter=";"))

    assert {row.pop("Tips") for row in rows} == {reference_of(tip.pk) for tip in Tip.objects.all()}
    assert rows == [{"Mottaget": "2026-11-25", "Status": "", "Diarienummer": ""}] * 6


def test_no_marker_in_any_column_of_a_thousand_tips_comes_out():
    marker = "MARKOR-" + uuid.uuid4().hex
    Tip.objects.bulk_create(
        Tip(
            id=uuid.uuid4(),
            received_on=date(2026, 11, 25),
            state_on=date(2026, 11, 25),
            files_digest=marker.encode()[:32],
            keyring_serial=1,
            assigned_to=marker,
            register_no=marker[:40],
            purge_proposed_by=marker,
            purge_decision=marker,
        )
        for _ in range(1000)
    )

    text = _csv()

    assert text.count("\r\n") == 1001
    assert "MARKOR" not in text
