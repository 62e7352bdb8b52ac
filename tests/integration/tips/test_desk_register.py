"""The register, as the desk's view of it is answered, and its file."""

import csv
import io
from datetime import date

import pytest

from tests.desk_refusals import refusal
from tests.handlers import ask_desk
from tips.handling import states, steps
from tips.keeping import intake
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
    assert response.content.startswith(b"\xef\xbb\xbfMottaget;Tips;Status;Diarienummer\r\n")
    assert _rows(response)[1:] == [
        ["2026-11-25", reference_of(tip_id), "Mottaget", "SÄPO 2026-1234"]
    ]
    assert str(tip_id) not in response.content.decode()


def test_day_that_is_none_is_told(at_desk, subtests):
    for query in ["fran=igar", "till=2026-02-30", "fran=%00", "fran=2026-1-1-1"]:
        with subtests.test(query=query):
            response = ask_desk(at_desk, f"{PAGE}?{query}")
            assert response.status_code == 400
            assert response.json() == refusal("Skriv dagen som 2026-11-25.")
            assert ask_desk(at_desk, f"{FILE}?{query}").status_code == 400
