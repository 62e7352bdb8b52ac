"""Reads the body of a request part by part, within a time limit."""

import time
from collections.abc import Iterator
from io import RawIOBase
from typing import Any, TypeAlias

from django.http import HttpRequest
from django.http.multipartparser import LazyStream

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


def next_part(parts: Iterator[tuple[str, Headers, LazyStream]]) -> tuple[str, Headers, LazyStream]:
    try:
        return next(parts)
    except CutOff:
        raise
    except StopIteration:
        raise Unreadable from None  # the end is missing
    except Exception:
        # Django's and Python's parsers raise errors of many kinds for what is no header.
        raise Unreadable from None


def pass_over(content: LazyStream) -> None:
    for _octets in content:
        pass
