"""The event log, as the desk's view of it is answered."""

import pytest
from django.db import connections

from tests.acts import act_now
from tests.desk_refusals import sentence
from tests.handlers import ask_desk
from tips.handling import events, states, steps
from tips.keeping import intake
from tips.models import Event

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

LOG = "handelser/"


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


def _opened():
    return steps.open_tip(intake.leave({"text": "x", "subject": "annat"}), "tipsmottagare")


def _log(client, query=""):
    return ask_desk(client, LOG + query).json()


def test_log_shows_what_was_done_by_whom_the_latest_first(at_desk):
    tip = _opened()
    act_now("tipsmottagare", "forward", tip.pk, "polisen")

    log = _log(at_desk)

    assert log["broken"] is None
    assert log["last"] == {"seq": 3, "hash": events.last_event().hash}
    assert [row["seq"] for row in log["rows"]] == [3, 2, 1]
    assert {row["tip"] for row in log["rows"]} == {str(tip.pk)}
    latest, opened, arrived = log["rows"]
    assert (latest["verb"], latest["reason"]) == ("forward", "polisen")
    assert (latest["from"], latest["to"]) == ("read", "forwarded")
    assert opened["verb"] == "open"
    assert latest["statement"] == steps.find(tip.pk).statement
    assert not opened["statement"]  # noted by the server
    assert (latest["actor"], arrived["actor"]) == ("tipsmottagare", "")


def test_broken_log_is_told(at_desk):
    _opened()
    with connections["tips"].cursor() as cursor:
        cursor.execute("UPDATE tips_event SET actor = 'annan' WHERE seq = 2")
    assert sentence(_log(at_desk)["broken"]) == "Händelse 2 är ändrad."


def test_long_log_comes_in_pages(at_desk):
    tip = _opened()
    for _round in range(26):
        for name, reason in (("hold", "archive"), ("release", "over")):
            steps.change_tip(steps.find(tip.pk), states.STEPS[name], actor="anna", reason=reason)
    assert Event.objects.count() == 54
    first, second = _log(at_desk), _log(at_desk, "?sida=2")
    assert first["page"] == {"number": 1, "count": 2}
    assert [len(first["rows"]), len(second["rows"])] == [50, 4]


def test_page_that_is_not_there_gives_the_nearest(at_desk, subtests):
    _opened()
    for page in ["0", "-1", "x", "99", "1'", "%00"]:
        with subtests.test(page=page):
            assert len(_log(at_desk, f"?sida={page}")["rows"]) == 2
