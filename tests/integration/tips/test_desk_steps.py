"""Handling a tip: every step is one version and one event, and nobody overwrites anybody."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils.timezone import localdate

from tests.acts import act, act_now, send_act
from tests.desk_refusals import refusal, said
from tests.tables import every_row
from tips.handling import acting, events, proofs, states, steps
from tips.keeping import intake
from tips.models import Event, SignedStatement, State, Tip, Tombstone

pytestmark = pytest.mark.django_db(databases=["default", "tips"])
AT_ONCE = pytest.mark.django_db(
    databases=["default", "tips"], transaction=True, serialized_rollback=True
)


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


def _leave():
    return intake.leave({"text": "Något hände", "subject": "annat"})


def _opened(username="tipsmottagare"):
    return steps.open_tip(_leave(), username)


def _take(client, tip, step, value=""):
    """What comes of a step with the tip as it is given."""
    return send_act(client, client.handler_id, step, tip, value=value)


def test_a_tip_is_handled_from_its_coming_to_its_closing(at_desk, colleague):
    tip = _opened()
    version = tip.version
    for step, value, state in [
        ("assign", "kollega", "assigned"),
        ("assign", "tipsmottagare", "assigned"),
        ("register", "2026-1234", "assigned"),
        ("forward", "polisen", "forwarded"),
        ("forward", "must", "forwarded"),
        ("close", "", "closed"),
        ("reopen", "new_information", "read"),
        ("no_action", "known", "no_action"),
        ("close", "", "closed"),
    ]:
        response = _take(at_desk, steps.find(tip.pk), step, value)
        assert response.status_code == 200, response.content
        answer = response.json()
        version += 1
        assert (answer["tip"]["version"], answer["tip"]["state"]) == (version, state)
        assert answer["events"][-1]["actor"] == "tipsmottagare"

    assert answer["tip"]["register_no"] == "2026-1234"
    assert answer["tip"]["assigned_to"] == ""
    assert [event["reason"] for event in answer["events"]] == [
        "", "", "kollega", "tipsmottagare", "2026-1234", "polisen",
        "must", "", "new_information", "known", "",
    ]  # fmt: skip
    assert events.verify() is None
    assert proofs.unproved() == []


def test_spam_can_be_undone_and_after_a_fortnight_not(at_desk):
    tip_id = _leave()
    steps.take_in_new()
    for step, value, state in [
        ("spam", "advertising", "spam"), ("not_spam", "", "read"), ("spam", "abuse", "spam"),
    ]:  # fmt: skip
        assert _take(at_desk, steps.find(tip_id), step, value).json()["tip"]["state"] == state

    Tip.objects.filter(pk=tip_id).update(state_on=localdate() - timedelta(days=15))

    response = _take(at_desk, steps.find(tip_id), "not_spam")
    assert response.status_code == 400
    assert response.json() == refusal("Det går inte att göra med tipset som det är nu.")


def test_legal_hold_is_set_and_lifted_in_any_state(at_desk):
    for state in State:
        if state == State.PURGED:
            continue
        tip = _opened()
        Tip.objects.filter(pk=tip.pk).update(state=state)
        held = _take(at_desk, tip, "hold", "disclosure")
        assert held.json()["tip"]["is_on_hold"]
        assert held.json()["tip"]["state"] == state
        assert _take(at_desk, steps.find(tip.pk), "hold", "disclosure").status_code == 400
        lifted = _take(at_desk, steps.find(tip.pk), "release", "over")
        assert not lifted.json()["tip"]["is_on_hold"]


@every_row(
    ("step", "value", "error"),
    [
        ("assign", "", "Fyll i allt som steget behöver."),
        ("assign", " ", "Välj någon som tar emot tips."),
        ("assign", "finns-inte", "Välj någon som tar emot tips."),
        ("assign", "chefredaktor", "Välj någon som tar emot tips."),
        ("forward", "kgb", "Välj något som finns i listan."),
        ("no_action", "fritext om tipset", "Välj något som finns i listan."),
        ("hold", " archive ", "Välj något som finns i listan."),
        ("register", "Anna Andersson", "Skriv diarienumret som år och nummer"),
        ("register", " 2026-1", "Skriv diarienumret som år och nummer"),
        ("close", "known", "Det som skickades går inte att läsa."),
        ("close", "", "Det går inte att göra med tipset som det är nu."),
        ("reopen", "mistake", "Det går inte att göra med tipset som det är nu."),
        ("propose_purge", "2026-1", "Det går inte att göra med tipset"),
        ("open", "", "Det som skickades går inte att läsa."),
        ("rewrap", "", "Det som skickades går inte att läsa."),
        ("note", "", "Det som skickades går inte att läsa."),
        ("received", "", "Det som skickades går inte att läsa."),
        ("finns_inte", "", "Det som skickades går inte att läsa."),
    ],
)
def test_step_that_cannot_be_taken_says_why_and_changes_nothing(
    at_desk, chief_editor, step, value, error
):
    tip = _opened()

    response = _take(at_desk, tip, step, value)

    assert response.status_code == 400
    assert said(response).startswith(error)
    assert steps.find(tip.pk).version == tip.version
    assert Event.objects.filter(tip_id=tip.pk).count() == 2
    assert not SignedStatement.objects.exists()


def test_every_step_is_refused_in_every_state_that_is_not_its_own(at_desk):
    tip, taken = _opened(), []
    value = {"register_no": "2026-1", "decision": "2026-1", "assignee": "tipsmottagare"}
    for state in State:
        Tip.objects.filter(pk=tip.pk).update(state=state)
        for step in states.STEPS.values():
            if step.is_offered and state not in step.sources:
                need = step.need
                given = (value.get(need.name) or need.choices[0][0]) if need else ""
                if _take(at_desk, tip, step.name, given).status_code != 400:
                    taken.append((step.name, state))
    assert taken == []


# Two handlers


def test_second_of_two_handlers_is_told_what_the_first_has_done(at_desk, colleagues_desk):
    tip = _opened()
    first = _take(at_desk, tip, "forward", "polisen")

    second = _take(colleagues_desk, tip, "no_action", "known")

    assert first.status_code == 200
    assert second.status_code == 409
    answer = second.json()
    assert answer.items() >= refusal("Någon annan har ändrat tipset under tiden.").items()
    assert answer["tip"]["state"] == "forwarded"
    assert answer["events"][-1]["reason"] == "polisen"
    assert answer["events"][-1]["actor"] == "tipsmottagare"
    assert json.loads(answer["statements"][-1]["statement"])["value"] == "polisen"
    assert "close" in {step["name"] for step in answer["steps"]}
    assert steps.find(tip.pk).version == tip.version + 1


def test_step_whose_event_cannot_be_written_is_not_taken(at_desk, monkeypatch):
    tip = _opened()

    def fails(**event):
        raise RuntimeError

    monkeypatch.setattr(events, "append", fails)
    assert _take(at_desk, tip, "spam", "trial").status_code == 500
    monkeypatch.undo()

    assert steps.find(tip.pk).state == State.READ
    assert events.verify() is None


# Coming in


def test_tip_that_a_crash_left_without_its_row_is_taken_in_as_recovered():
    tip_id = _leave()
    Tip.objects.filter(pk=tip_id).delete()

    assert steps.adopt(tip_id)

    tip = steps.find(tip_id)
    assert (tip.version, tip.state, tip.keyring_serial) == (1, "received", 1)
    assert Event.objects.get(tip_id=tip_id).verb == "recovered"
    assert events.verify() is None
    assert not steps.adopt(tip_id)


def test_folder_that_a_purge_left_is_not_taken_in_again():
    tip_id = _leave()
    Tip.objects.filter(pk=tip_id).delete()
    Tombstone.objects.create(
        id=tip_id,
        received_on=localdate(),
        decision="2026-1",
        purged_on=localdate(),
        proposed_by="a",
        approved_by="b",
    )

    assert not steps.adopt(tip_id)
    assert not Tip.objects.filter(pk=tip_id).exists()


def test_folder_that_is_not_whole_is_not_taken_in(tip_channel):
    tip_id = _leave()
    Tip.objects.filter(pk=tip_id).delete()
    (tip_channel.vault.folder(tip_id) / "body.age").unlink()

    assert not steps.adopt(tip_id)


def test_step_on_a_tip_that_nobody_has_seen_needs_the_queue_first(at_desk):
    tip_id = _leave()

    response = _take(at_desk, steps.find(tip_id), "spam", "trial")

    assert response.status_code == 409
    assert steps.take_in_new() == 1
    assert _take(at_desk, steps.find(tip_id), "spam", "trial").status_code == 200
    assert events.verify() is None


# At the same moment, in threads: on SQLite they queue up, on PostgreSQL they do not


def _at_once(*actions):
    """What each of the actions gave, or raised; all begun in the same moment."""
    start = threading.Barrier(len(actions))
    outcomes = [None] * len(actions)

    def run(place, action):
        try:
            start.wait(10)
            outcomes[place] = action()
        except Exception as error:
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


@pytest.mark.sql
@AT_ONCE
def test_of_handlers_in_the_same_moment_one_wins_and_the_others_are_told():
    tip = _opened()

    outcomes = _at_once(
        *(
            lambda value=value: act("tipsmottagare", "spam", tip, value=value)
            for value in ("trial", "abuse", "advertising", "meaningless")
        )
    )

    assert sum(isinstance(outcome, list) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, acting.Overtaken) for outcome in outcomes) == 3
    assert steps.find(tip.pk).version == tip.version + 1
    assert events.verify() is None


@pytest.mark.sql
@AT_ONCE
def test_steps_with_different_tips_in_the_same_moment_make_one_chain():
    tips = [_opened() for _each in range(6)]

    outcomes = _at_once(
        *(
            lambda tip=tip: [
                act_now("tipsmottagare", name, tip.pk, value)
                for name, value in (("hold", "archive"), ("release", "over"), ("spam", "trial"))
            ]
            for tip in tips
        )
    )

    assert all(isinstance(outcome, list) for outcome in outcomes), outcomes
    assert list(Event.objects.values_list("seq", flat=True)) == list(range(1, 12 + 18 + 1))
    assert events.verify() is None
    assert proofs.unproved() == []


@pytest.mark.sql
@AT_ONCE
def test_tip_opened_by_several_at_once_is_taken_in_and_read_once():
    tip_id = _leave()

    outcomes = _at_once(*[lambda: steps.open_tip(tip_id, "anna"), steps.take_in_new] * 3)

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [event.verb for event in Event.objects.filter(tip_id=tip_id)] == ["received", "open"]
    assert events.verify() is None
