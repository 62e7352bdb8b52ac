"""A whole answer, ready to send."""

import gzip
import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import brotli
from django.http import HttpResponse
from django.utils.http import http_date, parse_http_date_safe

StartResponse = Callable[..., Any]

# The headers that RFC 9110 15.4.5 asks for in a 304.
_IN_A_304 = frozenset(
    {"cache-control", "content-location", "date", "etag", "expires", "last-modified", "vary"}
)
# The answer writes these itself, for each encoding.
_OWN = frozenset({"content-encoding", "content-length", "etag", "last-modified", "vary"})
_COMPRESSED = ("application/atom+xml", "application/feed+json", "application/json",
               "application/rss+xml", "application/schema+json", "application/xml", "text/")  # fmt: skip
_SMALLEST_TO_COMPRESS = 200
# Dates in headers have whole seconds, and processes learn of a change within one. So a date is sent
# only when no other answer can have been made in the same second.
_SETTLED_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body of an answer that is the same for all readers."""

    status: str
    headers: tuple[tuple[str, str], ...]
    bodies: dict[str, bytes]  # by encoding: "", "gzip", "br"
    tag: str
    made_at: float
    # Without a version it may be sent once, but not kept.
    version: str = ""
    until: float = 0
    # The headers of each way to send it, once they no longer change.
    _settled: dict[tuple[str, bool], list[tuple[str, str]]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(
        cls, response: HttpResponse, *, version: str, until: float, quality: int = 5
    ) -> "Answer":
        """Django's response, compressed once for all readers. `quality` is brotli's, 0 to 11."""
        body = response.content
        return cls(
            status=f"{response.status_code} {response.reason_phrase}",
            headers=headers_of(response),
            bodies=_encoded(body, response.headers.get("Content-Type", ""), quality),
            tag=tag_of(body),
            version=version,
            made_at=time.time(),
            until=until,
        )

    @property
    def size(self) -> int:
        return sum(map(len, self.bodies.values())) + 1000

    def send(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answers a GET or HEAD, with 304 if the reader has the same content already."""
        encoding = best_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if encoding not in self.bodies:
            encoding = ""
        body = self.bodies[encoding]
        is_settled = time.time() - self.made_at >= _SETTLED_SECONDS
        if self.status.startswith("200") and self._is_known(environ, is_settled):
            start_response("304 Not Modified", self._headers(encoding, is_settled, in_304=True))
            return []
        start_response(self.status, self._headers(encoding, is_settled, in_304=False))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _headers(self, encoding: str, is_settled: bool, *, in_304: bool) -> list[tuple[str, str]]:
        if made := self._settled.get((encoding, in_304)):
            return made.copy()  # a server may add its own
        headers = [*self.headers, ("ETag", self._etag(encoding))]
        if is_settled:
            headers.append(("Last-Modified", http_date(int(self.made_at))))
        if len(self.bodies) > 1:
            headers.append(("Vary", "Accept-Encoding"))
        if in_304:
            headers = [each for each in headers if each[0].lower() in _IN_A_304]
        else:
            if encoding:
                headers.append(("Content-Encoding", encoding))
            headers.append(("Content-Length", str(len(self.bodies[encoding]))))
        if is_settled:
            self._settled[encoding, in_304] = headers.copy()
        return headers

    def _etag(self, encoding: str) -> str:
        return f'"{self.tag}-{encoding}"' if encoding else f'"{self.tag}"'

    def _is_known(self, environ: dict[str, Any], is_settled: bool) -> bool:
        """RFC 9110 13.2.2: the tags decide, and the date only if there are none."""
        if tags := environ.get("HTTP_IF_NONE_MATCH"):
            # The same content in another encoding will do: the reader has it already.
            return tags.strip() == "*" or self.tag in _tags_in(tags)
        if since := environ.get("HTTP_IF_MODIFIED_SINCE"):
            return is_settled and (parse_http_date_safe(since) or 0) >= int(self.made_at)
        return False


@lru_cache(maxsize=512)
def _tags_in(header: str) -> frozenset[str]:
    tags = (tag.strip().removeprefix("W/").strip('"') for tag in header.split(","))
    return frozenset(tag.removesuffix("-gzip").removesuffix("-br") for tag in tags)


@lru_cache(maxsize=256)
def best_encoding(header: str) -> str:
    """The best of our encodings that the reader accepts: brotli, gzip or none."""
    takes: dict[str, float] = {}
    for item in header.lower().split(","):
        name, _, parameters = item.partition(";")
        _q, _, quality = parameters.partition("=")
        try:
            takes[name.strip()] = float(quality) if quality else 1.0
        except ValueError:
            takes[name.strip()] = 0.0
    for encoding in ("br", "gzip"):
        if takes.get(encoding, takes.get("*", 0.0)) > 0:
            return encoding
    return ""


def headers_of(response: HttpResponse) -> tuple[tuple[str, str], ...]:
    """The headers that do not depend on how the answer is encoded."""
    return tuple((name, value) for name, value in response.items() if name.lower() not in _OWN)


def tag_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:20]


def _encoded(body: bytes, content_type: str, quality: int) -> dict[str, bytes]:
    bodies = {"": body}
    if len(body) >= _SMALLEST_TO_COMPRESS and content_type.startswith(_COMPRESSED):
        # Nothing in a kept answer is secret, so its length may be known (BREACH): no padding.
        bodies["gzip"] = gzip.compress(body, 9 if quality > 5 else 6, mtime=0)
        bodies["br"] = brotli.compress(body, mode=brotli.MODE_TEXT, quality=quality)
    return bodies
