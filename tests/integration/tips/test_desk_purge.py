"""Purging: a decision and two people, and nothing left but what must be."""

import itertools
import json
import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.utils.timezone import localdate

from tests.acts import act, act_now, send_act
from tests.desk_refusals import refusal, said
from tests.handlers import ask_desk, desk_login
from tests.rings import entry
from tips.handling import acting, events, purge, states, steps
from tips.keeping import intake
from tips.models import Event, Note, SignedStatement, State, Tip, Tombstone
from tips.sealing import age
from tips.sealing.trust import sha256_of

pytestmark = pytest.mark.django_db(databases=["default", "tips"])
AT_ONCE = pytest.mark.django_db(
    databases=["default", "tips"], transaction=True, serialized_rollback=True
)

PURGE = "gallring/"
DECISION = "RA-MS 2026:12"


@pytest.fixture(autouse=True)
def _channel(tip_channel, handler, colleague):
    pass


def _days_ago(days):
    return localdate() - timedelta(days=days)


def _tip(*taken, on=None):
    on = on or _days_ago(15)
    tip = steps.open_tip(
        intake.leave(
            {"text": "Något hände", "subject": "annat"}, [("a.txt", "text/plain", b"a")],
            received_on=on,
        ),
        "tipsmottagare",
    )  # fmt: skip
    for name, reason in taken:
        step = states.STEPS[name]
        steps.change_tip(steps.find(tip.pk), step, actor="anna", reason=reason, on=on)
    return steps.find(tip.pk)


def _closed(on=None):
    return _tip(("register", "2026-77"), ("no_action", "known"), ("close", ""), on=on)


def _propose(client, tip, decision=DECISION):
    return send_act(client, client.handler_id, "propose_purge", tip, value=decision)


def _approve(client, tip):
    """What comes of an approval of what is proposed with the tip as it is given."""
    return send_act(client, client.handler_id, "purge", tip, value=tip.purge_proposal)


def _withdraw(client, tip):
    return send_act(client, client.handler_id, "withdraw_purge", tip)


def _shown(client):
    return ask_desk(client, PURGE).json()


def _proposed(client, tip=None):
    tip = tip or _closed()
    assert _propose(client, tip).status_code == 200
    return steps.find(tip.pk)


def test_two_handlers_and_a_decision_purge_a_tip(at_desk, colleagues_desk, tip_channel):
    tip = _closed()
    Note.objects.create(
        tip_id=tip.pk, place=1, author="anna", written_on=tip.state_on, sealed=b"x",
        keyring_serial=1,
    )  # fmt: skip
    [due] = _shown(at_desk)["due"]
    assert (due["id"], due["state"], due["register_no"]) == (str(tip.pk), "closed", "2026-77")
    assert (due["purge_proposed_by"], due["not_before"], due["is_on_hold"]) == ("", "", False)

    tip = _proposed(at_desk, tip)
    shown = _shown(colleagues_desk)
    [row], [signed] = shown["proposed"], shown["proposals"]
    assert shown["due"] == []
    assert (row["purge_proposed_by"], row["decision"]) == ("tipsmottagare", DECISION)
    assert row["proposal"] == sha256_of(signed["statement"].encode())
    assert json.loads(signed["statement"])["value"] == DECISION

    answer = _approve(colleagues_desk, tip).json()
    assert (answer["tips"], answer["tip"]) == ([], None)
    assert [event["verb"] for event in answer["events"][-2:]] == ["propose_purge", "purge"]
    assert not Tip.objects.exists()
    assert not Note.objects.exists()
    assert not tip_channel.vault.folder(tip.pk).exists()
    stone = Tombstone.objects.get()
    assert (stone.pk, stone.register_no, stone.decision) == (tip.pk, "2026-77", DECISION)
    assert (stone.proposed_by, stone.approved_by) == ("tipsmottagare", "kollega")
    assert [event.verb for event in Event.objects.order_by("-seq")[:2]] == [
        "purge", "propose_purge",
    ]  # fmt: skip
    assert SignedStatement.objects.filter(pk__in=[stone.proposal, stone.approval]).count() == 2
    assert events.verify() is None


def test_nothing_of_a_purged_tip_can_be_fetched(at_desk, colleagues_desk):
    tip = _proposed(at_desk)
    _approve(colleagues_desk, tip)

    for method, path in [
        ("post", f"api/tips/{tip.pk}/oppna/"), ("get", f"api/tips/{tip.pk}/forseglat.zip"),
        ("post", f"api/tips/{tip.pk}/anteckningar/"),
    ]:  # fmt: skip
        response = getattr(at_desk, method)(
            f"/tipsmottagning/{path}", "{}", content_type="application/json"
        ) if method == "post" else at_desk.get(f"/tipsmottagning/{path}")  # fmt: skip
        assert response.status_code in (400, 404)
    assert str(tip.pk) not in at_desk.get("/tipsmottagning/api/ko/?alla=1").content.decode()


def test_step_with_a_tip_purged_meanwhile_is_told_what_became_of_it(at_desk, colleagues_desk):
    tip = _proposed(at_desk)
    _approve(colleagues_desk, tip)

    response = _withdraw(at_desk, tip)

    assert response.status_code == 409
    answer = response.json()
    assert answer.items() >= refusal("Någon annan har ändrat tipset under tiden.").items()
    assert (answer["tip"], answer["stale"]) == (None, [str(tip.pk)])
    assert answer["events"][-1]["verb"] == "purge"


def test_the_one_who_proposed_cannot_approve(at_desk):
    tip = _proposed(at_desk)
    response = _approve(at_desk, tip)
    assert response.status_code == 400
    assert "Du har själv föreslagit gallringen" in said(response)
    assert Tip.objects.filter(pk=tip.pk).exists()


def test_who_was_let_in_this_week_purges_nothing_with_anybody(at_desk, tip_channel):
    """Two signers, or whoever has their keys, make nobody today who helps to purge today."""
    today = localdate()
    joins = entry("ny", "Ny", age.generate_identity().recipient, 9)
    tip_channel.trust.follow(added=[joins], made_on=today - timedelta(days=6))
    newcomers = desk_login(Client(), "ny")
    by_another, by_newcomer = _proposed(at_desk), _proposed(newcomers)
    for client, tip in ((newcomers, by_another), (at_desk, by_newcomer)):
        response = _approve(client, tip)
        assert (response.status_code, response.json()) == (400, refusal(
            "Två gallrar som båda har stått i nyckelringen i en vecka. En av er har inte det än."
        ))  # fmt: skip
    assert Tip.objects.filter(pk__in=[by_another.pk, by_newcomer.pk]).count() == 2

    tip_channel.trust.follow(made_on=today)
    assert _approve(newcomers, by_another).status_code == 400
    tip_channel.trust.put(
        replace(
            tip_channel.trust.ring, made_on=today - timedelta(days=7), not_after=today, file=b""
        )
    )
    assert _approve(newcomers, by_another).status_code == 200


def test_who_stands_in_no_keyring_any_more_has_proposed_nothing(
    at_desk, colleagues_desk, tip_channel
):
    tip = _proposed(colleagues_desk)
    tip_channel.trust.follow(removed=["kollega"])
    response = _approve(at_desk, tip)
    assert said(response).startswith("Den som föreslog gallringen tar inte längre emot tips.")
    assert Tip.objects.filter(pk=tip.pk).exists()

    _withdraw(at_desk, tip)
    assert not steps.find(tip.pk).purge_proposed_by


def test_proposal_without_a_decision_is_refused(at_desk, subtests):
    for decision in ["", " ", f" {DECISION}", "ja", "enligt beslut", "2026", "=1+1", "2026:12; x"]:
        with subtests.test(decision=decision):
            tip = _closed()
            response = _propose(at_desk, tip, decision)
            assert response.status_code == 400
            why = "Skriv beslutets beteckning" if decision else "Fyll i allt"
            assert said(response).startswith(why)
            assert not steps.find(tip.pk).purge_proposed_by


def test_tip_that_is_still_worked_on_cannot_be_purged(at_desk, subtests):
    for taken in [
        (), (("assign", "kollega"),), (("forward", "polisen"),), (("no_action", "known"),),
    ]:  # fmt: skip
        with subtests.test(taken=taken):
            tip = _tip(*taken)

            response = _propose(at_desk, tip)

            assert response.status_code == 400
            assert "Det går inte att göra med tipset som det är nu." in said(response)
            assert Tip.objects.filter(pk=tip.pk).exists()


def test_a_proposal_that_sql_has_made_half_does_not_help(colleagues_desk, subtests):
    for proposal in [
        {"purge_proposed_by": "anna", "purge_decision": "ja"},
        {"purge_proposed_by": "anna", "purge_decision": ""},
        {"purge_proposed_by": "", "purge_decision": DECISION},
        {"purge_proposed_by": "tipsmottagare", "purge_decision": DECISION},
    ]:  # fmt: skip
        with subtests.test(proposal=proposal):
            tip = _closed()
            Tip.objects.filter(pk=tip.pk).update(**proposal)

            response = _approve(colleagues_desk, tip)

            assert response.status_code == 400
            assert "Gallringen måste först föreslås" in said(response)


def test_proposal_that_sql_has_put_on_another_tip_does_not_help(colleagues_desk, subtests):
    for state in [State.RECEIVED, State.READ, State.ASSIGNED, State.FORWARDED]:
        with subtests.test(state=state):
            tip = _closed()
            Tip.objects.filter(pk=tip.pk).update(
                state=state, purge_proposed_by="anna", purge_decision=DECISION
            )

            response = _approve(colleagues_desk, tip)

            assert response.status_code == 400
            assert "Bara tips som är avslutade eller skräp" in said(response)


def test_legal_hold_blocks_both_halves(at_desk, colleagues_desk):
    held = act_now("kollega", "hold", _closed().pk, "legal_matter")
    response = _propose(at_desk, held)
    assert response.status_code == 400
    assert [each["is_on_hold"] for each in _shown(at_desk)["due"]] == [True]

    tip = _proposed(at_desk)
    Tip.objects.filter(pk=tip.pk).update(is_on_hold=True)
    response = _approve(colleagues_desk, tip)
    assert response.status_code == 400
    assert "Tipset är undantaget från gallring." in said(response)
    assert Tip.objects.count() == 2


def test_hold_takes_back_what_was_proposed(at_desk, colleagues_desk):
    tip = _proposed(at_desk)
    act_now("kollega", "hold", tip.pk, "disclosure")
    [released] = act("kollega", "release", steps.find(tip.pk), value="over")
    answer = send_act(colleagues_desk, "kollega", "purge", released, value=tip.purge_proposal)
    assert said(answer).startswith("Gallringen måste först föreslås")
    assert Tip.objects.filter(pk=tip.pk).exists()


def test_spam_is_purged_in_the_same_way(at_desk, colleagues_desk):
    tip = _proposed(at_desk, _tip(("spam", "trial")))
    _approve(colleagues_desk, tip)
    assert Tombstone.objects.filter(pk=tip.pk).exists()


def test_nothing_is_purged_while_it_can_be_undone_or_its_form_sent_again(
    at_desk, colleagues_desk, tip_channel, subtests
):
    for taken, days, first in [
        ((("no_action", "known"), ("close", "")), 0, 2),
        ((("no_action", "known"), ("close", "")), 1, 2), ((("spam", "trial"),), 1, 15),
        ((("spam", "trial"),), 14, 15),
    ]:  # fmt: skip
        with subtests.test(taken=taken):
            tip = _tip(*taken, on=_days_ago(days))
            day = _days_ago(days - first)

            response = _propose(at_desk, tip)

            assert response.status_code == 400
            assert f"Tipset kan inte gallras före {day}." in said(response)
            assert [each["not_before"] for each in _shown(at_desk)["due"]] == [day.isoformat()]
            # Proposed by other means, it is no nearer.
            Tip.objects.filter(pk=tip.pk).update(purge_proposed_by="anna", purge_decision=DECISION)
            assert _approve(colleagues_desk, tip).status_code == 400
            assert Tip.objects.filter(pk=tip.pk).exists()
            assert len(tip_channel.vault.files(tip.pk)) == 3


def test_purge_over_midnight_is_of_one_day(at_desk, tip_channel, monkeypatch):
    tip = _proposed(at_desk)
    first, days = localdate(), itertools.count()
    for module in ("steps", "purge"):
        monkeypatch.setattr(
            f"tips.handling.{module}.localdate", lambda: first + timedelta(days=next(days))
        )

    assert act("kollega", "purge", tip, value=tip.purge_proposal) == []

    assert Tombstone.objects.get().purged_on == Event.objects.get(verb="purge").on
    assert events.verify() is None


def test_step_over_midnight_is_not_taken_for_tampering(tip_channel, monkeypatch):
    tip = _tip()
    first, days = localdate(), itertools.count()
    monkeypatch.setattr(steps, "localdate", lambda: first + timedelta(days=next(days)))
    tip = act_now("kollega", "no_action", tip.pk, "known")
    assert tip.state_on == Event.objects.get(verb="no_action").on
    assert events.verify() is None


def test_proposal_can_be_withdrawn_by_another(at_desk, colleagues_desk):
    tip = _proposed(at_desk)
    assert _withdraw(colleagues_desk, tip).json()["tip"]["purge_proposed_by"] == ""
    assert not steps.find(tip.pk).purge_proposed_by
    assert events.verify() is None


def test_what_was_shown_is_what_is_purged(at_desk, colleagues_desk):
    tip = _proposed(at_desk)
    act_now("kollega", "register", tip.pk, "2026-78")

    response = _approve(colleagues_desk, tip)

    assert response.status_code == 409
    assert response.json()["tips"][0]["register_no"] == "2026-78"
    assert Tip.objects.filter(pk=tip.pk).exists()


def _row(number, state_on, **fields):
    return Tip.objects.create(
        id=UUID(int=number), received_on=state_on, state_on=state_on, state=State.CLOSED,
        files_digest=bytes(32), keyring_serial=1, version=4, **fields,
    )  # fmt: skip


def test_what_waits_is_listed_the_oldest_first_and_what_is_proposed_apart():
    younger, older = _days_ago(20), _days_ago(30)
    one, other, oldest = _row(5, younger), _row(4, younger), _row(9, older)
    proposal = {"purge_proposed_by": "anna", "purge_decision": DECISION}
    two, first, another = (
        _row(3, younger, **proposal), _row(8, older, **proposal), _row(2, younger, **proposal)
    )  # fmt: skip
    Tip.objects.create(
        id=UUID(int=1), received_on=older, state_on=older, state=State.FORWARDED,
        files_digest=bytes(32), keyring_serial=1,
    )  # fmt: skip

    assert list(purge.due()) == [oldest, other, one]
    assert list(purge.proposed()) == [first, another, two]


def test_a_purge_is_a_transaction_of_its_own(at_desk, tip_channel):
    tip = _proposed(at_desk)
    with transaction.atomic(using="tips"), pytest.raises(RuntimeError, match="durable"):
        act("kollega", "purge", tip, value=tip.purge_proposal)


@pytest.mark.sql
def test_no_tombstone_is_written_over(at_desk, tip_channel):
    tip = _proposed(at_desk)
    stone = Tombstone.objects.create(
        id=tip.pk, received_on=_days_ago(99), decision="2026-1", purged_on=_days_ago(9),
        proposed_by="anna", approved_by="bo",
    )  # fmt: skip

    with pytest.raises(IntegrityError):
        act("kollega", "purge", tip, value=tip.purge_proposal)

    assert Tombstone.objects.get().decision == stone.decision
    assert steps.find(tip.pk).version == tip.version


def test_a_purged_tip_that_is_entered_again_gets_no_event_that_breaks_the_log_for_ever(
    at_desk, colleagues_desk, tip_channel
):
    """The intake may enter any id: who has broken into it could make the log look forged."""
    tip = _proposed(at_desk)
    _approve(colleagues_desk, tip)
    Tip.objects.create(id=tip.pk, received_on=localdate(), state_on=localdate(),
                       files_digest=b"x", keyring_serial=1)  # fmt: skip

    assert steps.take_in_new() == 0
    opened = at_desk.post(
        f"/tipsmottagning/api/tips/{tip.pk}/oppna/", "{}", content_type="application/json"
    )
    assert opened.status_code == 404
    assert (events.verify().kind, events.verify().tip_id) == ("tip", tip.pk)

    Tip.objects.all().delete()
    assert events.verify() is None


def test_a_tombstone_says_when_the_tip_came_and_who_did_what(at_desk, tip_channel):
    tip = _proposed(at_desk)
    act("kollega", "purge", tip, value=tip.purge_proposal)
    assert Tombstone.objects.values().get() == {
        "id": tip.pk, "received_on": tip.received_on, "register_no": "2026-77",
        "decision": DECISION, "purged_on": localdate(), "proposed_by": "tipsmottagare",
        "approved_by": "kollega", "proposal": tip.purge_proposal,
        "approval": events.last_event().statement,
    }  # fmt: skip


def test_purge_that_fails_half_way_is_not_made(at_desk, colleagues_desk, monkeypatch, tip_channel):
    tip = _proposed(at_desk)

    def fails(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Tombstone, "save", fails)
    assert _approve(colleagues_desk, tip).status_code == 500
    monkeypatch.undo()

    assert steps.find(tip.pk).version == tip.version
    assert len(tip_channel.vault.files(tip.pk)) == 3
    assert events.verify() is None


def test_folder_that_cannot_be_removed_leaves_a_tombstone_for_the_janitor(
    at_desk, colleagues_desk, monkeypatch, caplog
):
    tip = _proposed(at_desk)

    def fails(self, tip_id):
        raise OSError(30, f"read-only: {tip_id}")

    monkeypatch.setattr("tips.keeping.vault.Vault.remove", fails)
    assert _approve(colleagues_desk, tip).status_code == 200

    assert Tombstone.objects.filter(pk=tip.pk).exists()
    assert str(tip.pk) not in caplog.text
    assert not steps.adopt(tip.pk)


def test_where_nothing_can_be_purged_there_is_nothing(at_desk):
    shown = _shown(at_desk)
    assert (shown["proposed"], shown["due"]) == ([], [])


@pytest.mark.sql
@AT_ONCE
def test_hold_and_purge_in_the_same_moment_never_both_happen(tip_channel):
    for _round in range(5):
        tip = _closed()
        [tip] = act("tipsmottagare", "propose_purge", tip, value=DECISION)
        start, outcomes = threading.Barrier(2), []

        def run(action, start=start, outcomes=outcomes):
            try:
                start.wait(10)
                outcomes.append(action())
            except acting.Overtaken:
                pass
            finally:
                connections.close_all()

        purge_it = partial(act, "kollega", "purge", tip, value=tip.purge_proposal)
        hold_it = partial(act, "tipsmottagare", "hold", tip, value="legal_matter")
        threads = [threading.Thread(target=run, args=(each,)) for each in (purge_it, hold_it)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        assert len(outcomes) == 1
        is_purged = Tombstone.objects.filter(pk=tip.pk).exists()
        assert is_purged != Tip.objects.filter(pk=tip.pk, is_on_hold=True).exists()
        assert is_purged != tip_channel.vault.folder(tip.pk).exists()
    assert events.verify() is None
