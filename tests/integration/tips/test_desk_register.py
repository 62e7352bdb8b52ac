"""The register, as the desk's view of it is answered, and its file."""

import csv
import io
import uuid
from datetime import date

import pytest

from tests.desk_refusals import refusal
from tests.handlers import ask_desk
from tips.handling import states, steps
from tips.keeping import intake
from tips.models import Tip
from tips.sealing.reference import reference_of

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

PAGE = "register/"
FILE = "register/register.csv"


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
    assert ask_desk(at_desk, PAGE).json() == {
        "rows": [["2026-11-25", reference_of(tip_id), "received", "SÄPO 2026-1234"]],
    }
    response = ask_desk(at_desk, FILE)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="register-')
    assert response.content.startswith(b"\xef\xbb\xbfMottaget;Tips;Status;Diarienummer\r\n")
    assert _rows(response)[1:] == [
        ["2026-11-25", reference_of(tip_id), "Mottaget", "SÄPO 2026-1234"]
    ]
    assert str(tip_id) not in response.content.decode()


def test_register_can_be_limited_to_a_period(at_desk):
    _leave(date(2026, 10, 31))
    within = _leave(date(2026, 11, 1))
    _leave(date(2026, 12, 1))
    query = "?fran=2026-11-01&till=2026-11-30"

    [row] = ask_desk(at_desk, PAGE + query).json()["rows"]
    assert row[1] == reference_of(within)
    assert [row[1] for row in _rows(ask_desk(at_desk, FILE + query))[1:]] == [reference_of(within)]


@pytest.mark.parametrize("query", ["fran=igar", "till=2026-02-30", "fran=%00", "fran=2026-1-1-1"])
def test_day_that_is_none_is_told(at_desk, query):
    response = ask_desk(at_desk, f"{PAGE}?{query}")

    assert response.status_code == 400
    assert response.json() == refusal("Skriv dagen som 2026-11-25.")
    assert ask_desk(at_desk, f"{FILE}?{query}").status_code == 400


def test_empty_register_has_its_headings_alone(at_desk):
    assert ask_desk(at_desk, PAGE).json()["rows"] == []
    assert len(_rows(ask_desk(at_desk, FILE))) == 1


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

    page, file = ask_desk(at_desk, PAGE), ask_desk(at_desk, FILE)

    assert b"MARKOR" not in page.content + file.content
    assert len(_rows(file)) == 21
    assert {len(row) for row in _rows(file)} == {4}
