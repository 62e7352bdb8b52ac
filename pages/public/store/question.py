"""What a kept answer may depend on."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl
from wsgiref.types import WSGIEnvironment

from django.conf import settings

COOKIE_NOTICE_CLOSED = "stangt"

_LONGEST_ADDRESS = 512
# The page of a list, the entry that it continues from, the topic, the kind, the words to search for, and
# of which page and day it is checked what stood there.
_KNOWN = frozenset({"sida", "efter", "fore", "amne", "typ", "q", "adress", "dag"})
_MOST_OF_A_VALUE = 100
_COOKIE = re.compile(r"(?:^|;)\s*([^=;\s]+)\s*=\s*\"?([^;\"]*)")


class Question(NamedTuple):
    """All that a kept answer depends on. The language is part of the address.

    Of all cookies only one thing is known: whether the reader has closed the cookie notice.
    """

    scheme: str
    host: str
    path: str
    query: str
    notice_is_closed: bool


def question_in(environ: WSGIEnvironment) -> Question | None:
    """The question in a request; None if its answer may neither be kept nor be a kept one.

    Only plain, anonymous reading has one: GET and HEAD, no body, no session, no preview, no
    range, and no query but the known ones.
    """
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ.get("SCRIPT_NAME"):
        return None
    path = environ.get("PATH_INFO", "")
    if len(path) > _LONGEST_ADDRESS or path.startswith(settings.PAGE_STORE_NEVER):
        return None
    if environ.get("CONTENT_LENGTH") not in (None, "", "0") or "HTTP_AUTHORIZATION" in environ:
        return None
    if "HTTP_TRANSFER_ENCODING" in environ or "HTTP_RANGE" in environ:
        return None
    query = environ.get("QUERY_STRING", "")
    if query and not _is_known(query):
        return None
    notice_is_closed = _notice_is_closed(environ.get("HTTP_COOKIE", ""))
    if notice_is_closed is None:
        return None
    return Question(_scheme(environ), environ.get("HTTP_HOST", ""), path, query, notice_is_closed)


@lru_cache(maxsize=256)
def _is_known(query: str) -> bool:
    if len(query) > _LONGEST_ADDRESS:
        return False
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=len(_KNOWN))
    except ValueError:
        return False
    names = [name for name, _value in pairs]
    return (
        bool(names)
        and len(names) == len(set(names))
        and _KNOWN.issuperset(names)
        and all(len(value) <= _MOST_OF_A_VALUE for _name, value in pairs)
    )


@lru_cache(maxsize=256)
def _notice_is_closed(header: str) -> bool | None:
    """None if somebody is logged in, since their pages are for them alone."""
    if not header:
        return False
    cookies = dict(_COOKIE.findall(header))
    if settings.SESSION_COOKIE_NAME in cookies:
        return None
    return has_closed_notice(cookies)


def has_closed_notice(cookies: Mapping[str, str]) -> bool:
    """Whether the reader has closed the notice on cookies."""
    return cookies.get(settings.COOKIE_NOTICE_COOKIE) == COOKIE_NOTICE_CLOSED


def _scheme(environ: WSGIEnvironment) -> str:
    """As in Django: behind nginx, and only there, the header that nginx writes decides."""
    if header := settings.SECURE_PROXY_SSL_HEADER:
        name, value = header
        if said := environ.get(name):
            return "https" if said == value or said.partition(",")[0].strip() == value else "http"
    scheme: str = environ.get("wsgi.url_scheme", "http")
    return scheme
