"""A passkey in software, for tests: signs what a browser would have a real one sign."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url

from tips.sealing import keyring

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


@dataclass
class Passkey:
    """One key for one name. Its counter grows by one each time it signs."""

    name: str = "testserver"
    origin: str = "http://testserver"
    flags: int = PRESENT | VERIFIED
    counter: int = 0
    key_id: bytes = b"a key of a test!"
    in_place_of_the_key: Any = None
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def made(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.create` answers, as JSON."""
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps(
            self.in_place_of_the_key
            or {
                1: 2,
                3: -7,
                -1: 1,
                -2: numbers.x.to_bytes(32, "big"),
                -3: numbers.y.to_bytes(32, "big"),
            }
        )
        attested = bytes(16) + len(self.key_id).to_bytes(2, "big") + self.key_id + public
        data = self._data(self.flags | HAS_KEY) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"])
        return self._answer(
            {"clientDataJSON": _text(client), "attestationObject": _text(attestation)}
        )

    def shown(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.get` answers, as JSON."""
        self.counter += 1
        data, client = self._data(self.flags), self._client("webauthn.get", options["challenge"])
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": _text(client),
                "authenticatorData": _text(data),
                "signature": _text(signed),
            }
        )

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        key_id = _text(self.key_id)
        return {"id": key_id, "rawId": key_id, "type": "public-key", "response": response}

    def _data(self, flags: int) -> bytes:
        host = hashlib.sha256(self.name.encode()).digest()
        return host + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        assert base64url_to_bytes(challenge)
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()


def _text(octets: bytes) -> str:
    return bytes_to_base64url(octets)


def ring_passkey(made: dict[str, Any]) -> keyring.Passkey:
    """What an entry of the keyring says of a passkey that was made: its id, and its key as COSE."""
    attested = cbor2.loads(base64url_to_bytes(made["response"]["attestationObject"]))["authData"]
    size = int.from_bytes(attested[53:55], "big")
    return keyring.Passkey(attested[55 : 55 + size], attested[55 + size :])


def shown_to_desk(answer: dict[str, Any]) -> dict[str, str]:
    """What the desk's page sends of what a passkey has signed."""
    said = answer["response"]
    return {
        "authenticator": said["authenticatorData"],
        "client": said["clientDataJSON"],
        "credential": answer["id"],
        "signature": said["signature"],
    }
