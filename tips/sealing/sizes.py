"""How long sealed octets are, so that what was sealed elsewhere falls into the same classes."""

from .envelope import BODY_CLASSES, HEAD_SIZE, padded_size

_CHUNK = 64 * 1024
_NONCE = _TAG = 16
_FRAME, _STANZA = 70, 1557


def header_size(recipients: int) -> int:
    """The octets of a header with so many post-quantum stanzas and nothing else."""
    return _FRAME + _STANZA * recipients


def payload_size(size: int) -> int:
    """The octets that follow the header when so many are sealed."""
    return _NONCE + size + _TAG * max(1, -(-size // _CHUNK))


HEAD_PAYLOAD = payload_size(HEAD_SIZE)
BODY_PAYLOADS = frozenset(map(payload_size, BODY_CLASSES))


def is_payload_of_file(size: int, largest: int) -> bool:
    """Whether a file of at most this size, padded as it has to be, could be so long."""
    inside = size - _NONCE
    plain = inside - _TAG * -(-inside // (_CHUNK + _TAG))
    return (
        padded_size(0) <= plain <= padded_size(largest)
        and padded_size(plain) == plain
        and payload_size(plain) == size
    )
