"""`./sapo verify`: names every file here that is not as two signers have signed it."""

import argparse
import os
import shutil
import warnings
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader, SourcelessFileLoader
from importlib.util import source_from_cache
from pathlib import Path

from .environment import ROOT
from .installed import OPTIONAL, STATIC, Place
from .signed_release import Alarm, Chain, Manifest, chain_from, signed_manifest
from .speech import stop

RELEASES = Path("/var/lib/sapo/release")
PIN = Path(ROOT, "tips", "sealing", "root")
STATIC_HERE = Path(STATIC)
KEPT = 3  # former releases, of which pages may name files yet
UNSIGNED = "Ingen signerad release är utlagd"


def verify(arguments: list[str]) -> None:
    """Compares what is installed with the signed release; ends with 1 and a line for each difference."""
    parser = argparse.ArgumentParser(prog="./sapo verify")
    parser.add_argument("--root", help="signerarnas rot, nummer:hash, från papperet")
    parser.add_argument(
        "--release", type=Path, metavar="MAPP", help="var den signerade releasen ligger"
    )
    parser.add_argument("--medium", action="store_true", help="ett medium, inte en server")
    parser.add_argument(
        "--take-in", type=Path, metavar="MAPP", help="lägg ut releasen därifrån först"
    )
    given = parser.parse_args(arguments)
    root = given.root or pinned()
    try:
        if given.take_in:
            take_in(given.take_in, root)
        folder = given.release or RELEASES / "current"
        manifest, chain = read_release(folder, root)
        former = set() if given.medium else former_files(chain)
    except (Alarm, OSError) as error:
        stop(str(error))
    place = Place(Path(ROOT), None if given.medium else STATIC_HERE)
    found = list(differences(manifest, place, former))
    if not given.medium:
        found += writable(place)
    for line in found:
        print(line)
    if found:
        stop(f"{len(found)} avvikelser från release {manifest.number}.")
    print(f"Alla {len(manifest.files)} filer är de i release {manifest.number}, {manifest.hash}.")
    if not given.root:
        print(f"Roten som godtogs, att jämföra med papperet: {root}")


def pinned() -> str:
    """The root that came with the code."""
    return PIN.read_text().strip() if PIN.exists() else ""


def read_release(folder: Path, root: str) -> tuple[Manifest, Chain]:
    """The release in the folder, signed by those whom the root leads to."""

    def fetch(name: str) -> bytes | None:
        path = folder / name
        return path.read_bytes() if path.exists() else None

    octets = fetch("release.txt")
    if octets is None:
        raise Alarm(f"{UNSIGNED} i {folder}.")
    if not root:
        raise Alarm("Ange signerarnas rot från papperet: --root nummer:hash.")
    chain = chain_from(root, fetch)
    return signed_manifest(octets, fetch("release.txt.sig") or b"", chain), chain


def take_in(brought: Path, root: str) -> None:
    """Lays a signed release where visitors may fetch it, all of it in one instant."""
    manifest, _chain = read_release(brought, root)
    if (RELEASES / "current").exists():
        laid, _chain = read_release(RELEASES / "current", root)
        if manifest.number < laid.number or (
            manifest.number == laid.number and manifest.hash != laid.hash
        ):
            raise Alarm(f"Release {laid.number} är redan utlagd, och är inte äldre.")
    folder, part = RELEASES / str(manifest.number), RELEASES / "part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o755)
    for name in ("release.txt", "release.txt.sig", "sbom.cdx.json", *_signers_in(brought)):
        if (brought / name).exists():
            shutil.copyfile(brought / name, part / name)
            (part / name).chmod(0o644)
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    link = RELEASES / "current.part"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    link.replace(RELEASES / "current")


def _signers_in(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("signers-*.json*")]


def former_files(chain: Chain) -> set[tuple[str, str]]:
    """Static files of the last releases, which stay for the pages that name them."""
    numbers = sorted((int(each.name) for each in RELEASES.glob("[0-9]*")), reverse=True)
    found = set()
    for number in numbers[: KEPT + 1]:
        folder = RELEASES / str(number)
        signed = (folder / "release.txt").read_bytes(), (folder / "release.txt.sig").read_bytes()
        for name, (total, _size, _mode) in signed_manifest(*signed, chain).files.items():
            if name.startswith(f"{STATIC}/"):
                found.add((name, total))
    return found


def differences(manifest: Manifest, place: Place, former: set[tuple[str, str]]) -> Iterator[str]:
    """A line for each file that is missing, changed or not in the release."""
    has = place.files()
    unused = not any(name.startswith(OPTIONAL) for name in has)
    for name in sorted({*has, *manifest.files}):
        if name not in has:
            if place.static is None and name.startswith("/"):
                continue
            if not (unused and name.startswith(OPTIONAL)):
                yield f"saknas: {name}"
            continue
        file, wanted = has[name], manifest.files.get(name)
        if wanted is None:
            if file is None or (name, file.total) not in former:
                yield f"främmande: {name}"
        elif file is None or file[:2] != wanted[:2]:
            yield f"ändrad: {name}"
        elif file.mode != wanted[2]:
            yield f"andra rättigheter ({file.mode} i stället för {wanted[2]}): {name}"
    for name, path in place.compiled():
        if not name.endswith("/") and not is_of_its_source(path):
            yield f"främmande bytekod: {name}"


def is_of_its_source(compiled: Path) -> bool:
    """Whether the compiled module says what its source says, which is compared by itself."""
    try:
        source = source_from_cache(str(compiled))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted = SourceFileLoader("m", source).source_to_code(Path(source).read_bytes(), source)
        return bool(SourcelessFileLoader("m", str(compiled)).get_code("m") == wanted)
    except (OSError, ValueError, ImportError, SyntaxError, EOFError, TypeError):
        return False


def writable(place: Place) -> Iterator[str]:
    """A line for each file or folder, down from /, that others than root can write."""
    tops = [path for path in (place.code, place.static) if path]
    above = {
        ("/" if path == Path("/") else f"{path}/"): path for top in tops for path in top.parents
    }
    for name, path in [*above.items(), *place.paths()]:
        status = path.lstat()
        if status.st_uid != 0 or (not path.is_symlink() and _is_open(status)):
            yield f"kan skrivas av andra än root: {name}"


def _is_open(status: os.stat_result) -> bool:
    shared = status.st_mode & 0o1000  # in such a folder nobody replaces what is another's
    return bool(status.st_mode & 0o002 and not shared) or bool(
        status.st_mode & 0o020 and status.st_gid != 0
    )
