"""What the browser signs of tips, and how it judges what others have signed: as the server does."""

import uuid
from datetime import date, datetime
from typing import Any

import pytest

from tests.rings import handler_key, handler_secret, ring_for
from tips.handling import states
from tips.sealing import age, trust
from tips.sealing.statements import ChainLink, read_statement, sign_statement

from .test_opener_parts import in_node

ONE, OTHER = (uuid.UUID(int=number) for number in (1, 2))
ARRIVAL, BEFORE = "a" * 64, trust.NOTHING_BEFORE
RING = ring_for([age.generate_identity().recipient, age.generate_identity().recipient])
# What the script knows of a keyring.
IN_SCRIPT = {
    "serial": RING.serial,
    "former": [],
    "entries": [
        {"id": each.id, "name": each.name, "key": each.key.as_members()} for each in RING.entries
    ],
}
RING_HERE = (
    'const { publicKey } = await import("./trust/trust.js");'
    "const ring = { ...given.ring, entries: given.ring.entries.map("
    "(each) => ({ ...each, key: publicKey(each.key) })) };"
)


def _signed(act: str, value: str = "", number: int = 1, **changed: Any) -> Any:
    author = RING.entries[number - 1].id
    said = {"act": act, "author": author, "keyring": 1, "tips": {ONE: ChainLink(ARRIVAL, BEFORE)}}
    when = datetime(2026, 12, 2, 14, 20)
    return sign_statement(handler_key(number), value=value, written=when, **{**said, **changed})


def _given(statement: Any) -> dict[str, str]:
    return {"statement": statement.octets.decode(), **trust.signature_row(statement.signature)}


def test_what_the_browser_signs_of_two_tips_holds_here():
    answer = in_node(
        RING_HERE + 'const { signedAct } = await import("./trust/statement.js");'
        'const { SigningKey } = await import("./trust/signing.js");'
        'const secret = new Uint8Array(Buffer.from(given.secret, "hex"));'
        "const desk = { key: { handler: ring.entries[0].id, signing: new SigningKey(secret) },"
        " trust: { ring: () => ring }, queue: {}, arrivals: { hasOther: () => false } };"
        'return await signedAct(desk, "spam", given.tips, "abuse");',
        ring=IN_SCRIPT, secret=handler_secret(1).hex(),
        tips=[{"id": str(OTHER), "arrival_hash": "", "statement": "b" * 64},
              {"id": str(ONE), "arrival_hash": ARRIVAL, "statement": BEFORE}],
    )  # fmt: skip
    halves = trust.signature_in({name: answer[name] for name in ("ed25519", "mldsa65")})
    said = read_statement(answer["statement"].encode(), halves)

    assert said.is_by(RING)
    assert (said.act, said.value, said.author) == ("spam", "abuse", RING.entries[0].id)
    assert said.tips == {ONE: ChainLink(ARRIVAL, BEFORE), OTHER: ChainLink("", "b" * 64)}


def test_only_what_somebody_in_the_keyring_has_signed_is_read():
    whole = _given(_signed("close"))
    for_another = _given(_signed("close", author=RING.entries[1].id))
    cases = {
        "whole": whole,
        "in another's name": for_another,
        "other words": {**whole, "statement": whole["statement"].replace("close", "purge")},
        "half a signature": {**whole, "mldsa65": _given(_signed("spam", "trial"))["mldsa65"]},
        "not in its only spelling": {**whole, "statement": f" {whole['statement']}"},
        "nothing": {"statement": "", "ed25519": "", "mldsa65": ""},
    }

    read = in_node(
        RING_HERE + 'const { readStatement } = await import("./trust/statement.js");'
        "const read = []; for (const each of given.cases)"
        " read.push(Boolean(await readStatement(each, ring))); return read;",
        ring=IN_SCRIPT, cases=list(cases.values()),
    )  # fmt: skip

    assert dict(zip(cases, read, strict=True)) == {name: name == "whole" for name in cases}


def test_whatever_the_service_answers_instead_of_statements_nothing_is_read():
    read = in_node(
        RING_HERE + 'const { readStatements } = await import("./trust/statement.js"); const read = [];'
        "for (const each of given.cases) read.push((await readStatements(each, ring)).size); return read;",
        ring=IN_SCRIPT, cases=[None, [None], [7], {}, [{"statement": None}], "x"],
    )  # fmt: skip
    assert read == [0] * 6


@pytest.fixture
def judged():
    def judged(
        events: list[Any], signed: list[Any], notes: tuple[str, ...] = (), **tip: Any
    ) -> Any:
        return in_node(
            RING_HERE + "const s = await import('./trust/statement.js');"
            "const read = await s.readStatements(given.signed, ring);"
            "return s.judgedHistory({ tip: given.tip, events: given.events }, read, given.notes);",
            notes=notes,
            ring=IN_SCRIPT,
            signed=[_given(each) for each in signed],
            events=[
                {"seq": seq, "verb": said.act, "actor": said.author, "reason": said.value,
                 "statement": said.hash, "on": "2026-12-02", "to": "", **changed}
                for seq, (said, changed) in enumerate(events, start=1)
            ],
            tip={"id": str(ONE), "arrival": {"hash": ARRIVAL}, "state": "closed",
                 "assigned_to": "", "is_on_hold": False, "register_no": "",
                 "purge_proposed_by": "", "statement": signed[-1].hash, **tip},
        )  # fmt: skip

    return judged


def _two_steps() -> tuple[Any, Any]:
    first = _signed("no_action", "known")
    return first, _signed("close", tips={ONE: ChainLink(ARRIVAL, first.hash)}, number=2)


def test_a_history_that_is_signed_is_taken_as_it_is(judged):
    first, second = _two_steps()
    whole = {"unsigned": [], "isOther": False}
    assert judged([(first, {}), (second, {})], [first, second]) == whole


def test_an_event_that_was_not_signed_so_is_named(judged):
    first, second = _two_steps()
    both = [first, second]
    for changed in (
        {"actor": RING.entries[0].id}, {"verb": "reopen"}, {"reason": "mistake"},
        {"statement": ""}, {"statement": "c" * 64}, {"on": "2020-01-01"}, {"to": "spam"},
    ):  # fmt: skip
        assert judged([(first, {}), (second, changed)], both)["unsigned"] == [2], changed
    moved = _signed("close", tips={ONE: ChainLink("d" * 64, first.hash)}, number=2)
    assert judged([(first, {}), (moved, {})], [first, moved])["unsigned"] == [2]
    of_other_tip = _signed("close", tips={OTHER: ChainLink(ARRIVAL, first.hash)}, number=2)
    assert judged([(first, {}), (of_other_tip, {})], [first, of_other_tip])["unsigned"] == [2]


def test_what_is_left_out_or_in_another_order_is_told(judged):
    first, second = _two_steps()
    assert judged([(second, {}), (first, {})], [first, second])["unsigned"] == [1, 2]
    assert judged([(second, {})], [second])["unsigned"] == [1]
    # The newest is withheld: the tip does not stand as it says, or another statement is its last.
    assert judged([(first, {})], [first])["isOther"]
    assert judged([(first, {})], [first], state="no_action", statement=second.hash)["isOther"]


def test_a_tip_that_stands_otherwise_than_was_signed_is_told(judged):
    first, second = _two_steps()
    for changed in (
        {"state": "spam"}, {"assigned_to": "tipsmottagare"}, {"is_on_hold": True},
        {"register_no": "2026-1"}, {"purge_proposed_by": "tipsmottagare"},
    ):  # fmt: skip
        told = judged([(first, {}), (second, {})], [first, second], **changed)
        assert told == {"unsigned": [], "isOther": True}, changed


def test_a_note_that_is_withheld_or_made_up_is_told(judged):
    value = f"{uuid.UUID(int=7)} {'e' * 64}"
    note = _signed("note", value)
    still = {"state": "read", "statement": note.hash}
    assert judged([(note, {})], [note], notes=(value,), **still) == {
        "unsigned": [],
        "isOther": False,
    }
    for notes in ((), (value.replace("e", "f"),), (value, value.replace("7", "8"))):
        assert judged([(note, {})], [note], notes=notes, **still)["isOther"], notes


def test_what_a_statement_changes_is_the_same_in_both():
    acts = sorted(states.SIGNED - {"rewrap", "note", "masked"})
    before = {"state": "assigned", "assigned_to": "x", "is_on_hold": False, "register_no": "",
              "purge_proposed_by": "y"}  # fmt: skip
    in_script = in_node(
        "const { change } = await import('./trust/statement.js');"
        "return given.acts.map((act) => { const stands = { ...given.before };"
        " change(stands, { act, author: 'anna', value: 'värde' }); return stands; });",
        acts=acts, before=before,
    )  # fmt: skip

    for act, found in zip(acts, in_script, strict=True):
        changed = states.changes(
            act, state="assigned", reason="värde", actor="anna", on=date(2026, 12, 2)
        )
        after = before | {name: changed[name] for name in before if name in changed}
        assert found == after, act


def test_both_know_what_nobody_does_without_having_signed_it():
    in_script = in_node("return [...(await import('./trust/statement.js')).SIGNED];")
    assert set(in_script) == states.SIGNED
