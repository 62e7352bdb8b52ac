"""Writes in the audit log that a virus was found, in what kind of file, and who sent it."""

import re
from typing import Any

from pages.library.virus_scanner import virus_found
from pages.newsroom.acting import who_acts
from tips.journal import note


def log_viruses() -> None:
    """Follows what the scanner finds."""
    virus_found.connect(_note_virus)


def _note_virus(sender: str, file: str, **_signal: Any) -> None:
    user = who_acts()
    # Not the file's name, which may say what is in it; it is not kept, so it has no number of ours.
    kind = re.search(r"\.([a-z0-9]{1,5})$", file.casefold())
    note(
        "cms",
        "virus",
        user.get_username() if user else None,
        found=sender,
        kind=kind[1] if kind else "",
    )
