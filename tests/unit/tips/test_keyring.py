"""Signers and keyrings: who tips are sealed to, and every way in which one must not be used."""

import dataclasses
import io
import itertools
import json
from datetime import date, timedelta

import pytest

from tests.rings import (
    PEOPLE,
    SIGNER_KEYS,
    entries_for,
    entry,
    handler_key,
    signed_keyring,
    signed_signers,
    trust_in,
)
from tests.tables import every_row
from tips.sealing import age, ceremony, keyring, signers, succession, trust, trust_folder
from tips.sealing.keyring import Former, Keyring, KeyringError, Passkey
from tips.sealing.signers import Pin
from tips.sealing.trust import SigningKey, TrustError
from tips.sealing.trust_folder import SeenKeyring

DAY = date(2026, 11, 25)
LAST = DAY + timedelta(days=200)
ANNA, BO, CILLA, DAN = (age.generate_identity() for _ in range(4))
CLASSIC = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"  # of X25519 alone


@pytest.fixture
def folder(tmp_path):
    return trust_in(
        tmp_path / "trust",
        [
            entry("anna-ek", "Anna Ek", ANNA.recipient, 1, DAY),
            entry("bo-alm", "Bo Alm", BO.recipient, 2, DAY),
        ],
        made_on=DAY,
    )


def _load(folder):
    return trust_folder.load(folder.path, Pin.of(folder.root.read_text()))


def _next(folder, **changes):
    given = {"made_on": DAY, "not_after": LAST, "by": folder.by.hash, **changes}
    return succession.following(folder.ring, **given)


def _refused(code, call, *given, **named):
    with pytest.raises(TrustError) as refused:
        call(*given, **named)
    assert refused.value.code == code, refused.value


# What is believed


def test_what_is_sealed_to_the_keyring_opens_for_each_in_it(folder):
    ring = _load(folder).ring

    sealed = age.seal(b"tips", ring.recipients)

    assert [age.unseal(sealed, [key]) for key in (ANNA, BO)] == [b"tips", b"tips"]
    assert keyring.is_sealed_to(ring, io.BytesIO(sealed))
    assert not keyring.is_sealed_to(ring, io.BytesIO(age.seal(b"", [ANNA.recipient])))
    of_no_kind = sealed.replace(b"-> mlkem768x25519 ", b"-> mlkem768x25510 ", 1)
    assert not keyring.is_sealed_to(ring, io.BytesIO(of_no_kind))
    assert [(each.id, each.name, each.kind) for each in ring.entries] == [
        ("anna-ek", "Anna Ek", "handler"),
        ("bo-alm", "Bo Alm", "handler"),
    ]


@every_row("by", [(), (0,), (1,), (3,), (0, 3)])
def test_a_keyring_that_fewer_than_two_of_the_three_have_signed_is_refused(folder, by):
    ring = folder.ring
    signed = {
        SIGNER_KEYS[number].public.id: SIGNER_KEYS[number].sign("keyring", ring.octets)
        for number in by
    }
    file = trust.spell_signatures("keyring", ring.octets, signed)
    (folder.path / "keyring-1.json.sig").write_bytes(file)

    _refused("unsigned", _load, folder)


@every_row("by", [(0, 1), (1, 2), (0, 2), (0, 1, 2)])
def test_any_two_of_the_three_are_enough(folder, by):
    folder.put(folder.ring, by)

    assert _load(folder).ring.serial == 1


def test_a_keyring_without_signatures_is_refused(folder):
    (folder.path / "keyring-1.json.sig").unlink()

    _refused("unsigned", _load, folder)


def test_a_signature_of_another_kind_is_none_of_a_keyring(folder):
    ring = folder.ring
    file = None
    for key in SIGNER_KEYS[:2]:
        file = ceremony.sign("release", ring.octets, file, folder.by.keys, key)
    for of_kind in (file, file.replace(b'"release"', b'"keyring"')):
        (folder.path / "keyring-1.json.sig").write_bytes(of_kind)
        _refused("unsigned", _load, folder)


def test_a_keyring_with_one_octet_changed_is_refused_at_each_of_five_hundred_places(folder):
    octets = folder.ring.octets
    present = folder.path / "keyring.json"
    for place in range(0, len(octets), max(1, len(octets) // 500)):
        present.write_bytes(octets[:place] + bytes([octets[place] ^ 1]) + octets[place + 1 :])
        with pytest.raises(TrustError):
            _load(folder)


def test_signers_who_are_not_the_pinned_ones_are_refused(folder, tmp_path):
    pin = Pin.of(folder.root.read_text())

    for other in (Pin(1, "0" * 64), Pin(2, pin.hash)):
        _refused("signers", trust_folder.load, folder.path, other)
    for text in ("", "1", pin.hash, f"0:{pin.hash}", f"1:{pin.hash.upper()}"):
        _refused("pin", Pin.of, text)


def test_no_file_is_a_missing_keyring(folder):
    (folder.path / "keyring.json").unlink()

    _refused("missing", _load, folder)


# What a keyring may say


def _file(ring, **changes):
    return trust.spell({**json.loads(ring.octets), **changes})


def _with_entry(ring, **changes):
    first, *rest = json.loads(ring.octets)["entries"]
    row = {name: value for name, value in {**first, **changes}.items() if value is not None}
    return _file(ring, entries=[row, *rest])


@every_row(
    "changes",
    [
        {"format": "sapo-keyring/2"}, {"serial": 0}, {"serial": "1"},
        {"entries": []}, {"previous": "1" * 64}, {"previous": "0"}, {"signers": "x" * 64},
        {"made_on": "2026-11-25T00:00"}, {"made_on": "20261125"}, {"made_on": "2026-02-30"},
        {"not_after": "2026-11-24"}, {"not_after": "2027-06-14"}, {"demo": False},
        {"former": [{"id": "anna-ek", "name": "Anna Ek", "until": 1}]}, {"more": 1},
        {"intake": {}}, {"intake": []},
    ],
    ids=str,
)  # fmt: skip
def test_a_keyring_that_says_something_unsound_is_refused(folder, changes):
    _refused("format", keyring.parse_keyring, _file(folder.ring, **changes))


@every_row(
    ("changes", "code"),
    [
        ({"recipient": CLASSIC}, "recipient"), ({"recipient": "age1pq1"}, "recipient"),
        ({"recipient": str(ANNA)}, "recipient"), ({"recipient": str(BO.recipient)}, "format"),
        ({"name": "BO ALM"}, "format"), ({"name": ""}, "format"), ({"name": " Anna"}, "format"),
        ({"id": "Anna"}, "format"), ({"id": "a"}, "format"), ({"id": "bo-alm"}, "format"),
        ({"id": "c-ek"}, "format"), ({"kind": "day"}, "format"), ({"kind": "vault"}, "format"),
        ({"ed25519": None}, "format"), ({"ed25519": None, "mldsa65": None}, "format"),
        ({"ed25519": trust.to_text(bytes(32))}, "format"), ({"since": "igår"}, "format"),
        ({"note": ""}, "format"),
    ],
    # Not by their values: keys are others in each process.
    ids=lambda each: each if isinstance(each, str) else ", ".join(each),
)  # fmt: skip
def test_an_entry_that_must_not_be_sealed_to_is_refused(folder, changes, code):
    _refused(code, keyring.parse_keyring, _with_entry(folder.ring, **changes))


def test_what_comes_later_is_passed_over_and_signed_all_the_same(folder):
    octets = _file(folder.ring, **{"x-later": [1]})
    ring = keyring.parse_keyring(octets)

    assert ring.octets == octets
    assert ring.hash != folder.ring.hash


def test_a_vault_is_sealed_to_and_signs_nothing(folder):
    vault = dataclasses.replace(entry("reserv", "Kassaskåpet", CILLA.recipient, 3, DAY), key=None)

    ring = keyring.parse_keyring(_next(folder, added=[vault]).octets)

    assert ring.entries[-1].kind == "vault"
    assert age.unseal(age.seal(b"x", ring.recipients), [CILLA]) == b"x"


# What follows what


def test_who_leaves_is_remembered_and_gives_their_id_to_nobody(folder):
    folder.put(_next(folder, removed=["bo-alm"]))
    ring = folder.ring

    assert [each.id for each in ring.entries] == ["anna-ek"]
    assert [(gone.id, gone.name, gone.until) for gone in ring.former] == [("bo-alm", "Bo Alm", 1)]
    other = entry("bo-alm", "Bo Ek", CILLA.recipient, 3, DAY)
    _refused("format", succession.following, ring, made_on=DAY, not_after=LAST, by=folder.by.hash,
             added=[other])  # fmt: skip
    _refused("unknown", _next, folder, removed=["cilla"])


def test_nobody_is_called_what_another_is_by_sight(folder):
    """Two hundred names and ids that can be taken for Anna Ek's."""
    marks = {"a": "aáäåAÁÄÅ", "n": "nŋN", "e": "eéèEÉ", "k": "kK"}
    spellings = [
        "".join(letters) for letters in itertools.product(*(marks[each] for each in "annaek"))
    ]
    names = [
        f"{each[:4]}{between}{each[4:]}"
        for each in spellings[::101]
        for between in (" ", "-", "' ")
    ]
    ids = [
        f"{each}{number}" for each in ("annaek", "an-na-ek", "anna--ek") for number in range(2, 30)
    ]
    taken_for = [({"name": each}, "x-y") for each in names[:120]] + [
        ({"id": each}, "X Y") for each in ids
    ]
    for changes, _other in taken_for:
        called = {"id": "x-y", "name": "X Y", **changes}
        row = {**keyring.entry_row(entry("x-y", "X Y", CILLA.recipient, 3, DAY)), **called}
        entries = [*json.loads(folder.ring.octets)["entries"], row]
        octets = _file(folder.ring, entries=sorted(entries, key=lambda each: each["id"]))
        _refused("format", keyring.parse_keyring, octets)
    assert len(taken_for) > 200
    for one, other in (
        ("lisa-b0", "lisa-bo"),
        ("avvva", "avwa"),
        ("bernt", "bemt"),
        ("anna1", "annal"),
    ):
        pair = [
            entry(one, "Xa Xa", CILLA.recipient, 3, DAY),
            entry(other, "Ya Ya", DAN.recipient, 4, DAY),
        ]
        _refused("format", _next, folder, added=pair)


def test_who_lost_a_key_comes_again_as_the_one_who_was_there(folder):
    again = entry("anna-ek-2", "Anna Ek", CILLA.recipient, 3, DAY)
    follows = dataclasses.replace(again, follows="anna-ek")
    _refused("format", _next, folder, added=[follows])  # who has not left
    _refused("format", _next, folder, added=[again], removed=["anna-ek"])

    folder.put(_next(folder, added=[follows], removed=["anna-ek"]))

    assert keyring.parse_keyring(folder.ring.octets).entries[0].follows == "anna-ek"
    third = dataclasses.replace(
        again, id="anna-ek-3", recipient=DAN.recipient, key=handler_key(4).public
    )
    _refused("format", _next, folder, removed=["anna-ek-2"], added=[third])
    folder.put(
        _next(
            folder, removed=["anna-ek-2"], added=[dataclasses.replace(third, follows="anna-ek-2")]
        )
    )
    assert [gone.id for gone in folder.ring.former] == ["anna-ek", "anna-ek-2"]


def test_of_who_stays_the_passkeys_alone_may_change(folder):
    first = folder.ring.entries[0]
    keys = (Passkey(b"c" * 16, b"k" * 77), Passkey(b"d" * 16, b"k" * 77))
    asked = dataclasses.replace(first, passkeys=keys, since=DAY + timedelta(days=9))

    folder.put(_next(folder, added=[asked]))

    assert keyring.parse_keyring(folder.ring.octets).entries[0] == dataclasses.replace(
        first, passkeys=keys
    )
    folder.put(_next(folder))
    assert folder.ring.entries[0].passkeys == keys
    folder.put(_next(folder, added=[first]))
    assert folder.ring.entries[0].passkeys == ()
    other = dataclasses.replace(first, recipient=CILLA.recipient)
    _refused("format", _next, folder, added=[other])


def test_nobody_vanishes_becomes_another_or_gets_another_past(folder):
    _add(folder, "cilla", CILLA)
    folder.put(_next(folder, removed=["cilla"]))
    old = folder.ring
    new = _next(folder, removed=["bo-alm"])
    bo, cilla = new.former  # who leaves now, and who had left
    pasts = ({"name": "Någon annan"}, {"key": handler_key(9).public}, {"until": 1})
    changes = {
        "past": [
            *({"former": former} for former in [(), (bo,), (cilla,)]),
            *({"former": (dataclasses.replace(bo, **past), cilla)} for past in pasts),
            *({"former": (bo, dataclasses.replace(cilla, **past))} for past in pasts),
            {"entries": (dataclasses.replace(new.entries[0], name="Anna Alm"),)},
            {"former": (bo, cilla, Former("dan", "Dan", handler_key(8).public, 1))},
        ],
        "link": [{"serial": new.serial + 1}, {"previous": "1" * 64}],
        "demo": [{"is_demo": True}],
    }
    for code, each in ((code, change) for code, all_ in changes.items() for change in all_):
        _refused(code, succession.check_follows, dataclasses.replace(new, **each, file=b""), old)
    succession.check_follows(new, old)


def test_a_keyring_is_good_until_a_fortnight_after_its_last_day(folder):
    ring = folder.ring

    keyring.check_day(ring, DAY - timedelta(days=1))
    keyring.check_day(ring, LAST + keyring.GRACE)
    _refused("early", keyring.check_day, ring, DAY - timedelta(days=2))
    _refused("expired", keyring.check_day, ring, LAST + keyring.GRACE + timedelta(days=1))
    due = [keyring.warning_due(ring, LAST - timedelta(days=left)) for left in (61, 60, 7, 0)]
    assert due == [None, 60, 7, 0]


# What has been seen


def test_nothing_older_and_nothing_other_than_what_was_seen_is_believed(folder):
    first = _load(folder).as_seen
    _add(folder, "cilla", CILLA)
    second = _load(folder)

    trust_folder.check_seen(second, first, folder.path)
    trust_folder.check_seen(second, second.as_seen, folder.path)
    _refused("older", trust_folder.check_seen, second, SeenKeyring(3, "0" * 64, 1), folder.path)
    _refused("older", trust_folder.check_seen, second, SeenKeyring(1, first.hash, 2), folder.path)
    _refused("twin", trust_folder.check_seen, second, SeenKeyring(2, first.hash, 1), folder.path)
    _refused("link", trust_folder.check_seen, second, SeenKeyring(1, "0" * 64, 1), folder.path)


def test_between_what_was_seen_and_what_is_there_no_keyring_may_be_missing(folder):
    first = _load(folder).as_seen
    other = _next(folder, removed=["bo-alm"])  # follows the first as well, and was signed by nobody
    for name, key in (("cilla", CILLA), ("dan", DAN)):
        _add(folder, name, key)

    trust_folder.check_seen(_load(folder), first, folder.path)
    for octets in (folder.ring.octets, other.octets):
        (folder.path / "keyring-2.json").write_bytes(octets)
        _refused("link", trust_folder.check_seen, _load(folder), first, folder.path)
    (folder.path / "keyring-2.json").unlink()
    _refused("link", trust_folder.check_seen, _load(folder), first, folder.path)


def test_what_has_been_seen_is_read_back(tmp_path, folder):
    seen = _load(folder).as_seen

    assert trust_folder.read_seen(tmp_path / "seen") is None
    trust_folder.write_seen(tmp_path / "seen", seen)
    assert trust_folder.read_seen(tmp_path / "seen") == seen
    (tmp_path / "seen").write_text("")
    _refused("seen", trust_folder.read_seen, tmp_path / "seen")


def _add(folder, name, key):
    number = folder.ring.serial + 2
    return folder.put(_next(folder, added=[entry(name, name.title(), key.recipient, number, DAY)]))


# Signers


def _second(folder, by=(0, 1, 3), people=(PEOPLE[0], PEOPLE[1], PEOPLE[3])):
    """Signers of which Stig has taken Siv's place, signed by these."""
    new = ceremony.next_signers(folder.by, people, DAY)
    (folder.path / "signers-2.json").write_bytes(new.octets)
    (folder.path / "signers-2.json.sig").write_bytes(signed_signers(new, by, folder.by))
    return new


def test_who_has_pinned_the_first_signers_believes_those_whom_they_have_named(folder):
    new = _second(folder)
    third = ceremony.next_signers(new, [PEOPLE[0], PEOPLE[2], PEOPLE[3]], DAY)
    (folder.path / "signers-3.json").write_bytes(third.octets)
    (folder.path / "signers-3.json.sig").write_bytes(signed_signers(third, (0, 2, 3), new))
    ring = _next(folder, by=third.hash)
    folder.by = third
    folder.put(ring, (2, 3))

    found = _load(folder)

    assert (found.signers.number, [each.number for each in found.chain]) == (3, [1, 2, 3])
    _refused("older", trust_folder.check_seen, found, SeenKeyring(2, ring.hash, 4), folder.path)
    # Who has pinned the third believes no keyring of the first.
    folder.by = found.chain[0]
    folder.put(keyring.parse_keyring((folder.path / "keyring-1.json").read_bytes()))
    _refused("signers", trust_folder.load, folder.path, third.pin)


@pytest.mark.parametrize("by", [(0, 3), (0, 1), (1, 3), (3,)])
def test_signers_are_changed_by_two_of_the_old_and_all_of_the_new(folder, by):
    _second(folder, by)

    _refused("signers", _load, folder)


def test_three_new_signers_whom_the_old_have_not_signed_are_refused(folder):
    keys = [SigningKey(bytes([number]) * 32, "signer") for number in (21, 22, 23)]
    people = [signers.Signer(f"Ny {number}", key.public) for number, key in enumerate(keys)]
    new = ceremony.next_signers(folder.by, people, DAY)
    file = None
    for key in keys:
        file = ceremony.sign("signers", new.octets, file, new.keys, key)
    (folder.path / "signers-2.json").write_bytes(new.octets)
    (folder.path / "signers-2.json.sig").write_bytes(file)

    _refused("signers", _load, folder)


@every_row(
    "changes",
    [
        {"threshold": 1}, {"threshold": 3}, {"number": 0}, {"number": 2}, {"previous": "1" * 64},
        {"format": "sapo-signers/2"}, {"made_on": ""}, {"signers": []}, {"more": 1},
    ],
    ids=str,
)  # fmt: skip
def test_signers_that_say_something_unsound_are_refused(folder, changes):
    content = json.loads(folder.by.octets)

    _refused("format", signers.parse_signers, trust.spell({**content, **changes}))


def test_two_signers_or_one_twice_are_no_signers(folder):
    content = json.loads(folder.by.octets)
    one, two, three = content["signers"]
    for people in ([one, two], [one, two, two], [two, one, three],
                   [one, two, {**three, "name": one["name"].upper()}],
                   [one, two, {**three, "id": "0" * 16}]):  # fmt: skip
        with pytest.raises(TrustError):
            signers.parse_signers(trust.spell({**content, "signers": people}))


# Put in place


def test_what_is_signed_beside_is_put_in_place_and_what_is_not_changes_nothing(folder, tmp_path):
    pin, stick = Pin.of(folder.root.read_text()), tmp_path / "stick"
    stick.mkdir()
    for name in ("signers-1.json", "signers-1.json.sig"):
        (stick / name).write_bytes((folder.path / name).read_bytes())
    ring = _next(folder, removed=["bo-alm"])
    (stick / "keyring.json").write_bytes(ring.octets)

    before = {path.name: path.read_bytes() for path in folder.path.iterdir()}
    _refused("unsigned", ceremony.install_keyring, stick / "keyring.json", folder.path, pin)
    assert {path.name: path.read_bytes() for path in folder.path.iterdir()} == before

    (stick / "keyring.json.sig").write_bytes(signed_keyring(ring, folder.by, (1, 2)))
    assert ceremony.install_keyring(stick / "keyring.json", folder.path, pin).ring == ring
    # Once more is nothing more; the one before is no longer one that follows.
    ceremony.install_keyring(stick / "keyring.json", folder.path, pin)
    (stick / "keyring.json").write_bytes(before["keyring.json"])
    (stick / "keyring.json.sig").write_bytes(before["keyring-1.json.sig"])
    _refused("link", ceremony.install_keyring, stick / "keyring.json", folder.path, pin)


def test_forty_are_sealed_to_and_no_more(folder):
    many = [age.generate_identity().recipient for _ in range(41)]
    entries = entries_for(many)
    made = {"by": folder.by, "made_on": DAY, "not_after": LAST, "intake": folder.ring.intake}

    ring = ceremony.first_keyring(entries[:40], **made)
    assert isinstance(keyring.parse_keyring(ring.octets), Keyring)
    assert age.seal(b"", ring.recipients)
    with pytest.raises(KeyringError):
        ceremony.first_keyring(entries, **made)


def test_who_left_under_a_keyring_to_come_is_refused(folder):
    gone = Former("cilla", "Cilla", None, 1)
    with pytest.raises(KeyringError):
        dataclasses.replace(folder.ring, former=(gone,), file=b"")
