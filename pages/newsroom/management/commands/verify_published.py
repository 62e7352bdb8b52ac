"""Compares everything public with what was confirmed."""

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

    def handle(self, *args: object, mail: bool = False, **options: object) -> None:
        found = list(deviations())
        for each in found:
            self.stdout.write(str(each))
        faults = [each for each in found if each.is_fault]
        if faults and mail:
            mail_deviations(faults)
        if faults:
            raise CommandError(f"{len(faults)} stämmer inte med det som godkändes.")
        self.stdout.write("Allt som är publikt är det som godkändes.")
