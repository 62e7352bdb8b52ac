"""What the development server shows of requests."""

import logging

import pytest

from sapo_site.running.request_log import NothingOfTheIntake
from tests.tables import every_row


def _is_shown(message: str, *args: object) -> bool:
    record = logging.LogRecord("django.server", logging.INFO, "", 0, message, args, None)
    return NothingOfTheIntake().filter(record)


def _request(line: str) -> bool:
    return _is_shown('"%s" %s %s', line, "200", "1234")


@every_row(
    "path", ["/", "/verksamheten/", "/tipsmottagning/", "/nyheter/tipsa/", "/tipsa-oss/", "/?q=1"]
)
def test_a_request_for_the_website_is_shown(path):
    assert _request(f"GET {path} HTTP/1.1")


@pytest.mark.parametrize(
    "path",
    [
        "/tipsa/", "/tipsa", "/tipsa?x=1", "/tipsa/formular/", "/en/tipsa/formular/?q=hemligt",
        "/%74ipsa/formular/", "/t%69psa/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_request_for_the_form_is_not_shown(method, path):
    assert not _request(f"{method} {path} HTTP/1.1")


def test_what_is_no_request_is_not_shown_since_it_may_be_a_part_of_a_tip():
    assert not _is_shown("code %d, message %s", 400, "Bad request syntax ('jag såg en man')")
    assert not _request("jag såg en man vid hamnen")
    assert not _is_shown("- Broken pipe from %s", ("127.0.0.1", 50000))
