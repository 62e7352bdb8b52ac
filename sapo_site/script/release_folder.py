"""Where the signed release lies on a server, and how it comes there: nginx sends it to whoever asks."""

import shutil
from pathlib import Path

from .environment import ROOT
from .installed import STATIC
from .signed_release import Alarm, Chain, Manifest, chain_from, digest, signed_manifest

RELEASES = Path("/var/lib/sapo/release")
# The root that the release brings, or that of the machine.
PINS = (Path(ROOT, "tips", "sealing", "root"), Path("/etc/sapo/trust/root"))
_KEPT = 3  # former releases, of which pages may name files yet


def pinned() -> str:
    """The root that is believed here."""
    return next((path.read_text().strip() for path in PINS if path.exists()), "")


def read_release(folder: Path, root: str) -> tuple[Manifest, Chain]:
    """The release in the folder, signed by those whom the root leads to."""

    def fetch(name: str) -> bytes | None:
        path = folder / name
        return path.read_bytes() if path.exists() else None

    octets = fetch("release.txt")
    if octets is None:
        raise Alarm(f"Ingen signerad release är utlagd i {folder}.")
    if not root:
        raise Alarm("Ange undertecknarnas rot från papperet: --root nummer:hash.")
    chain = chain_from(root, fetch)
    return signed_manifest(octets, fetch("release.txt.sig") or b"", chain), chain


def lay_release(brought: Path, root: str) -> None:
    """Lays a signed release where visitors may fetch it, all of it in one instant."""
    manifest, chain = read_release(brought, root)
    signed = ["release.txt", *(f"signers-{number}.json" for number, _keys in chain.values())]
    names = ["sbom.cdx.json", *signed, *(f"{name}.sig" for name in signed)]
    if links := [name for name in names if (brought / name).is_symlink()]:
        raise Alarm(f"{brought / links[0]} är en länk. Där ska en fil ligga.")
    if (RELEASES / "current").is_symlink():
        laid, _chain = read_release(RELEASES / "current", root)
        if manifest.hash == laid.hash:
            return  # what visitors fetch is never taken away, not even for a moment
        if manifest.number <= laid.number:
            raise Alarm(f"Release {laid.number} är redan utlagd, och är inte äldre.")
    bill = brought / "sbom.cdx.json"
    if bill.exists() and f"{digest(bill.read_bytes())} {bill.name}" != manifest.said.get("sbom"):
        raise Alarm(f"{bill} är inte den som releasen nämner.")
    folder, part = RELEASES / str(manifest.number), RELEASES / "part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o755)
    for name in names:
        if (brought / name).exists():
            shutil.copyfile(brought / name, part / name)
            (part / name).chmod(0o644)
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    link = RELEASES / "current.part"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    link.replace(RELEASES / "current")


def former_files(chain: Chain) -> set[tuple[str, str]]:
    """Static files of the last releases, which stay for the pages that name them."""
    numbers = sorted((int(each.name) for each in RELEASES.glob("[0-9]*")), reverse=True)
    found = set()
    for number in numbers[: _KEPT + 1]:
        folder = RELEASES / str(number)
        signed = (folder / "release.txt").read_bytes(), (folder / "release.txt.sig").read_bytes()
        for name, (total, _size, _mode) in signed_manifest(*signed, chain).files.items():
            if name.startswith(f"{STATIC}/"):
                found.add((name, total))
    return found
