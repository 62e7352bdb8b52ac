"""From one page to the next: how long the reader waits whose browser draws what is pointed at.

As in production, with TLS, over a slow line, in a browser whose processor is slowed.
"""

import base64
import hashlib
import math
import os
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate

from tests.chromium import Chromium, Tab, chromium
from tests.nginx import Nginx

from .installation import HOST, Installation
from .servers import ROOT, Server, free_port, program
from .slow_line import Line, slow_line
from .tables import Aim, Table, number

# Each kind of page, and one that links to it.
WAYS = {
    "start page": ("/verksamheten/kontraspionage/", "/"),
    "section": ("/", "/verksamheten/"),
    "article": ("/verksamheten/", "/verksamheten/kontraspionage/"),
    "partners": ("/om-sakerhetspolisen/", "/om-sakerhetspolisen/samarbete-med-andra/"),
    "threat level": ("/hoten-mot-sverige/", "/hoten-mot-sverige/terrorhotniva/"),
    "news": ("/", "/nyheter/"),
    "news item": ("/nyheter/", "/nyheter/2026-05-19-lockande-jobb-kan-vara-spioneri/"),
    "topic": ("/verksamheten/kontraspionage/", "/amnen/kontraspionage/"),
}
SLOWED = 4  # as Lighthouse slows a processor down for a phone
_POINTED_SECONDS = 0.5
_RULES = "*/vidare.json"
_QUIET_SECONDS, _SETTLED_SECONDS = 0.5, 1.0

# What Chromium tells of itself. A paint counts from the click where the page was drawn before it.
_WATCH = """
window.seen = {paint: null, slowest: 0, kept: null};
new PerformanceObserver((list) => { seen.paint = list.getEntries().at(-1).startTime; })
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver((list) => {
  const acts = list.getEntries().filter((entry) => entry.interactionId);
  seen.slowest = Math.max(seen.slowest, ...acts.map((entry) => entry.duration));
}).observe({type: "event", durationThreshold: 16, buffered: true});
addEventListener("pageshow", (event) => { seen.kept = event.persisted; });
"""
_SEEN = """(() => {
  const way = performance.getEntriesByType("navigation")[0];
  return {...seen, activated: way.activationStart, why: JSON.stringify(way.notRestoredReasons)};
})()"""


@dataclass(frozen=True)
class Step:
    """What came of one click, in milliseconds."""

    paint: float
    slowest: float
    ahead: bool
    kept: bool
    why_not: str


def tables(
    site: Installation, folder: Path, *, rounds: int, say: Callable[[str], None]
) -> tuple[list[Table], list[Aim]]:
    program_path = program("chromium", "chromium")
    found: dict[tuple[str, bool], list[Step]] = {}
    pointed: dict[str, int] = {}
    with _ahead_of_other_work(say), _deployed(site, folder) as nginx, slow_line(nginx.port) as line:
        options = (
            f"--host-resolver-rules=MAP {HOST} 127.0.0.1",
            f"--ignore-certificate-errors-spki-list={_key_of(nginx)}",
        )
        with chromium(program_path, *options) as browser:
            for name, with_rules in [*product(WAYS, (True, False))] * rounds:
                try:
                    step = _step(browser, line, *WAYS[name], with_rules=with_rules)
                    if name not in pointed:
                        pointed[name] = _pointed_at(browser, line, *WAYS[name])
                except (RuntimeError, TimeoutError, LookupError) as error:
                    say(f"{name}: {error}. Utelämnas.")
                    continue
                found.setdefault((name, with_rules), []).append(step)
    for (name, with_rules), steps in found.items():
        for why in {step.why_not for step in steps if with_rules and not step.kept}:
            say(f"{name}: sparades inte, {why}")
    return [_table(found, pointed, rounds)], list(_aims(found))


def _step(browser: Chromium, line: Line, first: str, second: str, *, with_rules: bool) -> Step:
    tab = Tab(browser, slowed=SLOWED, script=_WATCH, blocked=() if with_rules else (_RULES,))
    try:
        place = _before_pointing(tab, line, first, second)
        tab.point(place)
        tab.rest(_POINTED_SECONDS)
        tab.click(place)
        there = _address(line, second)
        tab.wait(lambda: bool(tab.tells(f"location.href === {there!r} && seen.paint")))
        _until_quiet(tab, line)
        tab.rest(_SETTLED_SECONDS)
        drawn = tab.tells(_SEEN)
        tab.click(tab.middle_of("h1"))
        tab.press("Tab")
        tab.rest(_SETTLED_SECONDS)
        slowest = tab.tells("seen.slowest")
        tab.go_back()
        tab.rest(_QUIET_SECONDS)
        back = tab.tells(_SEEN)
    finally:
        tab.close()
    return Step(
        paint=max(0, drawn["paint"] - drawn["activated"]),
        slowest=max(slowest, back["slowest"]),
        ahead=drawn["activated"] > 0,
        kept=back["kept"] is True,
        why_not=back["why"],
    )


def _pointed_at(browser: Chromium, line: Line, first: str, second: str) -> int:
    """The bytes that come over the line when a link is pointed at and not clicked."""
    tab = Tab(browser, slowed=SLOWED, script=_WATCH)
    try:
        place = _before_pointing(tab, line, first, second)
        before = line.down.bytes
        tab.point(place)
        tab.rest(_POINTED_SECONDS)
        _until_quiet(tab, line)
        return line.down.bytes - before
    finally:
        tab.close()


def _before_pointing(tab: Tab, line: Line, first: str, second: str) -> tuple[float, float]:
    """A reader who has come to the first page and has read as far as the link."""
    tab.open(_address(line, first))
    _until_quiet(tab, line)
    place = tab.find(_address(line, second))
    _until_quiet(tab, line)
    return place


def _until_quiet(tab: Tab, line: Line) -> None:
    before = -1
    while before != line.down.bytes:
        before = line.down.bytes
        tab.rest(_QUIET_SECONDS)


def _address(line: Line, path: str) -> str:
    return f"https://{HOST}:{line.port}{path}"


@contextmanager
def _deployed(site: Installation, folder: Path) -> Iterator[Nginx]:
    """nginx with all that is in deploy/, and the service behind it."""
    place = folder / "onward"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    nginx = Nginx(place, site.folder, free_port(), free_port())
    nginx.write()
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "deploy" / "gunicorn.conf.py"),
               "--bind", f"unix:{nginx.socket('public')}", "--bind", f"127.0.0.1:{port}",
               "sapo_site.wsgi"]  # fmt: skip
    log = folder / "log"
    service = Server("public", command, port, log=log / "onward", environment=site.environment())
    with service, Server("nginx", nginx.command(), nginx.port, log=log / "onward-nginx"):
        yield nginx


def _key_of(nginx: Nginx) -> str:
    """Its key, as Chromium wants to know it: what comes by a certificate with errors is not kept."""
    certificate = load_pem_x509_certificate((nginx.folder / "ssl" / "fullchain.pem").read_bytes())
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


@contextmanager
def _ahead_of_other_work(say: Callable[[str], None]) -> Iterator[None]:
    """Lets this process and what it starts run before all else, where that is allowed."""
    before = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        say("Utan rätt att gå före annat på maskinen: tiderna är också de andras.")
    try:
        yield
    finally:
        with suppress(PermissionError):
            os.sched_setscheduler(0, *before)


def _table(
    found: dict[tuple[str, bool], list[Step]], pointed: dict[str, int], rounds: int
) -> Table:
    table = Table(
        "From one page to the next",
        ("page", "with, ms", "p95", "without, ms", "p95", "INP, ms", "drawn ahead, %", "kept, %",
         "pointed at, KB"),
        notes=[
            f"Largest paint of the page after the click, median of {rounds}; the rules and without. "
            f"The link was pointed at for {_POINTED_SECONDS * 1000:.0f} ms. Line: 1.6 Mbit/s, "
            f"150 ms; processor {SLOWED} times slower. INP: the slowest of all clicks and keys, 0 "
            "where all took less than 16 ms. Pointed at: what one costs who does not click."
        ],
    )  # fmt: skip
    for name in WAYS:
        steps, plain = found.get((name, True), []), found.get((name, False), [])
        paints, plain_paints = ([step.paint for step in each] for each in (steps, plain))
        table.rows.append(
            (name, number(_median(paints)), number(slow(paints)), number(_median(plain_paints)),
             number(slow(plain_paints)), number(max((step.slowest for step in steps), default=None)),
             number(share([step.ahead for step in steps])),
             number(share([step.kept for step in steps])), number(pointed[name] / 1000 if name in pointed else None))
        )  # fmt: skip
    return table


def _aims(found: dict[tuple[str, bool], list[Step]]) -> Iterator[Aim]:
    kinds = {name: _median([step.paint for step in found.get((name, True), [])]) for name in WAYS}
    whole = [each for each in kinds.values() if each is not None]
    steps = [step for name in WAYS for step in found.get((name, True), [])]
    yield Aim("largest paint, median of all kinds of page, ms", _median(whole), 200)
    for name, paint in kinds.items():
        yield Aim(f"{name}: largest paint, ms", paint, 200)
    slowest = max((step.slowest for step in steps), default=None)
    yield Aim("INP, ms", slowest, 50)
    yield Aim("drawn before the click, %", share([step.ahead for step in steps]), 100, True)
    yield Aim("kept when going back, %", share([step.kept for step in steps]), 100, True)


def _median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None


def slow(values: Sequence[float]) -> float | None:
    """The 95th percentile: of a few, the slowest."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1] if values else None


def share(of: Sequence[bool]) -> float | None:
    return 100 * sum(of) / len(of) if of else None
