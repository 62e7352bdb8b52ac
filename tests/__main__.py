"""Runs the tests as `./sapo test` does, on all cores of the machine.

With `--machine` it first looks whether a container may be started here at all.
With `--services` it starts a PostgreSQL for the tests, which all processes share.
"""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.machine import nspawn
from tests.postgres import cluster

# Arguments that set the number of processes, or need a terminal to themselves.
ONE_PROCESS = {"-s", "--capture=no", "--pdb", "--trace", "--collect-only", "--co", "no:xdist"}
# One process; what hangs is seen by the last name, and figures are shown.
_ONE_STORY = [
    "tests/machine",
    "-p",
    "no:xdist",
    "--verbose",
    "--capture=no",
    "--durations=0",
    "--durations-min=5",
]
NUMBER = ("-n", "--numprocesses", "-pno:xdist")


def main(arguments: list[str]) -> int:
    if "--machine" in arguments:
        if lacking := nspawn.why_not():
            print(f"The tests of a whole machine are passed over: {lacking}.")
            return 0
        if not nspawn.is_apart():
            nspawn.go_apart([sys.executable, "-m", "tests", *arguments])
        return pytest.main([*_ONE_STORY, *arguments])
    with ExitStack() as stack:
        try:
            if "--services" in arguments:
                server = stack.enter_context(cluster(is_quiet=True))
                for variable, database in (
                    ("DATABASE_URL", "sapo"),
                    ("TIPS_DATABASE_URL", "sapo_tips"),
                ):
                    os.environ[variable] = f"postgres://postgres@/{database}?host={server.folder}"
        except (pytest.fail.Exception, pytest.skip.Exception) as lacking:
            sys.exit(str(lacking))
        return pytest.main([*_spread(arguments), *arguments])


def _spread(arguments: list[str]) -> list[str]:
    """Spreads whole files over processes, so that what a file's tests share is made once."""
    cores = len(os.sched_getaffinity(0))
    paths = [
        path for path in (Path(each.partition("::")[0]) for each in arguments) if path.exists()
    ]
    is_one_file = len(paths) == 1 and paths[0].is_file()
    is_said = any(each in ONE_PROCESS or each.startswith(NUMBER) for each in arguments)
    if cores == 1 or is_one_file or is_said:
        return []
    # Many tests wait for a browser, or for seconds to go by; on PostgreSQL the server works beside them.
    processes = cores if "--services" in arguments else cores + 1
    return ["-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
