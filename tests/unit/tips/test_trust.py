"""What is signed outside the server: one spelling, keys that can be believed, whole signatures."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tables import every_row
from tips.sealing import trust
from tips.sealing.trust import PublicKey, Signature, SigningKey, TrustError

VECTORS = Path(__file__).parents[2] / "vectors"
SPELLING = json.loads((VECTORS / "spelling.json").read_text())
SIGNED = json.loads((VECTORS / "signatures.json").read_text())

OCTETS = SIGNED["octets"].encode()
KEY, OTHER_KEY = PublicKey.of(SIGNED["key"]), PublicKey.of(SIGNED["other_key"])
SIGNATURE, OTHER_SIGNATURE = (
    Signature(
        trust.from_text(SIGNED[f"{whose}ed25519"], 64),
        trust.from_text(SIGNED[f"{whose}mldsa65"], 3309),
    )
    for whose in ("", "other_")
)


# One spelling


@pytest.mark.parametrize("text", SPELLING["good"], ids=lambda text: text[:30].strip())
def test_what_is_in_its_only_spelling_is_read_and_spelled_so_again(text):
    content = trust.read(text.encode())

    assert trust.spell(content) == text.encode()


def test_every_other_spelling_is_refused():
    codes = {reason: _code_of(bytes.fromhex(octets)) for reason, octets in SPELLING["bad"]}

    assert {reason for reason, code in codes.items() if code != "spelling"} == set()
    assert len(SPELLING["good"]) >= 40
    assert len(SPELLING["bad"]) >= 120


def test_a_file_that_is_too_large_is_refused():
    few = trust.spell({"a": ["x" * 4096] * 127, "b": ""})
    largest = trust.spell({"a": ["x" * 4096] * 127, "b": "x" * (trust.LARGEST_SIGNED - len(few))})

    assert _code_of(largest) == ""
    assert _code_of(largest.replace(b'"b"', b'"bb"')) == "spelling"


def test_line_breaks_are_read_only_where_they_may_stand():
    octets = trust.spell({"text": "Första raden\nAndra raden"})

    assert trust.read(octets, lines=True)["text"].splitlines() == ["Första raden", "Andra raden"]
    assert _code_of(octets) == "spelling"


def test_what_is_nested_too_deep_is_refused():
    for deepest in ({"a": [[[[[1]]]]]}, {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}):
        assert trust.read(trust.spell(deepest)) == deepest
        with pytest.raises(TrustError, match="too deep") as refused:
            trust.read(trust.spell({"a": deepest}))
        assert refused.value.code == "spelling"


def test_a_member_that_is_not_known_is_refused_unless_it_is_room_for_later():
    def members(row):
        return trust.members(row, {"name": str}, {"demo": bool})

    assert members({"name": "Anna", "x-later": 1}) == {"name": "Anna"}
    for row in ({"name": "Anna", "age": 1}, {}, {"name": 1}, {"name": "Anna", "demo": 1}, []):
        assert _code(lambda row=row: members(row)) == "format"


def test_a_hash_has_one_spelling():
    assert trust.hash_in(SIGNED["hash"]) == SIGNED["hash"]
    for other in (SIGNED["hash"].upper(), SIGNED["hash"][1:], SIGNED["hash"] + "\n"):
        assert _code(lambda text=other: trust.hash_in(text)) == "format"


# Keys


def test_a_secret_gives_the_keys_of_the_vector_and_others_in_each_role():
    key = SigningKey(bytes.fromhex(SIGNED["secret"]), "handler").public

    assert key == KEY
    assert key.id == SIGNED["id"] == "6a7b09db52092fb3"
    for role, key_id in SIGNED["roles"].items():
        assert SigningKey(bytes.fromhex(SIGNED["secret"]), role).public.id == key_id
    assert len(set(SIGNED["roles"].values())) == 3


@every_row("weak", SIGNED["weak_keys"])
def test_a_key_against_which_any_message_holds_cannot_be_made(weak):
    assert _code(lambda: PublicKey(bytes.fromhex(weak), KEY.mldsa65)) == "key"


def test_a_key_has_one_spelling():
    text = SIGNED["key"]["ed25519"]

    others = (text + "=", text[:-1], text + "A", "+" + text[1:], " " + text, text[:-1] + "B")
    for other in (*others, text + "AA", "å" + text[1:]):
        assert _code(lambda text=other: trust.from_text(text, 32)) == "format"
    assert PublicKey.of(SIGNED["key"]).as_members() == SIGNED["key"]
    assert trust.to_text(trust.from_text("AAAX", 3)) == "AAAX"


def test_a_key_or_a_secret_of_another_length_makes_no_key():
    for ed25519, mldsa65 in ((b"x" * 31, KEY.mldsa65), (KEY.ed25519, b"x" * 1951)):
        assert _code(lambda key=(ed25519, mldsa65): PublicKey(*key)) == "key"
    assert _code(lambda: SigningKey(bytes(31), "handler")) == "key"


# Signatures


def test_a_signature_holds_for_these_octets_of_this_kind_by_this_key_alone():
    assert trust.sha256_of(OCTETS) == SIGNED["hash"]
    assert SigningKey(bytes.fromhex(SIGNED["secret"]), "handler").sign("keyring", OCTETS).ed25519
    assert KEY.holds(SIGNATURE, "keyring", OCTETS)
    assert not KEY.holds(SIGNATURE, "release", OCTETS)
    assert not KEY.holds(SIGNATURE, "keyring", OCTETS + b" ")
    assert not OTHER_KEY.holds(SIGNATURE, "keyring", OCTETS)


def test_half_a_signature_is_none():
    half, other_half = SIGNATURE, OTHER_SIGNATURE

    assert not KEY.holds(Signature(half.ed25519, other_half.mldsa65), "keyring", OCTETS)
    assert not KEY.holds(Signature(other_half.ed25519, half.mldsa65), "keyring", OCTETS)
    assert not KEY.holds(Signature(half.ed25519, bytes(3309)), "keyring", OCTETS)
    assert not KEY.holds(Signature(bytes(64), half.mldsa65), "keyring", OCTETS)


@every_row("why", dict(SIGNED["bad_ed25519"]))
def test_an_ed25519_half_that_libraries_judge_differently_does_not_hold(why):
    half = trust.from_text(dict(SIGNED["bad_ed25519"])[why], 64)

    assert not KEY.holds(Signature(half, SIGNATURE.mldsa65), "keyring", OCTETS)


def test_the_same_seed_gives_the_same_ed25519_signature_as_in_the_vector():
    signed = SigningKey(bytes.fromhex(SIGNED["secret"]), "handler").sign("keyring", OCTETS)

    assert signed.ed25519 == SIGNATURE.ed25519
    assert KEY.holds(signed, "keyring", OCTETS)


def test_two_of_two_who_have_signed_are_enough():
    signatures = {KEY.id: SIGNATURE, OTHER_KEY.id: OTHER_SIGNATURE}
    file = trust.spell_signatures("keyring", OCTETS, signatures)

    read = trust.read_signatures(file, "keyring", OCTETS, [KEY, OTHER_KEY], 2)

    assert read == signatures


def bad_files() -> dict[str, tuple[str, bytes]]:
    """Files of signatures that must not be believed, each with the code that it is refused by."""
    both = {KEY.id: SIGNATURE, OTHER_KEY.id: OTHER_SIGNATURE}
    good = json.loads(trust.spell_signatures("keyring", OCTETS, both))
    first, second = good["signatures"]
    other_file = trust.spell_signatures("keyring", OCTETS + b" ", both)
    half = {**first, "mldsa65": second["mldsa65"]}
    lacks = {"ed25519": first["ed25519"], "key": first["key"]}
    return {
        "one": ("few", trust.spell({**good, "signatures": [first]})),
        "none": ("few", trust.spell({**good, "signatures": []})),
        "one twice": ("format", trust.spell({**good, "signatures": [first, first]})),
        "disorder": ("format", trust.spell({**good, "signatures": [second, first]})),
        "a half of another": ("signature", trust.spell({**good, "signatures": [half, second]})),
        "half only": ("format", trust.spell({**good, "signatures": [lacks, second]})),
        "a stranger": (
            "unknown",
            trust.spell({**good, "signatures": [{**first, "key": "0" * 16}, second]}),
        ),
        "another kind": ("other", trust.spell({**good, "kind": "release"})),
        "other octets": ("other", other_file),
        "another format": ("format", trust.spell({**good, "format": "sapo-signatures/2"})),
        "more members": ("format", trust.spell({**good, "threshold": 1})),
        "no file": ("spelling", b""),
    }


@every_row("why", bad_files())
def test_a_file_of_signatures_that_is_not_whole_is_refused(why):
    code, file = bad_files()[why]

    with pytest.raises(TrustError) as refused:
        trust.read_signatures(file, "keyring", OCTETS, [KEY, OTHER_KEY], 2)

    assert refused.value.code == code


def test_one_bad_signature_spoils_a_file_that_has_enough_good_ones():
    third = SigningKey(bytes(32), "signer")
    bad = third.sign("keyring", b"something else")
    signatures = {KEY.id: SIGNATURE, OTHER_KEY.id: OTHER_SIGNATURE, third.public.id: bad}
    file = trust.spell_signatures("keyring", OCTETS, signatures)

    with pytest.raises(TrustError) as refused:
        trust.read_signatures(file, "keyring", OCTETS, [KEY, OTHER_KEY, third.public], 2)

    assert refused.value.code == "signature"


def _code_of(octets: bytes) -> str:
    return _code(lambda: trust.read(octets))


def _code(act: Callable[[], object]) -> str:
    """The code by which it is refused, if it is."""
    try:
        act()
    except TrustError as fault:
        return fault.code
    return ""
