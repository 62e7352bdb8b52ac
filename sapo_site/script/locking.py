"""`./sapo lock`: what pyproject.toml asks for, resolved into the locks."""

import os
import re
import tempfile
import tomllib

from .environment import (
    BROWSER,
    MINIMUM_NEXT,
    NEXT,
    ROOT,
    RUNTIME,
    SYSTEM,
    TESTS,
    TOOLS,
    ready_venv,
)
from .pythons import MINIMUM
from .speech import long_step

S3 = os.path.join("deploy", "requirements-s3.txt")


def resolve(arguments: list[str]) -> None:
    """Resolves what pyproject.toml asks for into the locks."""
    program = os.path.join(ROOT, ".venv", "bin", "uv")
    if not os.path.exists(program):  # once uv is installed, it works even with a broken lock
        ready_venv([RUNTIME, TESTS, TOOLS])
    os.chdir(ROOT)
    os.environ["UV_CUSTOM_COMPILE_COMMAND"] = "./sapo lock"
    uv = [
        program, "pip", "compile", "--quiet", "--universal", "--generate-hashes",
        "--no-emit-index-url", "--no-emit-find-links",
    ]  # fmt: skip
    version, version_next = (
        ["--python-version", ".".join(map(str, minimum))] for minimum in (MINIMUM, MINIMUM_NEXT)
    )
    with tempfile.TemporaryDirectory(prefix="sapo-lock-") as folder:
        wishes = os.path.join(folder, "next.in")
        with open(wishes, "w", encoding="utf-8") as file:
            file.write("\n".join(wishes_for_next()) + "\n")
        # What two locks of one environment share, they hold in the same version.
        for name, what, held_to in (
            (RUNTIME, ["pyproject.toml", *version], []),
            (S3, ["--group", "s3", *version], [RUNTIME]),
            (TESTS, ["--group", "tests", *version], [RUNTIME]),
            (BROWSER, ["--group", "browser", *version], [RUNTIME, TESTS]),
            (SYSTEM, ["--group", "system", *version], [RUNTIME, TESTS, BROWSER]),
            (TOOLS, ["--group", "tools", *version], [RUNTIME, TESTS, BROWSER, SYSTEM]),
            (NEXT, [wishes, "--no-annotate", *version_next], []),
        ):
            for lock in held_to:
                what += ["--constraints", lock]
            long_step(f"Löser upp {name}", [*uv, *what, "-o", name, *arguments])


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
