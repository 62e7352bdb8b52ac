"""The environments of installed packages, and what is built in them."""

import fcntl
import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from .speech import clear_away, long_step, stop

ROOT = str(Path(__file__).resolve().parents[2])
# What made this one, when this one is an environment itself.
BASE = getattr(sys, "_base_executable", sys.executable)
RUNTIME = "requirements.txt"
TESTS = os.path.join("tests", "requirements.txt")
BROWSER = os.path.join("tests", "requirements-browser.txt")
SYSTEM = os.path.join("tests", "requirements-system.txt")
TOOLS = os.path.join("tools", "requirements.txt")
UV = os.path.join("tools", "requirements-uv.txt")
NEXT = os.path.join("tests", "requirements-next.txt")
STAMP_FILE = "sapo-stamp.json"
# Where this version keeps packages.
VERSION_FOLDER = f"lib/python{sys.version_info.major}.{sys.version_info.minor}"


def ready_venv(locks: Sequence[str], folder: str = ".venv", with_opener: bool = True) -> str:
    """The Python of an environment that holds what the locks say, made when needed.

    One that holds what other locks say as well is as good. The stamp in it is written last: where an
    installation was cut off there is none, and the environment is made anew.
    """
    # The last one, which some machines set, would let each program compile all of Django anew.
    for name in ("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)
    folder = os.path.join(ROOT, folder)
    python = os.path.join(folder, "bin", "python")
    stamp = Path(folder, STAMP_FILE)
    digests = {
        name: hashlib.sha256(Path(ROOT, name).read_bytes()).hexdigest() for name in (UV, *locks)
    }

    with only_one_sets_up():
        state = read_stamp(stamp)
        if not state or not serves(folder):
            make_venv(folder)
            state = {}
        if not digests.items() <= state.items():
            stamp.unlink(missing_ok=True)
            install(python, locks)
            # All locks share their versions: what one of them has put in, another has not changed.
            write_stamp(stamp, {**state, **digests})
        renew_catalogues(python)
        if with_opener:
            build_opener(python)
    return python


def serves(folder: str) -> bool:
    """Whether the environment's Python is there, and of the version that runs this."""
    return all(
        os.path.exists(os.path.join(folder, each)) for each in ("bin/python", VERSION_FOLDER)
    )


def make_venv(folder: str) -> None:
    """Makes an empty environment."""
    if not find_spec("ensurepip"):
        stop("Python saknar venv här. Installera det (på Debian: apt-get install python3-venv).")
    clear_away(folder)
    name, version = os.path.basename(folder), platform.python_version()
    long_step(f"Skapar {name} med Python {version}", [BASE, "-m", "venv", folder])


def install(python: str, locks: Sequence[str]) -> None:
    """Installs the locked packages by uv, and uv by pip; each checks the hash of all that it brings.

    The locks name all that is needed, and Python compiles what it loads: both cost half of the time.
    """
    checked = ["install", "--require-hashes", "--no-deps"]
    uv = os.path.join(os.path.dirname(python), "uv")
    plain = ["--disable-pip-version-check", "--no-input", "--no-compile"]
    bringing = [python, "-m", "pip", *checked, *plain, "-r", os.path.join(ROOT, UV)]
    long_step(f"Installerar {UV}", bringing)
    # It believes whom the machine believes, as pip does.
    os.environ.setdefault("UV_SYSTEM_CERTS", "1")
    command = [uv, "pip", *checked, "--python", python]
    for name in locks:
        command += ["-r", os.path.join(ROOT, name)]
    long_step(f"Installerar {' och '.join(locks)}", command)


def read_stamp(stamp: Path) -> dict[str, str]:
    """What the stamp says; empty when it cannot be read."""
    try:
        return dict(json.loads(stamp.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def write_stamp(stamp: Path, state: object) -> None:
    """Writes the stamp whole or not at all."""
    part = stamp.with_suffix(".part")
    part.write_text(json.dumps(state), encoding="utf-8")
    part.replace(stamp)


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
            if code := subprocess.call([python, "-m", "sapo_site.building.catalogues"], cwd=ROOT):
                sys.exit(code)
            return


def build_opener(python: str) -> None:
    """Builds what opens tips in a browser, when its sources are new or changed."""
    if not os.path.exists(os.path.join(ROOT, "tips", "opener", "build.py")):
        return
    command = [python, "-m", "tips.opener.build"]
    if subprocess.call([*command, "--check"], cwd=ROOT) != 0:
        long_step("Bygger det som öppnar tips i webbläsaren", command, folder=ROOT)
