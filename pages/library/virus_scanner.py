"""Asks a virus scanner (clamd) about a file that somebody uploads, if the agency has one.

It speaks clamd's INSTREAM, which takes no path: the scanner may be another user, or behind a tunnel.
"""

import logging
import re
import socket
import time
from contextlib import closing
from pathlib import Path, PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.dispatch import Signal
from django.utils.translation import gettext as _

# Sent with what was found, and the name of the file.
virus_found = Signal()
_log = logging.getLogger(__name__)
_SECONDS = 40
_PIECE = 64 * 1024
_LONGEST_ANSWER = 1024


class NotClearedError(ValidationError):
    """A virus was found in the file, or nobody could look; the message is for who uploads it."""


def clear_of_viruses(path: Path, name: str) -> None:
    """Returns if the scanner finds nothing in the file, or there is none. Raises NotClearedError."""
    if not settings.CLAMD:
        return
    try:
        answer = _answer_about(path)
    except OSError as error:
        _log.error("The virus scanner does not answer (%s)", type(error).__name__)
        raise _not_scanned() from error
    if answer == b"stream: OK\0":
        return
    if found := re.fullmatch(rb"stream: ([!-~]{1,200}) FOUND\0", answer):
        virus = found[1].decode()
        _log.warning("The virus scanner found %s in a file that was uploaded", virus)
        virus_found.send(virus, file=PurePath(name).name)
        raise NotClearedError(
            _(
                "The file was not accepted: the virus scanner found %(name)s in it. Open it nowhere, "
                "and tell whoever is responsible for IT security."
            )
            % {"name": virus},
            code="virus",
        )
    if answer.startswith(b"INSTREAM size limit exceeded"):
        _log.error("The virus scanner takes no file of %d bytes", path.stat().st_size)
        raise NotClearedError(
            _("The file was not accepted: it is larger than the virus scanner takes.")
        )
    _log.error("The virus scanner broke off, or answered what we do not know")
    raise _not_scanned()


def _not_scanned() -> NotClearedError:
    return NotClearedError(
        _("The file was not accepted: the virus scanner does not answer. Try again in a while.")
    )


def _answer_about(path: Path) -> bytes:
    """What the scanner says until it ends; what it has said if it shuts before."""
    until = time.monotonic() + _SECONDS
    with closing(_connected()) as scanner:
        try:
            _within(scanner, until).sendall(b"zINSTREAM\0")
            with path.open("rb") as file:
                while piece := file.read(_PIECE):
                    _within(scanner, until).sendall(len(piece).to_bytes(4, "big") + piece)
            _within(scanner, until).sendall(bytes(4))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has heard enough, and may have said why
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            piece = _within(scanner, until).recv(_LONGEST_ANSWER)
            if not piece:
                break
            answer += piece
    return answer


def _connected() -> socket.socket:
    if settings.CLAMD.startswith("/"):
        scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        scanner.settimeout(_SECONDS)
        try:
            scanner.connect(settings.CLAMD)
        except OSError:
            scanner.close()
            raise
        return scanner
    host, _colon, port = settings.CLAMD.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS)


def _within(scanner: socket.socket, until: float) -> socket.socket:
    """The scanner, which has so long left; a step of it takes no longer."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    scanner.settimeout(left)
    return scanner
