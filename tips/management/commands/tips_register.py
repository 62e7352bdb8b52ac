"""Writes the register of tips: day, number, state and register number."""

import io
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tips.handling import register
from tips.login.journal import note
from tips.management.arguments import day_from
from tips.management.console import TipsCommand, legible
from tips.management.files import new_file, refuse_existing
from tips.sealing.reference import reference_of


class Command(TipsCommand):
    help = (
        "Skriver registret över tips för kalkylprogram: dag, referens, läge och\n"
        "diarienummer. Inget som tipsaren har lämnat kan komma med. Gallrade är med."
    )
    example = "tips_register --from 2026-01-01 --to 2026-12-31 --out register.csv"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from", dest="since", metavar="DATUM", help="Från och med den dagen: 2026-01-01."
        )
        parser.add_argument("--to", dest="until", metavar="DATUM", help="Till och med den dagen.")
        parser.add_argument(
            "--out", metavar="FIL", help="Ny fil; annars skrivs det ut. Skrivs aldrig över."
        )

    def handle(
        self, *args: Any, since: str | None, until: str | None, out: str | None, **options: Any
    ) -> None:
        path = Path(out) if out else None
        if path:
            refuse_existing(path)
        first = day_from(since) if since else None
        last = day_from(until) if until else None
        if first and last and first > last:
            raise CommandError("Den första dagen kommer efter den sista.")
        rows = register.rows(reference_of, first, last)
        note("desk", "exported", None, what="register")
        text = io.StringIO(newline="")
        register.write_csv(rows, text)
        if path:
            with new_file(path) as file:
                file.write(text.getvalue().encode())
            self.stdout.write(f"{len(rows)} tips ligger i {legible(path)}.")
        else:
            self.stdout.write(text.getvalue(), ending="")
