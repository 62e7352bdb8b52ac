"""How the log is written: an event begins a line, and nothing that was sent can begin another."""

import logging
import time


class EventLines(logging.Formatter):
    """The time in UTC, as the journal's own; what follows the first line is indented."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%SZ"
    default_msec_format = None

    def format(self, record: logging.LogRecord) -> str:
        if getattr(record, "status_code", None) == 400:  # of Django, which quotes what was sent
            said = {"msg": "400", "args": (), "exc_info": None, "exc_text": None}
            record = logging.makeLogRecord(vars(record) | said)
        return "".join(map(_written, super().format(record))).replace("\n", "\n    ")


def _written(sign: str) -> str:
    """Signs that move the cursor, turn the text or hide in it are spelled out."""
    if sign in "\n\t" or sign.isprintable():
        return sign
    return sign.encode("unicode_escape", "surrogatepass").decode()
