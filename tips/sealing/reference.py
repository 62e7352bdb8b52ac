"""The number that a tipster is shown: it says nothing about the content."""

from uuid import UUID

# Crockford's alphabet: no I, L, O or U, which are misread or make words.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BITS = 40


def reference_of(tip_id: UUID) -> str:
    """The first 40 bits of the id, as "7F3K-9Q2M"."""
    number = tip_id.int >> 128 - _BITS
    signs = [_ALPHABET[number >> shift & 31] for shift in range(_BITS - 5, -1, -5)]
    return f"{''.join(signs[:4])}-{''.join(signs[4:])}"
