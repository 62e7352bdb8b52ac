"""Looks at the site from outside, as a visitor does, and compares it with the release that was signed.

    python3 watch_site.pyz https://www.example.se --root 1:HASH     # the pin is asked for the first time

`./sapo release` makes that one file of this module and two others: it needs Python 3.11 and openssl 3.5,
and is carried to a machine that has nothing to do with the site. It ends with 0 when all is as it was signed,
with 2 and a line for each difference, or with 3 when the site cannot be reached. What differs is an alarm
when it differs three times.
"""

import argparse
import base64
import json
import re
import secrets
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from .page_leads import leads_of
from .signed_release import (
    Alarm,
    Manifest,
    chain_from,
    digest,
    holds,
    signed_manifest,
    spelled,
    who_signed,
)

WELL_KNOWN = "/.well-known/sapo/"
KEYRING = "/tipsa/nycklar/keyring"
DESK = "/tipsmottagning/"
SHEETS = "/kontrollera/"
SHEETS_BACK = 5_000  # five weeks, as close as they come
SHEET_PAUSE = 0.2  # nginx lets one ask for so many
PAUSES = (20, 60)  # seconds before what differed is looked at again
AFTER_A_RELEASE = 60
FOLLOWED = 200
_KEPT = 2**20  # octets of what differed
_TRIED = 20  # times without an answer, before the rest is left
_LARGEST = 64 * 1024 * 1024
# What a server says of any answer, and what none may say.
_PLAIN = re.compile(
    "accept-ranges|age|connection|content-(encoding|length|type)|date|etag|expires"
    "|keep-alive|last-modified|server|transfer-encoding|vary"
)
_NEVER = {"link", "refresh", "set-cookie", "service-worker-allowed", "sourcemap"}
_ASKED_AS = {
    "User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "sv-SE,sv;q=0.8,en-US;q=0.5,en;q=0.3",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "none",
}
# As a page asks for its script.
_ASKED_BY_A_PAGE = {"Accept": "*/*", "Sec-Fetch-Dest": "script", "Sec-Fetch-Mode": "no-cors"}
_ASKED_BY_A_PAGE["Sec-Fetch-Site"] = "same-origin"
# As a page of ours leads to the form without script (deploy/nginx-tip-form.conf).
_LED_BY_A_PAGE = {"Sec-Fetch-Site": "same-origin"}
_PAGES = ("text/html", "application/xhtml+xml", "image/svg+xml")  # what may hold a script
# Its name, and the name and SHA-256 of the one before.
_SHEET = re.compile(r"^sapo-sheet/1\nmade (\d{8}T\d{6}Z)\nbefore (\d{8}T\d{6}Z|-) ?(\S*)\n")
_SCRIPT = re.compile(r"(java|ecma|j|live)script|wasm|xslt", re.IGNORECASE)


class Unreachable(Exception):
    """Nothing can be said of the site."""


class Differing(NamedTuple):
    address: str
    text: str
    wanted: str = ""
    octets: bytes = b""


class Reply(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    octets: bytes
    type: str


class WatchedSite:
    """The site as it is, and what has been seen of it before."""

    def __init__(self, given: argparse.Namespace, state: dict[str, Any]) -> None:
        self.origin, self.only, self.state = given.url.rstrip("/"), given.only, state
        context = ssl.create_default_context(cafile=given.ca)
        self.lines: dict[str, HTTPConnection] = {}
        for place, url in (("", given.url), (DESK, given.desk)):
            if url:
                host, proxy = urlsplit(url).netloc, urlsplit(given.proxy or "").netloc
                line = HTTPSConnection(proxy or host, timeout=30, context=context)
                if proxy:
                    line.set_tunnel(host)
                self.lines[place] = line

    def ask(self, address: str, encoding: str = "gzip", **other: str) -> Reply:
        """What a browser would be answered."""
        asked = {**_ASKED_AS, **other, "Accept-Encoding": encoding}
        line = self.lines[DESK if address.startswith(DESK) else ""]
        for last in (False, True):  # a server may close at any time what it has kept open
            try:
                line.request("GET", address, headers=asked)
                response = line.getresponse()
                octets = response.read(_LARGEST)
                if response.length:  # cut off, or larger than anything of ours
                    raise HTTPException("svaret är inte helt")
                break
            except (OSError, HTTPException) as error:
                line.close()
                if last:
                    raise Unreachable(f"{address}: {error}") from error
        headers = [(name.lower(), value) for name, value in response.getheaders()]
        if ("content-encoding", "gzip") in headers:
            with suppress(zlib.error):
                octets = zlib.decompressobj(31).decompress(octets, _LARGEST)
        kinds = ", ".join(value for name, value in headers if name == "content-type")
        return Reply(response.status, headers, octets, kinds.replace(" ", ""))

    def fetch(self, address: str) -> bytes | None:
        answer = self.ask(address)
        if answer.status not in (200, 404):
            raise Unreachable(f"{address}: svar {answer.status}")
        return answer.octets if answer.status == 200 else None

    def fetch_signed(self, address: str) -> tuple[bytes, bytes] | None:
        """A file and its signatures, of the same moment."""
        for _ in range(3):
            file, octets = self.fetch(f"{address}.sig"), self.fetch(address)
            if file == self.fetch(f"{address}.sig"):
                return None if octets is None else (octets, file or b"")
        raise Alarm(f"{address} byter hela tiden.")

    def manifest(self) -> Manifest:
        """The release that is served now: signed, and no older than one that has been seen."""
        self.chain = chain_from(self.state["root"], lambda name: self.fetch(WELL_KNOWN + name))
        if (found := self.fetch_signed(f"{WELL_KNOWN}release.txt")) is None:
            raise Alarm("Ingen signerad release är utlagd.")
        manifest = signed_manifest(*found, self.chain)
        self.file = found[1]
        if self.only not in (None, manifest.number):
            raise Alarm(f"Release {manifest.number} är utlagd; bara {self.only} väntas.")
        seen = self.state.get("release", [0, ""])  # between two rounds there may have been more
        before = seen[1] if manifest.number > seen[0] + 1 else manifest.previous
        self._see("release", manifest.number, manifest.hash, manifest.signers, before)
        return manifest

    def check_keyring(self) -> list[Differing]:
        """Alarm unless the keyring, where one is served, is signed and follows on the one seen.

        That its last day has gone is told beside whatever else differs: the form goes on for a fortnight.
        """
        if (found := self.fetch_signed(f"{KEYRING}.json")) is None:
            if "keyring" in self.state:
                raise Alarm("Nyckelringen är borta.")
            return []
        ring = spelled(found[0])
        serial, signers, before = (ring.get(name) for name in ("serial", "signers", "previous"))
        known = ring.get("format") == "sapo-keyring/3" and type(serial) is int
        if not known or str(signers) not in self.chain:
            raise Alarm(
                "Nyckelringen är av ett slag, eller av undertecknare, som inte är kända här."
            )
        if len(who_signed(found[1], "keyring", found[0], self.chain[str(signers)][1])) < 2:
            raise Alarm("För få har signerat nyckelringen.")
        for number in range(int(str(serial)) - 1, self.state.get("keyring", [serial])[0], -1):
            between = self.fetch(f"{KEYRING}-{number}.json") or b""
            before = spelled(between).get("previous") if digest(between) == before else ""
        self._see("keyring", int(str(serial)), digest(found[0]), str(signers), before)
        if str(ring.get("not_after")) >= datetime.now(UTC).date().isoformat():
            return []
        return [
            Differing(f"{KEYRING}.json", f"Nyckelring {serial} gick ut {ring.get('not_after')}.")
        ]

    def check_sheets(self, manifest: Manifest, wait: Callable[[float], None]) -> None:
        """Notes the newest sheet of what was said; Alarm unless it leads back, by one key, to the one seen.

        And unless the one that was signed with the release stands there.
        """
        if (newest := self.fetch(f"{SHEETS}senaste.txt")) is None:
            if "sheet" in self.state or "sheet" in manifest.said:
                raise Alarm("Bladen över vad webbplatsen har sagt är borta.")
            return
        [(name, *_before)] = _SHEET.findall(newest.decode())
        pem, signature = self.fetch(f"{SHEETS}nyckel.pem"), self.fetch(f"{SHEETS}{name}.sig")
        key = base64.b64decode(b"".join((pem or b"").split(b"\n")[1:-2]))
        seen = self.state.get("sheet") or [name, digest(newest), digest(key)]
        if digest(key) != seen[2] or not holds(key, signature or b"", newest):
            raise Alarm(f"Bladet {name} är inte signerat med nyckeln som har synts förut.")
        at, octets, left = name, newest, SHEETS_BACK
        while at > seen[0] and octets and left:
            left -= 1
            wait(SHEET_PAUSE)
            [(_name, at, link)] = _SHEET.findall(octets.decode())
            before = self.fetch(f"{SHEETS}{at}.txt") or b""
            octets = before if link == digest(before) else b""
        if [at, digest(octets)] != seen[:2]:
            raise Alarm(f"Bladet {name} följer inte på {seen[0]}, som har synts förut.")
        signed, _, total = manifest.said.get("sheet", "").partition(" ")
        if signed and digest(self.fetch(f"{SHEETS}{signed}.txt") or b"") != total:
            raise Alarm(f"Bladet {signed} är inte det som är signerat med releasen.")
        self.state["sheet"] = [name, digest(newest), digest(key)]

    def _see(self, what: str, number: int, total: str, signers: str, before: object) -> None:
        """Notes the highest number; Alarm if it has been overtaken, or is not what it was."""
        seen, by = self.state.get(what, [0, "", 0]), self.chain[signers][0]
        follows = total == seen[1] if number == seen[0] else number > seen[0] and before == seen[1]
        if by < seen[2] or (seen[1] and not follows):
            raise Alarm(f"{what} {number} följer inte på {seen[0]}, som har synts förut.")
        self.state[what] = [number, total, by]

    def faults(self, manifest: Manifest, addresses: Iterable[str]) -> Iterator[Differing]:
        """What differs at these addresses, asked for in an order that nobody can foresee."""
        shuffled = [each for each in addresses if DESK in self.lines or not each.startswith(DESK)]
        secrets.SystemRandom().shuffle(shuffled)
        # What services write comes last: once it is known where signed pages lead.
        shuffled.sort(key=lambda each: each in manifest.accepted)
        silent_before = len(self.silent)
        for address in shuffled:
            total, _size, kind = manifest.served.get(address, ("", 0, "text/html"))
            led = _LED_BY_A_PAGE if _is_below_signed(manifest, address) else {}
            asked_as = _ASKED_BY_A_PAGE if _SCRIPT.search(kind) else led
            # A page or script may be another to who takes nothing compressed.
            is_program = kind.startswith("text/html") or _SCRIPT.search(kind)
            for encoding in ("gzip", "identity") if is_program else ("gzip",):
                try:
                    answer = self.ask(address, encoding, **asked_as)
                    if answer.status >= 500 or answer.status == 429:
                        raise Unreachable(f"{address}: svar {answer.status}")
                except Unreachable as error:
                    self.silent[address] = str(error)
                    continue
                for text in self._differences(manifest, address, answer):
                    yield Differing(address, text, total, answer.octets[:_KEPT])
            if len(self.silent) - silent_before >= _TRIED:
                return

    def _differences(self, manifest: Manifest, address: str, answer: Reply) -> Iterator[str]:
        varies = ("", 0, manifest.accepted.get(address, ""))
        total, _size, kind = manifest.served.get(address, varies)
        if kind and answer.status not in (200, 203):
            yield f"svar {answer.status}"
        if total and digest(answer.octets) != total:
            yield f"andra oktetter: {digest(answer.octets)} i stället för {total}"
        if kind and answer.type != kind:
            yield f"typen {answer.type} i stället för {kind}"
        if not total and _SCRIPT.search(answer.type):
            yield "ett skript som inte är signerat"
        has = [each for each in answer.headers if not _PLAIN.fullmatch(each[0])]
        wanted = manifest.headers_for(address, self.origin)
        for name, value in has:
            if name in _NEVER or (total and not {(name, value), (name, "*")} & set(wanted)):
                yield f"huvudet {name}: {value} väntades inte"
        page = answer.type.lower().startswith(_PAGES)
        if page and total == digest(answer.octets):
            self.led_to |= {place for _what, place in self._leads_of(address, answer)}
        if kind or page:
            yield from _missing(wanted, has)
        if page and not total:
            yield from self._differences_in(manifest, address, answer)

    def _differences_in(self, manifest: Manifest, address: str, answer: Reply) -> Iterator[str]:
        is_below = _is_below_signed(manifest, address)
        also = {*manifest.accepted, *self.led_to} if is_below else set()
        known = {*manifest.served, *also}
        for what, place in self._leads_of(address, answer):
            path = place.partition("?")[0]
            if what == "links" and place.startswith("/"):
                self.links.add(place)
            if what == "loads" and place not in manifest.served:
                yield f"hämtar {place}, som inte är signerat"
            elif what == "sends" and not place.startswith("/"):
                yield f"skickar till {place}"
            elif path not in known and (is_below or _is_below_signed(manifest, path)):
                yield f"leder till {place}, dit ingen signerad sida leder"

    def _leads_of(self, address: str, answer: Reply) -> Iterator[tuple[str, str]]:
        text = answer.octets.decode(errors="replace")
        for what, where in leads_of(self.origin + address, text):
            yield what, where.removeprefix(self.origin).partition("#")[0]

    def look(self, wait: Callable[[float], None] = time.sleep) -> list[Differing]:
        """The differences that are there each time, also when a release has come meanwhile."""
        self.links: set[str] = set()
        for _ in range(3):
            self.silent: dict[str, str] = {}
            self.led_to: set[str] = set()  # by signed pages
            manifest = self.manifest()
            known = {*manifest.served, *manifest.accepted}
            found = list(self.faults(manifest, known))
            others = sorted(self.links - known)
            few = secrets.SystemRandom().sample(others, min(FOLLOWED, len(others)))
            found += self.faults(manifest, few)
            over = self.check_keyring()
            self.check_sheets(manifest, wait)
            if self.fetch(f"{WELL_KNOWN}release.txt.sig") == self.file:
                break
            wait(AFTER_A_RELEASE)
        else:
            raise Alarm("Releasen byter hela tiden.")
        for pause in PAUSES:
            if not found:
                break
            wait(pause)
            manifest = self.manifest()
            still = {each.address for each in found}
            still &= {*manifest.served, *manifest.accepted, *few}
            was_silent, self.silent = self.silent, {}
            now = list(self.faults(manifest, still))
            # Who has nothing more to say of what differed has not put it right.
            found = now + [each for each in found if each.address in still & self.silent.keys()]
            self.silent = {**was_silent, **self.silent}
        if self.silent and not found:
            raise Unreachable("; ".join(self.silent.values()))
        return [*found, *over]


def _is_below_signed(manifest: Manifest, address: str) -> bool:
    """Whether signed pages stand above the address, as those before a tip do: it belongs with them."""
    return any(
        address.startswith(each) and address != each and kind.startswith("text/html")
        for each, (_total, _size, kind) in manifest.served.items()
    )


def _missing(wanted: Iterable[tuple[str, str]], has: list[tuple[str, str]]) -> Iterator[str]:
    for name, value in wanted:
        if not any(each == name and value in ("*", text) for each, text in has):
            yield f"huvudet {name}: {value} saknas"


def keep_state(path: Path, state: dict[str, object]) -> None:
    """Keeps the newest that has been seen, whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(state))
    part.replace(path)


def watch_once(words: list[str]) -> int:
    """Looks once, says what it found, and remembers the newest that it has seen."""
    parser = argparse.ArgumentParser(description="Jämför webbplatsen med den signerade releasen.")
    parser.add_argument("url", help="till exempel https://www.example.se")
    parser.add_argument("--root", help="undertecknarnas rot, nummer:hash; första gången")
    parser.add_argument("--state", type=Path, default="watch_site.json", help="vad som har synts")
    parser.add_argument("--only", type=int, metavar="N", help="larma för andra releaser än N")
    parser.add_argument("--desk", metavar="URL", help="tipsmottagningens adress, där den nås")
    parser.add_argument("--proxy", metavar="URL", help="http-proxy, som Tors HTTPTunnelPort")
    parser.add_argument("--ca", metavar="FIL", help="egen utfärdare av certifikat")
    given = parser.parse_args(words)
    state = json.loads(given.state.read_text()) if given.state.exists() else {"root": given.root}
    is_root = re.fullmatch(r"[1-9]\d{0,8}:[0-9a-f]{64}", str(state["root"]))
    if not is_root or given.root not in (None, state["root"]):
        parser.error("--root behövs första gången, och är sedan densamma: nummer:hash")
    found = []
    try:
        found = WatchedSite(given, state).look()
    except Unreachable as error:
        keep_state(given.state, state)
        print(f"Går inte att nå: {error}")
        return 3
    except (Alarm, AttributeError, KeyError, TypeError, ValueError) as error:  # also no such file
        found = [Differing(given.url, str(error))]
    keep_state(given.state, state)  # what is newest was signed, whatever else is wrong
    for address, text in dict.fromkeys((each.address, each.text) for each in found):
        print(f"LARM {address} {text}")
    if found:
        kept = [{**each._asdict(), "octets": each.octets.hex()} for each in found]
        given.state.with_suffix(".alarm.json").write_text(json.dumps(kept, indent=1))
        return 2
    print(f"Release {state['release'][0]} är den som visas.")
    return 0
