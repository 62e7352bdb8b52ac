"""A search in the whole text of tips that nobody has opened: what the browser is handed for it."""

import base64
import json
from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from tests.desk_refusals import said
from tips.handling import events
from tips.keeping import intake
from tips.models import Event, Tip
from tips.sealing import age

from .test_desk_api import _post

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

BEGIN, TEXTS = "/tipsmottagning/api/genomsokning/", "/tipsmottagning/api/genomsokning/texter/"


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


def _leave(text="En vit skåpbil", **options):
    return intake.leave({"text": text, "subject": "hot"}, **options)


def _begin(client):
    response = _post(client, BEGIN, {})
    assert response.status_code == 200, response.content


def _searches():
    found = Event.objects.filter(verb="searched").order_by("seq")
    return [(event.actor, event.on, str(event.tip_id), event.reason) for event in found]


def test_the_texts_of_the_whole_queue_come_sealed_and_no_tip_is_read(at_desk, tip_channel):
    tips = {_leave("Sist stod ankarspel", received_on=date(2026, 11, day)) for day in range(1, 4)}
    at_desk.get("/tipsmottagning/api/ko/")
    before = list(Tip.objects.order_by("pk").values())

    _begin(at_desk)
    answer = at_desk.get(TEXTS).json()

    assert {each["id"] for each in answer["tips"]} == {str(tip) for tip in tips}
    body = base64.b64decode(answer["tips"][0]["body"])
    assert "ankarspel" in json.loads(age.unseal(body, tip_channel.identities))["fields"]["text"]
    assert answer["tips"][0]["arrival"]["message"]
    assert list(Tip.objects.order_by("pk").values()) == before
    assert _searches() == [
        ("tipsmottagare", localdate(), "00000000-0000-0000-0000-000000000000", "")
    ]
    assert not Event.objects.filter(verb__in=["open", "seen"]).exists()
    assert events.verify() is None


def test_no_text_is_handed_out_before_the_log_says_who_searches(at_desk, colleagues_desk):
    _leave()
    _begin(colleagues_desk)

    answer = at_desk.get(TEXTS)

    assert answer.status_code == 409
    assert said(answer) == "Börja om sökningen."


def test_a_search_that_goes_on_past_midnight_goes_on_and_one_of_long_ago_does_not(at_desk):
    _begin(at_desk)
    Event.objects.filter(verb="searched").update(on=localdate() - timedelta(days=1))
    assert at_desk.get(TEXTS).status_code == 200
    Event.objects.filter(verb="searched").update(on=localdate() - timedelta(days=2))
    assert at_desk.get(TEXTS).status_code == 409


def test_who_searches_all_day_stands_in_the_log_once_a_day(at_desk, colleagues_desk):
    for client in (at_desk, at_desk, colleagues_desk):
        _begin(client)

    assert [actor for actor, *_rest in _searches()] == ["tipsmottagare", "kollega"]
    assert events.verify() is None


def test_texts_come_in_lots_of_the_queue_that_is_shown(at_desk, monkeypatch):
    monkeypatch.setattr("tips.desk.search_api.MOST_TEXTS", 2)
    left = {str(_leave()) for _each in range(5)}
    spam = _leave()
    Tip.objects.filter(pk=spam).update(state="spam", version=1)
    _begin(at_desk)

    for asked, expected in (({}, left), ({"alla": "1"}, left | {str(spam)})):
        lots = [at_desk.get(TEXTS, asked).json()]
        while lots[-1]["next"]:
            lots.append(at_desk.get(TEXTS, {**asked, "efter": lots[-1]["next"]}).json())
        assert all(len(lot["tips"]) <= 2 for lot in lots)
        ids = [each["id"] for lot in lots for each in lot["tips"]]
        assert sorted(ids) == sorted(expected)


def test_a_search_in_the_log_that_cannot_have_been_made_is_named(at_desk):
    tip = _leave()
    at_desk.get("/tipsmottagning/api/ko/")
    _begin(at_desk)
    for changed in ({"actor": ""}, {"tip_id": tip}, {"to_state": "read"}, {"reason": "ett namn"}):
        original = Event.objects.get(verb="searched")
        Event.objects.filter(verb="searched").update(**changed)
        event = Event.objects.get(verb="searched")
        Event.objects.filter(pk=event.pk).update(hash=events.hash_of(event))
        assert events.verify().kind == "impossible", changed
        original.save(force_update=True)
    assert events.verify() is None


def test_the_event_log_shows_who_has_searched_and_names_no_tip(at_desk):
    _begin(at_desk)
    (row,) = at_desk.get("/tipsmottagning/api/handelser/").json()["rows"]
    assert (row["verb"], row["actor"], row["tip"]) == ("searched", "tipsmottagare", "")
