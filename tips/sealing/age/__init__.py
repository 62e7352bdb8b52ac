"""Sealing and opening in the age format, version 1: https://age-encryption.org/v1.

Needs nothing but `cryptography`. No cryptography of its own: only the framing.
"""

from .armor import armor, dearmor, is_armored
from .errors import AgeError, BadKey, Damaged, WrongKey
from .header import rewrap_header, split_header
from .keys import (
    Identity,
    KeyKind,
    Recipient,
    generate_identity,
    parse_identity,
    parse_identity_file,
    parse_recipient,
)
from .passphrase import lock, unlock
from .stream import SealedWriter, open_stream, seal, unseal

__all__ = [
    "AgeError",
    "BadKey",
    "Damaged",
    "Identity",
    "KeyKind",
    "Recipient",
    "SealedWriter",
    "WrongKey",
    "armor",
    "dearmor",
    "generate_identity",
    "is_armored",
    "lock",
    "open_stream",
    "parse_identity",
    "parse_identity_file",
    "parse_recipient",
    "rewrap_header",
    "seal",
    "split_header",
    "unlock",
    "unseal",
]
