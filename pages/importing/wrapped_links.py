"""Addresses that a program has wrapped in its own, with what it knows of its user."""

import re
from urllib.parse import parse_qs, urlsplit

_SAFELINKS = r"[a-z0-9.-]{1,100}\.safelinks\.protection\.(?:outlook\.com|office365\.us)"
_GOOGLE = r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}/url\b"
_WRAPPED = re.compile(rf"https?://(?:{_SAFELINKS}|{_GOOGLE})", re.I)
_WRAPPED_IN_TEXT = re.compile(rf"{_WRAPPED.pattern}\S*[^\s.,;:!?)\]>”\"']", re.I)
# Somebody may have sent on what was wrapped when it came.
_MOST_WRAPPINGS = 5


def unwrapped(address: str) -> str:
    """The address that was wrapped; nothing when it cannot be told."""
    for _time in range(_MOST_WRAPPINGS):
        if not _WRAPPED.match(address):
            return address
        try:
            told = parse_qs(urlsplit(address).query, max_num_fields=50)
        except ValueError:
            return ""
        address = next((told[name][0].strip() for name in ("url", "q") if name in told), "")
    return ""


def with_plain_addresses(text: str) -> str:
    """The text with the addresses that it spells out unwrapped."""
    return _WRAPPED_IN_TEXT.sub(lambda found: unwrapped(found[0]), text)
