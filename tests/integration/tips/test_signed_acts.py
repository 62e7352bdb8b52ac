"""What a handler does with a tip is signed by the handler: nobody else does it, and nothing is done twice."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils.timezone import localdate, localtime

from tests.acts import act, act_now, act_of_headers, act_of_note, as_sent, signed_act
from tests.desk_refusals import refusal
from tests.handlers import ask_desk
from tests.rings import handler_key
from tests.tables import every_row
from tips.handling import acting, events, proofs, steps
from tips.handling.rewrap import Wrapped, value_of
from tips.keeping import intake
from tips.keeping.present_keyring import signed_now
from tips.models import Event, Note, SignedStatement, Tip
from tips.sealing import age
from tips.sealing.statements import ChainLink, Statement
from tips.sealing.trust import NOTHING_BEFORE, spell

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

NOT_SIGNED = 400, refusal("Det är inte undertecknat med din nyckel. Lås, och öppna nyckeln igen.")
OVERTAKEN = 409, refusal("Någon annan har ändrat tipset under tiden.")
OTHER_RING = 409, refusal("Nyckelringen har ändrats. Börja om.")
UNREADABLE = 400, refusal("Det som skickades går inte att läsa.")
NO_SUCH_STEP = 400, refusal("Det som skickades går inte att läsa.")
NOT_NOW = 400, refusal("Det går inte att göra med tipset som det är nu.")
NOT_PROPOSED = 400, refusal("Gallringen måste först föreslås, med ett beslut som stöd.")
CLOCK_WRONG = (
    400,
    refusal("Datorns klocka går mer än ett dygn fel. Se till att den ställs, och försök igen."),
)
_LONG_AGO = timedelta(days=15)


@pytest.fixture(autouse=True)
def _channel(tip_channel, colleague):
    pass


def _opened() -> Tip:
    tip_id = intake.leave({"text": "Något hände"}, received_on=localdate() - _LONG_AGO)
    return steps.open_tip(tip_id, "tipsmottagare")


def _closed() -> Tip:
    tip = _opened()
    act_now("tipsmottagare", "no_action", tip.pk, "known")
    return act_now("tipsmottagare", "close", tip.pk)


def _send(client: Client, statement: Statement):
    return ask_desk(client, "steg/", as_sent(statement))


def _told(response):
    return response.status_code, {"error": response.json().get("error")}


# Who has signed it


def _by_another(octets):
    return handler_key(9).sign("step", octets)


def _by_a_colleague(octets):
    return handler_key(2).sign("step", octets)


def _as_a_note(octets):
    return handler_key(1).sign("note", octets)


def _half(octets):
    return replace(handler_key(1).sign("step", octets), mldsa65=_by_another(octets).mldsa65)


def _other_half(octets):
    return replace(handler_key(1).sign("step", octets), ed25519=_by_another(octets).ed25519)


def _of_something_else(octets):
    return handler_key(1).sign("step", octets + b" ")


@every_row(
    "signed",
    [_by_another, _by_a_colleague, _as_a_note, _half, _other_half, _of_something_else],
    ids=lambda signed: signed.__name__,
)
def test_a_step_counts_by_both_halves_of_the_handlers_own_signature(at_desk, signed):
    tip = _opened()
    statement = signed_act("tipsmottagare", "spam", tip, value="trial")
    forged = replace(statement, signature=signed(statement.octets))

    assert _told(_send(at_desk, forged)) == NOT_SIGNED

    assert steps.find(tip.pk).state == "read"
    assert not SignedStatement.objects.exists()


def test_nobody_sends_what_a_colleague_has_signed(at_desk, colleagues_desk):
    statement = signed_act("kollega", "spam", _opened(), value="trial")
    assert _told(_send(at_desk, statement)) == NOT_SIGNED
    assert _send(colleagues_desk, statement).status_code == 200


def test_who_has_left_the_keyring_does_nothing(colleagues_desk, tip_channel):
    statement = signed_act("kollega", "spam", _opened(), value="trial")
    tip_channel.trust.follow(removed=["kollega"])
    assert _send(colleagues_desk, statement).status_code == 401


@every_row("keyring", [1, 3, 99])
def test_a_step_that_was_signed_under_another_keyring_is_to_be_signed_anew(at_desk, keyring):
    statement = signed_act("tipsmottagare", "spam", _opened(), value="trial", keyring=keyring)
    assert _told(_send(at_desk, statement)) == OTHER_RING


@every_row(("days", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_a_day_wrong_and_no_more(at_desk, days, is_taken):
    when = localtime() + timedelta(days=days)
    statement = signed_act("tipsmottagare", "spam", _opened(), value="trial", written=when)

    answer = _send(at_desk, statement)

    if is_taken:
        assert answer.status_code == 200
        assert proofs.unproved() == []
    else:
        assert _told(answer) == CLOCK_WRONG


# What it was signed for


def test_a_signature_for_one_act_is_none_for_another(at_desk):
    tip, sealed = _opened(), _sealed_note()
    note_id = uuid4()
    as_note = act_of_note("tipsmottagare", tip.pk, note_id, sealed)
    said_of_it = {"spam": "trial", "rewrap": as_note.value, "purge": as_note.value}

    for name, value in said_of_it.items():
        statement = signed_act("tipsmottagare", name, tip, value=value)
        answer = _send_note(at_desk, tip, note_id, sealed, statement)
        assert _told(answer) == NOT_SIGNED
    answer = ask_desk(at_desk, "omslag/", {"files": [_a_header(tip)], **as_sent(as_note)})
    assert _told(answer) == NOT_SIGNED
    assert _told(_send(at_desk, as_note)) == NO_SUCH_STEP


# After what it was signed


@every_row(
    "changed",
    [{"previous": "1" * 64}, {"arrival": "1" * 64}, {"arrival": ""}, {"previous": NOTHING_BEFORE}],
    ids=str,
)
def test_a_step_stands_after_the_last_one_and_on_what_came(at_desk, changed):
    tip = act_now("kollega", "hold", _opened().pk, "archive")
    links = {tip.pk: replace(acting.link_after(tip), **changed)}

    answer = _send(at_desk, signed_act("tipsmottagare", "spam", links=links, value="trial"))

    assert _told(answer) == OVERTAKEN
    assert steps.find(tip.pk).state == "read"


def test_a_step_that_was_signed_for_one_tip_is_not_taken_with_another(at_desk):
    one = act_now("kollega", "hold", _opened().pk, "archive")
    other = act_now("kollega", "hold", _opened().pk, "archive")
    own, anothers = acting.link_after(one), acting.link_after(other)
    for link in (
        anothers, ChainLink(own.arrival, anothers.previous), ChainLink(anothers.arrival, own.previous),
    ):  # fmt: skip
        statement = signed_act("tipsmottagare", "spam", links={one.pk: link}, value="trial")
        assert _send(at_desk, statement).status_code == 409
    assert not Tip.objects.filter(state="spam").exists()


def test_what_was_signed_once_is_done_once(at_desk):
    tip = _opened()
    held = signed_act("tipsmottagare", "hold", tip, value="archive")
    assert _send(at_desk, held).status_code == 200
    assert _send(at_desk, held).status_code == 409
    act_now("tipsmottagare", "release", tip.pk, "over")

    assert _send(at_desk, held).status_code == 409

    assert not steps.find(tip.pk).is_on_hold


def test_of_two_steps_that_were_signed_after_the_same_only_one_is_taken(at_desk):
    tip = _opened()
    first, second = (
        signed_act("tipsmottagare", "register", tip, value=value) for value in ("2026-1", "2026-2")
    )
    assert [_send(at_desk, each).status_code for each in (second, first)] == [200, 409]
    assert steps.find(tip.pk).register_no == "2026-2"


# Many at once


def test_one_signature_marks_many_tips(at_desk):
    tips = [_opened() for _each in range(3)]

    answer = _send(at_desk, signed_act("tipsmottagare", "spam", *tips, value="trial"))

    assert [row["state"] for row in answer.json()["tips"]] == ["spam"] * 3
    assert "tip" not in answer.json()
    [kept] = SignedStatement.objects.all()
    assert set(Tip.objects.values_list("statement", flat=True)) == {kept.pk}
    assert Event.objects.filter(statement=kept.pk).count() == 3
    assert events.verify() is None
    assert proofs.unproved() == []


def test_of_many_with_one_that_a_colleague_has_changed_none_is_done_and_it_is_said_which(at_desk):
    tips = [_opened() for _each in range(3)]
    statement = signed_act("tipsmottagare", "spam", *tips, value="trial")
    act_now("kollega", "hold", tips[1].pk, "archive")

    answer = _send(at_desk, statement)

    assert answer.status_code == 409
    assert answer.json()["stale"] == [str(tips[1].pk)]
    assert [row["id"] for row in answer.json()["tips"]] == [str(tips[1].pk)]
    assert set(Tip.objects.values_list("state", flat=True)) == {"read"}
    assert not SignedStatement.objects.filter(pk=statement.hash).exists()


def test_of_many_with_one_that_is_gone_none_is_done(at_desk):
    tip, gone = _opened(), uuid4()
    links = {tip.pk: acting.link_after(tip), gone: ChainLink("", NOTHING_BEFORE)}
    answer = _send(at_desk, signed_act("tipsmottagare", "spam", links=links, value="trial"))
    assert (answer.status_code, answer.json()["stale"]) == (409, [str(gone)])
    assert steps.find(tip.pk).state == "read"


def test_of_many_with_one_that_cannot_be_done_none_is_done(at_desk):
    tips = [_opened(), _opened()]
    tips[1] = act_now("kollega", "no_action", tips[1].pk, "known")
    statement = signed_act("tipsmottagare", "spam", *tips, value="trial")

    answer = _send(at_desk, statement)

    assert _told(answer) == NOT_NOW
    assert steps.find(tips[0].pk).state == "read"
    assert not SignedStatement.objects.filter(pk=statement.hash).exists()


def test_more_than_five_hundred_tips_twice_the_same_or_in_another_order_are_refused(at_desk):
    one, other = sorted([_opened(), _opened()], key=lambda tip: tip.pk)
    made_up = [
        {"arrival": "", "previous": NOTHING_BEFORE, "tip": str(UUID(int=n))} for n in range(501)
    ]
    rows = [{"tip": str(tip.pk), **vars(acting.link_after(tip))} for tip in (one, other)]
    statement = signed_act("tipsmottagare", "spam", one, other, value="trial")
    for tips in ([], made_up, rows[::-1], [rows[0], rows[0]]):
        octets = spell(
            {"act": "spam", "author": "tipsmottagare", "format": "sapo-steps/1", "tips": tips,
             "keyring": statement.keyring, "value": "trial", "written": f"{localdate()}T00:00"}
        )  # fmt: skip
        signature = handler_key(1).sign("step", octets)
        answer = _send(at_desk, replace(statement, octets=octets, signature=signature))
        assert _told(answer) == UNREADABLE
    assert _send(at_desk, statement).status_code == 200


# Purging: the rest is in test_desk_purge.py


def test_a_tip_has_room_for_so_many_statements_and_can_be_purged_all_the_same(at_desk, monkeypatch):
    tip = _closed()
    monkeypatch.setattr(acting, "MOST_STATEMENTS", 1)
    full = refusal("Så mycket har gjorts med tipset att det bara kan gallras. Säg till driften.")

    response = _send(at_desk, signed_act("tipsmottagare", "hold", tip, value="archive"))
    assert (response.status_code, response.json()) == (400, full)
    tip = act_now("tipsmottagare", "propose_purge", tip.pk, "2026-1")
    act("kollega", "purge", tip, value=tip.purge_proposal)
    assert not Tip.objects.filter(pk=tip.pk).exists()


def test_an_approval_names_the_proposal_that_stands(at_desk, colleagues_desk):
    tip, other = _closed(), _closed()
    [tip] = act("tipsmottagare", "propose_purge", tip, value="2026-1")
    [other] = act("tipsmottagare", "propose_purge", other, value="2026-1")
    for named in (other.purge_proposal, "1" * 64, "", tip.purge_decision):
        answer = _send(colleagues_desk, signed_act("kollega", "purge", tip, value=named))
        assert _told(answer) == NOT_PROPOSED
    assert Tip.objects.count() == 2


def test_a_proposal_that_was_withdrawn_or_made_anew_is_not_approved(at_desk, colleagues_desk):
    [tip] = act("tipsmottagare", "propose_purge", _closed(), value="2026-1")
    former = tip.purge_proposal
    tip = act_now("tipsmottagare", "withdraw_purge", tip.pk)
    for _each in range(2):
        answer = _send(colleagues_desk, signed_act("kollega", "purge", tip, value=former))
        assert _told(answer) == NOT_PROPOSED
        if not tip.purge_proposal:
            tip = act_now("tipsmottagare", "propose_purge", tip.pk, "2026-2")
    assert tip.purge_proposal not in ("", former)


def test_a_note_in_between_leaves_the_proposal_as_it_is(at_desk, colleagues_desk):
    [tip] = act("tipsmottagare", "propose_purge", _closed(), value="2026-1")
    sealed, note_id = _sealed_note(), uuid4()
    statement = act_of_note("tipsmottagare", tip.pk, note_id, sealed)
    assert _send_note(at_desk, tip, note_id, sealed, statement).status_code == 200
    tip = steps.find(tip.pk)
    answer = _send(colleagues_desk, signed_act("kollega", "purge", tip, value=tip.purge_proposal))
    assert answer.status_code == 200
    assert events.verify() is None
    assert proofs.unproved() == []


def test_many_that_were_proposed_at_once_are_purged_at_once(at_desk, colleagues_desk, tip_channel):
    tips = act("tipsmottagare", "propose_purge", _closed(), _closed(), value="2026-1")
    [named] = {tip.purge_proposal for tip in tips}

    answer = _send(colleagues_desk, signed_act("kollega", "purge", *tips, value=named))

    assert answer.json() == {"tips": []}
    assert not Tip.objects.exists()
    assert list(tip_channel.vault.tips()) == []
    assert events.verify() is None
    assert proofs.unproved() == []


# What is handed out


def test_a_masked_page_that_is_handed_out_is_named_by_its_sum_and_signed(at_desk):
    tip = _opened()
    for value in ("", "ab" * 31, "AB" * 32, "fritext"):
        answer = _send(at_desk, signed_act("tipsmottagare", "masked", tip, value=value))
        assert _told(answer) == (400, refusal("Fyll i allt som steget behöver."))
    answer = _send(at_desk, signed_act("kollega", "masked", tip, value="ab" * 32))
    assert _told(answer) == NOT_SIGNED
    assert not SignedStatement.objects.exists()

    handed_out = signed_act("tipsmottagare", "masked", tip, value="ab" * 32)
    answer = _send(at_desk, handed_out).json()

    assert (answer["tip"]["state"], answer["tip"]["version"]) == ("read", tip.version)
    last = answer["events"][-1]
    assert (last["verb"], last["actor"]) == ("masked", "tipsmottagare")
    assert (last["reason"], last["statement"]) == ("ab" * 32, handed_out.hash)
    assert _send(at_desk, handed_out).status_code == 409
    assert events.verify() is None
    assert proofs.unproved() == []


# Notes and headers


def _sealed_note():
    return age.seal(b"Ringt.", signed_now().recipients)


def _send_note(client, tip, note_id, sealed, statement, place=1):
    note = {
        "id": str(note_id), "place": place, "sealed": _b64(sealed),
        "keyring_serial": signed_now().serial,
    }  # fmt: skip
    return ask_desk(client, f"tips/{tip.pk}/anteckningar/", {**note, **as_sent(statement)})


def _b64(octets):
    return b64encode(octets).decode()


def _a_header(tip):
    return {"tip": str(tip.pk), "name": "body.age", "header": "YQ=="}


def test_a_note_is_signed_with_its_number_its_octets_and_its_tip_alone(at_desk):
    tip, other, note_id, sealed = _opened(), _opened(), uuid4(), _sealed_note()
    right = act_of_note("tipsmottagare", tip.pk, note_id, sealed)
    for statement in (
        act_of_note("tipsmottagare", tip.pk, uuid4(), sealed),
        act_of_note("tipsmottagare", tip.pk, note_id, _sealed_note()),
        act_of_note("tipsmottagare", other.pk, note_id, sealed),
        signed_act("tipsmottagare", "note", tip, other, value=right.value),
        act_of_note("kollega", tip.pk, note_id, sealed),
        replace(right, signature=_as_a_note(right.octets)),
    ):
        answer = _send_note(at_desk, tip, note_id, sealed, statement)
        assert _told(answer) == NOT_SIGNED
    assert not Note.objects.exists()

    assert _send_note(at_desk, tip, note_id, sealed, right).status_code == 200
    assert steps.find(tip.pk).statement == right.hash
    assert proofs.unproved() == []


def test_a_note_and_a_step_come_one_after_the_other(at_desk):
    tip, note_id, sealed = _opened(), uuid4(), _sealed_note()
    step = signed_act("tipsmottagare", "spam", tip, value="trial")
    note = act_of_note("tipsmottagare", tip.pk, note_id, sealed)
    act_now("kollega", "hold", tip.pk, "archive")
    late = _send_note(at_desk, tip, note_id, sealed, note)
    assert (late.status_code, late.json()["notes"]) == (409, [])
    assert late.json()["events"][-1]["verb"] == "hold"
    note = act_of_note("tipsmottagare", tip.pk, note_id, sealed)
    assert _send_note(at_desk, tip, note_id, sealed, note).status_code == 200
    assert _send(at_desk, step).status_code == 409


def test_headers_are_given_by_whom_has_signed_them_for_tips_that_stand_as_they_did(
    at_desk, colleague, tip_channel
):
    tip, other = _opened(), _opened()
    tip_channel.trust.add("Ny", age.generate_identity().recipient)
    ring = tip_channel.trust.ring
    header = age.split_header(BytesIO(age.seal(b"x", ring.recipients)))
    lot = [Wrapped(each.pk, "body.age", header) for each in (tip, other)]
    right = act_of_headers("tipsmottagare", lot)
    files = [{"tip": str(each.tip), "name": each.name, "header": _b64(each.header)} for each in lot]

    def give(files, statement):
        return ask_desk(at_desk, "omslag/", {"files": files, **as_sent(statement)})

    for sent, statement in (
        (files, act_of_headers("tipsmottagare", lot[::-1])),
        (files[:1], right),
        (files, act_of_headers("kollega", lot)),
        (files, replace(right, signature=_as_a_note(right.octets))),
        (files[:1], signed_act("tipsmottagare", "rewrap", tip, other, value=value_of(lot[:1]))),
    ):
        assert _told(give(sent, statement)) == NOT_SIGNED
    assert not SignedStatement.objects.exists()

    act_now("kollega", "hold", other.pk, "archive")
    assert give(files, right).status_code == 200
    assert [steps.find(each.pk).statement == right.hash for each in (tip, other)] == [True, False]
    assert proofs.unproved() == []
