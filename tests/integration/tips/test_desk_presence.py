"""Who reads which tip now: known from the sessions, and kept nowhere else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tips.keeping import intake
from tips.models import DeskSession, Event

from .test_desk_api import _open, _post

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

QUEUE, NEWS = "/tipsmottagning/api/ko/", "/tipsmottagning/api/ko/nytt/"


@pytest.fixture
def tip(tip_channel):
    return str(intake.leave({"text": "En vit skåpbil", "subject": "hot"}, ()))


def _readers(client, **asked):
    return client.get(NEWS, {"sedan": 0, **asked}).json()["readers"]


def test_the_others_are_told_who_reads_a_tip_until_it_is_left(at_desk, colleagues_desk, tip):
    assert _open(at_desk, tip)["readers"] == {}
    logged = Event.objects.count()

    assert _readers(colleagues_desk) == {tip: ["tipsmottagare"]}
    assert colleagues_desk.get(QUEUE).json()["readers"] == {tip: ["tipsmottagare"]}
    assert _readers(at_desk, laser=tip) == {}  # nobody is told of oneself
    assert _open(colleagues_desk, tip)["readers"] == {tip: ["tipsmottagare"]}
    assert _readers(at_desk, laser=tip) == {tip: ["kollega"]}

    at_desk.get(QUEUE)
    assert _readers(colleagues_desk, laser=tip) == {}
    _readers(colleagues_desk, laser="")
    assert _readers(at_desk) == {}
    assert Event.objects.count() == logged + 1  # the colleague's reading, and nothing of this


def test_who_logs_out_or_is_not_heard_of_for_two_minutes_reads_no_more(
    at_desk, colleagues_desk, tip
):
    _open(at_desk, tip)
    longer = timezone.now() - timedelta(minutes=2, seconds=1)
    DeskSession.objects.filter(handler="tipsmottagare").update(reads_at=longer)
    assert _readers(colleagues_desk) == {}
    _readers(at_desk, laser=tip)
    assert _readers(colleagues_desk) == {tip: ["tipsmottagare"]}

    _post(at_desk, "/tipsmottagning/api/logga-ut/", {})
    assert _readers(colleagues_desk) == {}


def test_what_is_no_number_of_a_tip_is_refused(at_desk, tip):
    assert at_desk.get(NEWS, {"sedan": 0, "laser": "kön"}).status_code == 400
