"""Addresses that a program has wrapped in its own, or marked, with what it knows of its user."""

import re
from urllib.parse import parse_qs, unquote_plus, urlsplit

_SAFELINKS = r"[a-z0-9.-]{1,100}\.safelinks\.protection\.(?:outlook\.com|office365\.us)"
_GOOGLE = r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}/url\b"
_WRAPPED = re.compile(rf"https?://(?:{_SAFELINKS}|{_GOOGLE})", re.I)
_IN_TEXT = re.compile(r"https?://\S*[^\s.,;:!?)\]>”\"']", re.I)
_TRACKING = re.compile(r"utm_\w+|(?:fb|g|dc|y|ms)clk?id|igshid|mc_[ce]id|_hs(?:enc|mi)", re.I)
# Somebody may have sent on what was wrapped when it came.
_MOST_WRAPPINGS = 5


def unwrapped(address: str) -> str:
    """The address that was wrapped, without what tracks its readers; nothing when it cannot be told."""
    for _time in range(_MOST_WRAPPINGS):
        if not _WRAPPED.match(address):
            return _untracked(address)
        try:
            told = parse_qs(urlsplit(address).query, max_num_fields=50)
        except ValueError:
            return ""
        address = next((told[name][0].strip() for name in ("url", "q") if name in told), "")
    return ""


def _untracked(address: str) -> str:
    head, mark, rest = address.partition("?")
    query, hash_mark, place = rest.partition("#")
    told = query.split("&")
    kept = [each for each in told if not _TRACKING.fullmatch(unquote_plus(each.partition("=")[0]))]
    if len(kept) == len(told):
        return address
    return head + mark * bool(kept) + "&".join(kept) + hash_mark + place


def with_plain_addresses(text: str) -> str:
    """The text with the addresses that it spells out unwrapped."""
    return _IN_TEXT.sub(lambda found: unwrapped(found[0]), text)
