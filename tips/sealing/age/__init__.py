"""Sealing and opening in the age format, version 1: https://age-encryption.org/v1.

Needs nothing but `cryptography`. No cryptography of its own: only the framing.
"""

from .armor import armor, dearmor, is_armored
from .errors import AgeError, BadKey, Damaged, WrongKey
from .header import split_header
from .keys import (
    STANZA_KIND,
    Identity,
    Recipient,
    generate_identity,
    parse_identity,
    parse_identity_file,
    parse_recipient,
)
from .passphrase import lock, unlock
from .stream import SealedWriter, open_stream, seal, seal_to_each, unseal
