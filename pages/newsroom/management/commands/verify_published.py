"""Compares everything public with what was confirmed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pages.newsroom.story_mails import mail_deviations
from pages.newsroom.verify import deviations


class Command(BaseCommand):
    help = (
        "Jämför allt som är publikt med det som två har godkänt, och namnger det som skiljer sig."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--mail", action="store_true", help="Mejla alla chefredaktörer om något skiljer sig."
        )

    def handle(self, *args: Any, mail: bool = False, **options: Any) -> None:
        found = list(deviations())
        for each in found:
            self.stdout.write(str(each))
        if found and mail:
            mail_deviations(found)
        if found:
            raise CommandError(f"{len(found)} stämmer inte med det som godkändes.")
        self.stdout.write("Allt som är publikt är det som godkändes.")
