"""A release as its signers see it: what release.txt says of itself, in words."""

from collections.abc import Sequence
from pathlib import Path

from tips.sealing import trust
from tips.sealing.signers import Signers

from .draft import Draft
from .files import read_octets
from .speech import Mistake, legible
from .words import twelve_words

RELEASE = "release.txt"


def release_in(folder: Path, known: Sequence[Signers], signatures: bytes) -> Draft | None:
    """The release in the folder, for those to sign whom it names; None where there is none."""
    path = folder / RELEASE
    if not path.exists():
        return None
    octets = read_octets(path)
    lines = octets.decode(errors="replace").split("\n")
    said = dict(line.split(" ", 1) for line in lines if " " in line)
    if lines[0] != "sapo-release/1" or not said.get("number", "").isdecimal():
        raise Mistake(f"{legible(path)} går inte att läsa som en release.")
    by = next((each for each in known if each.hash == said.get("signers")), None)
    if by is None:
        raise Mistake(f"Undertecknarna som releasen nämner ligger inte i {legible(folder)}.")
    count, digest = sum(line.startswith("file ") for line in lines), trust.sha256_of(octets)
    version, made, commit = (legible(said.get(word, "")) for word in ("version", "made", "commit"))
    words = (
        f"Release {int(said['number'])}, version {version}, av {made}\nIncheckning {commit}\n"
        f"{count} filer, undertecknare {by.number}. SHA-256 {digest}, i ord:\n{twelve_words(digest)}"
    )
    if "sheet" in said:
        words += f"\nBladet över vad vi har sagt: {legible(said['sheet'])}"
    return Draft("release", path, octets, int(said["number"]), by.people, signatures, words)
