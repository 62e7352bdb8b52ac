"""Our article as visitors are served it, beside the least that the same machine can answer."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from . import peers
from .front import STATIC_HOST, Front
from .installation import ARTICLE, HEADERS, SENTENCE, Installation
from .load import Target
from .rounds import Results, measure
from .servers import Failed, Server, granian, gunicorn, program
from .tables import Aim, Table, number

EMPTY, EMPTY_GRANIAN = "empty Django view", "empty Django view, granian"
STORED, STORED_GRANIAN = "our article, stored", "our article, stored, granian"
UNCHANGED, UNCHANGED_GRANIAN = "our article, 304", "our article, 304, granian"
COLD, COLD_GRANIAN = "our article, cold", "our article, cold, granian"
STOCK = "our article, the stock Wagtail way"
EDITION, STATIC = "our article, through nginx", "nginx, the same file"
_MEMORY_REQUESTS = 24


@dataclass(frozen=True)
class Pace:
    """How long to measure."""

    rounds: int
    seconds: int


def tables(
    folder: Path, site: Installation, pace: Pace, *, with_peers: bool, say: Callable[[str], None]
) -> tuple[list[Table], list[Aim]]:
    """Measures everything in one run; the table of it, and the aims that hang on it."""
    program("wrk", "wrk")
    memory = _memory(folder / "log", site)
    with ExitStack() as running:
        targets = list(_ours(running, folder, site, say))
        if with_peers:
            targets += peers.targets(running, folder / "peers", say)
        results = measure(targets, rounds=pace.rounds, seconds=pace.seconds, say=say)
    table = _table(results, targets, memory, pace)
    aims = list(_aims(results, memory))
    if with_peers:
        table.notes.append(f"Peers: {', '.join(peers.versions(folder / 'peers'))}.")
        aims.append(peers_aim(results))
    return [table], aims


def _memory(log: Path, site: Installation) -> dict[str, float]:
    """Two workers each, alone, after some requests: what servers share would else be halved."""
    memory = {}
    for name, server in (
        (STORED, gunicorn("memory", "sapo_site.wsgi", log=log / "memory",
                          environment=site.environment())),
        (STORED_GRANIAN, granian("memory", "sapo_site.wsgi", log=log / "memory-granian",
                                 environment=site.environment())),
    ):  # fmt: skip
        with server:
            target = Target(name, server, ARTICLE, SENTENCE, HEADERS)
            for _ in range(_MEMORY_REQUESTS):
                target.length()
            memory[name] = server.pss_megabytes()
    return memory


def _ours(
    running: ExitStack, folder: Path, site: Installation, say: Callable[[str], None]
) -> Iterator[Target]:
    log = folder / "log"
    public, storeless = site.environment(), site.environment(SAPO_PAGE_STORE="0")

    def empty(serve: Callable[..., Server], name: str) -> Iterator[Target]:
        server = running.enter_context(serve(name, "tools.bench.empty", log=log / name))
        yield Target(name, server, "/", "ok", HEADERS)

    def article(
        serve: Callable[..., Server], name: str, application: str, environment: dict[str, str]
    ) -> Target:
        server = serve(name, application, log=log / name, environment=environment)
        return Target(name, running.enter_context(server), ARTICLE, SENTENCE, HEADERS)

    def stored(serve: Callable[..., Server], name: str, unchanged: str) -> Iterator[Target]:
        page = article(serve, name, "sapo_site.wsgi", public)
        yield page
        headers = {**HEADERS, "If-None-Match": page.ask().headers["etag"]}
        yield Target(unchanged, page.server, ARTICLE, "", headers, status=304)

    def rendered_by_granian() -> Iterator[Target]:
        yield article(granian, COLD_GRANIAN, "sapo_site.wsgi", storeless)

    def rendered() -> Iterator[Target]:
        cold = article(gunicorn, COLD, "sapo_site.wsgi", storeless)
        yield cold
        stock = article(gunicorn, STOCK, "tools.bench.stock", storeless)
        if stock.ask().body != cold.ask().body:
            raise Failed(f"{STOCK} svarar med en annan sida än {COLD}")
        yield stock

    def front() -> Iterator[Target]:
        page = site.folder / "edition" / "current" / ARTICLE.strip("/") / "index.html"
        nginx = running.enter_context(Front(folder / "nginx", site.folder).server(page))
        yield Target(STATIC, nginx, f"/{page.name}", SENTENCE, {"Host": STATIC_HOST})
        yield Target(EDITION, nginx, ARTICLE, SENTENCE, HEADERS)

    for targets in (
        empty(gunicorn, EMPTY),
        stored(gunicorn, STORED, UNCHANGED),
        rendered(),
        empty(granian, EMPTY_GRANIAN),
        stored(granian, STORED_GRANIAN, UNCHANGED_GRANIAN),
        rendered_by_granian(),
        front(),
    ):
        try:
            yield from targets
        except Failed as error:
            say(f"{error}. Utelämnas.")


def _table(results: Results, targets: list[Target], memory: dict[str, float], pace: Pace) -> Table:
    table = Table(
        "One article, and what it is compared with",
        ("target", "CPU µs/request", "CPU, empty view = 1", "requests/s", "requests/s, empty view = 1",
         "p50 ms", "p99 ms", "bytes", "PSS MB, alone"),
        notes=[f"Medians of {pace.rounds} rounds of {pace.seconds} s, 16 connections. "
               "A ratio is the median of the rounds' own ratios."],
    )  # fmt: skip
    for target in targets:
        if (name := target.name) not in results:
            continue
        per_second = results.ratio(name, EMPTY, "requests_per_second")
        table.rows.append(
            (name, number(results.median(name, "cpu_us")), number(results.ratio(name, EMPTY)),
             number(results.median(name, "requests_per_second")), number(per_second),
             number(results.median(name, "p50_ms")), number(results.median(name, "p99_ms")),
             number(results.lengths[name]), number(memory.get(name)))
        )  # fmt: skip
    return table


def _aims(results: Results, memory: dict[str, float]) -> Iterator[Aim]:
    yield Aim("stored page, CPU, empty view = 1", results.ratio(STORED, EMPTY), 0.85)
    yield Aim("304, CPU, empty view = 1", results.ratio(UNCHANGED, EMPTY), 0.8)
    yield Aim(
        "stored page under granian, CPU, empty view under gunicorn = 1",
        results.ratio(STORED_GRANIAN, EMPTY), 0.2,
    )  # fmt: skip
    yield Aim(
        "through nginx, a static file's CPU by ours", results.ratio(STATIC, EDITION), 0.9,
        at_least=True,
    )  # fmt: skip
    yield Aim(
        "cold page, the stock way's CPU by ours", results.ratio(STOCK, COLD), 5, at_least=True
    )
    yield Aim("two preloaded workers, PSS MB", memory.get(STORED), 180)


def peers_aim(results: Results) -> Aim:
    """The best of the peers, each with its own cache of whole pages."""
    ratios = [results.ratio(name, STORED) for name in peers.CACHED]
    best = min((ratio for ratio in ratios if ratio is not None), default=None)
    return Aim("stored page, the best cached peer's CPU by ours", best, 2, at_least=True)
