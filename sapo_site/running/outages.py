"""Tells an outage, which passes, from a fault of ours, and says it in one line of the log."""

import errno
import logging
import math
import time

from django.conf import settings
from django.db import InterfaceError, InternalError, OperationalError

logger = logging.getLogger(__name__)

_SILENT_SECONDS = 60
# SQLite's code for errors in what is asked, such as a table that does not exist.
_SQLITE_ERROR = 1
# PostgreSQL's classes of errors for a connection that is lost, and for a server that is shut down.
_LOST = ("08", "57P")
# And its code for a server that only reads, as after another has taken its place.
_READS_ONLY = "25006"
_DISK_TAKES_NOTHING = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def is_outage(error: BaseException | None) -> bool:
    """Whether it is no fault in the code: the database is gone or locked, a disk is full."""
    if isinstance(error, (OperationalError, InterfaceError)):
        code = getattr(error.__cause__, "sqlite_errorcode", None)
        return code is None or code & 0xFF != _SQLITE_ERROR
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", None) == _READS_ONLY
    return isinstance(error, OSError) and error.errno in _DISK_TAKES_NOTHING


class _Log:
    def __init__(self) -> None:
        self._said_at = -math.inf

    def say(self, error: BaseException | None) -> None:
        """Logs what is wrong, once a minute; not a lost database where a watch says so itself."""
        if settings.WITH_PAGES and _is_lost(error):
            return
        if time.monotonic() - self._said_at >= _SILENT_SECONDS:
            self._said_at = time.monotonic()
            logger.error("%s: %s", type(error).__name__, str(error).partition("\n")[0])


outage_log = _Log()


def _is_lost(error: BaseException | None) -> bool:
    """Whether the connection to the database is gone, and not only something that was asked of it."""
    cause = error.__cause__ if error else None
    if cause is None:  # the watch itself has said so
        return isinstance(error, OperationalError)
    state = getattr(cause, "sqlstate", "")
    return state is None or state.startswith(_LOST)


class NothingOfOutages(logging.Filter):
    """Keeps the answers 503 out of the log: one line has said why."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) != 503
