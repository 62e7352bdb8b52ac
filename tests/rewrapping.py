"""A header for others in front of the same payload, as a handler's browser makes it."""

from collections.abc import Iterable
from io import BytesIO

from tips.sealing.age import Identity, Recipient
from tips.sealing.age.header import read_header, seal_header


def rewrap_header(
    header: bytes, identities: Iterable[Identity], recipients: Iterable[Recipient]
) -> bytes:
    return seal_header(read_header(BytesIO(header)).file_key(identities), recipients)
