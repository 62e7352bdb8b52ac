"""`./sapo verify`: names every file here that is not as two signers have signed it."""

import argparse
import os
import sys
import warnings
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader, SourcelessFileLoader
from pathlib import Path

from .environment import ROOT
from .installed import CODE_PLACE, STATIC, Installation
from .release_folder import RELEASES, former_files, lay_release, pinned, read_release
from .signed_release import Alarm, Manifest
from .speech import stop

STATIC_HERE = Path(STATIC)
SETTINGS = Path("/etc/sapo")


def verify_installed(arguments: list[str]) -> None:
    """Compares what is installed with the signed release; ends with 1 and a line for each difference."""
    parser = argparse.ArgumentParser(prog="./sapo verify")
    parser.add_argument("--root", help="undertecknarnas rot, nummer:hash, från papperet")
    parser.add_argument(
        "--release", type=Path, metavar="MAPP", help="var den signerade releasen ligger"
    )
    parser.add_argument("--medium", action="store_true", help="det som körs, inte en server")
    parser.add_argument(
        "--code", type=Path, default=CODE_PLACE, metavar="MAPP", help="var servern har koden"
    )
    parser.add_argument(
        "--take-in", type=Path, metavar="MAPP", help="lägg ut releasen därifrån först"
    )
    given = parser.parse_args(arguments)
    root = given.root or pinned()
    try:
        if given.take_in:
            lay_release(given.take_in, root)
        folder = given.release or RELEASES / "current"
        manifest, chain = read_release(folder, root)
        former = set() if given.medium else former_files(chain)
    except (Alarm, OSError) as error:
        stop(str(error))
    # What runs may lie on a medium: it looks at the server's code, not at its own.
    place = (
        Installation(Path(ROOT), None) if given.medium else Installation(given.code, STATIC_HERE)
    )
    # A machine for visitors alone collects fewer static files, and has the others from the first one.
    is_for_visitors = (SETTINGS / "public.env").exists() and not (
        SETTINGS / "editorial.env"
    ).exists()
    found = list(differences(manifest, place, former, may_lack_static=is_for_visitors))
    if not given.medium:
        found += open_to_others(place)
    for line in found:
        print(line)
    if found:
        stop(f"{len(found)} avvikelser från release {manifest.number}.")
    print(f"Alla {len(manifest.files)} filer är de i release {manifest.number}, {manifest.hash}.")
    if not given.root:
        print(f"Roten som godtogs, att jämföra med papperet: {root}")


def differences(
    manifest: Manifest,
    place: Installation,
    former: set[tuple[str, str]],
    *,
    may_lack_static: bool = False,
) -> Iterator[str]:
    """A line for each file that is missing, changed or not in the release."""
    has = place.files()
    for name in sorted({*has, *manifest.files}):
        if name not in has:
            if name.startswith("/") and (place.static is None or may_lack_static):
                continue
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
    ending = f".{sys.implementation.cache_tag}.pyc"
    source = str(compiled.parent.parent / f"{compiled.name.removesuffix(ending)}.py")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted = SourceFileLoader("m", source).source_to_code(Path(source).read_bytes(), source)
        return bool(SourcelessFileLoader("m", str(compiled)).get_code("m") == wanted)
    except (OSError, ValueError, ImportError, SyntaxError, EOFError, TypeError):
        return False


def open_to_others(place: Installation) -> Iterator[str]:
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
