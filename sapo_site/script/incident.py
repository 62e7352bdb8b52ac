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
# Hours from when it was noticed; 0: at once.
_TOLD = (
    (0, "säkerhetsskyddschefen och den som leder myndighetens incidentarbete"),
    (24, "CSIRT-enheten: varning (cybersäkerhetslagen 2025:1506, 2 kap. 5–8 §§)"),
    (72, "CSIRT-enheten: incidentanmälan. Slutrapporten ska in en månad efter den"),
    (72, "Integritetsskyddsmyndigheten, om personuppgifter är berörda (GDPR artikel 33)"),
)
_BESIDES = """\
utan dröjsmål: de som drabbas, om risken för dem är hög (GDPR artikel 34)

Myndighetens jurister avgör vad som gäller: om myndigheten är undantagen (1 kap. 12 §),
och vad som följer av 2018:1177 och 2019:1182. Ring dem innan något skickas.
Skriv ingenting om händelsen i tipsformuläret, CMS eller vanlig e-post.
Kontrollera mappen: sha256sum --check SHA256SUMS
"""


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
    lines = [f"Märkt {noticed:%Y-%m-%d %H.%M}. Undanlagt {datetime.now():%Y-%m-%d %H.%M}.", ""]
    for hours, whom in _TOLD:
        latest = f"senast {noticed + timedelta(hours=hours):%Y-%m-%d %H.%M}" if hours else "genast"
        lines.append(f"{latest}: {whom}")
    told = "\n".join([*lines, _BESIDES, *lacking, ""])
    (folder / "vem-som-ska-veta.txt").write_text(told, encoding="utf-8")
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
        shutil.copytree(place, target, symlinks=True)
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
