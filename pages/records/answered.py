"""What a reader met, and what the job asks of the site that is served now."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import BinaryIO

from pages.ground.json_types import JsonObject

MILLION = 1_000_000
# These come and go without a content version of their own.
KINDS_OF_FILES = ("/media/", "/dokument/", "/static/")
LONGEST_ADDRESS = 512
_MOST_IN_HEADERS = 16 * 1024
_LATEST = 1 << 52  # the year 2112: what is later cannot be a moment of ours


@dataclass(frozen=True)
class Answered:
    """What a reader met: of the site itself, asked by the job, or out of the spool."""

    address: str
    version: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes | BinaryIO
    at: int  # microseconds since 1970
    until: int | None = None

    @classmethod
    def from_item(cls, item: JsonObject, body: bytes) -> "Answered | None":
        """None if no process of ours could have handed it over."""
        try:
            address, version, status = item["address"], item["version"], item["status"]
            headers = tuple((str(name), str(value)) for name, value in item["headers"])
            at, until = int(item["at"] * MILLION), item["until"]
            until = None if until is None else int(until * MILLION)
            met = cls(address, version, status, headers, body, at, until)
        except (KeyError, TypeError, ValueError, OverflowError):
            return None
        is_ours = (
            isinstance(address, str)
            and address.startswith("/")
            and address.isprintable()
            and not is_a_file(address)  # the job asks for those itself
            and len(address) <= LONGEST_ADDRESS
            and is_version(version)
            and type(status) is int
            and status in range(200, 600)
            and all(name.isprintable() and value.isprintable() for name, value in headers)
            and sum(len(name) + len(value) for name, value in headers) <= _MOST_IN_HEADERS
            and is_moment(met.at)
            and (met.until is None or is_moment(met.until))
        )
        return met if is_ours else None


def is_a_file(address: str) -> bool:
    return address.startswith(KINDS_OF_FILES)


def is_version(value: object) -> bool:
    """Whether it can be the name of a content version."""
    return isinstance(value, str) and 0 < len(value) <= 64 and value.isprintable()


def is_moment(value: object) -> bool:
    """Whether it can be a moment of ours, in microseconds since 1970."""
    return type(value) is int and value in range(_LATEST)


@dataclass
class Site:
    """What the job asks of the site that is served now."""

    version: Callable[[], str] = lambda: ""
    ask: Callable[[str], Answered | None] = lambda address: None
    addresses: Callable[[], Iterable[str]] = lambda: ()
    named: Callable[[Answered], Iterable[str]] = lambda met: ()
    has_edition: bool = False


def micro(seconds: object, now: int) -> int:
    """Microseconds since 1970, and never later than now."""
    if not isinstance(seconds, float | int) or isinstance(seconds, bool):
        return now
    try:
        return max(0, min(int(seconds * MILLION), now))
    except (OverflowError, ValueError):
        return now
