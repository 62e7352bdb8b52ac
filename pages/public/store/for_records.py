"""Hands over to the records what a plain reader met: the page without query and cookie."""

import gzip
import logging
import math

from django.http import HttpResponse

from pages.records.handing import handing

from . import editions
from .answer import headers_of, tag_of
from .keeping import content_version_of, kept_until
from .question import Question

logger = logging.getLogger(__name__)

_STATUSES = frozenset({200, 301, 302, 303, 307, 308, 410})


def hand_over_to(question: Question, response: HttpResponse, version: str) -> None:
    """Hands over what was rendered for this question, if it is a plain reader's."""
    if question.query or question.notice_is_closed:
        return
    asked_at = (question.scheme, question.host)
    if editions.has_edition() and asked_at != editions.scheme_and_host():
        return
    try:
        address = question.path.encode("latin-1").decode("utf-8", "replace")
        hand_over_answer(address, response, version)
    except Exception:  # the reader is answered all the same
        logger.exception("What a reader met could not be handed over to the records")


def hand_over_answer(address: str, response: HttpResponse, version: str) -> None:
    """Hands over an answer, unless it may differ from reader to reader."""
    if response.status_code not in _STATUSES or response.cookies:
        return
    if "'nonce-" in response.headers.get("Content-Security-Policy", ""):
        return
    body = response.content
    if response.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    until = kept_until(response)
    met = {
        "address": address, "version": content_version_of(response, version),
        "status": response.status_code, "headers": headers_of(response),
        "until": None if until is None or math.isinf(until) else until,
    }  # fmt: skip
    handing.rendering(met, body, tag=tag_of(body))
