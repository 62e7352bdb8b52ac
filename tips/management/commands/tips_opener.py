"""Writes the page that opens sealed tips in a browser without a network."""

from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from tips.management.console import TipsCommand
from tips.opener.page import one_file
from tips.signing.files import new_file, refuse_existing
from tips.signing.speech import legible


class Command(TipsCommand):
    help = (
        "Skriver opener.html: en enda fil som öppnar förseglade tips i webbläsaren på en\n"
        "dator utan nät. Flytta filen dit, öppna den, och välj paketet och nyckelfilen.\n"
        "Behöver ingen databas."
    )
    example = "tips_opener --out opener.html"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--out",
            default="opener.html",
            metavar="FIL",
            help="Ny fil, annars opener.html här. Skrivs aldrig över.",
        )

    def handle(self, *args: object, out: str, **options: object) -> None:
        path = Path(out)
        refuse_existing(path)
        try:
            page = one_file()
        except FileNotFoundError:
            raise CommandError(
                "Sidan är inte byggd: kör python -m tips.opener.build, eller ./sapo run."
            ) from None
        with new_file(path, mode=0o644) as file:
            file.write(page.encode() if isinstance(page, str) else page)
        self.stdout.write(f"{legible(path)} är klar. Den behöver varken nät eller server.")
