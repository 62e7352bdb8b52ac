"""Signed sheets of what was filed, so that anybody can check what was said, and nobody can say otherwise later.

    20261202T200500Z.txt    the sheet before, the end of the chain of records, and a sum for each record since
    20261202T200500Z.sig    Ed25519 over it
    key.pem                 by this key
    of/SHA-256.json         of an address that readers meet: its versions, and what it takes to find their sums

A sum is salted. Who has kept a page can show that it stood there; who guesses at words that were taken away
cannot try, since the salt has gone with them.
"""

import hashlib
import hmac
import json
import os
import re
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .answered import is_a_file
from .filing import alone
from .lookup import RecordIndex, Standing
from .packs import Packs
from .told_versions import NAMED, SaidVersion, file_of_versions, versions_told

EVERY_SECONDS = 600
_TAKEN_AWAY = "SELECT address, since FROM held WHERE standing IN ('sealed', 'weeded')"
_LAST = re.compile(r"^made (\S+)\nbefore .+\nchain (\d+) ", re.MULTILINE)


class Sheets:
    """The sheets in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def follow(self, packs: Packs) -> None:
        """Writes the next sheet when it is time, and forgets what was sealed or weeded since."""
        with alone(packs.folder) as is_alone:
            if not is_alone:  # two sheets would name one before
                return
            try:
                self._write_next(packs)
            finally:  # also where no sheet can be written
                index = RecordIndex(packs)
                for address, since in index.rows(_TAKEN_AWAY):
                    versions = versions_told(self.folder, address)
                    left = [each.untold if each.since == since else each for each in versions]
                    if left != versions:
                        self._tell(address, left)
                index.close()

    def _write_next(self, packs: Packs) -> None:
        """If something was filed, and the last one is ten minutes old."""
        last, now = self.folder / "last.txt", time.time()
        name, soonest = (time.strftime(NAMED, time.gmtime(now - ago)) for ago in (0, EVERY_SECONDS))
        text = last.read_text() if last.exists() else ""
        former, done = found.groups() if (found := _LAST.search(text)) else ("", 0)
        new = [each for each in packs.numbers() if each > int(done)]
        if former > soonest or not new:
            return
        key = _key_in(packs.folder)
        sums, of = _told_in(packs, new, key, name)
        for address, versions in of.items():
            begun = {each.since: each for each in [*versions_told(self.folder, address), *versions]}
            in_order = [begun[since] for since in sorted(begun)]
            # Of what was before the address was taken away, or led on, nothing is told.
            away = [at for at, each in enumerate(in_order) if each.status != 200]
            self._tell(address, in_order[away[-1] + 1 :] if away else in_order)
        end = hashlib.sha256(packs.log(new[-1])).hexdigest()
        before = f"{former} {hashlib.sha256(text.encode()).hexdigest()}" if former else "-"
        lines = ["sapo-sheet/1", f"made {name}", f"before {before}", f"chain {new[-1]} {end}"]
        sheet = "".join(f"{line}\n" for line in [*lines, *(f"sum {each}" for each in sorted(sums))])
        public = key.public_key()
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        self._write(self.folder / "key.pem", pem)
        self._write(self.folder / f"{name}.sig", key.sign(sheet.encode()))
        self._write(self.folder / f"{name}.txt", sheet.encode())
        self._write(last, sheet.encode())  # now it counts

    def _tell(self, address: str, versions: list[SaidVersion]) -> None:
        if any(each.salt for each in versions):
            self._write(file_of_versions(self.folder, address), json.dumps(versions).encode())
        else:
            file_of_versions(self.folder, address).unlink(missing_ok=True)

    def _write(self, path: Path, content: bytes) -> None:
        """Whole or not at all, for the services to read."""
        for folder in (self.folder, path.parent):
            if not folder.is_dir():
                folder.mkdir()
                folder.chmod(0o2750)
        part = path.with_suffix(".part")
        part.write_bytes(content)
        part.chmod(0o640)
        part.replace(path)


def _told_in(
    packs: Packs, numbers: list[int], key: Ed25519PrivateKey, name: str
) -> tuple[list[str], dict[str, list[SaidVersion]]]:
    """The sum of each record, and of each page the versions that may be shown."""
    secret = hashlib.sha256(b"salt" + key.private_bytes_raw()).digest()
    sums, of = list[str](), dict[str, list[SaidVersion]]()
    for entry in (entry for number in numbers for entry in packs.entries(number)):
        if "met" in entry:
            address, since = entry["met"], entry["since"]
            salt = hmac.digest(secret, f"{address}\n{since}".encode(), "sha256").hex()
            version = SaidVersion(since, entry["status"], entry["body"], salt, name)
            sums.append(version.sum(address))
            is_kept = entry.get("standing", Standing.KEPT) == Standing.KEPT
            if not is_a_file(address):
                of.setdefault(address, []).append(version if is_kept else version.untold)
    return sums, of


def _key_in(folder: Path) -> Ed25519PrivateKey:
    """Made once, and read by nobody but the job."""
    path, part = folder / "sheets.key", folder / "sheets.key.part"
    if not path.exists():
        with open(part, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(Ed25519PrivateKey.generate().private_bytes_raw())
        part.replace(path)
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
