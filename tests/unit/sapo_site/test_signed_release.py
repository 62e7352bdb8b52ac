"""What is signed, read by Python and openssl alone: as tips/sealing/trust.py reads it."""

import json
from contextlib import suppress
from pathlib import Path

import pytest

from sapo_site.script.signed_release import (
    Alarm,
    Manifest,
    chain_from,
    signed_manifest,
    spelled,
    who_signed,
)
from tests.signed import Signers
from tests.tables import every_row
from tips.sealing import trust

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
RELEASE = b"sapo-release/1\nnumber 7\nversion 1.0\ncommit c\nmade 2026-12-01\nprevious p\nsigners "


def _told(signers: Signers, *others: Signers, **changed: bytes):
    files = {f"signers-{each.number}.json": each.file for each in (signers, *others)}
    for before, after in zip((signers, *others), others, strict=False):
        files[f"signers-{after.number}.json.sig"] = before.sign_next(after)
    files |= {name.replace("_", "-") + ".json.sig": octets for name, octets in changed.items()}
    return chain_from(signers.root, files.get)


def _known(signers: Signers):
    return _told(signers)[signers.hash][1]


def test_a_release_that_two_have_signed_is_read():
    signers = Signers()
    octets = RELEASE + signers.hash.encode() + b"\n"

    manifest = signed_manifest(octets, signers.sign("release", octets), _told(signers))

    assert manifest.number == 7
    assert who_signed(
        signers.sign("release", octets, 3), "release", octets, _known(signers)
    ) == set(signers.keys)


def _only(half: str, file: bytes) -> bytes:
    said = json.loads(file)
    for row in said["signatures"]:
        row["mldsa65" if half == "ed25519" else "ed25519"] = ""
    return trust.spell(said)


def _doubled(file: bytes) -> bytes:
    said = json.loads(file)
    said["signatures"] = said["signatures"][:1] * 2
    return trust.spell(said)


@every_row(
    ("made", "said"),
    [
        (lambda signers, octets: b"", "inte skriven"),
        (lambda signers, octets: signers.sign("release", octets, 1), "För få"),
        (lambda signers, octets: signers.sign("release", octets, 0), "För få"),
        (lambda signers, octets: _doubled(signers.sign("release", octets)), "Någon annan"),
        (
            lambda signers, octets: _only("ed25519", signers.sign("release", octets)),
            "nyckel eller signatur",
        ),
        (
            lambda signers, octets: _only("mldsa65", signers.sign("release", octets)),
            "nyckel eller signatur",
        ),
        (lambda signers, octets: signers.sign("keyring", octets), "något annat"),
        (lambda signers, octets: signers.sign("release", octets + b"x"), "något annat"),
        (lambda signers, octets: Signers((7, 8, 9)).sign("release", octets), "Någon annan"),
    ],
)
def test_a_release_that_is_not_signed_by_two_is_refused(made, said):
    signers = Signers()
    octets = RELEASE + signers.hash.encode() + b"\n"

    with pytest.raises(Alarm, match=said):
        signed_manifest(octets, made(signers, octets), _told(signers))


@every_row("half", ["ed25519", "mldsa65"])
def test_half_of_a_signature_that_is_of_something_else_spoils_it(half):
    signers = Signers()
    octets = RELEASE + signers.hash.encode() + b"\n"
    said = json.loads(signers.sign("release", octets))
    other = json.loads(signers.sign("release", octets + b"x"))
    said["signatures"][0][half] = other["signatures"][0][half]

    with pytest.raises(Alarm, match="En signatur stämmer inte"):
        signed_manifest(octets, trust.spell(said), _told(signers))


def test_a_key_against_which_anything_holds_is_refused():
    signers = Signers()
    said = json.loads(signers.file)
    row = said["signers"][0]
    for height in (0, 1, 2**255 - 20, 2**255 - 19 + 1, 1 << 255):
        weak = height.to_bytes(32, "little")
        name = trust.sha256_of(b"sapo-key/1\n" + weak + trust.from_text(row["mldsa65"], 1952))[:16]
        said["signers"][0] = {**row, "ed25519": trust.to_text(weak), "id": name}
        file = trust.spell(said)
        with pytest.raises(Alarm, match="går inte att lita på"):
            chain_from(f"1:{trust.sha256_of(file)}", {"signers-1.json": file}.get)


def test_two_old_and_three_new_let_new_signers_in():
    first = Signers()
    second = Signers((2, 3, 4), after=first)
    third = Signers((3, 4, 5), after=second)

    assert [number for number, _ in _told(first, second, third).values()] == [1, 2, 3]
    assert [number for number, _ in _told(second, third).values()] == [2, 3]


@every_row(("old", "new"), [(1, 3), (2, 2), (0, 3)])
def test_fewer_let_nobody_in(old, new):
    first = Signers((1, 2, 3))
    second = Signers((4, 5, 6), after=first)

    with pytest.raises(Alarm, match="inte den som roten"):
        _told(first, second, signers_2=first.sign_next(second, old, new))


def test_signers_that_do_not_follow_on_those_before_are_refused():
    first, elsewhere = Signers(), Signers((4, 5, 6))
    second = Signers((2, 3, 4), after=elsewhere)

    with pytest.raises(Alarm, match="inte den som roten"):
        _told(first, second)
    with pytest.raises(Alarm, match="inte den som roten"):
        chain_from(first.root, {"signers-1.json": elsewhere.file}.get)


def test_a_release_of_signers_that_the_root_does_not_lead_to_is_refused():
    signers = Signers((7, 8, 9))
    octets = RELEASE + signers.hash.encode() + b"\n"

    with pytest.raises(Alarm, match="roten inte leder till"):
        signed_manifest(octets, signers.sign("release", octets), _told(Signers()))


def test_what_is_no_release_is_refused():
    for octets in (
        b"",
        b"sapo-release/2\nnumber 1\nsigners a\nprevious b\n",
        b"sapo-release/1\n",
        b"\xff",
    ):
        with pytest.raises(Alarm, match=r"release\.txt"):
            Manifest(octets)


def test_both_readers_read_one_spelling_only():
    vectors = json.loads((VECTORS / "spelling.json").read_text())
    for text in vectors["good"]:
        assert spelled(text.encode()) == trust.read(text.encode())
    read = []
    for reason, octets in vectors["bad"]:
        with suppress(Alarm):
            spelled(bytes.fromhex(octets))
            read.append(reason)
    assert read == []
