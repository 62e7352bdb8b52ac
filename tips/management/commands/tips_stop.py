"""Stops a handler at once, by what one of the signers has signed."""

from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from tips.handling import stopping
from tips.journal import note
from tips.management.console import TipsCommand
from tips.sealing.trust_folder import read_file
from tips.signing.words import STOP_REASONS_IN_WORDS, in_swedish


class Command(TipsCommand):
    help = (
        "Stoppar en handläggare genast, i fjorton dagar eller tills nästa nyckelring\n"
        "gäller: sessionen tar slut, och nyckeln kommer inte in. Filen har signera.pyz\n"
        "stoppa skrivit; dess .sig ska ligga bredvid."
    )
    example = "tips_stop /media/sticka/stop.json"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, metavar="FIL", help="stop.json, som är underskriven."
        )

    def handle(self, *args: object, file: Path, **options: object) -> None:
        with in_swedish(file):
            octets, signatures = read_file(file), read_file(file.with_name(f"{file.name}.sig"))
        try:
            stop = stopping.lay_stop(octets, signatures).text
        except stopping.StopRefused as fault:
            raise CommandError(str(fault)) from None
        note("desk", "stopped", None, whom=stop.handler)
        reason = STOP_REASONS_IN_WORDS[stop.reason]
        self.stdout.write(f"{stop.handler} är stoppad till och med {stop.last_day}: {reason}.")
