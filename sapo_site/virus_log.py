"""Writes in the audit log that a virus was found, and who sent it."""

from typing import Any

from pages.newsroom.acting import who_acts
from pages.virus_scanner import virus_found
from tips.login.journal import note


def log_viruses() -> None:
    """Follows what the scanner finds."""
    virus_found.connect(_note_virus)


def _note_virus(sender: str, file: str, **_signal: Any) -> None:
    user = who_acts()
    note("cms", "virus", user.get_username() if user else None, found=sender, file=file)
