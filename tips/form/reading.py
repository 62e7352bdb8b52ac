"""Reads the body of a request part by part, within a time limit."""

import time
from collections.abc import Iterator
from io import RawIOBase
from typing import Any, TypeAlias

from django.http import HttpRequest
from django.http.multipartparser import RAW, ChunkIter, LazyStream, Parser

from . import limits

CHUNK = 64 * 1024
# Of a part: a header's value, and its parameters.
Headers: TypeAlias = dict[str, tuple[str, dict[str, Any]]]


class CutOff(Exception):
    """The browser stopped sending, or took too long."""


class Unreadable(Exception):
    """The body of the request cannot be split into parts."""


class Body(RawIOBase):
    """The body of the request, read within a time limit."""

    def __init__(self, request: HttpRequest, length: int, seconds: float) -> None:
        self._request = request
        self._left = length
        self._until = time.monotonic() + seconds

    def read(self, size: int | None = -1, /) -> bytes:
        """The next octets, none at the end. Raises CutOff when they do not come."""
        if not self._left:
            return b""
        wanted = CHUNK if size is None or size < 0 else size
        if time.monotonic() > self._until:
            raise CutOff
        try:
            octets = self._request.read(min(wanted, self._left))
        except OSError:
            raise CutOff from None
        if not octets:
            raise CutOff
        self._left -= len(octets)
        return octets

    def drain(self) -> None:
        while self.read():
            pass


FormPart: TypeAlias = tuple[str, Headers, LazyStream]


def multipart_of(stream: Any, boundary: Any) -> Iterator[FormPart]:
    """The parts, each read over when the next is asked for; what is none, without headers, as well.

    Unreadable unless the last one is followed by the end: Django's own parser skips what it cannot read.
    """
    parts = iter(Parser(LazyStream(ChunkIter(stream, CHUNK)), boundary))
    for number in range(limits.MAX_PARTS):
        kind, headers, content = _next(parts)
        if kind != RAW:
            yield kind, headers, content
        elif number:  # not what stands in front of the first part
            if content.read(2) == b"--":
                return
            yield kind, headers, content
        for _octets in content:
            pass
    raise Unreadable


def _next(parts: Iterator[FormPart]) -> FormPart:
    try:
        return next(parts)
    except CutOff:
        raise
    except Exception:
        # The end is missing; or what Django's and Python's parsers raise, of many kinds, for what is no header.
        raise Unreadable from None
