"""What two of the signers have signed, read by Python and openssl 3.5 alone.

The rules are those of tips/sealing/trust.py, for whoever must not trust what is installed: `./sapo verify`
and the watcher, which is carried to machines that have nothing of the site.
"""

import base64
import fnmatch
import hashlib
import json
import re
import subprocess
import tempfile
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

_PRIME = 2**255 - 19
# Keys against which any signature holds.
_ORDER_8 = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"
_HEIGHT = int.from_bytes(bytes.fromhex(_ORDER_8), "little")
_SMALL_ORDER = {0, 1, _PRIME - 1, _HEIGHT, _PRIME - _HEIGHT}
# Of each half: octets of a public key, what a file of it begins with, octets of a signature.
_HALVES = {
    "ed25519": (32, "302a300506032b6570032100", 64),
    "mldsa65": (1952, "308207b2300b0609608648016503040312038207a100", 3309),
}

_LONGEST_SIGNATURE = 4412  # an ML-DSA-65 signature as it is written

Keys = dict[str, dict[str, bytes]]
Chain = dict[str, tuple[int, Keys]]  # by the hash of the signers' file: its number and its keys


class Alarm(Exception):
    """What is there is not what was signed."""


def digest(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


def spelled(octets: bytes, longest: int = 4096) -> dict[str, Any]:
    """What the octets say; Alarm unless they are its only spelling, with no longer text."""
    said, again = None, ""
    with suppress(ValueError, RecursionError):
        said = json.loads(octets.decode())
        again = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    is_sound = isinstance(said, dict) and len(octets) <= 2**19 and _is_sound(said, longest)
    if not is_sound or f"{again}\n".encode() != octets:
        raise Alarm("En fil som ska vara signerad är inte skriven som sådana skrivs.")
    return said or {}


def _is_sound(value: object, longest: int, depth: int = 1) -> bool:
    if isinstance(value, str):
        unseen = {unicodedata.category(letter) for letter in value} & {"Cc", "Cf", "Cs", "Co", "Cn"}
        return len(value) <= longest and not unseen and unicodedata.is_normalized("NFC", value)
    if not isinstance(value, (dict, list)):
        return type(value) is bool or (type(value) is int and 0 <= value < 2**53)
    named = all(
        re.fullmatch("[a-z][a-z0-9_-]{0,31}", each) for each in value if isinstance(value, dict)
    )
    inner = value.values() if isinstance(value, dict) else value
    return named and depth <= 6 and all(_is_sound(each, longest, depth + 1) for each in inner)


def _octets(text: object, size: int) -> bytes:
    with suppress(ValueError):
        octets = base64.urlsafe_b64decode(f"{text}{'=' * (-len(str(text)) % 4)}")
        if len(octets) == size and base64.urlsafe_b64encode(octets).decode().rstrip("=") == text:
            return octets
    raise Alarm("En nyckel eller signatur är inte skriven som den ska.")


def keys_of(rows: Iterable[dict[str, Any]]) -> Keys:
    """The keys of signers by their ids; Alarm for one against which anything holds."""
    found: Keys = {}
    for row in rows:
        key = {half: _octets(row.get(half), size) for half, (size, _, _) in _HALVES.items()}
        height = int.from_bytes(key["ed25519"], "little") & ((1 << 255) - 1)
        name = digest(b"sapo-key/1\n" + key["ed25519"] + key["mldsa65"])[:16]
        if height >= _PRIME or height in _SMALL_ORDER or row.get("id") != name or name in found:
            raise Alarm("En undertecknares nyckel går inte att lita på.")
        found[name] = key
    return found


def who_signed(file: bytes, kind: str, octets: bytes, known: Keys) -> set[str]:
    """The ids of those who have signed; Alarm if a signature in the file does not hold."""
    said = spelled(file, _LONGEST_SIGNATURE)
    rows = [row if isinstance(row, dict) else {} for row in said.pop("signatures", [])]
    names = [str(row.get("key")) for row in rows]
    if said != {"format": "sapo-signatures/1", "kind": kind, "of": digest(octets)}:
        raise Alarm("Signaturerna gäller något annat.")
    if not set(names) <= set(known) or names != sorted(set(names)):
        raise Alarm("Någon annan än undertecknarna har signerat.")
    message = f"sapo-signature/1\n{kind}\n{digest(octets)}\n".encode()
    for row, half in ((row, half) for row in rows for half in _HALVES):
        signature = _octets(row.get(half), _HALVES[half][2])
        key = bytes.fromhex(_HALVES[half][1]) + known[row["key"]][half]
        if len(row) != 3 or not holds(key, signature, message):
            raise Alarm("En signatur stämmer inte.")
    return set(names)


def holds(key: bytes, signature: bytes, message: bytes) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        words = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER"]
        for word, octets in (("inkey", key), ("sigfile", signature), ("in", message)):
            Path(folder, word).write_bytes(octets)
            words += [f"-{word}", f"{folder}/{word}"]
        return subprocess.run(words, capture_output=True).returncode == 0


def chain_from(root: str, fetch: Callable[[str], bytes | None]) -> Chain:
    """All signers from the pinned ones on: each let in by those before."""
    number, before = int(root.partition(":")[0]), root.partition(":")[2]
    chain: Chain = {}
    while len(chain) < 64 and (octets := fetch(f"signers-{number}.json")) is not None:
        said = spelled(octets)
        of = {"format": "sapo-signers/1", "number": number, "threshold": 2}
        right = of.items() <= {**said, "signers": 0}.items() and len(said.get("signers", [])) == 3
        keys = keys_of(said["signers"]) if right else {}
        if chain and right:
            former, file = chain[before][1], fetch(f"signers-{number}.json.sig") or b""
            signed = who_signed(file, "signers", octets, {**former, **keys})
            right = len(signed & former.keys()) > 1 and signed >= keys.keys()
        if not right or before != (said.get("previous") if chain else digest(octets)):
            raise Alarm(f"signers-{number}.json är inte den som roten {root} leder till.")
        before = digest(octets)
        chain[before], number = (number, keys), number + 1
    return chain


class Manifest:
    """release.txt: what is installed, what is served, and with which headers."""

    def __init__(self, octets: bytes) -> None:
        self.hash = digest(octets)
        self.said: dict[str, str] = {}
        self.files: dict[str, tuple[str, int, str]] = {}
        self.served: dict[str, tuple[str, int, str]] = {}
        self.headers: dict[str, list[tuple[str, str]]] = {}
        self.accepted: dict[str, str] = {}
        try:
            first, *lines = octets.decode().removesuffix("\n").split("\n")
            for line in lines:
                self._take(*line.split(" ", 1))
            self.number, self.signers = int(self.said["number"]), self.said["signers"]
            self.previous = self.said["previous"]
        except (KeyError, ValueError, TypeError) as error:
            raise Alarm("release.txt går inte att läsa.") from error
        if first != "sapo-release/1":
            raise Alarm("release.txt är av ett slag som inte är känt här.")

    def _take(self, word: str, rest: str) -> None:
        if word in ("file", "serve"):
            total, size, kind, name = rest.split(" ", 3)
            (self.files if word == "file" else self.served)[name] = (total, int(size), kind)
        elif word == "header":
            address, line = rest.split(" ", 1)
            name, value = line.split(": ", 1)
            self.headers.setdefault(address, []).append((name.lower(), value))
        elif word == "accept":
            address, self.accepted[address] = rest.split(" ")
        else:
            self.said[word] = rest

    def headers_for(self, address: str, origin: str) -> list[tuple[str, str]]:
        """The headers of the narrowest class of addresses that this one is in."""
        fitting = [each for each in self.headers if fnmatch.fnmatchcase(address, each)]
        lines = self.headers[max(fitting, key=len)] if fitting else []
        return [(name, value.replace("{origin}", origin)) for name, value in lines]


def signed_manifest(octets: bytes, file: bytes, chain: Chain) -> Manifest:
    """The manifest, when two of the signers that it names have signed it."""
    manifest = Manifest(octets)
    if manifest.signers not in chain:
        raise Alarm("release.txt nämner undertecknare som roten inte leder till.")
    if len(who_signed(file, "release", octets, chain[manifest.signers][1])) < 2:
        raise Alarm("För få har signerat release.txt.")
    return manifest
