"""Our article as visitors are served it, beside the least that the same machine can answer."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from .front import STATIC_HOST, Front
from .installation import ARTICLE, HEADERS, SENTENCE, Installation
from .load import Target
from .rounds import Results, measure
from .servers import Failed, gunicorn, program
from .tables import Aim, Table, number

EMPTY = "empty Django view"
STORED, UNCHANGED, COLD = "our article, stored", "our article, 304", "our article, cold"
STOCK = "our article, the stock Wagtail way"
EDITION, STATIC = "our article, through nginx", "nginx, the same file"
_MEMORY_REQUESTS = 24


@dataclass(frozen=True)
class Pace:
    """How long to measure."""

    rounds: int
    seconds: int


def tables(
    folder: Path, site: Installation, pace: Pace, say: Callable[[str], None]
) -> tuple[list[Table], list[Aim]]:
    """Measures everything in one run; the table of it, and the aims that hang on it."""
    program("wrk", "wrk")
    memory = _memory(folder / "log" / "memory", site)
    with ExitStack() as running:
        targets = list(_targets(running, folder, site, say))
        results = measure(targets, rounds=pace.rounds, seconds=pace.seconds, say=say)
    return [_table(results, targets, memory, pace)], list(_aims(results, memory))


def _memory(log: Path, site: Installation) -> float:
    """Two workers, alone, after some requests: what servers share would else be halved."""
    with gunicorn("memory", "sapo_site.wsgi", log=log, environment=site.environment()) as server:
        target = Target(STORED, server, ARTICLE, SENTENCE, HEADERS)
        for _ in range(_MEMORY_REQUESTS):
            target.length()
        return server.pss_megabytes()


def _targets(
    running: ExitStack, folder: Path, site: Installation, say: Callable[[str], None]
) -> Iterator[Target]:
    log = folder / "log"
    public, storeless = site.environment(), site.environment(SAPO_PAGE_STORE="0")

    def empty() -> Iterator[Target]:
        server = running.enter_context(gunicorn(EMPTY, "tools.bench.empty", log=log / EMPTY))
        yield Target(EMPTY, server, "/", "ok", HEADERS)

    def article(name: str, application: str, environment: dict[str, str]) -> Target:
        server = gunicorn(name, application, log=log / name, environment=environment)
        return Target(name, running.enter_context(server), ARTICLE, SENTENCE, HEADERS)

    def stored() -> Iterator[Target]:
        page = article(STORED, "sapo_site.wsgi", public)
        yield page
        headers = {**HEADERS, "If-None-Match": page.ask().headers["etag"]}
        yield Target(UNCHANGED, page.server, ARTICLE, "", headers, status=304)

    def rendered() -> Iterator[Target]:
        cold = article(COLD, "sapo_site.wsgi", storeless)
        yield cold
        stock = article(STOCK, "tools.bench.stock", storeless)
        if stock.ask().body != cold.ask().body:
            raise Failed(f"{STOCK} svarar med en annan sida än {COLD}")
        yield stock

    def front() -> Iterator[Target]:
        page = site.folder / "edition" / "current" / ARTICLE.strip("/") / "index.html"
        nginx = running.enter_context(Front(folder / "nginx", site.folder).server(page))
        yield Target(STATIC, nginx, f"/{page.name}", SENTENCE, {"Host": STATIC_HOST})
        yield Target(EDITION, nginx, ARTICLE, SENTENCE, HEADERS)

    for targets in (empty(), stored(), rendered(), front()):
        try:
            yield from targets
        except Failed as error:
            say(f"{error}. Utelämnas.")


def _table(results: Results, targets: list[Target], memory: float, pace: Pace) -> Table:
    speed = "CPU µs/request", "CPU, empty view = 1", "requests/s", "requests/s, empty view = 1"
    note = (
        f"Medians of {pace.rounds} rounds of {pace.seconds} s, 16 connections. "
        "A ratio is the median of the rounds' own ratios."
    )
    table = Table(
        "One article, and what it is compared with",
        ("target", *speed, "p50 ms", "p99 ms", "bytes", "PSS MB, alone"),
        notes=[note],
    )
    for target in targets:
        if (name := target.name) not in results:
            continue
        per_second = results.ratio(name, EMPTY, "requests_per_second")
        figures = (
            results.median(name, "cpu_us"),
            results.ratio(name, EMPTY),
            results.median(name, "requests_per_second"),
            per_second,
            results.median(name, "p50_ms"),
            results.median(name, "p99_ms"),
            results.lengths[name],
            memory if name == STORED else None,
        )
        table.rows.append((name, *map(number, figures)))
    return table


def _aims(results: Results, memory: float) -> Iterator[Aim]:
    yield Aim("stored page, CPU, empty view = 1", results.ratio(STORED, EMPTY), 0.72)
    yield Aim("304, CPU, empty view = 1", results.ratio(UNCHANGED, EMPTY), 0.60)
    by_ours = results.ratio(STATIC, EDITION)
    yield Aim("through nginx, a static file's CPU by ours", by_ours, 0.95, at_least=True)
    yield Aim("cold page, CPU, empty view = 1", results.ratio(COLD, EMPTY), 15)
    yield Aim("two preloaded workers, PSS MB", memory, 150)
