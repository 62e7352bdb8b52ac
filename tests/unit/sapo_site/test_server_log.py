"""What gunicorn may write in its log (deploy/gunicorn.conf.py)."""

import logging
import runpy
import sys

import pytest
from django.conf import settings

from tests.tables import every_row


@pytest.fixture(scope="module")
def kept() -> logging.Filter:
    path = settings.PROJECT_DIR / "deploy" / "gunicorn.conf.py"
    return runpy.run_path(str(path))["NothingThatWasSent"]()


def _record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    trace = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("gunicorn.error", logging.ERROR, "", 0, message, args, trace)


def test_who_sent_what_cannot_be_read_is_not_written(kept):
    assert not kept.filter(_record("Invalid request from ip=192.0.2.7: Invalid HTTP 'hemligt'"))


@every_row(
    ("message", "args"),
    [
        ("Error handling request %s %s", ("POST", "/tipsa/formular/?hemligt")),
        ("Error handling request (no URI read)", ()),
        ("Socket error processing request.", ()),
    ],
)
def test_of_a_fault_only_the_kind_and_the_place_are_written(kept, message, args):
    try:
        raise ValueError("hemligt")
    except ValueError as error:
        record = _record(message, *args, error=error)
    assert kept.filter(record)
    line = logging.Formatter().format(record)
    assert line.startswith("ValueError in ")
    assert __file__ in line
    assert "hemligt" not in line
    assert "tipsa" not in line


def test_that_a_worker_does_not_start_is_written_as_it_is(kept):
    try:
        raise RuntimeError("SAPO_HOSTS")
    except RuntimeError:
        record = _record("Exception in worker process")
        record.exc_info = sys.exc_info()
    assert kept.filter(record)
    assert "SAPO_HOSTS" in logging.Formatter().format(record)
