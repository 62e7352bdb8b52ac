"""The register's page and file."""

import csv
import io
import uuid
from datetime import date

import pytest

from tips.handling import states, steps
from tips.keeping import intake
from tips.models import Tip

pytestmark = [pytest.mark.tips, pytest.mark.django_db(databases=["default", "tips"])]

PAGE = "/tipsmottagning/register/"
FILE = "/tipsmottagning/register/register.csv"


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


def _leave(on=date(2026, 11, 25), **fields):
    return intake.leave({"text": "x", "subject": "annat", **fields}, received_on=on)


def _rows(response):
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_register_shows_day_number_state_and_register_number(at_desk):
    tip_id = _leave()
    steps.take_in_new()
    steps.change_tip(
        steps.find(tip_id), states.STEPS["register"], actor="anna", reason="SÄPO 2026-1234"
    )

    page = at_desk.get(PAGE).content.decode()

    for text in ("Mottaget", "Status", "Diarienummer", "2026-11-25", str(tip_id), "SÄPO 2026-1234"):
        assert text in page
    response = at_desk.get(FILE)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="register-')
    assert response.content.startswith(b"\xef\xbb\xbfMottaget;Tips;Status;Diarienummer\r\n")
    assert _rows(response)[1:] == [["2026-11-25", str(tip_id), "Mottaget", "SÄPO 2026-1234"]]


def test_register_can_be_limited_to_a_period(at_desk):
    _leave(date(2026, 10, 31))
    within = _leave(date(2026, 11, 1))
    _leave(date(2026, 12, 1))
    query = "?fran=2026-11-01&till=2026-11-30"

    page = at_desk.get(PAGE + query).content.decode()

    assert "1 tips" in page
    assert f"{FILE}?fran=2026-11-01&amp;till=2026-11-30" in page
    assert [row[1] for row in _rows(at_desk.get(FILE + query))[1:]] == [str(within)]


@pytest.mark.parametrize("query", ["fran=igar", "till=2026-02-30", "fran=%00", "fran=2026-1-1-1"])
def test_day_that_is_none_is_told(at_desk, query):
    response = at_desk.get(f"{PAGE}?{query}")

    assert response.status_code == 400
    assert "Skriv dagen som 2026-11-25." in response.content.decode()
    assert at_desk.get(f"{FILE}?{query}").status_code == 400


def test_empty_register_says_so(at_desk):
    assert "Inga tips under den tiden." in at_desk.get(PAGE).content.decode()
    assert len(_rows(at_desk.get(FILE))) == 1


def test_nothing_that_a_tipster_wrote_is_in_the_register(at_desk, handler):
    marker = f"MARKOR{uuid.uuid4().hex}"
    names = ("text", "when", "where", "how_known", "people", "contact")
    for _each in range(20):
        intake.leave(
            {"subject": "annat", **dict.fromkeys(names, marker)},
            [(f"{marker}.txt", "text/plain", marker.encode())],
        )
    steps.take_in_new()
    Tip.objects.update(assigned_to=marker, purge_proposed_by=marker, register_no=marker[:40])

    page, file = at_desk.get(PAGE), at_desk.get(FILE)

    assert b"MARKOR" not in page.content + file.content
    assert len(_rows(file)) == 21
    assert {len(row) for row in _rows(file)} == {4}
