"""Hands the audit log to the system's journal, in fields that it can be asked for."""

import contextlib
import logging
import re
import socket
from datetime import UTC, datetime

from django.conf import settings

_LONGEST = 500
_PLAIN = re.compile(r"[\w./:,+-]+")


class AuditHandler(logging.StreamHandler):
    """Sends each entry to the journal; without one, writes it on standard error as a line of logfmt.

    What is no entry of the audit log is written as any other line.
    """

    def __init__(self, journal: str = "") -> None:
        """`journal` is the address of its socket."""
        super().__init__()
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        audit = getattr(record, "audit", None)
        if audit is None or not self._send(_fields(record, audit)):
            super().emit(record)

    def format(self, record: logging.LogRecord) -> str:
        audit = getattr(record, "audit", None)
        if audit is None:
            return super().format(record)
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        return _logfmt({"audit": "1", "time": at, "service": _service(), **audit})

    def _send(self, fields: dict[str, str]) -> bool:
        if not self._journal:
            return False
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.sendto(b"".join(_field(*each) for each in fields.items()), self._journal)
            return True
        return False


def _fields(record: logging.LogRecord, audit: dict[str, str]) -> dict[str, str]:
    known = {
        "MESSAGE": record.getMessage(),
        "PRIORITY": "6",
        "SYSLOG_IDENTIFIER": "sapo",
        "SAPO_AUDIT": "1",
    }
    ours = {"service": _service(), **audit}
    return known | {f"SAPO_{name.upper()}": value for name, value in ours.items()}


def _service() -> str:
    return ",".join(sorted(settings.ROLES))


def _field(name: str, value: str) -> bytes:
    """With its length before it, so that no value can begin a field of its own."""
    content = value[:_LONGEST].encode("utf-8", "replace")
    return name.encode() + b"\n" + len(content).to_bytes(8, "little") + content + b"\n"


def _logfmt(fields: dict[str, str]) -> str:
    return " ".join(f"{name}={_value(each)}" for name, each in fields.items())


def _value(value: str) -> str:
    value = value[:_LONGEST]
    if _PLAIN.fullmatch(value):
        return value
    escaped = "".join(sign if sign.isprintable() else " " for sign in value)
    return '"' + escaped.replace("\\", "\\\\").replace('"', '\\"') + '"'
