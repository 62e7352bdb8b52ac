"""The keyring: who tips are sealed to, and every way in which it must not be used."""

import json
import os
from datetime import date

import pytest

from tips.sealing import age, keyring
from tips.sealing.keyring import Keyring, KeyringEntry, KeyringError

pytestmark = pytest.mark.tips

DAY, NEXT_DAY = date(2026, 11, 25), date(2026, 12, 1)
ANNA, BO, CILLA = (age.generate_identity().recipient for _ in range(3))
CLASSIC = age.generate_identity("x25519").recipient


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys" / "keyring.json"


def _file(**changes: object) -> bytes:
    """The file of a sound keyring with one recipient, but for what is changed in it."""
    content = {
        "format": "sapo-keyring/1",
        "serial": 3,
        "made_on": "2026-11-25",
        "recipients": [
            {"name": "Anna Andersson", "recipient": str(ANNA), "added_on": "2026-11-25"}
        ],
    }
    return json.dumps({**content, **changes}).encode()


def _rows(*recipients: object) -> list[dict[str, object]]:
    return [
        {"name": f"Namn {number}", "recipient": str(recipient), "added_on": "2026-11-25"}
        for number, recipient in enumerate(recipients)
    ]


def _code(octets: bytes) -> str:
    with pytest.raises(KeyringError) as caught:
        keyring.parse(octets)
    return caught.value.code


def test_a_keyring_is_made_and_read_back(path):
    made = keyring.create_keyring(path, [("Anna Andersson", ANNA), ("Bo Ek", BO)], made_on=DAY)

    read = keyring.load_keyring(path)

    assert read == made
    assert read.serial == 1
    assert read.recipients == [ANNA, BO]
    assert [entry.name for entry in read.entries] == ["Anna Andersson", "Bo Ek"]
    assert not read.is_demo


def test_the_file_is_what_the_other_tools_expect(path):
    keyring.create_keyring(path, [("Åsa Öberg", ANNA)], made_on=DAY, is_demo=True)

    assert json.loads(path.read_text("utf-8")) == {
        "format": "sapo-keyring/1",
        "serial": 1,
        "made_on": "2026-11-25",
        "demo": True,
        "recipients": [
            {"name": "Åsa Öberg", "recipient": str(ANNA), "added_on": "2026-11-25"},
        ],
    }
    assert "Åsa Öberg" in path.read_text("utf-8")
    assert path.stat().st_mode & 0o777 == 0o644
    assert keyring.load_keyring(path).is_demo


def test_what_is_sealed_to_the_keyring_opens_for_each_in_it(path):
    identities = [age.generate_identity() for _ in range(3)]
    keyring.create_keyring(path, [(f"Namn {n}", key.recipient) for n, key in enumerate(identities)],
                   made_on=DAY)  # fmt: skip

    sealed = age.seal(b"tips", keyring.load_keyring(path).recipients)

    assert [age.unseal(sealed, [identity]) for identity in identities] == [b"tips"] * 3


def test_a_keyring_is_never_made_over_another(path):
    keyring.create_keyring(path, [("Anna Andersson", ANNA)], made_on=DAY)

    with pytest.raises(KeyringError) as caught:
        keyring.create_keyring(path, [("Bo Ek", BO)], made_on=DAY)

    assert caught.value.code == "exists"
    assert keyring.load_keyring(path).recipients == [ANNA]


# Changes


def test_adding_and_removing_raise_the_serial_number(path):
    first = keyring.create_keyring(path, [("Anna Andersson", ANNA)], made_on=DAY)

    second = keyring.add(first, "Bo Ek", BO, on=NEXT_DAY)
    third = keyring.remove(second, "Anna Andersson", on=NEXT_DAY)
    keyring.save_keyring(third, path)

    assert [ring.serial for ring in (first, second, keyring.load_keyring(path))] == [1, 2, 3]
    assert second.recipients == [ANNA, BO]
    assert second.entries[1].added_on == second.made_on == NEXT_DAY
    assert keyring.load_keyring(path).recipients == [BO]


def test_a_recipient_can_be_removed_by_its_key_when_names_are_alike():
    ring = Keyring(1, DAY, (KeyringEntry("Anna", ANNA, DAY), KeyringEntry("Anna", BO, DAY)))

    with pytest.raises(KeyringError) as caught:
        keyring.remove(ring, "Anna", on=DAY)

    assert caught.value.code == "ambiguous"
    assert keyring.remove(ring, str(ANNA), on=DAY).recipients == [BO]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda ring: keyring.remove(ring, "Anna Andersson", on=DAY), "empty"),
        (lambda ring: keyring.remove(ring, "Bo Ek", on=DAY), "unknown"),
        (lambda ring: keyring.add(ring, "Anna igen", ANNA, on=DAY), "duplicate"),
        (lambda ring: keyring.add(ring, "Bo Ek", CLASSIC, on=DAY), "mixed"),
        (lambda ring: keyring.add(ring, "Bo\nEk", BO, on=DAY), "format"),
        (lambda ring: keyring.add(ring, " ", BO, on=DAY), "format"),
    ],
)
def test_a_change_that_would_spoil_the_keyring_is_refused(change, code):
    ring = Keyring(1, DAY, (KeyringEntry("Anna Andersson", ANNA, DAY),))

    with pytest.raises(KeyringError) as caught:
        change(ring)

    assert caught.value.code == code


def test_saving_that_fails_leaves_the_former_keyring(path, monkeypatch):
    first = keyring.create_keyring(path, [("Anna Andersson", ANNA)], made_on=DAY)

    def no_room(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(OSError, match="No space"):
        keyring.save_keyring(keyring.add(first, "Bo Ek", BO, on=DAY), path)

    assert keyring.load_keyring(path) == first
    assert os.listdir(path.parent) == ["keyring.json"]


# The fingerprint


def test_the_fingerprint_is_of_the_set_of_recipients():
    def fingerprint(*recipients):
        return Keyring(
            1, DAY, tuple(KeyringEntry("Namn", key, DAY) for key in recipients)
        ).fingerprint

    assert fingerprint(ANNA, BO) == fingerprint(BO, ANNA)
    assert len({fingerprint(ANNA), fingerprint(BO), fingerprint(ANNA, BO)}) == 3


def test_the_fingerprint_is_sixteen_digits_in_groups_of_four():
    text = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
    ring = keyring.parse(_file(recipients=_rows(text)))

    # printf %s age1zvky… | sha256sum
    assert ring.fingerprint == "6a80 4773 9828 40fa"


# Keyrings that must not be used


def test_no_file_is_a_missing_keyring(path):
    with pytest.raises(KeyringError) as caught:
        keyring.load_keyring(path)
    assert caught.value.code == "missing"


def test_a_folder_in_its_place_is_unreadable(path):
    path.mkdir(parents=True)
    with pytest.raises(KeyringError) as caught:
        keyring.load_keyring(path)
    assert caught.value.code == "unreadable"


def test_a_keyring_of_x25519_only_is_taken():
    assert keyring.parse(_file(recipients=_rows(CLASSIC))).recipients == [CLASSIC]


def test_keys_that_are_not_known_leave_room_for_signatures():
    assert keyring.parse(_file(signatures=[{"by": "officer", "value": "x"}], note=None)).serial == 3


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", "format"),
        (b"\xff\xfe", "format"),
        (b"[]", "format"),
        (b"null", "format"),
        (b"[" * 100_000, "format"),
        (_file(format="sapo-keyring/2"), "format"),
        (_file(serial=0), "format"),
        (_file(serial=-1), "format"),
        (_file(serial=True), "format"),
        (_file(serial="3"), "format"),
        (_file(serial=1.5), "format"),
        (_file(made_on="25/11 2026"), "format"),
        (_file(made_on=None), "format"),
        (_file(demo="yes"), "format"),
        (_file(demo=1), "format"),
        (_file(recipients={}), "format"),
        (_file(recipients=None), "format"),
        (_file(recipients=[str(ANNA)]), "format"),
        (_file(recipients=[{"name": "Anna", "added_on": "2026-11-25"}]), "format"),
        (_file(recipients=[{"recipient": str(ANNA), "added_on": "2026-11-25"}]), "format"),
        (_file(recipients=[{**_rows(ANNA)[0], "name": "\u202eanna"}]), "format"),
        (_file(recipients=[{**_rows(ANNA)[0], "name": "A" * 201}]), "format"),
        (_file(recipients=[{**_rows(ANNA)[0], "added_on": "2026-13-01"}]), "format"),
        (_file(recipients=[]), "empty"),
        (_file(recipients=_rows("age1qqqq")), "bad_recipient"),
        (_file(recipients=_rows(str(ANNA)[:-1])), "bad_recipient"),
        (_file(recipients=_rows("")), "bad_recipient"),
        (_file(recipients=_rows("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5")), "bad_recipient"),
        (_file(recipients=_rows(ANNA, BO, ANNA)), "bad_recipient"),
        (_file(recipients=_rows(ANNA, CLASSIC)), "mixed"),
    ],
)
def test_a_keyring_that_is_unsound_is_refused(octets, code):
    assert _code(octets) == code


def test_a_private_key_in_the_keyring_is_refused_and_not_repeated():
    secret = str(age.generate_identity())

    with pytest.raises(KeyringError) as caught:
        keyring.parse(_file(recipients=_rows(secret)))

    assert caught.value.code == "bad_recipient"
    assert secret[25:45] not in f"{caught.value} {caught.value.__cause__}"


def test_more_recipients_than_a_sealed_file_has_room_for_are_refused():
    recipients = [age.generate_identity().recipient for _ in range(41)]

    assert _code(_file(recipients=_rows(*recipients))) == "format"
    assert age.seal(b"", keyring.parse(_file(recipients=_rows(*recipients[:40]))).recipients)


def test_a_file_that_is_too_large_is_not_read(path):
    path.parent.mkdir()
    path.write_bytes(_file() + b" " * 2**20)

    with pytest.raises(KeyringError) as caught:
        keyring.load_keyring(path)

    assert caught.value.code == "format"
