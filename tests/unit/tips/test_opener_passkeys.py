"""What the browser reads of a passkey that it has made, and of a signature by it, run by Node."""

import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .test_opener_parts import as_text, in_node

READ = (
    'const { partsOf } = await import("./key/passkey_made.js");'
    "const { credential, key, isSigned } = partsOf(octets(given.attested));"
    "return [text(credential), text(key),"
    " await Promise.all(given.signed.map((each) => isSigned(octets(each), octets(given.said))"
    ".catch(() => false)))];"
)
CREDENTIAL = bytes(range(40))
SAID = b"what an authenticator says, and a hash"


def _attested(key: bytes, beside: bytes = b"") -> bytes:
    return bytes(53) + len(CREDENTIAL).to_bytes(2, "big") + CREDENTIAL + key + beside


def _read(key: bytes, signed: list[bytes], beside: bytes = b"") -> list[bool]:
    credential, found, holds = in_node(
        READ, attested=as_text(_attested(key, beside)), signed=[as_text(each) for each in signed],
        said=as_text(SAID),
    )  # fmt: skip
    assert credential == as_text(CREDENTIAL)
    assert found == as_text(key)
    return holds


def test_a_key_of_p256_is_read_with_what_follows_it_left_out_and_judges_signatures_of_any_length():
    private = ec.generate_private_key(ec.SECP256R1())
    numbers = private.public_key().public_numbers()
    x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
    key = bytes.fromhex("a5010203262001215820") + x + bytes.fromhex("225820") + y
    # Enough that numbers with a sign's octet, and short ones, are among them.
    signed = [private.sign(SAID, ec.ECDSA(hashes.SHA256())) for _each in range(600)]
    assert len({len(each) for each in signed}) >= 3

    holds = _read(key, [*signed, private.sign(SAID + b"!", ec.ECDSA(hashes.SHA256()))], b"\xa0")

    assert holds == [True] * 600 + [False]


def test_a_key_of_ed25519_is_read_and_judges():
    private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"en nyckel").digest())
    key = bytes.fromhex("a4010103272006215820") + private.public_key().public_bytes_raw()

    assert _read(key, [private.sign(SAID), private.sign(b""), b""]) == [True, False, False]


def test_a_key_of_another_kind_is_refused():
    rsa = bytes.fromhex("a401030339010020590100") + bytes(256)
    answer = in_node(
        'const { partsOf } = await import("./key/passkey_made.js");'
        "return await kindOf(() => partsOf(octets(given.attested)));",
        attested=as_text(_attested(rsa)),
    )

    assert answer == "Refused"
