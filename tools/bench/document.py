"""Puts the tables of a run into docs/performance.md, each part in its own place."""

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from .servers import ROOT, Failed
from .tables import Aim, Table, aims_table

DOCUMENT = ROOT / "docs" / "performance.md"
_PACKAGES = ("Django", "wagtail", "gunicorn")
_PROGRAMS = (("nginx", "-v"), ("wrk", "-v"), ("chromium", "--version"))


def write(
    part: str, tables: Sequence[Table], aims: Sequence[Aim], document: Path = DOCUMENT
) -> None:
    """Replaces what stands between the part's marks."""
    text = document.read_text()
    begin, end = f"<!-- bench: {part} -->", f"<!-- end: {part} -->"
    before, found, rest = text.partition(begin)
    _former, found_end, after = rest.partition(end)
    if not found or not found_end:
        raise Failed(f"{document.name} saknar plats för {part}: {begin} … {end}")
    shown = [f"Measured {date.today():%Y-%m-%d} on {machine()}.", *map(str, tables)]
    if missed := [aim for aim in aims if not aim.is_met]:
        shown.append(str(aims_table(missed)))
    shown.append(
        f"Of {len(aims)} aims {len(aims) - len(missed)} are met: `./sapo bench` names them."
    )
    body = "\n\n".join(shown)
    document.write_text(f"{before}{begin}\n{body}\n{end}{after}")


def machine() -> str:
    """What it was measured on: processor, memory, system, versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = [f"{name} {version(name)}" for name in _PACKAGES if find_spec(name.lower())]
    versions += [said for name, option in _PROGRAMS if (said := _said(name, option))]
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, "
        f"Linux {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}, {', '.join(versions)}"
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.machine()
    found = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return found[1].strip() if found else platform.machine()


def _said(name: str, option: str) -> str:
    """A program's name and version in its own words, empty where it is not installed."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
    if found is None:
        return ""
    done = subprocess.run([found, option], capture_output=True, text=True, timeout=20)
    match = re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)
    return f"{name} {match[0]}" if match else name
