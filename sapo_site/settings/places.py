"""Where the site lies, and where it writes."""

import os
import sys
from pathlib import Path

import environ


class Variables(environ.Env):
    """The environment; what is needed and missing stops the start with its name."""

    def get_value(self, var: str, *others: object, **options: object) -> object:
        try:
            return super().get_value(var, *others, **options)
        except environ.ImproperlyConfigured:
            if var in os.environ:
                raise
            sys.exit(f"{var}: saknas. Vad den är till för står i deploy/environment.example.")


env = Variables()

PROJECT_DIR = Path(__file__).resolve().parents[2]

# The site writes only below this folder, so that a backup is one folder.
VAR_DIR = Path(env.str("SAPO_VAR", default=str(PROJECT_DIR / "var"))).resolve()

EXPORTS_DIR = VAR_DIR / "exports"  # what a registrar has ordered for the archive

TIPS_INTAKE_DIR = VAR_DIR / "intake"  # what only the intake knows and writes
TIPS_INTAKE_KEY = TIPS_INTAKE_DIR / "intake.key"  # what it signs arrivals with


def root_beside(folder: Path) -> Path:
    """The file that says which signers of keyrings are believed: the release's, where it brings one."""
    of_the_release = PROJECT_DIR / "tips" / "sealing" / "root"
    return of_the_release if of_the_release.exists() else folder / "root"
