"""`./sapo check`: all checks of the code, two at a time."""

import glob
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .environment import ROOT, RUNTIME, TESTS, TOOLS, ready_venv
from .flaws import UNASKED
from .speech import clear_away, swedish

# The agency's, where one is needed to try the settings of production.
DOMAIN = "sapo.example"

# It may be that nobody can be asked, which is told and is no fault of the code.
FLAWS = "Kända sårbarheter"

Check = tuple[str, list[str], dict[str, str]]


def check() -> None:
    """Runs every check, also after one has failed, and shows the output of those that did."""
    python = ready_venv([RUNTIME, TESTS, TOOLS])
    os.chdir(ROOT)
    scratch = tempfile.mkdtemp(prefix="sapo-check-")
    environment = {
        **os.environ,
        "DATABASE_URL": "sqlite://:memory:",
        "DJANGO_SETTINGS_MODULE": "sapo_site.settings.test",
        "SAPO_VAR": scratch,
    }

    def checked(step: Check) -> tuple[int, str, float]:
        _name, command, changes = step
        started = time.monotonic()
        done = subprocess.run(
            command,
            env={**environment, **changes},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        output = done.stdout.decode("utf-8", "replace")
        return done.returncode, output, time.monotonic() - started

    steps = checks(python)
    failed, warned = [], []
    try:
        with ThreadPoolExecutor(max_workers=2) as pool:
            for step, (code, output, seconds) in zip(steps, pool.map(checked, steps), strict=True):
                is_warning = code == UNASKED and step[0] == FLAWS
                mark = "!" if is_warning else "✗" if code else "✓"
                print(f"{mark} {step[0]:<46} {swedish(seconds):>6} s", flush=True)
                if is_warning:
                    warned.append((step[0], output))
                elif code:
                    failed.append((step[0], output))
    finally:
        clear_away(scratch)
    for name, output in [*warned, *failed]:
        print(f"\n── {name}\n{output.rstrip()}")
    if failed:
        print(f"\n{len(failed)} av {len(steps)} kontroller hittade fel.")
        sys.exit(1)


def checks(python: str) -> list[Check]:
    """Each check: its name, its command and what it changes in the environment."""
    program = os.path.join(os.path.dirname(python), "")
    manage_py = [python, "manage.py"]
    djade = [f"{program}djade", "--check", "--target-version", "5.2"]
    djhtml = [python, "-m", "djhtml", "--check", "--tabwidth", "2"]
    templates = sorted(
        glob.glob("templates/**/*.html", recursive=True)
        + glob.glob("*/**/templates/**/*.html", recursive=True)
    )
    imports = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
    pending = ["makemigrations", "--check", "--dry-run"]
    deploy = ["check", "--deploy", "--fail-level", "WARNING"]
    return [
        ("Typer (mypy)", [python, "-m", "mypy"], {}),
        ("Kod (ruff check)", [f"{program}ruff", "check", "--no-cache"], {}),
        ("Form (ruff format)", [f"{program}ruff", "format", "--check", "--no-cache"], {}),
        ("Mallar (djade)", [*djade, *templates], {}),
        ("Mallar (djhtml)", [*djhtml, *templates], {}),
        ("Beroenden mellan paket (import-linter)", [python, "-c", imports, "--no-cache"], {}),
        ("Migreringar som saknas", [*manage_py, *pending], {}),
        ("Säkerhet i drift (check --deploy)", [*manage_py, *deploy], production_environment()),
        (FLAWS, [python, "-m", "sapo_site.script.flaws"], {}),
        ("Storlek (budget)", [python, "-m", "tools.budget"], {}),
        ("Svenska texter", [python, "-m", "tests.messages", "--check"], {}),
    ]


def production_environment() -> dict[str, str]:
    """The variables of deploy/environment.example, filled in: a secret key is drawn."""
    text = Path(ROOT, "deploy", "environment.example").read_text(encoding="utf-8")
    example = text.replace("example.se", DOMAIN)
    return {
        "DJANGO_SETTINGS_MODULE": "sapo_site.settings.production",
        **dict(re.findall(r"^([A-Z_]+)=(.*)", example, re.M)),
        "SAPO_SECRET_KEY": secrets.token_urlsafe(64),
    }
