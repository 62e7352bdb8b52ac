"""`./sapo test`: runs a tier, says first how long it takes, and at the end what it took."""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from sapo_site.patches import PATCHES, Patch
from tests import pace
from tests.tiers import ROOT

IN_PROCESS = ("tests/unit", "tests/architecture", "tests/integration")
FOLDERS = {
    "": IN_PROCESS,
    "--changed": IN_PROCESS,
    "--browser": ("tests/browser",),
    "--system": ("tests/system",),
    "--next": (*IN_PROCESS, "tests/browser"),
    "--machine": ("tests/long/machine",),
    "--long": (*IN_PROCESS, "tests/browser", "tests/system", "tests/long"),
}
# On two cores: docs/definition_of_done.md has the measured figures.
TAKES = {
    "": "ungefär fem minuter på två kärnor. Det som din ändring rör: ./sapo test --changed",
    "--changed": "oftast under en minut",
    "--browser": "ungefär sex minuter på två kärnor",
    "--system": "ungefär tio minuter på två kärnor",
    "--next": "ungefär en kvart på två kärnor",
    "--machine": "ungefär en halvtimme",
    "--long": "ungefär två timmar på två kärnor",
}
BOUND = 10.0  # core-minutes of `./sapo test`; with CI in the environment a tenth more is a failure

# Arguments that set the number of processes, or need a terminal to themselves.
_SPREAD = ("-n", "--numprocesses", "-pno:xdist", "no:xdist", "--pdb", "--trace", "-s", "--co")
# One process; what hangs is seen by the last name, and figures are shown.
_ONE_STORY = ("-p", "no:xdist", "--verbose", "--capture=no", "--durations=0", "--durations-min=5")

Run = Callable[[Sequence[str]], int]


def main(words: Sequence[str]) -> int:
    """Runs the tier that is asked for; the exit code is that of the first run that failed."""
    tiers = [word for word in words if word in FOLDERS]
    others = [word for word in words if word not in FOLDERS]
    if len(tiers) > 1:
        print(f"Välj en av {' och '.join(tiers)}.", file=sys.stderr)
        return 1
    tier = tiers[0] if tiers else ""
    if tier == "--machine":
        from tests.long.machine import nspawn  # with all that tests of services load

        if lacking := nspawn.why_not():
            print(f"Testerna av en hel maskin hoppas över: {lacking}.")
            return 0
        if not nspawn.is_apart():
            nspawn.go_apart([sys.executable, "-m", "tests", *words])
    if _paths_in(others):
        return _pytest(*(["--long"] if tier == "--long" else []), *others)
    print(f"Tar {TAKES[tier]}.", flush=True)
    if tier == "--next":
        print("Det här byter vi ut i andras kod:", *map(_row, PATCHES), sep="\n", flush=True)
    before = _cpu_seconds()
    failed = [code for run in _runs(tier) if (code := run(others))]
    if tier == "" and not others:
        failed += _price(_cpu_seconds() - before)
    return failed[0] if failed else 0


def _row(patch: Patch) -> str:
    return (
        f"- {patch.target} {patch.expects} ({patch.read_in})\n  {patch.ours}, {patch.where}\n"
        f"  {patch.why}\n  {patch.test}\n  {patch.ends}"
    )


def _runs(tier: str) -> Iterator[Run]:
    """What a tier is made of: calls that take more arguments and answer an exit code."""
    folders = FOLDERS[tier]
    match tier:
        case "--changed":
            yield partial(_changed, folders)
        case "--machine":
            yield lambda others: _pytest("--long", *_ONE_STORY, *folders, *others)
        case "--system":
            yield lambda others: _pytest(*folders, *others)
            yield lambda others: _on_postgresql("-m", "sql", *IN_PROCESS, *others)
        case "--long":
            here = ("--long", "--ignore=tests/long/machine", *folders)
            yield lambda others: _pytest("-m", "not alone", *here, *others)
            yield lambda others: _pytest("-n0", "-m", "alone", *here, *others)
            yield lambda others: _on_postgresql("--long", "tests/integration", *others)
            yield lambda others: _on_postgresql("--long", "-m", "sql", "tests/long", *others)
            for word in ("--next", "--machine"):
                yield lambda others, word=word: subprocess.call(
                    [ROOT / "sapo", "test", word, *others]
                )
        case _:
            yield lambda others: _pytest(*folders, *others)


def _changed(folders: Sequence[str], others: Sequence[str]) -> int:
    from tests import changed

    files = changed.reached(folders)
    if files == []:
        print("Ingen ändring rör något test.")
        return 0
    # Of the tables in them the rows are drawn, as everywhere in this tier.
    return _pytest("--changed", *(folders if files is None else files), *others)


def _on_postgresql(*words: str) -> int:
    """As `_pytest`, on a PostgreSQL that all its processes share."""
    from tests.postgres import cluster

    try:
        with cluster(is_quiet=True) as server:
            address = f"postgres://postgres@/{{}}?host={server.folder}"
            databases = {
                "DATABASE_URL": address.format("sapo"),
                "TIPS_DATABASE_URL": address.format("sapo_tips"),
            }
            return _pytest(*words, **databases)
    except pytest.skip.Exception as lacking:
        print(lacking)
        return 0
    except pytest.fail.Exception as lacking:
        print(lacking, file=sys.stderr)
        return 1


def _pytest(*words: str, **environment: str) -> int:
    command = [sys.executable, "-m", "pytest", *_spread(words), *words]
    # Not the data that `./sapo run` has made.
    with tempfile.TemporaryDirectory(prefix="sapo-test-var-") as var:
        own = {**os.environ, "SAPO_VAR": var, **environment}
        return subprocess.call(command, cwd=ROOT, env=own)


def _paths_in(words: Sequence[str]) -> list[Path]:
    """The files and folders of tests among the words; `-k tips` names none, though there is such a folder."""
    paths = (ROOT / word.partition("::")[0] for word in words)
    return [path for path in paths if path.is_relative_to(ROOT / "tests") and path.exists()]


def _spread(words: Sequence[str]) -> list[str]:
    """Spreads the tests over the cores; whole files, where what a file's tests share is dear."""
    paths = _paths_in(words)
    is_one_file = len(paths) == 1 and paths[0].is_file()
    if is_one_file or any(word.startswith(_SPREAD) for word in words):
        return []
    cores = len(os.sched_getaffinity(0))
    if all(any(path.is_relative_to(ROOT / each) for each in IN_PROCESS) for path in paths):
        return ["-n", str(cores), "--dist", "worksteal"]
    # Browsers and servers are waited for: one process more keeps the cores busy.
    return ["-n", str(cores + 1), "--dist", "loadfile", "--no-loadscope-reorder"]


def _price(cpu_seconds: float) -> list[int]:
    """Tells what the run took; an exit code where it took too much and CI asks."""
    minutes = cpu_seconds / pace.times_slower() / 60
    said = f"{minutes:.1f} kärnminuter av {BOUND:.0f} (på en dator av vanlig fart)"
    print(said.replace(".", ","))
    return [1] if minutes > 1.1 * BOUND and os.environ.get("CI") else []


def _cpu_seconds() -> float:
    """What all programs have taken that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:  # pytest has said it
        sys.exit(130)
