"""`./sapo bench`: what the site costs, in one run on one machine.

Everything that is started listens on loopback, is measured for a set time, and is ended.
"""

import argparse
import fcntl
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from . import page_cost, search, served
from .document import write
from .installation import Installation, work_folder
from .servers import Failed, Lacking
from .tables import Aim, Table, aims_table

PARTS = ("http", "queries", "search")


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./sapo bench",
        description="Mäter webbplatsen bredvid en tom vy och nginx.",
    )
    parser.add_argument(
        "--quick", action="store_true", help="ett par minuter: färre och kortare omgångar"
    )
    parser.add_argument("--only", choices=PARTS, help="bara en del")
    parser.add_argument(
        "--write", action="store_true", help="skriv tabellerna i docs/performance.md"
    )
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    asked = arguments(words)
    try:
        with only_one_measures(work_folder()):
            met = _measure(asked)
    except (Failed, Lacking) as error:
        _say(str(error))
        return 1
    except KeyboardInterrupt:
        _say("Avbrutet.")
        return 130
    return 0 if met else 1


@contextmanager
def only_one_measures(folder: Path) -> Iterator[None]:
    """Holds the folder: two that measure at once measure each other."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Failed("En annan ./sapo bench mäter redan här.") from error
    finally:
        os.close(descriptor)


def _measure(asked: argparse.Namespace) -> bool:
    """Runs the parts that were asked for; whether every aim that could be measured is met."""
    folder = work_folder()
    site = Installation(folder / "site")
    _say("Förbereder innehållet …")
    site.prepare()
    aims: list[Aim] = []
    for part in [asked.only] if asked.only else PARTS:
        _say(f"Mäter {part} …")
        tables, part_aims = _part(part, asked, site)
        for table in [*tables, aims_table(part_aims)]:
            print(f"\n{table}", flush=True)
        if asked.write:
            write(part, tables, part_aims)
        aims += part_aims
    missed = sum(aim.is_met is False for aim in aims)
    print("\n" + ("Alla mål är nådda." if not missed else f"{missed} mål är inte nådda."))
    return not missed


def _part(
    part: str, asked: argparse.Namespace, site: Installation
) -> tuple[list[Table], list[Aim]]:
    folder = work_folder()
    if part == "http":
        pace = served.Pace(3, 2) if asked.quick else served.Pace(5, 5)
        return served.tables(folder, site, pace, say=_say)
    if part == "search":
        return search.tables(site, folder, say=_say)
    return page_cost.tables(site, folder, rounds=5 if asked.quick else 30)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    # Ends what was started, also when it is told to stop.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
