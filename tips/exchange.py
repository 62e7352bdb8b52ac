"""Files that the website and the tip channel hand each other, in a folder that both reach.

The website writes the texts that editors want on the tip page. The desk writes which of them a
handler has approved or refused, and how many tips came each day; the form reads what was approved.
Important messages of the website are the one thing that the form reads of it without a handler (0070).
Neither trusts the other's files: one that cannot be read counts as missing.
"""

import hashlib
import json
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from .plain_files import read_small

TEXTS_FORMAT = "sapo-tip-texts/2"
APPROVED_FORMAT = "sapo-approved-tip-texts/1"
REFUSED_FORMAT = "sapo-refused-tip-texts/1"
COUNTS_FORMAT = "sapo-tip-counts/1"
MESSAGES_FORMAT = "sapo-website-messages/1"
MAX_BYTES = 1024 * 1024
# So that nobody can make another service check a heap of text.
MAX_BYTES_OF_TEXTS = 64 * 1024

# Texts of a language; none of them stand for the release's own.
Texts = dict[str, str]

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")


@dataclass(frozen=True)
class ApprovedTexts:
    """Texts that a handler has approved, and on which day."""

    texts: Texts
    on: date


@dataclass(frozen=True)
class RefusedTexts:
    """The digest of texts that a handler has refused, and on which day."""

    digest: str
    on: date


def digest_of_texts(language: str, texts: Mapping[str, str]) -> str:
    """SHA-256 of the texts in their language: what a handler approves."""
    content = {"language": language, "texts": dict(texts)}
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def texts_file(language: str) -> Path:
    return Path(settings.EXCHANGE_DIR) / "tip_texts" / f"{_code(language)}.json"


def write_texts(language: str, texts: Mapping[str, str]) -> None:
    """Hands the desk the texts that editors want on the tip page."""
    _write(texts_file(language), {"format": TEXTS_FORMAT, **_with_digest(language, texts)})


def read_texts(language: str) -> Texts | None:
    """The texts that editors want; None when they have asked for nothing."""
    return _texts_in(_read(texts_file(language), TEXTS_FORMAT, MAX_BYTES_OF_TEXTS), language)


def messages_file() -> Path:
    return Path(settings.EXCHANGE_DIR) / "website_messages" / "messages.json"


def write_messages(messages: Sequence[Mapping[str, Any]]) -> None:
    """Hands the form the important messages that stand on the website, now or from a time on."""
    _write(messages_file(), {"format": MESSAGES_FORMAT, "messages": list(messages)})


def read_messages() -> list[Any]:
    """What the website has written of messages, as it stands: whoever shows it looks at each."""
    messages = _read(messages_file(), MESSAGES_FORMAT, MAX_BYTES_OF_TEXTS).get("messages")
    return messages if isinstance(messages, list) else []


# The desk's own folder: the website's services can read these, and change none.


def approved_file(language: str) -> Path:
    return Path(settings.EXCHANGE_DIR) / f"approved_tip_texts_{_code(language)}.json"


def write_approved(language: str, texts: Mapping[str, str], on: date) -> None:
    """Lets the form show these texts."""
    content = {"approved_on": on.isoformat(), **_with_digest(language, texts)}
    _write(approved_file(language), {"format": APPROVED_FORMAT, **content})


def read_approved(language: str) -> ApprovedTexts | None:
    """The texts that a handler has approved; None when there are none."""
    if not _LANGUAGE.fullmatch(language):
        return None
    content = _read(approved_file(language), APPROVED_FORMAT, MAX_BYTES_OF_TEXTS)
    texts, on = _texts_in(content, language), _day_in(content, "approved_on")
    return ApprovedTexts(texts, on) if texts is not None and on else None


def write_refused(language: str, digest: str, on: date) -> None:
    """Tells the website that a handler has refused the texts with this digest."""
    content = {"language": language, "digest": digest, "refused_on": on.isoformat()}
    _write(_refused_file(language), {"format": REFUSED_FORMAT, **content})


def read_refused(language: str) -> RefusedTexts | None:
    content = _read(_refused_file(language), REFUSED_FORMAT, MAX_BYTES_OF_TEXTS)
    digest, on = content.get("digest"), _day_in(content, "refused_on")
    return RefusedTexts(digest, on) if isinstance(digest, str) and on else None


def _refused_file(language: str) -> Path:
    return Path(settings.EXCHANGE_DIR) / f"refused_tip_texts_{_code(language)}.json"


def _code(language: str) -> str:
    if not _LANGUAGE.fullmatch(language):
        raise ValueError("not the code of a language")
    return language


def _with_digest(language: str, texts: Mapping[str, str]) -> dict[str, Any]:
    digest = digest_of_texts(language, texts)
    return {"language": language, "digest": digest, "texts": dict(texts)}


def _texts_in(content: dict[str, Any], language: str) -> Texts | None:
    texts = content.get("texts")
    if not isinstance(texts, dict) or not all(map(is_text, (*texts, *texts.values()))):
        return None
    if content.get("language") != language:
        return None
    return texts if content.get("digest") == digest_of_texts(language, texts) else None


def _day_in(content: dict[str, Any], name: str) -> date | None:
    try:
        return date.fromisoformat(content.get(name, ""))
    except (TypeError, ValueError):
        return None


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


def is_text(value: object) -> bool:
    """Whether it is a text that a page can show."""
    # JSON can hold half a surrogate pair, which no page can show.
    return isinstance(value, str) and not any("\ud800" <= sign <= "\udfff" for sign in value)


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _read(path: Path, expected: str, most: int = MAX_BYTES) -> dict[str, Any]:
    """The file's content; empty when it cannot be read or has another format."""
    try:
        content = json.loads(read_small(path, most))
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
