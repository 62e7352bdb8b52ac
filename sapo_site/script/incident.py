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
_BLOCK = 1024 * 1024
# Counted from when it was noticed; None: at once.
_TOLD = (
    (None, "säkerhetsskyddschefen och den som leder myndighetens incidentarbete"),
    (24, "CSIRT-enheten: varning (cybersäkerhetslagen 2025:1506, 2 kap. 5–8 §§)"),
    (72, "CSIRT-enheten: incidentanmälan. Slutrapporten ska in en månad efter den"),
    (72, "Integritetsskyddsmyndigheten, om personuppgifter är berörda (GDPR artikel 33)"),
)


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
    places = {
        "records": var / "records",
        "records_spool": var / "records_spool",
        "keyring": _SETTINGS / "trust" if is_server else var / "demo-keys" / "trust",
        "release": var / "release",
    }
    lacking = [f"saknas: {place}" for place in places.values() if not place.is_dir()]
    files = {f"{kind}/{name}": path for kind, top in places.items() for name, path in _in(top)}
    if not files:
        stop(f"Här finns inget att lägga undan: {var}")
    try:
        folder.mkdir(mode=0o700)
        if shutil.disk_usage(folder).free < sum(path.stat().st_size for path in files.values()):
            folder.rmdir()
            stop(f"Det finns inte plats i {folder}.")
    except OSError as error:
        stop(f"Mappen {folder} går inte att göra: {error.strerror}")
    with ExitStack() as stack, (folder / "SHA256SUMS").open("w") as sums:
        with suppress(OSError):  # nothing is filed or weeded meanwhile
            fcntl.flock(stack.enter_context((places["records"] / "lock").open()), fcntl.LOCK_SH)
        for name, path in files.items():
            try:
                sums.write(f"{_copied(path, folder / name)}  {name}\n")
            except OSError as error:
                lacking.append(f"går inte att läsa: {path}: {error.strerror}")
        lacking += _journal(folder / "journal.export")
        if (journal := folder / "journal.export").exists():
            sums.write(f"{_digest(journal)}  {journal.name}\n")
    (folder / "vem-som-ska-veta.txt").write_text(_whom_to_tell(noticed, lacking))
    print(f"{len(files)} filer ligger i {folder}. Läs vem-som-ska-veta.txt där.")
    print(f"SHA256SUMS på papper: {_digest(folder / 'SHA256SUMS')}")
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


def _in(top: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(top.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(top).as_posix(), path


def _copied(path: Path, target: Path) -> str:
    """The digest of what has been copied, which may grow meanwhile."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    with path.open("rb") as source, target.open("xb") as copy:
        while block := source.read(_BLOCK):
            digest.update(block)
            copy.write(block)
    shutil.copystat(path, target)
    return digest.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _journal(target: Path) -> list[str]:
    """The whole journal in the form that journalctl reads again; what is wrong with it."""
    try:
        with target.open("xb") as file:
            subprocess.run(_JOURNAL, stdout=file, stderr=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ["saknas: journalen (journalctl)"]
    return []


def _whom_to_tell(noticed: datetime, lacking: list[str]) -> str:
    lines = [f"Märkt {noticed:%Y-%m-%d %H.%M}. Undanlagt {datetime.now():%Y-%m-%d %H.%M}.", ""]
    for hours, whom in _TOLD:
        latest = f"senast {noticed + timedelta(hours=hours):%Y-%m-%d %H.%M}" if hours else "genast"
        lines.append(f"{latest}: {whom}")
    lines += [
        "utan dröjsmål: de som drabbas, om risken för dem är hög (GDPR artikel 34)",
        "",
        "Myndighetens jurister avgör vad som gäller: om myndigheten är undantagen (1 kap. 12 §),",
        "och vad som följer av 2018:1177 och 2019:1182. Ring dem innan något skickas.",
        "Skriv ingenting om händelsen i tipsformuläret, CMS eller vanlig e-post.",
        "Kontrollera mappen: sha256sum --check SHA256SUMS",
        "",
        *lacking,
    ]
    return "\n".join(lines) + "\n"
