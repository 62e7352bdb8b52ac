"""The way of a message from the process that answers visitors, which writes to no database.

It puts each message into a file. A command of the editorial service takes the files in. The one may
not list the folder, the other reads what lies there as something that an intruder may have written.
"""

import contextlib
import hmac
import json
import os
import time
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.timezone import localdate

from tips.plain_files import read_small

from .message_form import MessageForm
from .messages import AccessibilityMessage, answer_by

_KEY_LENGTH = 64
_MOST_BYTES = 64 * 1024
# What is not whole after this long was never acknowledged: a process ended while it wrote.
_WRITTEN_WITHIN = 10 * 60
_OLDEST = timedelta(days=60)


class SpoolFullError(Exception):
    """No message can be kept now."""


def put(message: dict[str, str], language: str) -> str:
    """Keeps a message until it is taken in, and returns its key; twice the same day counts once."""
    row = {**message, "language": language, "day": localdate().isoformat()}
    content = json.dumps(row, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    key = hmac.digest(force_bytes(settings.SECRET_KEY), b"accessibility" + content, "sha256").hex()
    folder = Path(settings.MESSAGES_DIR)
    try:
        folder.mkdir(exist_ok=True)
        room = os.statvfs(folder)
        if room.f_bavail * room.f_frsize < settings.MESSAGES_RESERVE_BYTES:
            raise SpoolFullError
        _write(folder / f"{key}.json", content)
    except FileExistsError:
        pass
    except OSError as error:
        raise SpoolFullError from error
    return key


def _write(path: Path, content: bytes) -> None:
    """Returns when the file is on disk; leaves none if that fails."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            # On ext4 and XFS the name comes along. The folder itself cannot be opened here.
            os.fsync(file.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def take_in_all() -> tuple[int, int]:
    """Takes every message into the database: how many were taken, and how many were put aside."""
    taken = refused = 0
    for path in sorted(Path(settings.MESSAGES_DIR).glob("*.json")):
        fields = _read(path)
        if fields is not None:
            with transaction.atomic():
                _row, is_first = AccessibilityMessage.objects.get_or_create(
                    key=path.stem, defaults=fields
                )
            taken += is_first
            path.unlink(missing_ok=True)
        elif not _is_being_written(path):
            # Kept, for somebody to look at.
            with contextlib.suppress(OSError):
                path.rename(path.with_suffix(".refused"))
            refused += 1
    return taken, refused


def _read(path: Path) -> dict[str, object] | None:
    """The fields of the row; None if this is no message that our form could have sent."""
    if len(path.stem) != _KEY_LENGTH or not set(path.stem) <= set("0123456789abcdef"):
        return None
    try:
        row = json.loads(read_small(path, _MOST_BYTES))
        form = MessageForm({str(name): value for name, value in row.items()})
        arrived_on = _day(row["day"])
        if row["language"] not in dict(settings.LANGUAGES) or not form.is_valid():
            return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return form.message | {
        "language": row["language"],
        "arrived_on": arrived_on,
        "answer_by": answer_by(arrived_on),
    }


def _day(text: str) -> date:
    """The day that it says, if it can be one."""
    today, day = localdate(), date.fromisoformat(text)
    return day if today - _OLDEST <= day <= today else today


def _is_being_written(path: Path) -> bool:
    try:
        return time.time() - path.lstat().st_mtime < _WRITTEN_WITHIN
    except OSError:
        return True
