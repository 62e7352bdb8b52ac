"""Which files of tests a change can reach, by imports; where that is in doubt, all of them."""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence

import grimp

from tests.tiers import ROOT

APPS = ("cooperation", "pages", "sapo_site", "tips")
# What everything hangs on, or what no import tells of.
_EVERYTHING = re.compile(
    r"(.*/)?(conftest|apps|models|urls|wagtail_hooks|middleware)\.py|.*/(settings|migrations|models)/.*"
    r"|tests/(?!unit/|integration/|architecture/|browser/|system/|long/).*|templates/.*|.*requirements.*"
    r"|pyproject\.toml|.*/locale/.*|pages/.*|cooperation/.*"
)
# Of these only the tests of the documents and of the shape of the code know.
_LOOKED_AT = re.compile(
    r".*\.md|docs/.*|tools/.*|deploy/.*|static/.*|\.ci/.*|tests/(browser|system|long)/.*"
)


def reached(folders: Sequence[str]) -> list[str] | None:
    """The files of tests in these folders that what has changed since main reaches; None for all."""
    return reached_by(_changed_files(), folders)


def reached_by(files: Iterable[str], folders: Sequence[str]) -> list[str] | None:
    files = sorted(files)
    if any(_EVERYTHING.fullmatch(file) for file in files):
        return None
    tests = set[str]()
    graph = grimp.build_graph(*APPS, "tests", cache_dir=str(ROOT / ".pytest_cache" / "grimp"))
    for file in files:
        tests.add("tests/architecture")
        if _LOOKED_AT.fullmatch(file):
            continue
        module = file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        if file.endswith(".py") and module in graph.modules:
            known = graph.find_downstream_modules(module) | {module}
            tests.update(
                _file_of(each) for each in known if each.rpartition(".")[2].startswith("test_")
            )
        elif (ROOT / file).exists() and not file.startswith("tips/"):
            return None
        if file.startswith("tips/"):  # its pages are asked for by address, and by no import
            tests.update(_of_tips(folders))
    return sorted(each for each in tests if each.startswith(tuple(folders)))


def _changed_files() -> list[str]:
    """Committed since main, or not committed yet, or not known to git yet."""
    base = _git("merge-base", "HEAD", os.environ.get("SAPO_BASE", "main")) or ["HEAD"]
    return _git("diff", "--name-only", base[0]) + _git("ls-files", "--others", "--exclude-standard")


def _git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)  # noqa: S607
    return done.stdout.splitlines()


def _of_tips(folders: Sequence[str]) -> Iterator[str]:
    """Every file of tests in these folders that speaks of the tip channel."""
    for folder in folders:
        for path in (ROOT / folder).rglob("test_*.py"):
            if "tips" in path.read_text():
                yield path.relative_to(ROOT).as_posix()


def _file_of(module: str) -> str:
    return f"{module.replace('.', '/')}.py"
