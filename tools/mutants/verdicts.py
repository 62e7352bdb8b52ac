"""Keeps the verdicts on a module's mutants, so that an interrupted run can go on."""

import hashlib
import json
import os
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

from .making import Mutant
from .modules import ROOT, TESTS

EXPLAINED = Path(__file__).with_name("explained.toml")


def folder() -> Path:
    found = Path(os.environ.get("SAPO_VAR") or ROOT / "var") / "mutants"
    found.mkdir(parents=True, exist_ok=True)
    return found


@dataclass(frozen=True)
class Verdict:
    key: str
    result: str  # killed, ended (its process died or was too slow), survived or unfit
    test: str = ""  # that noticed it
    seconds: float = 0.0


class Verdicts:
    """One line each in a file. They hold until the code or the tests behind them change.

    A killed mutant is tried again when the file of the test that killed it has changed, one that
    survived when any of the module's tests has, and both when the function has.
    """

    def __init__(self, module: str, *, anew: bool = False) -> None:
        self._path = folder() / f"{module}.jsonl"
        # The tests as they are now: somebody may change them while mutants are tried.
        self._tests = {name: (ROOT / name).read_bytes() for name in TESTS[module]}
        if anew:
            self._path.unlink(missing_ok=True)
        self._known = self._read()

    def of(self, mutant: Mutant) -> Verdict | None:
        return self._known.get(mutant.key)

    def add(self, verdict: Verdict) -> None:
        self._known[verdict.key] = verdict
        with self._path.open("a") as file:
            file.write(json.dumps(asdict(verdict) | {"with": self._print_of(verdict)}) + "\n")

    def _read(self) -> dict[str, Verdict]:
        known = {}
        lines = self._path.read_text().splitlines() if self._path.exists() else []
        for line in lines:
            try:
                fields = json.loads(line)
            except ValueError:
                continue  # the last line, which was cut off
            found_with = fields.pop("with")
            verdict = Verdict(**fields)
            if found_with == self._print_of(verdict):
                known[verdict.key] = verdict
        return known

    def _print_of(self, verdict: Verdict) -> str:
        killer = verdict.test.partition("::")[0]
        names = [killer] if killer in self._tests else self._tests
        octets = b"".join(self._tests[name] for name in names)
        return hashlib.sha256(octets).hexdigest()[:16]


def explained(module: str) -> dict[tuple[str, str], str]:
    """By function and its changed line: why no test could notice the change."""
    listed = tomllib.loads(EXPLAINED.read_text()).get("mutant", [])
    return {
        (each["function"], becomes): each["reason"]
        for each in listed
        if each["module"] == module
        for becomes in each["becomes"]
    }
