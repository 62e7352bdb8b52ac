"""A program of a few lines, in a process of its own: that of a service, if it is given roles."""

import subprocess
import sys

from tests.postgres import ROOT


def run_as(roles: str, program: str, **environment: str) -> str:
    """What the program says; it has no variables but these and the settings of the tests."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"DJANGO_SETTINGS_MODULE": "sapo_site.settings.test", "PATH": "/usr/bin:/bin",
             "PYTHONPATH": str(ROOT), **({"SAPO_ROLES": roles} if roles else {}), **environment},
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
