"""Secrets that systemd keeps sealed and hands to one service: they count as its variables."""

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path


def take_in_credentials(environment: MutableMapping[str, str]) -> None:
    """Reads each file in `$CREDENTIALS_DIRECTORY` that is named as one of our variables."""
    if not (folder := environment.get("CREDENTIALS_DIRECTORY", "")):
        return
    for file in sorted(Path(folder).iterdir()):
        if not file.name.startswith(("SAPO_", "DATABASE_", "TIPS_")):
            continue
        if environment.get(file.name):
            sys.exit(
                f"{file.name}: står både i tjänstens .env och förseglad. Ta bort raden i .env."
            )
        environment[file.name] = file.read_text().strip()


take_in_credentials(os.environ)
