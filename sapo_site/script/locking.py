"""`./sapo lock`: what pyproject.toml asks for, resolved into the locks."""

import os
import re
import tempfile
import tomllib

from .environment import MINIMUM_NEXT, NEXT, ROOT, RUNTIME, TOOLS, ready_venv
from .pythons import MINIMUM
from .speech import long_step

S3 = os.path.join("deploy", "requirements-s3.txt")
WACZ = os.path.join("deploy", "requirements-wacz.txt")


def resolve(arguments: list[str]) -> None:
    """Resolves what pyproject.toml asks for into the five locks."""
    program = os.path.join(ROOT, ".venv", "bin", "uv")
    if not os.path.exists(program):  # once uv is installed, it works even with a broken lock
        ready_venv([RUNTIME, TOOLS])
    os.chdir(ROOT)
    os.environ["UV_CUSTOM_COMPILE_COMMAND"] = "./sapo lock"
    uv = [
        program, "pip", "compile", "--quiet", "--universal", "--generate-hashes",
        "--no-emit-index-url", "--no-emit-find-links",
    ]  # fmt: skip
    version, version_next = (
        ["--python-version", ".".join(map(str, minimum))] for minimum in (MINIMUM, MINIMUM_NEXT)
    )
    tools = ["--group", "tools", "--constraints", RUNTIME]
    s3 = ["--group", "s3", "--constraints", RUNTIME]
    wacz = ["--group", "wacz", "--constraints", RUNTIME]
    with tempfile.TemporaryDirectory(prefix="sapo-lock-") as folder:
        wishes = os.path.join(folder, "next.in")
        with open(wishes, "w", encoding="utf-8") as file:
            file.write("\n".join(wishes_for_next()) + "\n")
        for name, options in (
            (RUNTIME, ["pyproject.toml", *version]),
            (TOOLS, [*tools, *version]),
            (S3, [*s3, *version]),
            (WACZ, [*wacz, *version]),
            (NEXT, [wishes, "--no-annotate", *version_next]),
        ):
            long_step(f"Löser upp {name}", [*uv, *options, "-o", name, *arguments])


def wishes_for_next() -> list[str]:
    """What the site and its tests ask for, with the frameworks' next versions put in."""
    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as file:
        project = tomllib.load(file)
    groups = project["dependency-groups"]
    wishes = {}
    asked = groups["tests"] + groups["s3"] + groups["wacz"] + groups["next"]
    for wish in project["project"]["dependencies"] + asked:
        wishes[re.split(r"[^\w.-]", wish)[0].lower()] = wish
    return [wishes[name] for name in sorted(wishes)]
