"""How long it takes from a confirmation until the last process and the first files have it.

Three processes for visitors, nginx with the edition, the job that writes it, and one process in which
two persons confirm the level and a message, again and again, in a copy of the demo's database.
"""

import http.client
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from tests.spreading import Change, changed, changer

from .front import Front
from .installation import HEADERS, Installation
from .servers import ROOT, Server, gunicorn, program
from .tables import Aim, Table, number

ADDRESSES = (
    "/", "/en/", "/hoten-mot-sverige/", "/en/threats-to-sweden/", "/hoten-mot-sverige/terrorhotniva/",
    "/en/threats-to-sweden/terrorist-threat-level/", "/verksamheten/", "/nyheter/",
    "/terrorhotniva.json", "/meddelanden.atom",
)  # fmt: skip
PROCESSES = 3
LIMIT_SECONDS = 2


def tables(
    site: Installation, folder: Path, changes: int, say: Callable[[str], None]
) -> tuple[list[Table], list[Aim]]:
    with ExitStack() as running:
        change = running.enter_context(_site(site, folder / "spread"))
        change("Prov 0")  # what has not been asked for before is drawn for the first time
        came = []
        for count in range(1, changes + 1):
            came.append(change(f"Prov {count}"))
            if count % 10 == 0:
                say(f"{count} av {changes} ändringar")
    return [table_of(came)], list(aims_of(came))


def percentile(values: list[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    return sorted(values)[max(0, -(-len(values) * round(share * 100) // 100) - 1)]


def table_of(came: list[Change]) -> Table:
    table = Table(
        f"{len(came)} confirmations of the level and a message in both languages",
        ("until", "p50, s", "p99, s", "longest, s"),
        notes=[f"From the second word. {PROCESSES} processes and nginx, {len(ADDRESSES)} addresses: start pages, "
               "sections, level pages, data. SQLite, on the same two cores as those who read."],
    )  # fmt: skip
    for name, values in (
        ("the confirmation is answered", [each.confirming for each in came]),
        ("every process and nginx answer with it", [each.met_everywhere for each in came]),
        ("these pages lie there as files", [each.in_files for each in came]),
    ):
        row = percentile(values, 0.5), percentile(values, 0.99), max(values)
        table.rows.append((name, *map(number, row)))
    return table


def aims_of(came: list[Change]) -> Iterator[Aim]:
    for text, values in (
        ("last process, p99, s", [each.met_everywhere for each in came]),
        ("files, p99, s", [each.in_files for each in came]),
    ):
        yield Aim(text, percentile(values, 0.99), LIMIT_SECONDS)
    yield Aim("old answers after a new one", sum(len(each.steps_back) for each in came), 0)


@contextmanager
def _site(site: Installation, folder: Path) -> Iterator[Callable[[str], Change]]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    copy = folder / "db.sqlite3"
    with sqlite3.connect(site.folder / "db.sqlite3") as source, sqlite3.connect(copy) as target:
        source.backup(target)
    own = {"SAPO_VAR": str(folder), "SAPO_STATIC": str(site.folder / "static"),
           "DATABASE_URL": f"sqlite:///{copy}"}  # fmt: skip
    with ExitStack() as running:
        log = folder / "log"
        environment = site.environment(**own)
        servers = [
            running.enter_context(
                gunicorn(f"public{count}", "sapo_site.wsgi", log=log / f"public{count}",
                         environment=environment, workers=1)
            )
            for count in range(PROCESSES)
        ]  # fmt: skip
        nginx = running.enter_context(_front(folder, servers))
        editorial = site.environment("editorial", **own)
        running.enter_context(_edition(editorial, log / "edition"))
        asked = {each.name: partial(_ask, each.port) for each in (*servers, nginx)}
        confirming = running.enter_context(changer(editorial, log / "changer"))
        yield lambda sign: changed(confirming, asked, ADDRESSES, folder / "edition", sign)


def _front(folder: Path, servers: list[Server]) -> Server:
    front = Front(folder / "nginx", folder)
    server = front.server(folder / "nothing")
    configured = front.folder / "site.conf"
    one = f"server unix:{front.folder}/run/public.sock    fail_timeout=0;"
    text = configured.read_text()
    assert one in text
    three = " ".join(f"server 127.0.0.1:{each.port} fail_timeout=0;" for each in servers)
    configured.write_text(text.replace(one, three))
    return server


@contextmanager
def _edition(environment: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as errors:
        job = subprocess.Popen(
            [program("nice", "coreutils"), "-n", "10", sys.executable, "manage.py", "edition", "--every", "1"], cwd=ROOT,
            env=environment,
            stdout=errors, stderr=errors,
        )  # fmt: skip
    try:
        yield
    finally:
        job.terminate()
        job.wait(20)


def _ask(port: int, address: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", address, headers=HEADERS)
        return connection.getresponse().read().decode()
    finally:
        connection.close()
