"""`./sapo bench`: what a page costs, measured on the demo site as visitors meet it.

Queries are counted in this process. Weight, requests and layout shift are read off in
Chromium, against the server that `./sapo run` starts, on a port of its own.
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = "/om-sakerhetspolisen/samarbete-med-andra/"
PLAIN_ARTICLE = "/verksamheten/kontraspionage/"
PAGES = {
    "Artikel": PLAIN_ARTICLE,
    "Samarbete med andra": ARTICLE,
    "Startsida": "/",
    "Avdelning": "/verksamheten/",
    "Nyheter": "/nyheter/",
    "Ämne": "/amnen/kontraterrorism/",
    "Sökning": "/sok/?q=terrorism",
    "Sidan finns inte": "/finns-inte/",
}
QUERY_LIMITS = {"Artikel": 10, "Samarbete med andra": 10}
OTHER_QUERY_LIMIT = 15
WEIGHT_LIMIT = 60_000
REQUEST_LIMIT = 8
ROUNDS = 30


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "sapo_site.settings.demo"
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("prepare")
    failures = count_queries()
    chromium = shutil.which("chromium")
    if chromium is None:
        print("\nIngen Chromium på maskinen: vikt, anrop och förskjutning mättes inte.")
        return 1
    with server() as base:
        failures += weigh(base, chromium)
    print("\n" + ("Allt inom gränserna." if not failures else f"{failures} över gränsen."))
    return 1 if failures else 0


def count_queries() -> int:
    """Prints queries and time a page, after the first view; returns how many are over the limit."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    failures = 0
    print(f"\n{'Sida, inte lagrad':<24}{'frågor':>8}{'gräns':>8}{'ms (median)':>14}")
    for name, path in PAGES.items():
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        queries = len(captured)  # now: the next request empties the log it reads
        times = []
        if not queries:
            raise RuntimeError(f"{name}: inga frågor räknades, så mätningen är fel")
        for _ in range(ROUNDS):
            started = time.perf_counter()
            client.get(path)
            times.append((time.perf_counter() - started) * 1000)
        limit = QUERY_LIMITS.get(name, OTHER_QUERY_LIMIT)
        failures += queries > limit
        print(f"{name:<24}{queries:>8}{limit:>8}{statistics.median(times):>14.1f}")
    return failures


@contextmanager
def server() -> Iterator[str]:
    """The address of the production server, on a free port, for as long as it is needed."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "sapo_site.wsgi", "-b", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{base}/halsa/", timeout=2).close()  # noqa: S310
                break
            except OSError:
                time.sleep(0.2)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=20)


def weigh(base: str, chromium: str) -> int:
    """Prints what a first visit transfers; returns how many figures are over the limit."""
    from playwright.sync_api import sync_playwright

    failures = 0
    print(f"\n{'Första besöket':<24}{'byte utan bilder':>18}{'anrop':>8}{'förskjutning':>14}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, path in PAGES.items():
            weight, requests, shift = visit(browser, base + path)
            is_article = name in QUERY_LIMITS
            over = [weight > WEIGHT_LIMIT, requests > REQUEST_LIMIT, shift > 0]
            failures += sum(over) if is_article else over[2]
            print(f"{name:<24}{weight:>18}{requests:>8}{shift:>14.3f}")
        browser.close()
    print(f"{'gräns för artiklar':<24}{WEIGHT_LIMIT:>18}{REQUEST_LIMIT:>8}{0:>14.3f}")
    return failures


def visit(browser: "Browser", url: str) -> tuple[int, int, float]:
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
    counted = [key for key in sizes if kinds.get(key) != "Image"]
    return sum(sizes[key] for key in counted), len(counted), shift


if __name__ == "__main__":
    sys.exit(main())
