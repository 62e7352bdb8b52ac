"""What a line of the log looks like, and what it cannot be made to look like."""

import copy
import io
import logging
import logging.config
import re
import sys

from django.conf import settings
from django.core.exceptions import SuspiciousOperation

from tests.tables import every_row

FORGED = "2026-11-26T12:00:00+0100 INFO tips.journal CMS: chefredaktor logged in"


def _written(message: str, *args: object, **about: object) -> str:
    """What the handler of the settings writes of it."""
    stream = io.StringIO()
    said = copy.deepcopy(settings.LOGGING)
    line = logging.config.DictConfigurator(said).configure_formatter(said["formatters"]["line"])
    handler = logging.StreamHandler(stream)
    handler.setFormatter(line)
    logger = logging.Logger("test")
    logger.addHandler(handler)
    logger.warning(message, *args, **about)
    return stream.getvalue()


def test_a_line_tells_when_in_which_time_zone_how_grave_and_where():
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ WARNING test Disken är full\n",
        _written("Disken är full"),
    )


@every_row("end", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\u2029"])
def test_what_was_sent_begins_no_line_of_its_own(end):
    lines = _written("400: %s", f"/admin/{end}{FORGED}").splitlines()
    assert len(lines) == 1 or lines[1].startswith(f"    {FORGED[:4]}")
    assert FORGED not in lines


def test_a_request_that_is_refused_as_malformed_is_one_line_without_what_was_sent():
    try:
        raise SuspiciousOperation(FORGED)
    except SuspiciousOperation as error:
        written = _written(str(error), exc_info=sys.exc_info(), extra={"status_code": 400})
    assert re.fullmatch(r"\S+ WARNING test 400\n", written)


def test_what_a_fault_says_begins_no_line_of_its_own():
    try:
        raise ValueError(f"fel\n{FORGED}")
    except ValueError:
        lines = _written("Fel", exc_info=sys.exc_info()).splitlines()
    assert [line for line in lines if not line.startswith("    ")] == lines[:1]
    assert f"    {FORGED}" in lines


def test_signs_that_turn_hide_or_colour_text_are_spelled_out():
    assert _written("a\x1b[31mb\u202ec\u200bd\ud800").endswith(
        r" a\x1b[31mb\u202ec\u200bd\ud800" "\n"
    )


def test_every_log_goes_to_the_journal_and_nowhere_else():
    assert settings.LOGGING["handlers"] == {
        "stderr": {"()": "sapo_site.audit_log.journald.AuditHandler", "formatter": "line"}
    }
