"""Asks whether what public pages lead to answers."""

import json
import subprocess
import sys
from collections.abc import Iterable

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pages.checks.nightly_links import (
    NoNetworkError,
    Recorded,
    addresses_to_ask,
    links_of,
    record_answers,
)
from pages.newsroom.guard import live_objects

_LONGEST = 4 * 60 * 60


class Command(BaseCommand):
    help = (
        "Frågar varje adress som publika sidor länkar till om den svarar, och för in det för "
        "redaktörerna. En gång per natt. Frågorna ställs av ett program utan lösenord."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        part = parser.add_mutually_exclusive_group()
        part.add_argument("--list", action="store_true", help="Skriv bara ut adresserna.")
        part.add_argument(
            "--record", action="store_true", help="För in svar som läses från standard in."
        )

    def handle(self, *args: object, **options: object) -> None:
        links = links_of(live_objects())
        asked = addresses_to_ask(links)
        if options["list"]:
            self.stdout.write("\n".join(asked))
            return
        lines = sys.stdin.read() if options["record"] else _ask(asked)
        try:
            recorded = record_answers(links, _answers_in(lines))
        except NoNetworkError:
            raise CommandError(
                f"Inget av {len(asked)} svar kom fram: det finns inget nätverk. Inget är ändrat."
            ) from None
        self.stdout.write(_said(recorded))


def _said(recorded: Recorded) -> str:
    return (
        f"{recorded.asked} adresser frågade, {recorded.failing} svarar inte. "
        f"{recorded.dead} länkar inom webbplatsen leder till inget."
    )


def _ask(addresses: Iterable[str]) -> str:
    """What the asking program says; it is given nothing but the addresses."""
    # For tests alone: the program else asks no machine of our own network.
    private = ["--private"] if getattr(settings, "LINKS_MAY_BE_PRIVATE", False) else []
    try:
        done = subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-s", "-m", "pages.ground.asking", *private],
            input="\n".join(addresses),
            cwd=settings.PROJECT_DIR,
            env={},
            text=True,
            stdout=subprocess.PIPE,
            timeout=_LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CommandError("Länkarna hann inte frågas. Inget är ändrat.") from None
    if done.returncode:
        raise CommandError("Programmet som frågar länkarna gick sönder. Inget är ändrat.")
    return done.stdout


def _answers_in(lines: str) -> list[dict[str, object]]:
    try:
        return [json.loads(line) for line in lines.splitlines() if line.strip()]
    except ValueError:
        raise CommandError("Svaren går inte att läsa. Inget är ändrat.") from None
