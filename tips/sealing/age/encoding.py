"""The two encodings of the format: Base64 without padding, and Bech32 for keys."""

import base64
import binascii

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {character: value for value, character in enumerate(_CHARSET)}
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
# A post-quantum recipient, the longest that is read, has 1,959 characters.
_LONGEST_KEY = 4096


def to_base64(octets: bytes) -> bytes:
    return base64.b64encode(octets).rstrip(b"=")


def from_base64(text: bytes) -> bytes:
    """The octets; ValueError unless the text is exactly how these octets are written."""
    try:
        octets = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error as fault:
        raise ValueError("not Base64") from fault
    if to_base64(octets) != text:
        raise ValueError("not canonical Base64")
    return octets


def to_bech32(prefix: str, octets: bytes) -> str:
    values = _regroup(octets, 8, 5, pad=True)
    checksum = _polymod([*_expand(prefix), *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [(checksum >> 5 * (5 - place)) & 31 for place in range(6)]
    return f"{prefix}1{''.join(_CHARSET[value] for value in values)}"


def from_bech32(text: str) -> tuple[str, bytes]:
    """Prefix in lower case, and octets; ValueError when a character is wrong or missing."""
    if len(text) > _LONGEST_KEY or text not in (text.lower(), text.upper()):
        raise ValueError("too long, or upper and lower case mixed")
    prefix, separator, rest = text.lower().rpartition("1")
    if not separator or not prefix or len(rest) < 6 or not prefix.isascii():
        raise ValueError("not Bech32")
    try:
        values = [_VALUES[character] for character in rest]
    except KeyError:
        # Without the cause: it names a character of what may be a private key.
        raise ValueError("not Bech32") from None
    if _polymod([*_expand(prefix), *values]) != 1:
        raise ValueError("a character is wrong or missing")
    return prefix, bytes(_regroup(values[:-6], 5, 8, pad=False))


def _expand(prefix: str) -> list[int]:
    return [*(ord(letter) >> 5 for letter in prefix), 0, *(ord(letter) & 31 for letter in prefix)]


def _polymod(values: list[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            if top >> place & 1:
                checksum ^= generator
    return checksum


def _regroup(values: bytes | list[int], size: int, new_size: int, *, pad: bool) -> list[int]:
    """The same bits in groups of another size."""
    bits, count, groups = 0, 0, []
    for value in values:
        bits, count = bits << size | value, count + size
        while count >= new_size:
            count -= new_size
            groups.append(bits >> count)
            bits &= (1 << count) - 1
    if pad and count:
        groups.append(bits << (new_size - count))
    elif not pad and (count >= size or bits):
        raise ValueError("padding is not zero")
    return groups
