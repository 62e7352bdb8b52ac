"""What a page costs to make and to fetch: queries, time, bytes, requests, layout shift."""

import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .installation import Installation
from .servers import gunicorn, program
from .tables import Aim, Table, number

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = {
    "article": "/verksamheten/kontraspionage/",
    "partners": "/om-sakerhetspolisen/samarbete-med-andra/",
    "start page": "/",
    "section": "/verksamheten/",
    "news": "/nyheter/",
    "topic": "/amnen/kontraterrorism/",
    "search": "/sok/?q=terrorism",
    "missing page": "/finns-inte/",
}
QUERY_LIMITS = {"article": 4, "search": 10, "missing page": 2}
OTHER_QUERY_LIMIT = 6
# Of a first visit: KB and requests.
VISIT_LIMITS = {"article": (43, 7), "partners": (43, 7), "start page": (40, 6)}


def tables(site: Installation, folder: Path, rounds: int) -> tuple[list[Table], list[Aim]]:
    """Counted in this process and read off in Chromium, on the demo as `./sapo run` serves it."""
    chromium = program("chromium", "chromium")
    made, made_aims = _made(site, rounds)
    fetched, fetched_aims = _fetched(site, folder, chromium)
    return [made, fetched], [*made_aims, *fetched_aims]


def _made(site: Installation, rounds: int) -> tuple[Table, list[Aim]]:
    os.environ |= site.demo_environment()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    import sapo_site.wsgi  # noqa: F401  sets Django up as it is where pages are served

    client = Client(headers={"host": "127.0.0.1"})
    table = Table("Making a page that is not stored", ("page", "queries", "limit", "ms, median"))
    aims = []
    for name, path in PAGES.items():
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        queries = len(captured)  # now: the next request empties the log it reads
        if not queries:
            raise RuntimeError(f"{name}: inga frågor räknades, så mätningen är fel")
        times = []
        for _ in range(rounds):
            started = time.perf_counter()
            client.get(path)
            times.append((time.perf_counter() - started) * 1000)
        limit = QUERY_LIMITS.get(name, OTHER_QUERY_LIMIT)
        aims.append(Aim(f"{name}: queries", queries, limit))
        table.rows.append((name, str(queries), str(limit), number(statistics.median(times))))
    return table, aims


def _fetched(site: Installation, folder: Path, chromium: str) -> tuple[Table, list[Aim]]:
    from playwright.sync_api import sync_playwright

    table = Table(
        "A first visit, pictures apart", ("page", "KB, compressed", "requests", "layout shift")
    )
    aims = []
    environment = {**os.environ, **site.demo_environment()}
    served = gunicorn(
        "demo", "sapo_site.wsgi", log=folder / "log" / "demo", environment=environment
    )
    with served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, path in PAGES.items():
            weight, requests, shift = _visit(browser, f"http://127.0.0.1:{served.port}{path}")
            table.rows.append((name, number(weight / 1000), str(requests), number(shift)))
            aims += _visit_aims(name, weight, requests, shift)
        browser.close()
    return table, aims


def _visit_aims(name: str, weight: int, requests: int, shift: float) -> Iterator[Aim]:
    if name in VISIT_LIMITS:
        most, most_requests = VISIT_LIMITS[name]
        yield Aim(f"{name}: first visit, KB", weight / 1000, most)
        yield Aim(f"{name}: first visit, requests", requests, most_requests)
    yield Aim(f"{name}: layout shift", shift, 0)


def _visit(browser: "Browser", url: str) -> tuple[int, int, float]:
    """Bytes over the wire and requests without pictures, and the layout shift of one first visit."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    session.on(
        "Network.loadingFinished",
        lambda e: sizes.update({e["requestId"]: int(e["encodedDataLength"])}),
    )
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "e => window.shift += e.value)).observe({type: 'layout-shift', buffered: true});"
    )
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    shift = page.evaluate("window.shift")
    page.close()
    # What comes a second time, from memory, has no bytes: the favicon is the sprite of icons.
    counted = [key for key, size in sizes.items() if size and kinds.get(key) != "Image"]
    return sum(sizes[key] for key in counted), len(counted), shift
