"""Each entry of the table of steps carries something: without it a step is refused, and seen."""

import uuid
from datetime import date
from unittest.mock import patch

import pytest

from tests.acts import act
from tests.tables import every_row
from tips.handling import events, states, steps
from tips.handling.desk_words import desk_words
from tips.models import State, Tip, Tombstone

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

TODAY = date(2026, 11, 25)
LONG_AGO = date(2026, 11, 1)  # so that it may be purged
DECISION = "RA-MS 2026:12"
CLOSED = (("no_action", "known"), ("close", ""))
PROPOSED = (*CLOSED, ("propose_purge", DECISION))

# Each step: what has been done before it, and what it is given.
WAYS = {
    "open": ((), ""),
    "assign": ((), "kollega"),
    "forward": ((), "polisen"),
    "no_action": ((), "known"),
    "close": ((("no_action", "known"),), ""),
    "reopen": (CLOSED, "mistake"),
    "spam": ((), "trial"),
    "not_spam": ((("spam", "trial"),), ""),
    "register": ((), "2026-1"),
    "hold": ((), "archive"),
    "release": ((("hold", "archive"),), "over"),
    "propose_purge": (CLOSED, DECISION),
    "withdraw_purge": (PROPOSED, ""),
    "purge": (PROPOSED, DECISION),
    "rewrap": ((), "2"),
    "restore": ((), "1"),
}

EVERY = set(State) - {State.PURGED}
# Where those begin that nobody is offered; of the others test_states.py says it.
SOURCES = {
    "open": {State.RECEIVED},
    "purge": {State.CLOSED, State.SPAM},
    "rewrap": EVERY,
    "restore": EVERY,
}

# What stands in the log for good, and must be told in words as long as the log is read.
WORDS = {
    "forward": {
        "polisen": "Polismyndigheten",
        "must": "Försvarsmakten (Must)",
        "fra": "Försvarets radioanstalt (FRA)",
        "tullverket": "Tullverket",
        "migrationsverket": "Migrationsverket",
        "kustbevakningen": "Kustbevakningen",
        "aklagarmyndigheten": "Åklagarmyndigheten",
        "annan": "Annan myndighet",
    },
    "no_action": {
        "outside_mission": "Utanför vårt uppdrag",
        "too_little": "För lite att gå på",
        "known": "Redan känt",
        "not_credible": "Bedöms inte stämma",
        "duplicate": "Samma som ett annat tips",
    },
    "reopen": {
        "new_information": "Nya uppgifter",
        "requested": "Begärt av en annan myndighet",
        "mistake": "Avslutat av misstag",
    },
    "spam": {
        "advertising": "Reklam",
        "abuse": "Okvädinsord",
        "meaningless": "Obegripligt",
        "automatic": "Skickat av ett program",
        "trial": "Ett prov",
    },
    "hold": {
        "legal_matter": "Rättslig prövning",
        "disclosure": "Begärt utlämnat",
        "supervision": "Tillsyn eller granskning",
        "archive": "Ska arkiveras",
    },
    "release": {"over": "Skälet gäller inte längre", "mistake": "Undantaget av misstag"},
}
VERBS = {
    "received": "Mottaget",
    "recovered": "Återfunnet",
    "open": "Öppnat för första gången",
    "assign": "Tilldelat",
    "forward": "Överlämnat",
    "no_action": "Lämnat utan åtgärd",
    "close": "Avslutat",
    "reopen": "Öppnat igen",
    "spam": "Markerat som skräp",
    "not_spam": "Inte skräp",
    "register": "Diariefört",
    "hold": "Undantaget från gallring",
    "release": "Inte längre undantaget från gallring",
    "propose_purge": "Gallring föreslagen",
    "withdraw_purge": "Förslag om gallring återkallat",
    "purge": "Gallrat",
    "rewrap": "Tillgången ändrad",
    "restore": "Omslag återställda",
    "seen": "Läst igen",
    "fetched": "Fil hämtad",
    "export": "Hämtat förseglat",
    "note": "Anteckning skriven",
    "searched": "Genomsökt",
    "masked": "Utlämnad, maskad",
}


@pytest.fixture
def tip(handler):
    """A tip that has come long ago."""
    return Tip.objects.create(
        id=uuid.uuid4(),
        received_on=LONG_AGO,
        state_on=LONG_AGO,
        files_digest=bytes(32),
        keyring_serial=1,
    )


def _take(tip, name, reason="", actor="anna", on=TODAY):
    return steps.change_tip(
        steps.find(tip.pk), states.STEPS[name], actor=actor, reason=reason, on=on
    )


def _take_purge(tip):
    # As it is carried out: by another, and with a tombstone in the tip's place.
    changed = _take(tip, "purge", DECISION, actor="kollega", on=TODAY)
    Tombstone.objects.create(
        id=tip.pk,
        received_on=tip.received_on,
        decision=DECISION,
        purged_on=TODAY,
        proposed_by="anna",
        approved_by="kollega",
    )
    Tip.objects.filter(pk=tip.pk).delete()
    return changed


def _come_to(tip, name):
    """Does all that comes before the step."""
    steps.take_in_new()
    if name != "open":
        _take(tip, "open")
    for before, reason in WAYS[name][0]:
        _take(tip, before, reason)


def _without(name):
    others = {each: step for each, step in states.STEPS.items() if each != name}
    return patch.dict(states.STEPS, others, clear=True)


def _taken(tip, name):
    return _take_purge(tip) if name == "purge" else _take(tip, name, WAYS[name][1])


@every_row("name", states.STEPS, undone=["tips"])
def test_a_step_is_taken_by_its_entry_and_a_log_that_holds_it_is_whole_by_it(tip, name):
    _come_to(tip, name)
    state = steps.find(tip.pk).state
    after = _taken(tip, name)
    assert after.state == (states.STEPS[name].target or state)
    assert events.verify() is None

    with _without(name):
        broken = events.verify()
    assert (broken.kind, broken.seq) == ("impossible", events.last_event().seq)


@every_row("name", [step.name for step in states.STEPS.values() if step.is_offered])
def test_a_step_that_is_not_in_the_table_is_refused(handler, tip, name):
    steps.take_in_new()
    found = steps.find(tip.pk)
    with _without(name):
        assert name not in {each.name for each in states.offered(found, TODAY)}
        with pytest.raises(steps.Refused, match="Det som skickades går inte att läsa"):
            act("tipsmottagare", name, found, value=WAYS[name][1])


def test_every_step_is_tried_and_what_is_not_offered_begins_in_the_states_that_are_its_own():
    unoffered = {name: step for name, step in states.STEPS.items() if not step.is_offered}
    assert {name: set(step.sources) for name, step in unoffered.items()} == SOURCES
    assert WAYS.keys() == states.STEPS.keys()


@pytest.mark.parametrize(("verb", "words"), VERBS.items())
def test_what_was_done_is_told_in_words(verb, words):
    assert desk_words()[f"done/{verb}"] == words


def test_every_verb_that_may_stand_in_the_log_is_told_in_words():
    assert {*states.STEPS, *states.RECORDS, *states.ARRIVALS} == set(VERBS)


@pytest.mark.parametrize(
    ("verb", "code", "words"),
    [(verb, code, words) for verb, codes in WORDS.items() for code, words in codes.items()],
)
def test_every_reason_that_may_stand_in_the_log_is_told_in_words(verb, code, words):
    assert desk_words()[f"choice/{verb}/{code}"] == words
    assert len(states.STEPS[verb].need.choices) == len(WORDS[verb])
