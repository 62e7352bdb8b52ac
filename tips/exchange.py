"""What the tip channel tells the website, as a file in a folder that both reach: how many tips came each day.

The website does not trust it: a file that cannot be read counts as missing.
"""

import json
import os
import secrets
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from .plain_files import read_small

COUNTS_FORMAT = "sapo-tip-counts/1"
MAX_BYTES = 1024 * 1024


def counts_file() -> Path:
    return Path(settings.EXCHANGE_DIR) / "tip_counts.json"


def write_counts(days: Mapping[date, int]) -> None:
    """Hands the website how many tips came each day, and nothing else about them."""
    counts = {day.isoformat(): count for day, count in sorted(days.items())}
    _write(counts_file(), {"format": COUNTS_FORMAT, "days": counts})


def read_counts() -> dict[date, int] | None:
    """How many tips came each day; None when the channel has not told."""
    days = _read(counts_file(), COUNTS_FORMAT).get("days")
    if not isinstance(days, dict) or not all(map(_is_count, days.values())):
        return None
    try:
        return {date.fromisoformat(day): count for day, count in days.items()}
    except ValueError:
        return None


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _read(path: Path, expected: str) -> dict[str, Any]:
    """The file's content; empty when it cannot be read or has another format."""
    try:
        content = json.loads(read_small(path, MAX_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(content, dict) or content.get("format") != expected:
        return {}
    return content


def _write(path: Path, content: dict[str, Any]) -> None:
    """Replaces the file atomically: it is always the old one or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with part.open("x", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
