"""Exports what was public in a period as WACZ, for the archive."""

import os
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localdate

from pages.records.kept import Lacks
from pages.registrar.archive import PackingError, write_archive
from pages.registrar.asked_for import period_of
from pages.registrar.exports import make_ordered


class Command(BaseCommand):
    help = (
        "Skriver det som var publikt under en tid till en WACZ-fil för arkivet: --from 2027-01-01 --to "
        "2027-12-31 --out 2027.wacz, båda dagarna med. Eller gör det som registratorn har beställt: --ordered."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", metavar="DAG", help="Första dagen.")
        parser.add_argument("--to", dest="last", metavar="DAG", help="Sista dagen.")
        parser.add_argument("--out", metavar="FIL", help="Filen som skrivs.")
        parser.add_argument(
            "--ordered", action="store_true", help="Gör det som är beställt. Varje minut."
        )
        parser.add_argument("--every", type=float, metavar="SEKUNDER", help="Om och om igen.")
        parser.add_argument(
            "--parent", type=int, help="Sluta när den processen inte längre är förälder."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["ordered"]:
            self._make_ordered(options["every"], options["parent"] or os.getppid())
            return
        if not (options["first"] and options["last"] and options["out"]):
            raise CommandError("Ange --from, --to och --out, eller --ordered.")
        first, last, target = _day(options["first"]), _day(options["last"]), Path(options["out"])
        if last < first:
            raise CommandError("Den sista dagen kommer före den första.")
        if target.exists():
            raise CommandError(f"{target} finns redan. Ange en annan fil.")
        if not target.parent.is_dir():
            raise CommandError(f"Mappen {target.parent} finns inte.")
        try:
            packed = write_archive(*_period(first, last), target)
        except (PackingError, OSError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{target}: {packed.words}")
        if packed.left_out[Lacks.DAMAGED]:
            raise CommandError("Allt som skulle med är inte läsbart. Se docs/operations.md.")

    def _make_ordered(self, every: float | None, parent: int) -> None:
        while True:
            if made := make_ordered():
                self.stdout.write(f"{made} exporter gjorda.")
            if every is None:
                return
            time.sleep(every)
            if os.getppid() != parent:
                return


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"”{text}” är ingen dag. Skriv till exempel 2027-03-01.") from None


def _period(first: date, last: date) -> tuple[datetime, datetime]:
    if last > localdate():
        raise CommandError(f"{last} har inte varit än.")
    return period_of(first, last)
