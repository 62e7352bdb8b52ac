"""Where the engines lie: axe in a Python package, the others as package-lock.json names them."""

import subprocess
from functools import cache
from pathlib import Path

import axe_playwright_python

from tests.lacking import pass_over
from tests.prepared import prepared
from tips.opener import build

FOLDER = Path(__file__).parent


@cache
def from_npm() -> Path:
    """The folder of the packages; skips the test where they cannot be had."""
    try:
        return build.node_modules(FOLDER)
    except build.CannotBuild as fault:
        pass_over(str(fault))


def axe() -> str:
    return next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()


def ibm() -> str:
    return (from_npm() / "accessibility-checker-engine" / "ace.js").read_text()


def html_codesniffer() -> str:
    return (from_npm() / "html_codesniffer" / "build" / "HTMLCS.js").read_text()


def alfa() -> str:
    """Alfa's many packages and alfa.js in one file, by what bundles the handlers' programs."""
    return prepared("alfa.js", _bundle).read_text()


def _bundle(path: Path) -> None:
    from_npm()
    esbuild = build.node_modules() / "esbuild" / "bin" / "esbuild"
    command = [build.node(), str(esbuild), str(FOLDER / "alfa.js"), f"--outfile={path}"]
    options = ["--bundle", "--minify", "--format=iife", "--target=es2022", "--log-level=error"]
    subprocess.run([*command, *options], cwd=FOLDER, check=True, timeout=120)
