"""Asks the addresses of other websites whether they answer: `python -m pages.ground.asking < addresses`.

A program of its own, which knows neither Django nor a password: an editor chooses what it asks. So it
asks no machine of our own network. A name is looked up once, and the connection is made to the very
address that was looked at: neither a redirect nor a second answer of the name server leads inside.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

_AT_ONCE = 4
_BETWEEN = 1.0  # seconds between two questions to one website
_PATIENCE = 10.0  # for one sign of life
_LONGEST = 20.0  # for one answer
_MOST_TURNS = 5
_PORTS = {"http": 80, "https": 443}
# The website answers, though not to a program, or not just now.
_ANSWERS_OTHERS = frozenset({401, 402, 403, 405, 406, 407, 423, 425, 429, 451, 503, 999})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# All else of IPv6 leads to a machine or network of ours: by a translator, or by older names for it.
_GIVEN_OUT = ipaddress.ip_network("2000::/3")
_HEADERS = {"User-Agent": "SapoLinks/1.0", "Accept": "*/*", "Connection": "close"}
# Troubles with the network itself, by which nobody can tell a website from a cable.
OF_THE_NETWORK = frozenset({"name", "connection", "timeout"})


@dataclass(frozen=True)
class AskedLink:
    """What an address answered: a number of HTTP, or a `Trouble` of `pages.checks.models.link_state`."""

    address: str
    status: str
    is_failing: bool


class _NotAskedError(Exception):
    """The address is one that we do not ask."""


def ask_all(addresses: Iterable[str], *, may_be_private: bool = False) -> Iterator[AskedLink]:
    """Asks a few websites at a time, each one question after the other."""
    by_host: dict[str, list[str]] = defaultdict(list)
    for address in dict.fromkeys(addresses):
        by_host[_host_of(address)].append(address)
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        for answers in workers.map(
            lambda those: _ask_host(those, may_be_private), by_host.values()
        ):
            yield from answers


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _ask_host(addresses: list[str], may_be_private: bool) -> list[AskedLink]:
    answers = []
    for number, address in enumerate(addresses):
        if number:
            time.sleep(_BETWEEN)
        answers.append(ask(address, may_be_private=may_be_private))
    return answers


def ask(address: str, *, may_be_private: bool = False) -> AskedLink:
    """Asks one address: for its head, and if that is refused as a reader would."""
    try:
        status = _status_by_head(address, may_be_private)
        if status >= http.client.BAD_REQUEST:
            status = _status_of("GET", address, may_be_private)
    except _NotAskedError:
        return AskedLink(address, "refused", is_failing=False)
    except RecursionError:
        return AskedLink(address, "redirects", is_failing=True)
    except ssl.SSLCertVerificationError:
        return AskedLink(address, "certificate", is_failing=True)
    except socket.gaierror as error:
        is_known = error.errno in (socket.EAI_AGAIN, socket.EAI_FAIL)
        return AskedLink(address, "connection" if is_known else "name", is_failing=True)
    except TimeoutError:
        return AskedLink(address, "timeout", is_failing=True)
    except OSError:
        return AskedLink(address, "connection", is_failing=True)
    except (http.client.HTTPException, ValueError, UnicodeError):
        return AskedLink(address, "strange", is_failing=True)
    is_failing = status >= http.client.BAD_REQUEST and status not in _ANSWERS_OTHERS
    return AskedLink(address, str(status), is_failing)


def _status_by_head(address: str, may_be_private: bool) -> int:
    try:
        return _status_of("HEAD", address, may_be_private)
    except (ConnectionError, http.client.HTTPException):
        return http.client.METHOD_NOT_ALLOWED  # some hang up at what they do not know


def _status_of(method: str, address: str, may_be_private: bool) -> int:
    """The number of the answer at the end of all redirects."""
    for _turn in range(_MOST_TURNS + 1):
        status, location = _answer_of(method, address, may_be_private)
        if not location or not 300 <= status < 400:
            return status
        address = urljoin(address, location)
    raise RecursionError


def _answer_of(method: str, address: str, may_be_private: bool) -> tuple[int, str]:
    parts = urlsplit(address)
    if parts.scheme not in _PORTS or not parts.hostname or parts.username or parts.password:
        raise _NotAskedError
    port = parts.port or _PORTS[parts.scheme]
    if port not in _PORTS.values() and not may_be_private:
        raise _NotAskedError
    host = parts.hostname.encode("idna").decode() if ":" not in parts.hostname else parts.hostname
    context = ssl.create_default_context() if parts.scheme == "https" else None
    with closing(_connected(host, port, may_be_private)) as plain:
        wire: socket.socket = plain
        if context is not None:
            wire = context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
        with closing(wire):
            return _asked(method, parts, host, wire)


def _asked(method: str, parts: SplitResult, host: str, wire: socket.socket) -> tuple[int, str]:
    """Status and target; of the body nothing is read."""
    ended = threading.Event()

    def hang_up() -> None:
        ended.set()
        _shut(wire)

    # A website that sends a letter a second would never end.
    watch = threading.Timer(_LONGEST, hang_up)
    watch.daemon = True
    watch.start()
    connection = http.client.HTTPConnection(host, parts.port or _PORTS[parts.scheme])
    connection.default_port = _PORTS[parts.scheme]
    connection.sock = wire
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    try:
        if isinstance(wire, ssl.SSLSocket):
            wire.do_handshake()
        connection.request(method, f"{path}?{query}" if query else path, headers=_HEADERS)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or ""
    except (OSError, http.client.HTTPException) as error:
        if ended.is_set():
            raise TimeoutError from error
        raise
    finally:
        watch.cancel()


def _shut(wire: socket.socket) -> None:
    try:
        wire.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other end was faster


def _connected(host: str, port: int, may_be_private: bool) -> socket.socket:
    """A connection to the first address of the host that may be asked and answers."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    places = [
        (family, place) for family, _kind, _protocol, _name, place in found
        if may_be_private or is_of_the_internet(str(place[0]))
    ]  # fmt: skip
    if not places:
        raise _NotAskedError
    trouble: OSError = OSError("no address")
    for family, place in places:
        wire = socket.socket(family, socket.SOCK_STREAM)
        wire.settimeout(_PATIENCE)
        try:
            wire.connect(place)
        except OSError as error:
            wire.close()
            trouble = error
        else:
            return wire
    raise trouble


def is_of_the_internet(address: str) -> bool:
    """Whether it is the address of a machine that anybody may ask, in whatever spelling."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None and not is_of_the_internet(str(inner)):
            return False
        if inner is None and found not in _GIVEN_OUT:
            return False
    return found.is_global and not found.is_multicast


def answer_lines(arguments: list[str]) -> None:
    """Reads one address a line, and writes what each answered as one line of JSON."""
    addresses = [line.strip() for line in sys.stdin if line.strip()]
    for each in ask_all(addresses, may_be_private="--private" in arguments):
        said = {"address": each.address, "status": each.status, "is_failing": each.is_failing}
        sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    answer_lines(sys.argv[1:])
