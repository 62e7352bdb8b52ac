"""The event log: a chain that shows when it, or a tip, has been changed behind its back."""

import hashlib
import io
import uuid
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils.timezone import localdate

from tests.tables import every_row
from tips.handling import events, states, steps
from tips.models import Event, Note, State, Tip, Tombstone
from tips.sealing import age

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

TODAY = date(2026, 11, 25)
LONG_AGO = date(2026, 11, 1)  # so that it may be purged


def _tip():
    tip = Tip.objects.create(
        id=uuid.uuid4(),
        received_on=LONG_AGO,
        state_on=LONG_AGO,
        files_digest=bytes(32),
        keyring_serial=1,
    )
    steps.take_in_new()
    return steps.open_tip(tip.pk, "anna")


def _take(tip, name, reason=""):
    return steps.change_tip(steps.find(tip.pk), states.STEPS[name], actor="anna", reason=reason)


@pytest.fixture
def three_tips():
    """Nine events: three tips came, were opened and registered."""
    tips = [_tip() for _ in range(3)]
    for number, tip in enumerate(tips, start=1):
        _take(tip, "register", f"2026-{number}")
    return tips


def _sql(statement, *values):
    with connections["tips"].cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount


def _tombstone(tip_id):
    return Tombstone.objects.create(
        id=tip_id, received_on=TODAY, decision="2026-1", purged_on=TODAY, proposed_by="anna", approved_by="kollega"
    )  # fmt: skip


def test_empty_log_is_whole():
    assert events.verify() is None


def test_log_of_ordinary_work_is_whole(three_tips):
    for name, reason in [
        ("assign", "kollega"),
        ("assign", "anna"),
        ("forward", "polisen"),
        ("forward", "must"),
        ("hold", "disclosure"),
        ("close", ""),
        ("release", "over"),
        ("reopen", "mistake"),
        ("spam", "trial"),
        ("not_spam", ""),
        ("no_action", "known"),
        ("close", ""),
        ("propose_purge", "2026-77"),
        ("withdraw_purge", ""),
        ("rewrap", "2"),
        ("rewrap", ""),
    ]:
        _take(three_tips[1], name, reason)

    assert events.verify() is None
    assert Event.objects.count() == 9 + 16


def test_each_event_holds_the_hash_of_the_one_before(three_tips):
    chain = list(Event.objects.order_by("seq"))

    assert [event.seq for event in chain] == list(range(1, 10))
    assert chain[0].previous_hash == "0" * 64
    for before, after in pairwise(chain):
        assert after.previous_hash == before.hash


def test_a_log_that_was_written_by_an_earlier_version_is_still_whole():
    """What is hashed is written down here: it is not to change as long as a log is kept."""
    event = Event(
        seq=7, tip_id=uuid.UUID(int=5), tip_version=3, on=TODAY, actor="åsa", verb="register",
        from_state="read", to_state="assigned", reason="SÄPO 2026-1", statement="ab" * 32,
        previous_hash="0" * 64,
    )  # fmt: skip
    written = (
        '{"actor":"åsa","format":"sapo-event/1","from":"read","on":"2026-11-25",'
        f'"previous":"{"0" * 64}","reason":"SÄPO 2026-1","seq":7,'
        f'"statement":"{"ab" * 32}",'
        '"tip":"00000000-0000-0000-0000-000000000005","to":"assigned","verb":"register",'
        '"version":3}'
    )
    assert events.hash_of(event) == hashlib.sha256(written.encode()).hexdigest()


@every_row(
    ("column", "value"),
    [
        ("actor", "nagon_annan"), ("reason", "2026-9"), ("statement", "1" * 64), ("verb", "hold"), ("to_state", "closed"),
        ("from_state", "spam"), ("on", "2020-01-01"), ("tip_version", 7),
        ("previous_hash", "1" * 64), ("hash", "1" * 64),
    ],
    undone=["tips"],
)  # fmt: skip
def test_altered_event_is_named(three_tips, column, value):
    _sql(f'UPDATE tips_event SET "{column}" = %s WHERE seq = 5', value)  # noqa: S608

    broken = events.verify()

    assert (broken.kind, broken.seq) == ("altered", 5)
    assert str(broken) == "Händelse 5 är ändrad."


def test_event_given_to_another_tip_is_named(three_tips):
    other = Event.objects.get(seq=1).tip_id
    Event.objects.filter(seq=5).update(tip_id=other)

    assert events.verify().seq == 5


@every_row("seq", [1, 4, 8], undone=["tips"])
def test_removed_event_is_named(three_tips, seq):
    _sql("DELETE FROM tips_event WHERE seq = %s", seq)

    broken = events.verify()

    assert (broken.kind, broken.seq) == ("missing", seq)
    assert str(broken) == f"Händelse {seq} saknas."


@every_row("count", [1, 2, 5, 9], undone=["tips"])
def test_cut_off_end_is_found(three_tips, count):
    _sql("DELETE FROM tips_event WHERE seq > %s", 9 - count)

    broken = events.verify()

    assert (broken.kind, broken.seq) == ("cut_off", 10 - count)
    assert "slutar för tidigt" in str(broken)


def test_swapped_events_are_named(three_tips):
    _sql("UPDATE tips_event SET seq = 100 WHERE seq = 4")
    _sql("UPDATE tips_event SET seq = 4 WHERE seq = 5")
    _sql("UPDATE tips_event SET seq = 5 WHERE seq = 100")

    assert events.verify().seq == 4


def test_event_put_in_with_a_right_hash_of_its_own_breaks_the_next(three_tips):
    event = Event.objects.get(seq=4)
    event.actor = "nagon_annan"
    event.hash = events.hash_of(event)
    event.save()

    broken = events.verify()

    assert (broken.kind, broken.seq) == ("unlinked", 5)


def _made_anew():
    """What one who can write to the whole database can do: a chain with right hashes."""
    last = events.BEFORE_THE_FIRST
    for event in Event.objects.order_by("seq"):
        event.previous_hash = last
        event.hash = last = events.hash_of(event)
        event.save()


def test_step_that_cannot_have_happened_is_named_even_in_a_chain_made_anew(three_tips):
    Event.objects.filter(seq=7).update(verb="close", to_state="closed", reason="")
    _made_anew()

    broken = events.verify()

    assert (broken.kind, broken.seq) == ("impossible", 7)


def test_chain_made_anew_has_another_last_hash(three_tips):
    noted = events.last_event().hash
    Event.objects.filter(seq=7).update(actor="nagon_annan")
    _made_anew()

    assert events.verify() is None
    assert events.last_event().hash != noted


@every_row(
    "column",
    [
        {"state": State.CLOSED}, {"state_on": date(2020, 1, 1)}, {"assigned_to": "nagon_annan"},
        {"is_on_hold": True}, {"register_no": "2026-99"},
        {"purge_proposed_by": "nagon_annan", "purge_decision": "2026-1"}, {"version": 2},
        {"version": 0}, {"statement": "1" * 64}, {"purge_proposal": "1" * 64},
        {"arrival_hash": "1" * 64},
    ],
    ids=lambda column: next(iter(column)),
    undone=["tips"],
)  # fmt: skip
def test_tip_changed_beside_the_log_is_found(three_tips, column):
    Tip.objects.filter(pk=three_tips[0].pk).update(**column)

    broken = events.verify()

    assert (broken.kind, broken.tip_id) == ("tip", three_tips[0].pk)


def test_removed_tip_is_found(three_tips):
    Tip.objects.filter(pk=three_tips[1].pk).delete()

    broken = events.verify()

    assert (broken.kind, broken.tip_id) == ("gone", three_tips[1].pk)
    assert "utan att vara gallrat" in str(broken)


def test_tombstone_without_a_purge_in_the_log_is_found(three_tips):
    Tip.objects.filter(pk=three_tips[1].pk).delete()
    _tombstone(three_tips[1].pk)

    broken = events.verify()

    assert (broken.kind, broken.seq, broken.tip_id) == ("cut_off", 10, three_tips[1].pk)


def test_tombstone_of_a_tip_that_never_was_is_found(three_tips):
    stranger = _tombstone(uuid.uuid4())

    broken = events.verify()

    assert (broken.kind, broken.seq, broken.tip_id) == ("cut_off", 10, stranger.pk)


def test_tip_that_has_just_come_is_not_yet_in_the_log(three_tips):
    Tip.objects.create(
        id=uuid.uuid4(), received_on=TODAY, state_on=TODAY, files_digest=bytes(32), keyring_serial=1
    )

    assert events.verify() is None
    assert steps.take_in_new() == 1
    assert steps.take_in_new() == 0
    assert events.verify() is None


def test_of_several_faults_the_first_is_named(three_tips):
    Tip.objects.filter(pk=three_tips[2].pk).delete()
    Tip.objects.filter(pk=three_tips[0].pk).delete()
    Tip.objects.filter(pk=three_tips[1].pk).update(register_no="2026-99")

    broken = events.verify()

    # The registering of each is its last event.
    assert (broken.kind, broken.seq, broken.tip_id) == ("gone", 7, three_tips[0].pk)


def test_tip_that_was_handled_and_of_which_the_log_knows_nothing_is_found(three_tips):
    stranger = Tip.objects.create(
        id=uuid.uuid4(), received_on=TODAY, state_on=TODAY, files_digest=bytes(32),
        keyring_serial=1, version=1,
    )  # fmt: skip

    broken = events.verify()

    assert (broken.kind, broken.seq, broken.tip_id) == ("cut_off", 10, stranger.pk)


@every_row(
    ("kind", "words"),
    [
        ("content", "är inte det som togs emot"), ("missing", "saknas"), ("altered", "är ändrad"), ("unlinked", "följer inte på"),
        ("impossible", "kan inte ha hänt"), ("cut_off", "slutar för tidigt"),
        ("tip", "är inte som loggen säger"), ("gone", "utan att vara gallrat"),
        ("note", "är inte som loggen säger"), ("tombstone", "är inte som loggen säger"),
    ],
)  # fmt: skip
def test_every_fault_is_told_in_words_with_the_number_of_its_event(kind, words):
    told = str(events.BrokenLink(kind, 4711))
    assert words in told
    assert "4711" in told


# A purge takes two


def _closed(tip):
    _take(tip, "no_action", "known")
    return _take(tip, "close")


def _written(verb, *, tip_id, tip_version, to_state, actor="", from_state="", reason=""):
    """An event that is right in itself, whatever the tip is like."""
    tip = Tip(pk=tip_id, version=tip_version, state=to_state)
    events.append(tip, verb, from_state=from_state, on=TODAY, actor=actor, reason=reason)


def _written_behind_the_steps(tip, verb, actor, to_state, **fields):
    """What one who can write to the whole database can do: a right event, and the tip to match."""
    tip = steps.find(tip.pk)
    _written(
        verb, tip_id=tip.pk, tip_version=tip.version + 1, actor=actor, from_state=tip.state,
        to_state=to_state, reason="2026-77",
    )  # fmt: skip
    Tip.objects.filter(pk=tip.pk).update(version=tip.version + 1, **fields)


def _proposed(tip, by):
    proposal = {"purge_proposed_by": by, "purge_decision": "2026-77"}
    _written_behind_the_steps(tip, "propose_purge", by, "closed", **proposal)


def _purged(tip, by):
    _written_behind_the_steps(tip, "purge", by, "purged")
    tip = steps.find(tip.pk)
    Tombstone.objects.create(
        id=tip.pk, received_on=tip.received_on, register_no=tip.register_no, decision="2026-77",
        purged_on=TODAY, proposed_by=tip.purge_proposed_by, approved_by=by,
    )  # fmt: skip
    tip.delete()


def test_log_of_a_purge_by_two_is_whole(three_tips):
    tip = _closed(three_tips[0])
    _proposed(tip, "anna")
    _purged(tip, "kollega")

    assert events.verify() is None


@every_row("approver", ["anna", "Anna", ""], undone=["tips"])
def test_log_in_which_one_person_proposed_and_approved_a_purge_is_broken(three_tips, approver):
    tip = _closed(three_tips[0])
    _proposed(tip, "anna")
    _purged(tip, approver)

    broken = events.verify()

    assert (broken.kind, broken.seq) == ("impossible", events.last_event().seq)
    assert str(broken) == f"Händelse {broken.seq} kan inte ha hänt."


def test_log_of_a_purge_that_nobody_proposed_is_broken(three_tips):
    _purged(_closed(three_tips[0]), "kollega")

    assert events.verify().kind == "impossible"


def test_log_in_which_a_tip_on_hold_was_purged_is_broken(three_tips):
    tip = _closed(three_tips[0])
    _take(tip, "hold", "archive")
    _proposed(tip, "anna")
    _purged(tip, "kollega")

    assert events.verify().kind == "impossible"


@every_row(
    "changed",
    [{"tip_version": 5}, {"tip_version": 3}, {"from_state": State.ASSIGNED}],
    ids=str,
    undone=["tips"],
)
def test_no_step_is_left_out_of_a_tip_and_none_taken_twice(three_tips, changed):
    tip = steps.find(three_tips[0].pk)
    content = {"tip_version": 4, "from_state": tip.state, "to_state": State.SPAM, **changed}
    _written("spam", tip_id=tip.pk, actor="anna", reason="trial", **content)
    Tip.objects.filter(pk=tip.pk).update(
        version=content["tip_version"], state=State.SPAM, state_on=TODAY
    )

    broken = events.verify()

    assert (broken.kind, broken.seq) == ("impossible", 10)


# What was received


def _come(reason, verb="received"):
    """A tip with a first event that says this of what was received; returns the event."""
    tip = Tip.objects.create(
        id=uuid.uuid4(), received_on=TODAY, state_on=TODAY, files_digest=bytes(32),
        keyring_serial=1, version=1,
    )  # fmt: skip
    _written(verb, tip_id=tip.pk, tip_version=1, to_state="received", reason=reason)
    return events.last_event()


def test_the_first_event_of_a_tip_holds_the_digest_of_its_files():
    Tip.objects.create(
        id=uuid.uuid4(), received_on=TODAY, state_on=TODAY, files_digest=b"\xa7" * 32,
        keyring_serial=1,
    )  # fmt: skip
    steps.take_in_new()

    (event,) = Event.objects.all()
    assert event.reason == "a7" * 32
    assert states.reason_told("received", event.reason) == ""


@every_row("number", [0, 2], undone=["tips"])
def test_a_tip_exchanged_with_its_digest_is_found_at_its_first_event(three_tips, number):
    """What a desk service that has been broken into may do to a tip that has been read."""
    exchanged = three_tips[number]
    Tip.objects.filter(pk=exchanged.pk).update(files_digest=bytes(31) + b"\1")

    broken = events.verify()

    first = Event.objects.get(tip_id=exchanged.pk, verb="received")
    assert (broken.kind, broken.seq, broken.tip_id) == ("content", first.seq, exchanged.pk)
    assert str(broken) == (f"Innehållet i tipset i händelse {first.seq} är inte det som togs emot.")


@every_row("verb", ["received", "recovered"], undone=["tips"])
@every_row(
    ("reason", "is_whole"),
    [("00" * 32, True), ("", False), ("0" * 63, False), ("00" * 33, False), ("zz" * 32, False)],
    undone=["tips"],
)
def test_no_tip_comes_without_the_digest_of_what_came(three_tips, verb, reason, is_whole):
    event = _come(reason, verb)

    broken = events.verify()

    assert (broken is None) if is_whole else (broken.kind, broken.seq) == ("impossible", event.seq)


def test_who_asks_what_has_come_is_given_tips_in_their_order_and_where_to_go_on(three_tips):
    came = list(Event.objects.filter(verb="received").order_by("seq"))

    assert events.arrived_after(0, 9) == ([tip.pk for tip in three_tips], came[2].seq)
    assert events.arrived_after(0, 2) == ([tip.pk for tip in three_tips[:2]], came[1].seq)
    assert events.arrived_after(came[1].seq, 9) == ([three_tips[2].pk], came[2].seq)
    assert events.arrived_after(came[2].seq, 9) == ([], came[2].seq)


@every_row("verb", ["rewrap", "restore"], undone=["tips"])
@every_row(("keyring", "is_whole"), [("2", True), ("", True), ("ny", False)], undone=["tips"])
def test_a_change_of_access_names_a_keyring_or_none(three_tips, verb, keyring, is_whole):
    tip = steps.find(three_tips[0].pk)
    _written(
        verb, tip_id=tip.pk, tip_version=tip.version + 1, actor="anna", from_state=tip.state,
        to_state=tip.state, reason=keyring,
    )  # fmt: skip
    serial = {"keyring_serial": int(keyring)} if keyring.isdecimal() else {}
    Tip.objects.filter(pk=tip.pk).update(version=tip.version + 1, **serial)

    broken = events.verify()

    assert broken is None if is_whole else broken.kind == "impossible"


@every_row(
    ("verb", "to_state"),
    [("received", "received"), ("recovered", "received"), ("open", "read")],
    undone=["tips"],
)
def test_a_tip_comes_in_once(three_tips, verb, to_state):
    _written_behind_the_steps(three_tips[0], verb, "", to_state)

    assert events.verify().kind == "impossible"


def test_a_tip_comes_in_as_received(three_tips):
    _written("received", tip_id=uuid.uuid4(), tip_version=1, to_state="closed")

    assert events.verify().kind == "impossible"


@every_row(
    "column",
    [
        {"register_no": "2026-99"}, {"decision": "2026-78"}, {"proposed_by": "nagon_annan"},
        {"approved_by": "nagon_annan"}, {"purged_on": date(2020, 1, 1)}, {"proposal": "1" * 64},
        {"approval": "1" * 64},
    ],
    ids=lambda column: next(iter(column)),
    undone=["tips"],
)  # fmt: skip
def test_tombstone_changed_beside_the_log_is_found(three_tips, column):
    tip = _closed(three_tips[0])
    _proposed(tip, "anna")
    _purged(tip, "kollega")
    purge = events.last_event()
    Tombstone.objects.update(**column)

    broken = events.verify()

    assert (broken.kind, broken.seq, broken.tip_id) == ("tombstone", purge.seq, purge.tip_id)
    assert "är inte som loggen säger" in str(broken)


# What leaves a tip as it is


@pytest.fixture
def note():
    """A note on a tip, as a handler's browser has sealed it."""
    tip = _tip()
    sealed = age.seal(b'{"text": "Samma bil"}', [age.generate_identity().recipient])
    with transaction.atomic(using="tips"):
        held = steps.hold(tip.pk)
        note = Note.objects.create(
            tip_id=tip.pk, place=1, author="anna", written_on=localdate(), sealed=sealed,
            keyring_serial=1,
        )  # fmt: skip
        steps.record(held, "note", actor="anna", reason=events.reason_of(note))
    return note


def test_a_note_and_an_export_are_in_the_log_and_leave_the_version(note):
    version = steps.find(note.tip_id).version

    steps.export(note.tip_id, "kollega")

    assert steps.find(note.tip_id).version == version
    last = events.last_event()
    assert (last.verb, last.actor, last.tip_version) == ("export", "kollega", version)
    assert events.verify() is None
    _take(steps.find(note.tip_id), "register", "2026-1")
    assert events.verify() is None


def test_who_read_a_tip_again_and_took_a_file_of_it_is_in_the_log(three_tips):
    tip, version = three_tips[0], steps.find(three_tips[0].pk).version
    file = uuid.uuid4()

    steps.open_tip(tip.pk, "kollega")
    steps.fetch(tip.pk, "kollega", file)

    told = list(Event.objects.filter(seq__gt=9).order_by("seq"))
    assert [(event.verb, event.actor, event.reason) for event in told] == [
        ("seen", "kollega", ""), ("fetched", "kollega", str(file)),
    ]  # fmt: skip
    assert {(event.tip_version, event.from_state, event.to_state) for event in told} == {
        (version, "read", "read")
    }
    assert steps.find(tip.pk).version == version
    assert events.verify() is None
    assert [states.reason_told(event.verb, event.reason) for event in told] == ["", ""]


def test_a_tip_that_was_taken_out_before_the_log_had_it_came_first(three_tips):
    tip = Tip.objects.create(
        id=uuid.uuid4(), received_on=TODAY, state_on=TODAY, files_digest=bytes(32),
        keyring_serial=1,
    )  # fmt: skip
    steps.export(tip.pk, "tips_export")
    verbs = Event.objects.filter(tip_id=tip.pk).order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["received", "export"]
    assert events.verify() is None


def _another_text(note):
    note.sealed = age.seal(b'{"text": "En annan bil"}', [age.generate_identity().recipient])
    note.save()


def _another_author(note):
    Note.objects.update(author="kollega")


def _another_day(note):
    Note.objects.update(written_on=LONG_AGO)


def _gone(note):
    Note.objects.all().delete()


def _destroyed(note):
    Note.objects.update(sealed=b"x")


def _on_another_tip(note):
    Note.objects.update(tip_id=uuid.uuid4())


@every_row(
    "change",
    [_another_text, _another_author, _another_day, _gone, _destroyed, _on_another_tip],
    ids=["text", "author", "day", "gone", "destroyed", "tip"],
    undone=["tips"],
)
def test_a_note_that_was_changed_beside_the_log_is_found(note, change):
    change(note)

    broken = events.verify()

    assert (broken.kind, broken.seq, broken.tip_id) == ("note", 3, note.tip_id)
    assert str(broken) == f"Anteckningen i händelse {broken.seq} är inte som loggen säger."


def test_a_note_that_the_log_does_not_know_is_found(note):
    note.pk, note.place = uuid.uuid4(), 2
    note.save(force_insert=True)
    broken = events.verify()
    assert (broken.kind, broken.seq, broken.tip_id) == ("cut_off", 4, note.tip_id)


def test_a_note_wrapped_anew_is_still_the_one_that_was_written(note):
    old = io.BytesIO(bytes(note.sealed))
    age.split_header(old)
    other = io.BytesIO(age.seal(b"", [age.generate_identity().recipient]))
    note.sealed = age.split_header(other) + old.read()
    note.save()
    assert events.verify() is None


@every_row(
    "changed",
    [
        {"tip_version": 3}, {"to_state": "closed"}, {"from_state": "closed"},
        {"from_state": "closed", "to_state": "closed"}, {"reason": "fritext"}, {"actor": ""},
        {"verb": "export"}, {"verb": "export", "reason": "", "actor": ""}, {"verb": "seen"},
        {"verb": "seen", "reason": "", "actor": ""}, {"verb": "fetched"},
        {"verb": "fetched", "reason": ""}, {"verb": "masked"}, {"verb": "masked", "reason": "Anna Ek"},
        {"verb": "fetched", "reason": f"{uuid.UUID(int=4)}", "actor": ""},
        {"tip_version": 0, "from_state": "", "to_state": "", "tip_id": uuid.UUID(int=4)},
    ],
    ids=str,
    undone=["tips"],
)  # fmt: skip
def test_a_record_that_cannot_have_been_made_is_named(note, changed):
    Event.objects.filter(verb="note").update(**changed)
    _made_anew()
    assert events.verify().kind == "impossible"


def test_a_note_is_written_once(note):
    steps.record(
        steps.find(note.tip_id), "note", actor="anna", reason=events.reason_of(note)
    )  # fmt: skip
    assert events.verify().kind == "impossible"


def test_nothing_is_written_on_a_tip_that_has_been_purged(note):
    tip = _closed(steps.find(note.tip_id))
    _proposed(tip, "anna")
    _purged(tip, "kollega")
    Note.objects.all().delete()
    assert events.verify() is None
    _written(
        "export", tip_id=note.tip_id, tip_version=events.last_event().tip_version, actor="anna",
        from_state="purged", to_state="purged",
    )  # fmt: skip
    assert events.verify().kind == "impossible"


def test_a_note_that_is_gone_after_its_tip_was_is_found_at_its_own_event(note):
    written = events.last_event().seq
    _take(steps.find(note.tip_id), "register", "2026-1")
    Note.objects.all().delete()

    broken = events.verify()

    assert (broken.kind, broken.seq) == ("note", written)


def test_what_is_damaged_has_a_reason_of_its_own(note):
    note.sealed = b"x"
    assert events.reason_of(note) == f"{note.pk}, damaged"


# At the same moment


def test_an_event_whose_number_was_taken_gets_the_next(three_tips, monkeypatch):
    ninth = events.last_event()
    answers = iter([Event.objects.get(seq=8), ninth])
    monkeypatch.setattr(events, "last_event", lambda: next(answers))

    events.append(three_tips[0], "hold", from_state="read", on=TODAY, actor="anna")

    tenth = Event.objects.get(seq=10)
    assert (tenth.verb, tenth.previous_hash) == ("hold", ninth.hash)


def test_a_log_that_takes_no_event_is_a_fault_in_the_end(three_tips, monkeypatch):
    stale = Event.objects.get(seq=8)
    monkeypatch.setattr(events, "last_event", lambda: stale)
    monkeypatch.setattr(events, "_TRIES", 3)

    with pytest.raises(IntegrityError, match="takes no event"):
        events.append(three_tips[0], "hold", from_state="read", on=TODAY, actor="anna")


@pytest.mark.parametrize(
    ("vendor", "is_in_transaction", "asked"),
    [
        ("postgresql", False, ["SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"]),
        ("postgresql", True, []),  # the one who has begun it says what it is like
        ("sqlite", False, []),  # there it is so in every transaction
    ],
)
def test_the_log_is_checked_as_it_is_at_one_moment(
    three_tips, monkeypatch, vendor, is_in_transaction, asked
):
    told = []

    @contextmanager
    def cursor():
        yield SimpleNamespace(execute=told.append)

    connection = SimpleNamespace(vendor=vendor, in_atomic_block=is_in_transaction, cursor=cursor)
    begun, atomic = [], transaction.atomic
    monkeypatch.setattr(events, "connections", {"tips": connection})
    monkeypatch.setattr(
        transaction, "atomic", lambda **words: (begun.append(words), atomic(**words))[1]
    )

    assert events.verify() is None
    assert told == asked
    assert begun == [{"using": "tips"}]
