"""`./sapo mutants MODULE`; without a module, it lists the modules."""

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from .making import Mutant, mutants_of
from .modules import ROOT, TESTS, explained, path_of
from .trying import Trying

_ASKED = 90


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="./sapo mutants", description="Prövar om testerna märker att koden ändras."
    )
    parser.add_argument("module", nargs="?", help="till exempel tips.handling.events")
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="annars 2")
    asked = parser.parse_args(words)
    if asked.module is None:
        print("\n".join(TESTS))
        return 0
    module = asked.module.removesuffix(".py").replace("/", ".")
    if module not in TESTS:
        print(f"Det finns inga mutanter för {asked.module}: skriv en av {', '.join(TESTS)}.")
        return 1
    mutants = mutants_of(path_of(module))
    print(f"{module}: {len(mutants)} mutanter.", flush=True)
    started = time.monotonic()
    results = _try(module, mutants, asked.processes)
    if len(results) < len(mutants):
        where = _log_of(module, 0).parent
        print(f"Avbrutet efter {len(results)} av {len(mutants)}: se {where}.")
        return 1
    return _tell(module, mutants, results, (time.monotonic() - started) / 60)


def _try(module: str, mutants: list[Mutant], processes: int) -> dict[int, str]:
    """What came of the mutants, by their number, as far as they could be tried."""
    os.chdir(ROOT)
    forking = multiprocessing.get_context("fork")
    place = forking.Value("i", 0)
    ear, mouth = os.pipe()
    workers = [
        forking.Process(target=_work, args=(module, mutants, place, mouth, number))
        for number in range(min(processes, len(mutants)))
    ]
    for worker in workers:
        worker.start()
    os.close(mouth)
    results: dict[int, str] = {}
    with os.fdopen(ear) as lines:
        for line in lines:
            number, result = line.split()
            results[int(number)] = result
            if sys.stdout.isatty():
                print(f"\r{len(results)} av {len(mutants)}", end="", flush=True)
    print("\r", end="")
    for worker in workers:
        worker.join()
    return results


def _work(module: str, mutants: list[Mutant], place: Any, mouth: int, number: int) -> None:
    # Programs that the tests start write here too.
    log = os.open(_log_of(module, number), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for descriptor in (1, 2):
        os.dup2(log, descriptor)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapo_site.settings.test")

    def tell(number: int, result: str) -> None:
        os.write(mouth, f"{number} {result}\n".encode())

    temporary = _log_of(module, number).with_suffix(".tmp")
    options = ["-q", "-s", "-p", "no:cacheprovider", f"--basetemp={temporary}"]
    trying = Trying(path_of(module), _next(mutants, place), tell)
    sys.exit(int(pytest.main([*options, *TESTS[module]], plugins=[trying])))


def _next(mutants: list[Mutant], place: Any) -> Iterator[tuple[int, Mutant]]:
    """The next mutant that no other process has taken."""
    while True:
        with place.get_lock():
            number = place.value
            place.value += 1
        if number >= len(mutants):
            return
        yield number, mutants[number]


def _log_of(module: str, number: int) -> Path:
    folder = Path(os.environ.get("SAPO_VAR") or ROOT / "var") / "mutants"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{module}-{number}.log"


def _tell(module: str, mutants: list[Mutant], results: dict[int, str], minutes: float) -> int:
    reasons = explained(module)
    count, needless = Counter(), set(reasons)
    for number, mutant in enumerate(mutants):
        result = results[number]
        if result == "survived":
            if (mutant.function, mutant.becomes) in reasons:
                result = "explained"
                needless.discard((mutant.function, mutant.becomes))
            else:
                _show(mutant)
        count[result] += 1
    for function, becomes in sorted(needless):
        print(f"\nFörklaringen gäller ingen mutant som överlever: {function}: {becomes}")
    killed = count["killed"] + count["ended"]
    share = 100 * killed / (killed + count["survived"] or 1)
    print(
        f"\n{module}: {killed} dödade ({count['ended']} hängde), {count['explained']} förklarade, "
        f"{count['survived']} överlevde, {count['unfit']} gick inte att pröva, av {len(mutants)}: "
        f"{_swedish(share)} procent på {_swedish(minutes)} min."
    )
    return 0 if share >= _ASKED else 1


def _swedish(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")


def _show(mutant: Mutant) -> None:
    """A small diff, and what `explained.toml` would call it."""
    becomes = mutant.becomes if "'" in mutant.becomes else f"'{mutant.becomes}'"
    print(f"\n{mutant.function}, rad {mutant.lines.start}\n- {mutant.was}\n+ {becomes}")


if __name__ == "__main__":
    sys.exit(main())
