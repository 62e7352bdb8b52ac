"""The keyring that a bundle brings with it."""

from collections.abc import Callable

from . import keyring, signers, trust_folder
from .keyring import Keyring
from .signers import Pin


def packed_keyring(read: Callable[[str], bytes | None], root: Pin) -> Keyring:
    """The keyring among the files that are read by name, signed from the root on; else TrustError.

    It may be out of date: it tells who has signed, and is not sealed to.
    """
    files: dict[int, tuple[bytes, bytes]] = {}
    number = root.number
    while octets := read(f"signers-{number}.json"):
        files[number] = octets, read(f"signers-{number}.json.sig") or b""
        number += 1
    chain = signers.walk_from(root, files)
    ring = keyring.parse_keyring(read(trust_folder.PRESENT) or b"")
    signatures = read(f"{trust_folder.numbered(ring.serial)}.sig") or b""
    return trust_folder.trusted(ring, signatures, chain).ring
