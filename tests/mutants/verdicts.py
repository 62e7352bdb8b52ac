"""What is known of the mutants of a module, kept so that a run that was cut off goes on."""

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
    """Where all lies that is kept between runs."""
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
    """One line each in a file; they hold as long as what they were found with is as it was.

    A mutant that was killed is tried again when the file of the test that killed it has changed;
    one that survived, when any of the module's tests has. Both when its function has changed.
    """

    def __init__(self, module: str, *, anew: bool = False) -> None:
        self._path = folder() / f"{module}.jsonl"
        # As they are now: they may be written on while mutants are tried.
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
                continue  # the last one, which was cut off
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
    """Why a function that becomes so does nothing else that a test could notice."""
    listed = tomllib.loads(EXPLAINED.read_text()).get("mutant", [])
    return {
        (each["function"], becomes): each["reason"]
        for each in listed
        if each["module"] == module
        for becomes in each["becomes"]
    }
