"""The environments of installed packages, and what is built in them."""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from .pythons import MINIMUM, ask_python, find_python, no_python
from .speech import clear_away, long_step, stop

ROOT = str(Path(__file__).resolve().parents[2])
MINIMUM_NEXT = (3, 12)  # what Django 6.1 asks for
RUNTIME = "requirements.txt"
TESTS = os.path.join("tests", "requirements.txt")
BROWSER = os.path.join("tests", "requirements-browser.txt")
SYSTEM = os.path.join("tests", "requirements-system.txt")
TOOLS = os.path.join("tools", "requirements.txt")
NEXT = os.path.join("tests", "requirements-next.txt")
STAMP_FILE = "sapo-stamp.json"
UNFINISHED = "an installation began here and has not ended"
_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


def ready_venv(
    locks: Sequence[str],
    folder: str = ".venv",
    minimum: tuple[int, int] = MINIMUM,
    exit_code: int = 1,
    with_opener: bool = True,
) -> str:
    """The Python of an environment that holds what the locks say, made when needed.

    One that holds what other locks say as well is as good, as long as none of these has changed.
    The stamp in it is written last. If an installation was cut off, the stamp says so, and the
    environment is made anew. If the stamp is only missing or old, the installation goes on.
    """
    # The last one, which some machines set, would let each program compile all of Django anew.
    for name in ("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)
    folder = os.path.join(ROOT, folder)
    python = os.path.join(folder, "bin", "python")
    stamp = os.path.join(folder, STAMP_FILE)
    digests = {name: hashlib.sha256(Path(ROOT, name).read_bytes()).hexdigest() for name in locks}

    with only_one_sets_up():
        version = ask_python(python, _VERSION)
        state = read_stamp(stamp)
        is_sound = state != UNFINISHED and version is not None and fits(version, minimum)
        installed = state.get("locks", {}) if is_sound and state.get("python") == version else {}
        if any(installed.get(name) != digests[name] for name in locks):
            if not is_sound or not ask_python(python, "import pip; print(pip.__version__)"):
                make_venv(folder, minimum, exit_code)
                version = ask_python(python, _VERSION)
            is_more = all(installed.get(name, digests[name]) == digests[name] for name in locks)
            install(python, locks, stamp)
            held = {**installed, **digests} if is_more else digests
            write_stamp(stamp, {"python": version, "locks": held})
        renew_catalogues(python)
        if with_opener:
            build_opener(python)
    return python


def fits(version: str, minimum: tuple[int, int]) -> bool:
    """Whether an environment of this version will do, even if SAPO_PYTHON asks for another."""
    if tuple(int(part) for part in version.split(".")) < minimum:
        return False
    chosen = os.environ.get("SAPO_PYTHON")
    answer = ask_python(chosen, _VERSION) if chosen else None
    return not answer or answer == version


def make_venv(folder: str, minimum: tuple[int, int], exit_code: int) -> None:
    """Makes an empty environment, with a stamp that says it is not finished."""
    base = find_python(minimum) or stop(no_python(minimum), exit_code)
    version = ask_python(base, "import platform; print(platform.python_version())")
    clear_away(folder)
    os.makedirs(folder)
    write_stamp(os.path.join(folder, STAMP_FILE), UNFINISHED)
    name = os.path.basename(folder)
    long_step(f"Skapar {name} med Python {version}", [base, "-m", "venv", folder])


def install(python: str, locks: Sequence[str], stamp: str) -> None:
    """Installs the locked packages; pip checks the hash of each.

    The locks name all that is needed, and Python compiles what it loads: both cost half of the time.
    """
    command = [
        python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input",
        "--progress-bar", "off", "--require-hashes", "--no-deps", "--no-compile",
    ]  # fmt: skip
    for name in locks:
        command += ["-r", os.path.join(ROOT, name)]
    write_stamp(stamp, UNFINISHED)
    # When pip itself fails, it puts everything back: nothing is left unfinished.
    long_step(f"Installerar {' och '.join(locks)}", command, on_failure=lambda: clear_away(stamp))


def read_stamp(path: str) -> Any:
    """What the stamp says; empty when it cannot be read."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def write_stamp(path: str, state: object) -> None:
    """Writes the stamp whole or not at all."""
    part = Path(f"{path}.part")
    part.write_text(json.dumps(state), encoding="utf-8")
    part.replace(path)


def only_one_sets_up() -> IO[str]:
    """Locks the file `sapo`: a second ./sapo waits until this one has set up."""
    door = open(os.path.join(ROOT, "sapo"), encoding="utf-8")  # noqa: SIM115
    try:
        fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print("Väntar på en annan ./sapo som installerar …", flush=True)
        fcntl.flock(door, fcntl.LOCK_EX)
    os.set_inheritable(door.fileno(), True)
    return door


def renew_catalogues(python: str) -> None:
    """Compiles the catalogues of texts that are new or changed."""
    for source in Path(ROOT).glob("*/locale*/*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            if code := subprocess.call([python, "-m", "sapo_site.catalogues"], cwd=ROOT):
                sys.exit(code)
            return


def build_opener(python: str) -> None:
    """Builds what opens tips in a browser, when its sources are new or changed."""
    if not os.path.exists(os.path.join(ROOT, "tips", "opener", "build.py")):
        return
    command = [python, "-m", "tips.opener.build"]
    if subprocess.call([*command, "--check"], cwd=ROOT) != 0:
        long_step("Bygger det som öppnar tips i webbläsaren", command, folder=ROOT)
