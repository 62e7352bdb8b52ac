"""What is carried to the ceremony: an entry that asks to be taken into the keyring, or a signer."""

from . import keyring, signers, trust
from .keyring import IntakeKey, KeyringEntry
from .signers import Signer
from .trust import PublicKey, SigningKey, TrustError

REQUEST_FORMAT, SIGNER_FORMAT = "sapo-request/1", "sapo-signer/1"
INTAKE_FORMAT = "sapo-intake-key/1"


def spell_request(entry: KeyringEntry) -> bytes:
    return trust.spell({"entry": keyring.entry_row(entry), "format": REQUEST_FORMAT})


def sign_request(octets: bytes, key: SigningKey) -> bytes:
    return trust.spell_signatures("request", octets, {key.public.id: key.sign("request", octets)})


def read_request(octets: bytes, signatures: bytes) -> KeyringEntry:
    """The entry, whose own new key has signed that it asks; a vault has none, and is not signed."""
    content = trust.members(trust.read(octets), {"entry": dict, "format": str}, {})
    if content["format"] != REQUEST_FORMAT:
        raise TrustError("format", f"the request is not of the format {REQUEST_FORMAT}")
    entry = keyring.entry_in(content["entry"])
    if entry.key:
        trust.read_signatures(signatures, "request", octets, [entry.key], 1)
    return entry


def spell_signer(name: str, key: PublicKey) -> bytes:
    content = {"format": SIGNER_FORMAT, "id": key.id, "name": signers.name(name)}
    return trust.spell({**content, **key.as_members()})


def read_signer(octets: bytes) -> Signer:
    named = dict.fromkeys(("ed25519", "format", "id", "mldsa65", "name"), str)
    content = trust.members(trust.read(octets), named, {})
    key = PublicKey.of(content)
    if (content["format"], content["id"]) != (SIGNER_FORMAT, key.id):
        raise TrustError("format", "the signer is not written as one")
    return Signer(signers.name(content["name"]), key)


def spell_intake(each: IntakeKey) -> bytes:
    return trust.spell({"format": INTAKE_FORMAT, "intake": keyring.intake_row(each)})


def read_intake(octets: bytes) -> IntakeKey:
    content = trust.members(trust.read(octets), {"format": str, "intake": dict}, {})
    if content["format"] != INTAKE_FORMAT:
        raise TrustError("format", f"the key is not of the format {INTAKE_FORMAT}")
    return keyring.intake_in(content["intake"])
