"""A hash in twelve Swedish words, which two people can read to each other."""

from functools import cache
from importlib.resources import files

from .trust import TrustError, sha256_of

# The list is frozen: another one would give other words for the same hash.
HASH_OF_THE_LIST = "a38d5b1d0fce0259d68de7dddd4df9e8a3d65085e3539d8c4a2445cefa24f63f"
_BITS, _WORDS = 11, 12


def words(digest: str) -> tuple[str, ...]:
    """The first 132 bits of a hash. Fewer than all twelve words are never compared."""
    number = int(digest, 16) >> (256 - _BITS * _WORDS)
    listed = _list()
    return tuple(
        listed[(number >> _BITS * place) & (2**_BITS - 1)] for place in reversed(range(_WORDS))
    )


def word_rows(digest: str) -> list[str]:
    """The words as screens and papers show them: three rows of four."""
    all_of_them = words(digest)
    return [" ".join(all_of_them[at : at + 4]) for at in range(0, _WORDS, 4)]


@cache
def _list() -> list[str]:
    octets = files("tips.sealing").joinpath("ordlista.txt").read_bytes()
    if sha256_of(octets) != HASH_OF_THE_LIST:
        raise TrustError("other", "the list of words is not the one of this release")
    return octets.decode().split()
