"""Filters the request log of `./sapo dev`; in production no request is logged."""

import logging
import re
from urllib.parse import unquote

from django.conf import settings

_REQUEST_LINE = re.compile(r"[A-Z]+ (/\S*) HTTP/[\d.]+")
_INTAKE = re.compile(rf"/(?:[a-z]{{2}}/)?{settings.INTAKE_PATH.rstrip('/')}(?:/|\?|$)")


class NothingOfTheIntake(logging.Filter):
    """Lets the website's requests through, but none that may carry a tip.

    A line that cannot be read as a request may be a part of a tip, and is left out too.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.args[0] if isinstance(record.args, tuple) and record.args else None
        found = _REQUEST_LINE.fullmatch(line) if isinstance(line, str) else None
        return found is not None and _INTAKE.match(unquote(found[1])) is None
