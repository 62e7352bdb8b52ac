"""A desk service that writes what it likes: right sums, and nobody's signature. Each lie is told, with its number."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.timezone import localdate, localtime

from tests.acts import act_now, signed_act
from tests.handlers import ask_desk
from tests.rings import entry, handler_key
from tests.tables import every_row
from tips.handling import acting, events, proofs, purge, steps
from tips.handling.states import STEPS
from tips.keeping import intake
from tips.models import Event, SignedStatement, Tip, Tombstone
from tips.sealing import age
from tips.sealing.statements import ChainLink

from .commands import fault, said

pytestmark = pytest.mark.django_db(databases=["default", "tips"])


@pytest.fixture(autouse=True)
def _channel(tip_channel, colleague):
    pass


@pytest.fixture
def tip():
    """Six events: it came, was opened, registered by two handlers, and closed without action."""
    on = localdate() - timedelta(days=15)
    tip_id = intake.leave({"text": "Något hände"}, received_on=on)
    steps.open_tip(tip_id, "tipsmottagare")
    act_now("tipsmottagare", "register", tip_id, "2026-1")
    act_now("kollega", "register", tip_id, "2026-2")
    act_now("tipsmottagare", "no_action", tip_id, "known")
    return act_now("tipsmottagare", "close", tip_id)


def _chain_anew():
    """As who owns the database may: with right numbers and sums."""
    rows, last = list(Event.objects.order_by("seq")), events.BEFORE_THE_FIRST
    Event.objects.all().delete()
    for seq, event in enumerate(rows, start=1):
        event.seq, event.previous_hash = seq, last
        event.hash = last = events.hash_of(event)
        event.save(force_insert=True)


def _rewrite(seq, **changed):
    Event.objects.filter(seq=seq).update(**changed)
    _chain_anew()
    return seq


def _write(tip, name, actor, reason, statement=""):
    """The next event, and the tip as it is then."""
    steps.change_tip(
        steps.find(tip.pk), STEPS[name], actor=actor, reason=reason, statement=statement
    )
    return events.last_event().seq


def _kept(statement):
    acting.keep(statement)
    return statement.hash


def _forged(statement):
    """The same, signed by somebody else."""
    return replace(statement, signature=handler_key(9).sign("step", statement.octets))


def _broken(client):
    """The first lie, as all are told it: by the command, and by the desk's view of the log."""
    text, shown = fault("tips_status", "--verify"), ask_desk(client, "handelser/").json()["broken"]
    first = f"Händelse {shown['seq']} är inte undertecknad av den som den nämner, eller följer inte"
    assert f"Händelseloggen är bruten. {first}" in text
    return shown


# What a service may write


def _invents_a_step(tip):
    return _write(tip, "hold", "kollega", "archive")


def _invents_that_it_was_handed_out(tip):
    with transaction.atomic(using="tips"):
        steps.record(steps.hold(tip.pk), "masked", actor="kollega", reason="ab" * 32)
    return events.last_event().seq


def _signs_it_with_another_key(tip):
    forged = _forged(signed_act("kollega", "hold", tip, value="archive"))
    return _write(tip, "hold", "kollega", "archive", _kept(forged))


def _signs_it_by_half(tip):
    said = signed_act("kollega", "hold", tip, value="archive")
    half = replace(said.signature, mldsa65=_forged(said).signature.mldsa65)
    return _write(tip, "hold", "kollega", "archive", _kept(replace(said, signature=half)))


def _takes_what_was_signed_for_another_act(tip):
    said = signed_act("kollega", "register", tip, value="archive")
    return _write(tip, "hold", "kollega", "archive", _kept(said))


def _takes_what_was_signed_of_another_tip(tip):
    other = steps.open_tip(intake.leave({"text": "Ett annat"}), "tipsmottagare")
    said = signed_act("kollega", "hold", other, value="archive")
    return _write(tip, "hold", "kollega", "archive", _kept(said))


def _takes_what_nobody_has(tip):
    return _write(tip, "hold", "kollega", "archive", "ab" * 32)


def _loses_what_was_signed(tip):
    SignedStatement.objects.filter(pk=Event.objects.get(seq=3).statement).delete()
    return 3


def _drops_one(tip):
    Event.objects.filter(seq=3).delete()
    for event in Event.objects.filter(seq__gt=3):
        Event.objects.filter(pk=event.pk).update(tip_version=event.tip_version - 1)
    Tip.objects.update(version=tip.version - 1)
    _chain_anew()
    return 3


def _reorders_two(tip):
    names = ("actor", "reason", "statement")
    one, other = Event.objects.filter(seq__in=(3, 4)).order_by("seq").values(*names)
    Event.objects.filter(seq=4).update(**one)
    Tip.objects.update(register_no="2026-1")
    return _rewrite(3, **other)


def _replays_one(tip):
    return _write(tip, "register", "tipsmottagare", "2026-1", Event.objects.get(seq=3).statement)


def _renames_who_did_it(tip):
    return _rewrite(3, actor="kollega")


def _rewrites_what_was_filled_in(tip):
    return _rewrite(3, reason="2026-9")


def _holds_it_back(tip):
    later = localdate() + timedelta(days=2)
    Tip.objects.update(state_on=later)
    return _rewrite(6, on=later)


def _keeps_another_under_its_sum(tip):
    """The handler has signed both, on two pages: one of them stands in the chain."""
    before, last = (Event.objects.get(seq=seq).statement for seq in (5, 6))
    links = {tip.pk: ChainLink(tip.arrival_hash, before)}
    when = localtime() - timedelta(days=1)
    other = signed_act("tipsmottagare", "close", links=links, written=when)
    row = {"octets": other.octets, **vars(other.signature)}
    SignedStatement.objects.filter(pk=last).update(**row)
    return 6


def _says_that_it_came_otherwise(tip):
    first = Event.objects.get(seq=1)
    Tip.objects.update(arrival_hash="1" * 64)
    _rewrite(1, reason=f"{first.reason[:64]} {'1' * 64}")
    return 3


@every_row(
    "lies",
    [
        _invents_a_step, _invents_that_it_was_handed_out, _signs_it_with_another_key,
        _signs_it_by_half,
        _takes_what_was_signed_for_another_act, _takes_what_was_signed_of_another_tip,
        _takes_what_nobody_has, _loses_what_was_signed, _drops_one, _reorders_two, _replays_one,
        _renames_who_did_it, _rewrites_what_was_filled_in, _holds_it_back,
        _keeps_another_under_its_sum, _says_that_it_came_otherwise,
    ],
    ids=lambda lies: lies.__name__,
    undone=["tips"],
)  # fmt: skip
def test_whatever_the_service_makes_up_is_told_with_its_number(at_desk, tip, lies):
    assert said("tips_status", "--verify")

    seq = lies(tip)

    assert events.verify() is None  # the sums are right
    assert _broken(at_desk) == {"error": "log-unsigned", "seq": seq}


def test_every_lie_is_told_and_on_which_tip(tip):
    other = steps.open_tip(intake.leave({"text": "Ett annat"}), "tipsmottagare")
    told = [(_invents_a_step(each), each.pk) for each in (tip, other)]
    assert [(each.seq, each.tip_id) for each in proofs.unproved()] == told


def test_nothing_counts_that_was_signed_under_a_keyring_before_the_one_of_the_last_step(
    at_desk, tip, tip_channel
):
    """As by one who has left it since, and goes on signing."""
    tip_channel.trust.add("Ny", age.generate_identity().recipient)
    tip = act_now("tipsmottagare", "register", tip.pk, "2026-3")
    late = signed_act("kollega", "hold", tip, value="archive", keyring=2)

    seq = _write(tip, "hold", "kollega", "archive", _kept(late))

    assert events.verify() is None
    assert _broken(at_desk) == {"error": "log-unsigned", "seq": seq}


def test_who_has_left_proposes_no_purge_of_a_tip_that_lay_still_since(at_desk, tip, tip_channel):
    """Whatever has been done with other tips under the next keyring."""
    other = steps.open_tip(intake.leave({"text": "Ett annat"}), "tipsmottagare")
    late = signed_act("kollega", "hold", tip, value="archive")
    tip_channel.trust.follow(removed=["kollega"])
    act_now("tipsmottagare", "register", other.pk, "2026-3")

    seq = _write(tip, "hold", "kollega", "archive", _kept(late))

    assert events.verify() is None
    assert [(each.seq, each.tip_id) for each in proofs.unproved()] == [(seq, tip.pk)]


def test_nothing_counts_that_names_a_keyring_that_its_author_did_not_stand_in(at_desk, tip):
    early = signed_act("kollega", "hold", tip, value="archive", keyring=1)
    seq = _write(tip, "hold", "kollega", "archive", _kept(early))
    assert _broken(at_desk) == {"error": "log-unsigned", "seq": seq}


def test_what_one_who_has_left_did_before_is_proved_for_ever(tip, tip_channel):
    tip_channel.trust.follow(removed=["kollega"])
    assert proofs.unproved() == []


# A purge


@pytest.fixture
def proposed(tip, tip_channel):
    """The seventh event: its purge is proposed. And a handler stands in the keyring since six days."""
    joins = entry("ny", "Ny", age.generate_identity().recipient, 9)
    tip_channel.trust.follow(added=[joins], made_on=localdate() - timedelta(days=6))
    return act_now("tipsmottagare", "propose_purge", tip.pk, "2026-1")


def _purge(tip, approval):
    """Carries it out, whoever has signed it."""
    with transaction.atomic(using="tips"):
        acting.keep(approval)
        purge.purge_tip(steps.find(tip.pk), approval)
    return events.last_event().seq


def _of(approver, tip):
    return signed_act(approver, "purge", tip, value=tip.purge_proposal)


def _approves_it_by_nobody(tip):
    return _purge(tip, _forged(_of("kollega", tip)))


def _exchanges_who_approved_it(tip):
    seq = _purge(tip, _of("kollega", tip))
    Tombstone.objects.update(approved_by="ny")
    return _rewrite(seq, actor="ny")


def _exchanges_who_proposed_it(tip):
    seq = _purge(tip, _of("kollega", tip)) - 1
    Tombstone.objects.update(proposed_by="ny")
    return _rewrite(seq, actor="ny")


def _exchanges_the_decision(tip):
    seq = _purge(tip, _of("kollega", tip)) - 1
    Tombstone.objects.update(decision="2026-9")
    Event.objects.filter(seq=seq + 1).update(reason="2026-9")
    return _rewrite(seq, reason="2026-9")


def _tells_another_decision_at_the_end(tip):
    seq = _purge(tip, _of("kollega", tip))
    Tombstone.objects.update(decision="2026-9")
    return _rewrite(seq, reason="2026-9")


def _lets_the_approval_be_of_another_proposal(tip):
    other = signed_act("kollega", "purge", tip, value="ab" * 32)
    said = _of("kollega", tip)
    seq = _purge(tip, said)
    Tombstone.objects.update(approval=_kept(other))
    return _rewrite(seq, statement=other.hash)


def _lets_one_who_is_new_approve_it(tip):
    approval = _of("ny", tip)
    with pytest.MonkeyPatch.context() as served:
        served.setattr(purge.handlers, "is_new", lambda *_words: False)
        return _purge(tip, approval)


@every_row(
    "lies",
    [
        _approves_it_by_nobody, _exchanges_who_approved_it, _exchanges_who_proposed_it,
        _exchanges_the_decision, _tells_another_decision_at_the_end,
        _lets_the_approval_be_of_another_proposal, _lets_one_who_is_new_approve_it,
    ],
    ids=lambda lies: lies.__name__,
    undone=["tips"],
)  # fmt: skip
def test_a_purge_that_two_have_not_signed_as_it_stands_is_told(at_desk, proposed, lies):
    seq = lies(proposed)

    assert events.verify() is None
    assert _broken(at_desk) == {"error": "log-unsigned", "seq": seq}


def test_a_purge_by_one_in_two_names_is_told(at_desk, proposed):
    """The proposer's own approval, and the log says that a colleague has given it."""
    with pytest.MonkeyPatch.context() as served:
        served.setattr(purge.handlers, "why_not_two", lambda *_words: None)
        seq = _purge(proposed, _of("tipsmottagare", proposed))
    assert [(each.kind, each.seq) for each in proofs.unproved()] == [("unsigned", seq)]
    assert (events.verify().kind, events.verify().seq) == ("impossible", seq)

    Tombstone.objects.update(approved_by="kollega")
    _rewrite(seq, actor="kollega")

    assert events.verify() is None
    assert _broken(at_desk) == {"error": "log-unsigned", "seq": seq}


@pytest.mark.parametrize(("name", "value"), [("withdraw_purge", ""), ("hold", "archive")])
def test_a_purge_of_what_was_withdrawn_or_held_cannot_have_happened(proposed, name, value):
    then = act_now("kollega", name, proposed.pk, value)
    said = signed_act("kollega", "purge", then, value=proposed.purge_proposal)
    event = {"actor": "kollega", "reason": "2026-1", "statement": _kept(said)}
    then.version, then.state = then.version + 1, "purged"
    events.append(then, "purge", from_state="closed", on=localdate(), **event)
    assert (events.verify().kind, events.verify().seq) == ("impossible", events.last_event().seq)


def test_where_no_keyring_is_believed_the_sums_are_told_all_the_same(tip, tip_channel):
    Event.objects.filter(seq=3).update(actor="ny")
    tip_channel.keyring_path.unlink()
    text = fault("tips_status", "--verify")
    assert text.startswith("Händelseloggen är bruten. Händelse 3 är ändrad.")
    assert text.endswith("Det är 2 fel i allt: vart och ett står ovan.")
