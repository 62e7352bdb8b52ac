"""Files that the website and the tip channel hand each other, in a folder that both reach.

The website writes the channel's texts, the channel writes how many tips came each day. Neither
trusts the other's files: one that cannot be read counts as missing.
"""

import json
import os
import re
import secrets
import stat
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

TEXTS_FORMAT = "sapo-tip-texts/1"
COUNTS_FORMAT = "sapo-tip-counts/1"
MAX_BYTES = 1024 * 1024

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")


def texts_file(language: str) -> Path:
    if not _LANGUAGE.fullmatch(language):
        raise ValueError("not the code of a language")
    return Path(settings.EXCHANGE_DIR) / "tip_texts" / f"{language}.json"


def write_texts(language: str, texts: Mapping[str, str]) -> None:
    _write(texts_file(language), {"format": TEXTS_FORMAT, "texts": dict(texts)})


def remove_texts(language: str) -> None:
    """Removes the texts of a language: the channel then shows its built-in ones."""
    texts_file(language).unlink(missing_ok=True)


def read_texts(language: str) -> dict[str, str] | None:
    """The website's texts in a language; None when there are none."""
    if not _LANGUAGE.fullmatch(language):
        return None
    texts = _read(texts_file(language), TEXTS_FORMAT).get("texts")
    if not isinstance(texts, dict) or not all(map(_is_text, texts.values())):
        return None
    return texts


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


def _is_text(value: object) -> bool:
    # JSON can hold half a surrogate pair, which no page can show.
    return isinstance(value, str) and not any("\ud800" <= sign <= "\udfff" for sign in value)


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _read(path: Path, expected: str) -> dict[str, Any]:
    """The file's content; empty when it cannot be read or has another format."""
    try:
        # Waits for no pipe and follows no link that lies there in place of a file.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return {}
            content = json.loads(file.read(MAX_BYTES))
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
