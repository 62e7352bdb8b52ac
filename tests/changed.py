"""Which files of tests a change can reach, by imports; where that is in doubt, all of them."""

import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

import grimp

from tests.tiers import ROOT

APPS = ("cooperation", "pages", "sapo_site", "tips")
# What everything hangs on, or is loaded by its name.
_EVERYTHING = re.compile(
    r"(.*/)?(conftest|apps|models|urls|wagtail_hooks|middleware)\.py"
    r"|.*/(settings|migrations|models|templatetags|locale)/.*|templates/.*|.*requirements.*|pyproject\.toml"
    r"|tests/(?!unit/|integration/|architecture/|browser/|system/|long/).*"
)
# Read as files, by tests that name them.
_READ = re.compile(
    r".*\.md|(docs|tools|deploy|static|\.ci|tests/browser|tests/system|tests/long)/.*"
)
# Who loads these loads the site, and asks it by address.
_LOADED = {"apps", "urls", "wagtail_hooks", "middleware"}


def reached(folders: Sequence[str]) -> list[str] | None:
    """The files of tests in these folders that what has changed since main reaches; None for all."""
    return reached_by(_changed_files(), folders)


def reached_by(files: Iterable[str], folders: Sequence[str]) -> list[str] | None:
    """The same for these files."""
    files = sorted(files)
    if any(_EVERYTHING.fullmatch(file) for file in files):
        return None
    tests = {"tests/architecture"} if files else set()
    graph = grimp.build_graph(*APPS, "tests", cache_dir=str(ROOT / ".pytest_cache" / "grimp"))
    for file in files:
        module = file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        if _READ.fullmatch(file):
            tests.update(_that_name(PurePath(file).name, folders))
        elif file.startswith("tips/"):
            # Its pages are asked for by address and its scripts run in Node: no import tells of either.
            tests.update(_that_name("opener" if file.endswith(".js") else "tips", folders))
        elif module not in graph.modules:
            return None
        if module in graph.modules:
            known = graph.find_downstream_modules(module) | {module}
            names = {each: each.rpartition(".")[2] for each in known}
            if not file.startswith(("tips/", "tests/")) and not _LOADED.isdisjoint(names.values()):
                return None
            for each, name in names.items():
                if name.startswith("test_"):
                    tests.add(f"{each.replace('.', '/')}.py")
                elif ".management.commands." in each:
                    tests.update(_that_name(name, folders))
    return sorted(each for each in tests if each.startswith(tuple(folders)))


def _changed_files() -> list[str]:
    """Committed since main, or not committed yet, or not known to git yet."""
    bases = (_git("merge-base", "HEAD", main) for main in ("origin/main", "main"))
    base = next(filter(None, bases), ["HEAD"])
    return _git("diff", "--name-only", base[0]) + _git("ls-files", "--others", "--exclude-standard")


def _git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)  # noqa: S607
    return done.stdout.splitlines()


def _that_name(word: str, folders: Sequence[str]) -> Iterator[str]:
    """Every file of tests in these folders with this word in it."""
    for folder in folders:
        for path in (ROOT / folder).rglob("test_*.py"):
            if word in path.read_text():
                yield path.relative_to(ROOT).as_posix()
