"""`./sapo release`: builds the site on two paths, and writes what two signers sign if both are alike."""

import argparse
import hashlib
import os
import re
import subprocess
import tempfile
import tomllib
from pathlib import Path

from . import signed_release
from .bill import bill_of_materials, commit_here
from .checking import production_environment
from .environment import BASE, ROOT, RUNTIME
from .installed import File, Installation
from .served_as import ACCEPTED, PAGE, served, signed_headers
from .signers_file import signers_file
from .speech import long_step, stop
from .watcher_file import watcher_file

_FORMAT = "sapo-release/1"
_ROOT = "tips/sealing/root"
_NO_RELEASE_BEFORE = "0" * 64


def release(arguments: list[str]) -> None:
    """Writes release.txt, the bill of materials, the watcher and what signers carry: the same for all who build this commit."""
    parser = argparse.ArgumentParser(prog="./sapo release")
    parser.add_argument("--signers", type=Path, required=True, metavar="FIL", help="signers-N.json")
    parser.add_argument("--previous", type=Path, metavar="FIL", help="release.txt av releasen före")
    parser.add_argument("--sheet", type=Path, metavar="FIL", help="senaste.txt från /kontrollera/")
    parser.add_argument(
        "--out", type=Path, default=Path(os.environ["SAPO_VAR"], "release"), metavar="MAPP"
    )
    given = parser.parse_args(arguments)
    try:
        signers = given.signers.read_bytes()
        before = given.previous.read_bytes() if given.previous else b""
        number = signed_release.Manifest(before).number + 1 if before else 1
        sheet = sheet_named(given.sheet.read_bytes()) if given.sheet else ""
    except (OSError, signed_release.Alarm) as error:
        stop(str(error))
    commit, day = _commit()
    with tempfile.TemporaryDirectory(prefix="sapo-release-") as folder:
        places = [build_at(Path(folder, name), commit) for name in ("a", "en-annan-plats")]
        built = [place.files() for place in places]
        if differing := sorted(
            name for name in {*built[0], *built[1]} if built[0].get(name) != built[1].get(name)
        ):
            stop("\n".join([*differing, "Två byggen gav inte samma filer."]))
        inside = places[0].code / ".venv" / "bin" / "python"
        beside = {
            "sbom.cdx.json": bill_of_materials().encode(),
            "watch_site.pyz": watcher_file(),
            "signera.pyz": signers_file(str(inside)),
        }
    if _ROOT not in built[0]:
        stop(
            f"{_ROOT} är inte incheckad: tipsmottagningens sida vet då inte vilka undertecknare som gäller."
        )
    given.out.mkdir(parents=True, exist_ok=True)
    facts = {"number": str(number), "version": _version(), "commit": commit, "made": day}
    facts["previous"] = signed_release.digest(before) if before else _NO_RELEASE_BEFORE
    facts["signers"] = signed_release.digest(signers)
    facts |= {"sheet": sheet} if sheet else {}
    octets = manifest_of(facts, built[0], beside)
    for name, content in {**beside, "release.txt": octets}.items():
        (given.out / name).write_bytes(content)
    print(
        f"{given.out}/release.txt: release {number}, {len(built[0])} filer.\nSHA-256 {signed_release.digest(octets)}"
    )


def sheet_named(octets: bytes) -> str:
    """Name and SHA-256 of a sheet of what was said, as signers sign it with a release."""
    found = re.match(rb"sapo-sheet/1\nmade (\d{8}T\d{6}Z)\n", octets)
    if not found:
        raise signed_release.Alarm("Filen efter --sheet är inget blad från /kontrollera/.")
    return f"{found[1].decode()} {signed_release.digest(octets)}"


def _commit() -> tuple[str, str]:
    """What is built, and its day, which all who build it have in common."""
    if not (commit := commit_here()):
        stop("./sapo release bygger det som är incheckat i git, och här finns inget sådant.")
    words = ["git", "-C", ROOT, "status", "--porcelain"]
    changed = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    if changed:
        stop(f"Det här är inte incheckat, och en release byggs av det som är det:\n{changed}")
    return commit[0], commit[1].partition("T")[0]


def _version() -> str:
    return str(tomllib.loads(Path(ROOT, "pyproject.toml").read_text())["project"]["version"])


def build_at(folder: Path, commit: str) -> Installation:
    """Installs the commit below the folder as deploy/install does."""
    place = Installation(folder / "code", folder / "static")
    place.code.mkdir(parents=True)
    archive = folder / "commit.tar"
    kept = (name for name in os.environ if name in ("HOME", "PATH") or "PROXY" in name.upper())
    environment = {name: os.environ[name] for name in kept} | production_environment()
    environment |= {"SAPO_ROLES": "editorial", "SAPO_VAR": str(folder / "var")}
    environment |= {"SAPO_STATIC": str(place.static), "LC_ALL": "C.UTF-8"}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    inside = ".venv/bin/python"
    install = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    steps = [
        ["git", "-C", ROOT, "archive", f"--output={archive}", commit],
        ["tar", "--extract", f"--file={archive}"],
        [BASE, "-m", "venv", ".venv"],
        [*install, "--no-compile", "--require-hashes", f"--requirement={RUNTIME}"],
        [inside, "-m", "sapo_site.building.catalogues"],
        [inside, "-m", "tips.opener.build"],
        [inside, "manage.py", "collectstatic", "--no-input"],
    ]
    words = 'umask 022; cd "$1"; shift; exec "$@"'
    for step in steps:
        command = ["env", "-i", *(f"{name}={text}" for name, text in environment.items())]
        long_step(
            f"{folder.name}: {' '.join(step[:4])}",
            [*command, "sh", "-c", words, "sh", str(place.code), *step],
        )
    return place


def manifest_of(
    facts: dict[str, str], files: dict[str, File | None], beside: dict[str, bytes]
) -> bytes:
    """release.txt: what is installed, served and said, each kind in its order."""
    lines = [f"{word} {text}" for word, text in facts.items()]
    installed = {name: file for name, file in files.items() if file}
    lines += sorted(
        f"file {file.total} {file.size} {file.mode} {name}" for name, file in installed.items()
    )
    lines += sorted(
        f"serve {file.total} {file.size} {kind} {address}"
        for address, kind, file in served(installed)
    )
    lines += sorted(
        f"header {address} {name}: {value}" for address, name, value in signed_headers()
    )
    lines += sorted(f"accept {address} {PAGE}" for address in ACCEPTED)
    for name, octets in beside.items():
        lines.append(f"{name.partition('.')[0]} {hashlib.sha256(octets).hexdigest()} {name}")
    return "\n".join([_FORMAT, *lines, ""]).encode()
