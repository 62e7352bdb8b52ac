"""The browser believes the same arrivals as the server."""

import dataclasses
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.rings import INTAKE_KEY, ring_for
from tests.tables import every_row
from tips.sealing import age, trust
from tips.sealing.arrivals import OF_NO_TIP, ArrivalMessage, SignedArrival, check_signed
from tips.sealing.keyring import IntakeKey, Keyring
from tips.sealing.trust import NOTHING_BEFORE, SigningKey, TrustError

from .test_opener_parts import in_node

DAY = date(2026, 11, 25)
TIP = UUID("3d5a6ac2-21f4-4cb7-9d59-7f1f2ac0a001")
DIGEST, HEAD = "d1" * 32, "e2" * 32
OTHER_KEY = SigningKey(bytes([9]) * 32, "intake")
_CODE = """
const t = await import("./trust/trust.js"), a = await import("./arrivals/arrival.js"), k = await import("./trust/keyring.js");
const rings = new Map([[1, k.parseKeyring(t.encode(given.ring))]]);
const code = async (act) => { try { await act(); return null; } catch (error) {
  if (error instanceof t.Untrusted) return error.code; throw error; } };
"""


def _ring() -> Keyring:
    ring = ring_for([age.generate_identity().recipient])
    return dataclasses.replace(ring, intake=(IntakeKey(INTAKE_KEY.public, DAY),))


def _arrival(**changes: Any) -> ArrivalMessage:
    said = {
        "epoch": "20261125" + "ab" * 12, "counter": 7, "previous": "0a" * 32, "way": "form", "tip": TIP,
        "digest": DIGEST, "head": HEAD, "on": DAY, "keyring": 1, "key": INTAKE_KEY.public.id,
    }  # fmt: skip
    return ArrivalMessage(**{**said, **changes})


def _spoilt(signed: SignedArrival, half: str) -> SignedArrival:
    octets = bytearray(getattr(signed.signature, half))
    octets[5] ^= 1
    return dataclasses.replace(
        signed, signature=dataclasses.replace(signed.signature, **{half: bytes(octets)})
    )


def _message(old: str, new: str) -> SignedArrival:
    octets = _arrival().octets.replace(old.encode(), new.encode())
    return SignedArrival(octets, INTAKE_KEY.sign("arrival", octets))


WHOLE = SignedArrival.of(_arrival(), INTAKE_KEY)
OTHER_KIND = SignedArrival(WHOLE.message, INTAKE_KEY.sign("note", WHOLE.message))
CASES = {
    "as it should be": (WHOLE, None),
    "another's key": (SignedArrival.of(_arrival(key=OTHER_KEY.public.id), OTHER_KEY), "unknown"),
    "a keyring that is not there": (SignedArrival.of(_arrival(keyring=2), INTAKE_KEY), "unknown"),
    "another's signature": (SignedArrival.of(_arrival(), OTHER_KEY), "signature"),
    "half a signature": (_spoilt(WHOLE, "ed25519"), "signature"),
    "the other half": (_spoilt(WHOLE, "mldsa65"), "signature"),
    "another kind": (OTHER_KIND, "signature"),
    "another way": (_message('"form"', '"brev"'), "format"),
    "another format": (_message("arrival/1", "arrival/2"), "format"),
    "another member": (_message('"counter":7', '"counter":7,"cow":1'), "format"),
    "another spelling": (_message('"counter":7', '"counter": 7'), "spelling"),
    "no number": (_message('"counter":7', '"counter":0'), "format"),
    "a tip that is none": (_message(str(TIP), str(TIP).upper()), "format"),
    "a way that nobody takes": (SignedArrival.of(_arrival(way="void"), INTAKE_KEY), "format"),
    "an epoch with a tip": (SignedArrival.of(_arrival(way="epoch"), INTAKE_KEY), "format"),
    "a form without one": (SignedArrival.of(_arrival(tip=OF_NO_TIP), INTAKE_KEY), "format"),
}


@every_row("name", CASES)
def test_both_judge_an_arrival_alike(name):
    signed, expected = CASES[name]
    ring = _ring()

    code = None
    try:
        check_signed(signed, {1: ring})
    except TrustError as error:
        code = error.code
    answer = in_node(
        _CODE + "return await code(() => a.checkedArrival(given.signed, rings, given.content));",
        ring=ring.octets.decode(),
        signed={"message": signed.message.decode(), **trust.signature_row(signed.signature)},
        content={"id": str(TIP), "digest": DIGEST, "head": HEAD},
    )

    assert code == expected
    assert answer == expected


def test_after_a_new_root_its_first_keyring_speaks_for_arrivals_of_before():
    ring = dataclasses.replace(_ring(), serial=3)
    signed = SignedArrival.of(_arrival(keyring=2), INTAKE_KEY)

    assert check_signed(signed, {3: ring}).tip == TIP
    answer = in_node(
        _CODE.replace("[[1,", "[[3,")
        + "return await code(() => a.checkedArrival(given.signed, rings, given.content));",
        ring=ring.octets.decode(),
        signed={"message": signed.message.decode(), **trust.signature_row(signed.signature)},
        content={"id": str(TIP), "digest": DIGEST, "head": HEAD},
    )
    assert answer is None


def test_an_arrival_of_another_content_is_none_of_this_tip_and_false_words_of_the_sender_are_told():
    contents = [
        {"id": str(uuid4()), "digest": DIGEST, "head": HEAD},
        {"id": str(TIP), "digest": NOTHING_BEFORE, "head": HEAD},
        {"id": str(TIP), "digest": DIGEST, "head": NOTHING_BEFORE},
    ]
    codes = in_node(
        _CODE + "const at = (content, way, there) => code(() => a.checkedArrival(given.signed, rings, content, way, there));"
        "const said = async (...more) => { const { arrival, ...told } ="
        " await a.checkedArrival(given.signed, rings, ...more); return told; };"
        "return [await Promise.all(given.contents.map((each) => at(each))),"
        " await at(given.contents[1], '', async () => 'another'),"
        " await said(given.content, 'form'), await said(given.content, 'browser'),"
        " await said(given.contents[1], '', async () => given.content.digest)];",
        ring=_ring().octets.decode(),
        signed={"message": WHOLE.message.decode(), **trust.signature_row(WHOLE.signature)},
        contents=contents,
        content={"id": str(TIP), "digest": DIGEST, "head": HEAD},
    )  # fmt: skip
    assert codes == [
        ["content", "content", "content"],
        "content",
        {"isMislisted": False, "isOtherWay": False},
        {"isMislisted": False, "isOtherWay": True},
        {"isMislisted": True, "isOtherWay": False},
    ]


def test_what_lies_beside_a_tip_is_read_as_it_was_written():
    assert SignedArrival.from_file(WHOLE.file) == WHOLE
    for octets in (b"", WHOLE.message, WHOLE.file[:-1], WHOLE.file + b"x"):
        with pytest.raises(TrustError):
            SignedArrival.from_file(octets)
