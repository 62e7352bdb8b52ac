"""Lighthouse's own marks for every kind of page, as a phone and as a desktop meet it."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .installation import Installation
from .load import Target
from .servers import Failed, gunicorn, program
from .tables import Aim, Table

VERSION = "12.8.2"  # the last that runs on Node 20
PAGES = {
    "start page": "/",
    "section": "/verksamheten/",
    "article": "/verksamheten/kontraspionage/",
    "partners": "/om-sakerhetspolisen/samarbete-med-andra/",
    "threat level": "/hoten-mot-sverige/terrorhotniva/",
    "news": "/nyheter/",
    "news item": "/nyheter/2026-05-19-lockande-jobb-kan-vara-spioneri/",
    "topic": "/amnen/kontraterrorism/",
    "search": "/sok/?q=terrorism",
    "tip form": "/tipsa/",
}
QUICK_PAGES = ("start page", "article", "tip form")
# What does not hold for a page, for a reason of ours.
_SKIPPED = {
    # No search engine is to list what was searched for here.
    "search": ("is-crawlable",),
    # It fetches robots.txt from within the page, which the policy of the form forbids. The file is
    # the one that is read for all the others.
    "tip form": ("robots-txt",),
}
_DEVICES: dict[str, tuple[str, ...]] = {"mobile": (), "desktop": ("--preset=desktop",)}
_CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
_WARM_UPS = 4  # so that each worker has the page
_PATIENCE_SECONDS = 180


def tables(
    site: Installation, folder: Path, *, quick: bool, say: Callable[[str], None]
) -> tuple[list[Table], list[Aim]]:
    """One page at a time: two that are measured at once slow each other down."""
    lighthouse, chromium = _installed(folder / "lighthouse", say), program("chromium", "chromium")
    table = Table(f"Lighthouse {VERSION}", ("page", "device", *_CATEGORIES, "what takes points"))
    aims = []
    served = gunicorn("demo", "sapo_site.wsgi", log=folder / "log" / "lighthouse",
                      environment={**os.environ, **site.demo_environment()})  # fmt: skip
    with served:
        for name in QUICK_PAGES if quick else PAGES:
            page = Target(name, served, PAGES[name], "<h1")
            for device, options in _DEVICES.items():
                try:
                    for _ in range(_WARM_UPS):
                        page.length()
                    report = _report(lighthouse, chromium, page, options)
                except Failed as error:
                    say(f"{name}, {device}: {error}. Utelämnas.")
                    continue
                marks, faults = marks_in(report), faults_in(report)
                table.rows.append(
                    (name, device, *(str(marks[each]) for each in _CATEGORIES), ", ".join(faults))
                )
                aims.append(Aim(f"{name}, {device}: lowest mark", min(marks.values()), 100, True))
    return [table], aims


def _installed(folder: Path, say: Callable[[str], None]) -> list[str]:
    """Lighthouse by npm, once; no script of a package is run."""
    node, npm = program("node", "nodejs"), program("npm", "npm")
    package = folder / "node_modules" / "lighthouse"
    try:
        there = json.loads((package / "package.json").read_text())["version"]
    except (OSError, ValueError):
        there = ""
    if there != VERSION:
        say("Installerar Lighthouse från npm …")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        _run([npm, "install", *options, f"lighthouse@{VERSION}"], folder, {**os.environ})
    return [node, str(package / "cli" / "index.js")]


def _report(
    lighthouse: list[str], chromium: str, page: Target, options: tuple[str, ...]
) -> dict[str, Any]:
    command = [
        *lighthouse, f"http://127.0.0.1:{page.server.port}{page.path}", "--output=json", "--quiet",
        "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage",
        f"--only-categories={','.join(_CATEGORIES)}", *options,
        *(f"--skip-audits={audit}" for audit in _SKIPPED.get(page.name, ())),
    ]  # fmt: skip
    environment = {**os.environ, "CHROME_PATH": chromium}
    report: dict[str, Any] = json.loads(_run(command, Path("/"), environment))
    if error := report.get("runtimeError"):
        raise Failed(str(error.get("message", error)).splitlines()[0])
    return report


def marks_in(report: dict[str, Any]) -> dict[str, int]:
    """Its four marks out of a hundred; one that it could not give counts as none."""
    scores = {name: report["categories"][name]["score"] for name in _CATEGORIES}
    return {name: round((score or 0) * 100) for name, score in scores.items()}


def faults_in(report: dict[str, Any]) -> list[str]:
    """The names of what takes points in a category that did not get them all."""
    faults = []
    for category in (report["categories"][name] for name in _CATEGORIES):
        if category["score"] == 1:
            continue
        for each in category["auditRefs"]:
            score = report["audits"][each["id"]]["score"]
            if each["weight"] and score is not None and score < 1:
                faults.append(each["id"])
    return faults


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=_PATIENCE_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Failed(f"blev inte klar på {_PATIENCE_SECONDS} s") from error
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        raise Failed(lines[-1] if lines else f"slutade med {done.returncode}")
    return done.stdout
