"""`./sapo lock`: what pyproject.toml asks for, resolved into the locks."""

import os
import re
import tempfile
import tomllib

from .environment import BROWSER, NEXT, ROOT, RUNTIME, SYSTEM, TESTS, TOOLS, UV, ready_venv
from .speech import long_step

# What stands in which, and which others' versions it keeps to: what two locks of one environment share,
# they hold in the same version.
GROUPS: tuple[tuple[str, str, list[str]], ...] = (
    (UV, "uv", []),
    (TESTS, "tests", [RUNTIME]),
    (BROWSER, "browser", [RUNTIME, TESTS]),
    (SYSTEM, "system", [RUNTIME, TESTS, BROWSER]),
    (TOOLS, "tools", [UV, RUNTIME, TESTS, BROWSER, SYSTEM]),
)


def resolve(arguments: list[str]) -> None:
    """Resolves what pyproject.toml asks for into the locks."""
    program = os.path.join(ROOT, ".venv", "bin", "uv")
    if not os.path.exists(program):  # once uv is installed, it works even with a broken lock
        ready_venv([RUNTIME])
    os.chdir(ROOT)
    os.environ["UV_CUSTOM_COMPILE_COMMAND"] = "./sapo lock"
    uv = [program, "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    uv += ["--no-emit-index-url", "--no-emit-find-links", *arguments]
    oldest = ["--python-version", "3.11"]
    long_step(f"Löser upp {RUNTIME}", [*uv, "pyproject.toml", *oldest, "-o", RUNTIME])
    for name, group, held_to in GROUPS:
        held = [f"--constraints={lock}" for lock in held_to]
        long_step(f"Löser upp {name}", [*uv, "--group", group, *oldest, *held, "-o", name])
    with tempfile.NamedTemporaryFile("w", suffix=".in", encoding="utf-8") as wishes:
        wishes.write("\n".join(wishes_for_next()) + "\n")
        wishes.flush()
        what = [wishes.name, "--no-annotate", "--python-version", "3.12", "-o", NEXT]
        long_step(f"Löser upp {NEXT}", [*uv, *what])


def wishes_for_next() -> list[str]:
    """What the site and its tests ask for, with the frameworks' next versions put in."""
    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as file:
        project = tomllib.load(file)
    groups = project["dependency-groups"]
    wishes = {}
    asked = groups["tests"] + groups["browser"] + groups["next"]
    for wish in project["project"]["dependencies"] + asked:
        wishes[re.split(r"[^\w.-]", wish)[0].lower()] = wish
    return [wishes[name] for name in sorted(wishes)]
