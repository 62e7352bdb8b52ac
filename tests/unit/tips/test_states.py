"""The table of steps: what may be done with a tip in which state."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from tests.tables import every_row
from tips.form import limits
from tips.handling import states
from tips.handling.desk_words import desk_words
from tips.handling.register_numbers import DECISION, REGISTER_NO
from tips.handling.states import STEPS
from tips.models import State, Tip

TODAY = date(2026, 11, 25)

# State -> what a handler is offered, for a tip that nothing else is special with.
EVERY = {"register", "hold"}
OFFERED = {
    State.RECEIVED: EVERY | {"spam"},
    State.READ: EVERY | {"assign", "forward", "no_action", "spam"},
    State.ASSIGNED: EVERY | {"assign", "forward", "no_action", "spam"},
    State.FORWARDED: EVERY | {"forward", "close"},
    State.NO_ACTION: EVERY | {"close"},
    State.SPAM: EVERY | {"propose_purge"},
    State.CLOSED: EVERY | {"reopen", "propose_purge"},
    State.PURGED: set(),
}


LONG_AGO = TODAY - timedelta(days=15)


def _tip(state, on=LONG_AGO, **fields):
    return Tip(state=state, state_on=on, received_on=on, version=3, **fields)


def _offered(tip, on=TODAY):
    return {step.name for step in states.offered(tip, on)}


@every_row("state", State)
def test_each_state_offers_its_steps_and_no_others(state):
    assert _offered(_tip(state)) == OFFERED[state]


def test_spam_can_be_undone_for_fourteen_days():
    tip = _tip(State.SPAM, on=TODAY)

    assert "not_spam" in _offered(tip, TODAY + timedelta(days=14))
    assert "not_spam" not in _offered(tip, TODAY + timedelta(days=15))


@pytest.mark.parametrize(
    ("step", "fields", "is_possible"),
    [
        ("hold", {}, True), ("hold", {"is_on_hold": True}, False),
        ("release", {}, False), ("release", {"is_on_hold": True}, True),
        ("propose_purge", {}, True), ("propose_purge", {"is_on_hold": True}, False),
        ("propose_purge", {"purge_proposed_by": "anna"}, False),
        ("propose_purge", {"is_on_hold": True, "purge_proposed_by": "anna"}, False),
        ("withdraw_purge", {}, False), ("withdraw_purge", {"purge_proposed_by": "anna"}, True),
        ("purge", {}, False), ("purge", {"is_on_hold": True}, False),
        ("purge", {"purge_proposed_by": "anna"}, True),
        ("purge", {"is_on_hold": True, "purge_proposed_by": "anna"}, False),
        ("reopen", {}, True), ("assign", {}, False),
    ],
)  # fmt: skip
def test_a_closed_tip_may_be_purged_by_proposal_and_not_while_it_is_on_hold(
    step, fields, is_possible
):
    tip = _tip(State.CLOSED, **fields)
    assert states.is_possible(STEPS[step], tip, TODAY) is is_possible


@every_row("step", ["propose_purge", "purge"])
@every_row("is_on_hold", [False, True])
def test_no_purge_comes_before_its_day(step, is_on_hold):
    proposer = "anna" if step == "purge" else ""
    tip = _tip(State.CLOSED, on=TODAY, purge_proposed_by=proposer, is_on_hold=is_on_hold)
    first = states.purgeable_from(tip)
    assert first == TODAY + timedelta(days=2)
    assert timedelta(seconds=limits.MAX_TOKEN_SECONDS) <= states.FORM_SENT_AGAIN_WITHIN
    assert not states.is_possible(STEPS[step], tip, first - timedelta(days=1))
    assert states.is_possible(STEPS[step], tip, first) is not is_on_hold


def test_spam_that_came_long_ago_can_be_purged_when_it_can_no_longer_be_undone():
    tip = Tip(state=State.SPAM, state_on=TODAY, received_on=LONG_AGO)
    assert states.purgeable_from(tip) == TODAY + timedelta(days=15)
    tip = Tip(state=State.CLOSED, state_on=TODAY, received_on=LONG_AGO)
    assert states.purgeable_from(tip) == LONG_AGO + timedelta(days=2)


NO_PROPOSAL = {"purge_proposed_by": "", "purge_decision": "", "purge_proposal": ""}


@pytest.mark.parametrize(
    ("verb", "state", "reason", "changed"),
    [
        ("received", "", "", {"state": "received"}),
        ("recovered", "", "", {"state": "received"}),
        ("open", "received", "", {"state": "read"}),
        ("assign", "read", "bo", {"state": "assigned", "assigned_to": "bo"}),
        ("assign", "assigned", "bo", {"assigned_to": "bo"}),
        ("forward", "read", "must", {"state": "forwarded"}),
        ("forward", "forwarded", "must", {}),
        ("no_action", "read", "known", {"state": "no_action"}),
        ("close", "no_action", "", {"state": "closed"}),
        ("reopen", "closed", "mistake", {"state": "read", "assigned_to": "", **NO_PROPOSAL}),
        ("spam", "read", "trial", {"state": "spam"}),
        ("not_spam", "spam", "", {"state": "read", "assigned_to": "", **NO_PROPOSAL}),
        ("register", "read", "2026-1", {"register_no": "2026-1"}),
        ("hold", "read", "archive", {"is_on_hold": True, **NO_PROPOSAL}),
        ("release", "read", "over", {"is_on_hold": False}),
        ("propose_purge", "closed", "2026-1",
         {"purge_proposed_by": "anna", "purge_decision": "2026-1", "purge_proposal": ""}),
        ("withdraw_purge", "closed", "", NO_PROPOSAL),
        ("purge", "closed", "2026-1", {"state": "purged"}),
        ("rewrap", "read", "3", {"keyring_serial": 3}),
        ("rewrap", "read", "", {}),
        ("restore", "read", "2", {"keyring_serial": 2}),
        ("restore", "read", "", {}),
    ],
)  # fmt: skip
def test_what_each_step_changes_in_a_tip(verb, state, reason, changed):
    if "state" in changed:
        changed = {**changed, "state_on": TODAY}
    found = states.changes(verb, state=state, reason=reason, actor="anna", on=TODAY)
    assert found == changed
    assert found.get("is_on_hold") in (None, True, False)


def test_what_is_signed_is_the_last_on_its_tip_and_of_a_purge_the_proposal():
    def signed(verb):
        return states.changes(
            verb, state=State.CLOSED, reason="2026-1", actor="anna", on=TODAY, statement="ab" * 32
        )

    assert signed("register")["statement"] == signed("propose_purge")["statement"] == "ab" * 32
    assert signed("propose_purge")["purge_proposal"] == "ab" * 32


def test_which_note_it_was_is_not_told_to_those_who_read_the_log():
    assert states.reason_told("note", "5f0c2a1e") == states.reason_told("export", "x") == ""


@every_row(
    ("state", "words"),
    [
        ("received", "Mottaget"), ("read", "Läst"), ("assigned", "Tilldelat"),
        ("forwarded", "Överlämnat"), ("no_action", "Ingen åtgärd"), ("spam", "Skräp"),
        ("closed", "Avslutat"), ("purged", "Gallrat"),
    ],
)  # fmt: skip
def test_every_state_is_told_in_words(state, words):
    assert desk_words()[f"state/{state}"] == words


@every_row("number", ["2026-1234", "SÄPO 2026-1234", "2015-1", "2026-123456", "SÄPO 2026-1234-2"])
def test_register_number_has_a_year_and_a_number(number):
    assert REGISTER_NO.fullmatch(number)


def test_register_number_begins_with_the_letters_that_are_set(settings):
    settings.TIPS_REGISTER_PREFIX = "DNR"
    assert REGISTER_NO.fullmatch("DNR 2026-1234")
    assert not REGISTER_NO.fullmatch("SÄPO 2026-1234")


def test_register_number_is_of_a_year_that_has_come():
    present = localdate().year
    assert REGISTER_NO.fullmatch(f"{present}-1")
    assert not REGISTER_NO.fullmatch(f"{present + 1}-1")


@pytest.mark.parametrize(
    "number",
    [
        "", "1234", "070-123 45 67", "010-5687000", "19800101-1234", "800101-1234",
        "Anna Andersson", "ANNA 2026", "=HYPERLINK(1)", "2026-1234 Anna", "2026-1234\n",
        "sapo 2026-1", "ANDERSSON 2026-1", "２０２６-１", "2026-１", "ANNA 2026-1", "EK 2026-1234",
        # Personal identity numbers, divided in every way, and telephone numbers.
        "1990-0101-1234", "1990-01011234", "2001-1231-1234", "2001-123112-34", "2001-123112",
        "SÄPO 1990-0101-12", "2012-112345", "2070-1234567", "2026-0701234", "2026-070123-45",
        "2026-1234567", "2026-12345-67", "1999/7", "2026-1234-2.5", "2026-1234-123", "2026-0",
    ],
)  # fmt: skip
def test_register_number_has_no_room_for_a_person(number):
    assert not REGISTER_NO.fullmatch(number)


@every_row("decision", ["RA-MS 2026:12", "RA-FS 1991:6", "2026-1234"])
def test_decision_is_a_reference(decision):
    assert DECISION.fullmatch(decision)


@pytest.mark.parametrize(
    "decision",
    [
        "", "ja", "enligt chefen", "2026", "12", "RA-MS 12", "2026:", "ANNA-EK 2026:1",
        "1990:0101-1234", "RA-MS 1990:01011234", "EK 2026-1",
    ],
)  # fmt: skip
def test_decision_is_nothing_else(decision):
    assert not DECISION.fullmatch(decision)


def test_every_step_speaks_swedish():
    english = {"Assign", "Forward", "Close", "Reopen", "Reason", "Receiver"}
    words = [
        str(text)
        for step in STEPS.values()
        for text in (
            step.label,
            step.done,
            *((step.need.label, step.need.hint) if step.need else ()),
            *(label for _value, label in (step.need.choices if step.need else ())),
        )
    ]
    assert not english.intersection(words)
    assert {"Överlämna", "Polismyndigheten", "Diarienummer", "Undanta från gallring"} <= set(words)
