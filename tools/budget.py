"""How large the site is, and may be: `.venv/bin/python -m tools.budget`, of `./sapo check` too.

What is counted, and how, stands here alone: lines with blanks and comments, words as `wc -w` has them, of
the files that git has or would take in. What they may be is the table [tool.sapo.budget] in pyproject.toml.
"""

import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path, PurePath
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]


class Kind(NamedTuple):
    """What is counted together: where, files with which endings, and its name in Swedish."""

    name: str
    folders: tuple[str, ...]
    endings: tuple[str, ...]
    in_swedish: str


KINDS = (
    # Migrations are as makemigrations writes them.
    Kind("python", ("cooperation", "pages", "sapo_site", "tips"), (".py",), "rader Python"),
    Kind("javascript", ("static/js", "pages", "tips/opener"), (".js", ".mjs"), "rader JavaScript"),
    Kind("tests", ("tests", "tools"), (".py", ".js", ".mjs"), "rader i tests/ och tools/"),
    Kind("docs", ("docs",), (".md",), "ord i docs/"),
)


def allowed() -> dict[str, int]:
    """What each kind may be."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    table: dict[str, int] = project["tool"]["sapo"]["budget"]
    return table


def counted(kind: Kind) -> Counter[str]:
    """How much of it is in each room: a folder in an app, or a file right inside it."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *kind.folders]
    said = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found: Counter[str] = Counter()
    for path in map(PurePath, filter(None, said.split("\0"))):
        if (
            path.suffix in kind.endings
            and "migrations" not in path.parts
            and (ROOT / path).exists()
        ):
            text = (ROOT / path).read_text(encoding="utf-8")
            room = "/".join(path.parts[:2])
            found[room] += len(text.split()) if ".md" in kind.endings else text.count("\n")
    return found


def judged(kind: Kind, rooms: Counter[str], most: int) -> str:
    """A line about it, which says by how much it is too much and where most of it is."""
    said = f"{rooms.total()} {kind.in_swedish}, högst {most}"
    if rooms.total() <= most:
        return said
    largest = ", ".join(f"{room} {number}" for room, number in rooms.most_common(4))
    return f"{said}: {rooms.total() - most} för mycket. Mest i {largest}."


def main() -> int:
    """Shows each kind; fails when one is more than it may be."""
    most, is_over = allowed(), False
    for kind in KINDS:
        rooms = counted(kind)
        is_over = is_over or rooms.total() > most[kind.name]
        print(judged(kind, rooms, most[kind.name]))
    return int(is_over)


if __name__ == "__main__":
    sys.exit(main())
