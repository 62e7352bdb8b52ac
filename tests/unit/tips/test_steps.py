"""Taking a step: what is asked of the one who takes it, and what others do in the same moment."""

import uuid
from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from tests.tables import every_row
from tips.handling import events, steps
from tips.handling.states import STEPS
from tips.models import Event, State, Tip

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

LONG_AGO = date(2026, 11, 1)


def _left(number=None, received_on=LONG_AGO):
    return Tip.objects.create(
        id=uuid.uuid4() if number is None else uuid.UUID(int=number),
        received_on=received_on,
        state_on=received_on,
        files_digest=bytes(32),
        keyring_serial=1,
    )


def _opened():
    return steps.open_tip(_left().pk, "anna")


@pytest.fixture
def overtaken(monkeypatch):
    """Lets others come before, so many times."""

    def overtaken(name, times=1):
        act, left = getattr(steps, name), iter(range(times))

        def act_after_others(*words, **more):
            if next(left, None) is not None:
                raise steps.Conflict
            return act(*words, **more)

        monkeypatch.setattr(steps, name, act_after_others)

    return overtaken


# Who and when


@every_row(("length", "is_taken"), [(0, False), (1, True), (150, True), (151, False)])
def test_a_step_is_taken_by_somebody_whose_name_the_log_has_room_for(length, is_taken):
    tip = _opened()
    if is_taken:
        steps.change_tip(tip, STEPS["hold"], actor="a" * length, reason="archive")
        assert events.last_event().actor == "a" * length
    else:
        with pytest.raises(steps.Refused, match="går inte att läsa"):
            steps.change_tip(tip, STEPS["hold"], actor="a" * length, reason="archive")


def test_a_step_is_of_today_unless_another_day_is_given():
    today, day = _opened(), date(2026, 11, 20)
    assert (
        steps.change_tip(today, STEPS["spam"], actor="anna", reason="trial").state_on == localdate()
    )
    other = steps.change_tip(_opened(), STEPS["spam"], actor="anna", reason="trial", on=day)
    assert steps.find(other.pk).state_on == events.last_event().on == day


def test_what_is_done_again_leaves_the_day_of_the_state_as_it_was():
    tip = _opened()
    for day in (21, 22):
        tip = steps.change_tip(
            tip, STEPS["assign"], actor="anna", reason="bo", on=date(2026, 11, day)
        )
    assert steps.find(tip.pk).state_on == date(2026, 11, 21)
    assert events.verify() is None


def test_the_log_says_what_was_before_and_what_came_of_it():
    tip = _opened()
    signed = "ab" * 32
    after = steps.change_tip(
        tip, STEPS["no_action"], actor="anna", reason="known", statement=signed
    )
    assert (after.state, after.version, after.statement) == (State.NO_ACTION, 3, signed)
    assert Event.objects.values().order_by("-seq").first() == {
        "seq": 3, "tip_id": tip.pk, "tip_version": 3, "on": localdate(), "actor": "anna",
        "verb": "no_action", "from_state": "read", "to_state": "no_action", "reason": "known",
        "statement": signed, "previous_hash": Event.objects.get(seq=2).hash, "hash": events.last_event().hash,
    }  # fmt: skip
    assert Event.objects.values_list("from_state", "to_state", "actor").first() == (
        "", "received", "",
    )  # fmt: skip


# What others do in the same moment


def test_who_comes_too_late_changes_nothing():
    stale = _opened()
    steps.change_tip(steps.find(stale.pk), STEPS["spam"], actor="bo", reason="trial")
    with pytest.raises(steps.Conflict, match="Någon annan har ändrat tipset"):
        steps.change_tip(stale, STEPS["hold"], actor="anna", reason="archive")
    assert not steps.find(stale.pk).is_on_hold
    assert events.verify() is None


def test_who_comes_when_the_tip_is_gone_is_told_so():
    stale = _opened()
    Tip.objects.all().delete()
    with pytest.raises(steps.Conflict):
        steps.change_tip(stale, STEPS["hold"], actor="anna", reason="archive")


def test_nobody_overwrites_what_stands_in_another_tip():
    stale, other = _opened(), _opened()
    steps.change_tip(steps.find(stale.pk), STEPS["hold"], actor="bo", reason="archive")
    with pytest.raises(steps.Conflict):
        steps.change_tip(stale, STEPS["spam"], actor="anna", reason="trial")
    assert (steps.find(other.pk).state, steps.find(other.pk).version) == ("read", 2)


@pytest.mark.parametrize("name", ["_arrive", "change_tip"])
def test_a_tip_that_another_opens_in_the_same_moment_is_opened_all_the_same(overtaken, name):
    tip = _left()
    overtaken(name, times=2)
    assert steps.open_tip(tip.pk, "anna").state == State.READ
    assert [event.verb for event in Event.objects.all()] == ["received", "open"]


def test_a_tip_does_not_come_in_when_its_event_cannot_be_written(monkeypatch):
    tip = _left()

    def fails(*_tip_and_verb, **_event):
        raise RuntimeError

    monkeypatch.setattr(events, "append", fails)
    with pytest.raises(RuntimeError):
        steps.take_in_new()
    assert steps.find(tip.pk).version == 0


def test_a_tip_is_not_opened_when_its_event_cannot_be_written(monkeypatch):
    tip = _left()
    steps.take_in_new()

    def fails(*_tip_and_verb, **_event):
        raise RuntimeError

    monkeypatch.setattr(events, "append", fails)
    with pytest.raises(RuntimeError):
        steps.open_tip(tip.pk, "anna")
    assert (steps.find(tip.pk).state, steps.find(tip.pk).version) == (State.RECEIVED, 1)


def test_a_tip_that_has_been_read_is_opened_without_a_step():
    tip = _opened()
    held = steps.change_tip(tip, STEPS["hold"], actor="anna", reason="archive")
    assert steps.open_tip(tip.pk, "bo").version == held.version


def test_a_reading_is_in_the_log_once_a_day_and_person(monkeypatch):
    tip, today = _left(), localdate()
    for _each in range(2):
        for actor in ("anna", "bo"):
            steps.open_tip(tip.pk, actor)
    other = _opened()
    assert _told(tip) == [("received", ""), ("open", "anna"), ("seen", "bo")]

    monkeypatch.setattr(steps, "localdate", lambda: today + timedelta(days=1))
    for actor in ("bo", "anna", "bo"):
        steps.open_tip(tip.pk, actor)

    assert _told(tip)[3:] == [("seen", "bo"), ("seen", "anna")]
    assert _told(other) == [("received", ""), ("open", "anna")]


def _told(tip):
    return list(Event.objects.filter(tip_id=tip.pk).order_by("seq").values_list("verb", "actor"))


def test_a_step_with_a_tip_is_no_reading_of_it():
    tip = _left()
    steps.take_in_new()
    steps.change_tip(steps.find(tip.pk), STEPS["spam"], actor="bo", reason="trial")
    assert steps.open_tip(tip.pk, "bo").state == State.SPAM
    assert _told(tip) == [("received", ""), ("spam", "bo"), ("seen", "bo")]


def test_a_tip_is_not_given_out_when_the_reading_cannot_be_written(monkeypatch):
    tip = _opened()

    def fails(*_tip_and_verb, **_event):
        raise RuntimeError

    monkeypatch.setattr(events, "append", fails)
    assert steps.open_tip(tip.pk, "anna").version == tip.version
    for act in (
        lambda: steps.open_tip(tip.pk, "bo"),
        lambda: steps.fetch(tip.pk, "anna", uuid.uuid4()),
    ):
        with pytest.raises(RuntimeError):
            act()


def test_tips_are_taken_in_by_day_and_counted():
    day = LONG_AGO + timedelta(days=1)
    for number, received_on in ((3, LONG_AGO), (1, day), (2, LONG_AGO)):
        _left(number, received_on)
    assert steps.take_in_new() == 3
    taken = Event.objects.values_list("tip_id", "verb", "on")
    assert [(tip_id.int, verb) for tip_id, verb, _on in taken] == [
        (2, "received"), (3, "received"), (1, "received"),
    ]  # fmt: skip
    assert {on for _tip, _verb, on in taken} == {localdate()}
    assert set(Tip.objects.values_list("version", flat=True)) == {1}


def test_tips_that_another_takes_in_do_not_count_and_stop_nothing(overtaken):
    for _each in range(3):
        _left()
    overtaken("_arrive")
    assert steps.take_in_new() == 2


def test_a_tip_that_the_queue_takes_in_while_it_is_adopted_is_adopted(overtaken, monkeypatch):
    tip_id = uuid.UUID(int=7)
    monkeypatch.setattr(
        steps.intake, "enter_missing_row", lambda found: bool(found == tip_id and _left(7))
    )
    overtaken("_arrive")
    assert steps.adopt(tip_id)
    assert steps.find(tip_id).version == 0


def test_a_tip_that_has_its_row_is_not_looked_for_in_the_vault(monkeypatch):
    monkeypatch.setattr(steps.intake, "enter_missing_row", None)
    assert not steps.adopt(_left().pk)


def test_what_is_taken_out_is_held_until_it_is_written_down(monkeypatch):
    tip = _opened()
    out = steps.export(tip.pk, "anna")
    assert out == tip
    event = events.last_event()
    assert (event.verb, event.actor, event.reason) == ("export", "anna", "")
    assert (event.from_state, event.to_state, event.on) == ("read", "read", localdate())


def test_what_is_written_on_a_new_tip_comes_after_it(monkeypatch):
    tip = _left()
    steps.record(tip, "note", actor="anna", reason="which")
    assert list(Event.objects.values_list("verb", "tip_version", "reason", "to_state")) == [
        ("received", 1, "00" * 32, "received"), ("note", 1, "which", "received"),
    ]  # fmt: skip
    assert steps.find(tip.pk).version == 1


def test_a_tip_does_not_come_in_when_what_is_done_with_it_cannot_be_written(monkeypatch):
    tip, append = _left(), events.append

    def fails_at_the_second(tip, verb, **event):
        if verb == "export":
            raise RuntimeError
        append(tip, verb, **event)

    monkeypatch.setattr(events, "append", fails_at_the_second)
    with pytest.raises(RuntimeError):
        steps.export(tip.pk, "anna")
    assert steps.find(tip.pk).version == 0
    assert not Event.objects.exists()
