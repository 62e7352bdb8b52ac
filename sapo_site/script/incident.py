"""`./sapo incident`: lays aside what shows what has happened, and says whom to tell by when (docs/incident.md)."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from pathlib import Path

from .speech import stop

_SETTINGS = Path("/etc/sapo")
_JOURNAL = ["journalctl", "--quiet", "--no-pager", "--output=export"]
_USAGE = "Skriv ./sapo incident MAPP, och när ni märkte det: --noticed '2026-12-02 14:30'"
_SECRETS = shutil.ignore_patterns("*.key", "*.key.part")
_SAID = Path(__file__).with_suffix(".txt")


def lay_aside(arguments: list[str]) -> None:
    """Makes the folder; ends with 1 and a line for each thing that could not be laid in it."""
    match arguments:
        case [name]:
            noticed = datetime.now().astimezone()
        case [name, "--noticed", moment]:
            noticed = _moment(moment)
        case _:
            stop(_USAGE)
    folder, is_server = Path(name), _SETTINGS.is_dir()
    var = Path("/var/lib/sapo") if is_server else Path(os.environ["SAPO_VAR"])
    places = {each: var / each for each in ("records", "records_spool", "said", "release")}
    places["keyring"] = _SETTINGS / "trust" if is_server else var / "demo-keys" / "trust"
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        stop(f"Mappen {folder} går inte att göra: {error.strerror}")
    with ExitStack() as stack:
        with suppress(OSError):  # nothing is filed or weeded meanwhile
            fcntl.flock(stack.enter_context((places["records"] / "lock").open()), fcntl.LOCK_SH)
        lacking = [line for kind, place in places.items() for line in _copied(place, folder / kind)]
    lacking += _journal(folder / "journal.export")
    hours = {
        f"after_{each}": f"{noticed + timedelta(hours=each):%Y-%m-%d %H.%M}" for each in (24, 72)
    }
    now, then = (f"{each:%Y-%m-%d %H.%M}" for each in (datetime.now(), noticed))
    told = _SAID.read_text(encoding="utf-8").format(noticed=then, now=now, **hours)
    lines = "".join(f"{line}\n" for line in lacking)
    (folder / "vem-som-ska-veta.txt").write_text(told + lines, encoding="utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    sums = "".join(f"{_digest(path)}  {path.relative_to(folder)}\n" for path in files)
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")
    print(f"{len(files)} filer ligger i {folder}. Läs vem-som-ska-veta.txt där.")
    print(f"SHA256SUMS, att skriva på papper: {_digest(folder / 'SHA256SUMS')}")
    if lacking:
        stop("\n".join(lacking))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text).astimezone()
    except ValueError:
        stop(f"”{text}” är ingen tid. {_USAGE}")
    if moment > datetime.now().astimezone():
        stop(f"{text} har inte varit än.")
    return moment


def _copied(place: Path, target: Path) -> Iterator[str]:
    """A line for each thing that could not be copied; links are copied as links."""
    try:
        shutil.copytree(place, target, symlinks=True, ignore=_SECRETS)
    except shutil.Error as error:
        yield from (f"saknas: {source}: {why}" for source, _target, why in error.args[0])
    except OSError as error:
        yield f"saknas: {place}: {error.strerror}"


def _journal(target: Path) -> Iterator[str]:
    """The whole journal in the form that journalctl reads again."""
    try:
        with target.open("xb") as file:
            subprocess.run(_JOURNAL, stdout=file, stderr=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError):
        yield "saknas: journalen (journalctl)"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
