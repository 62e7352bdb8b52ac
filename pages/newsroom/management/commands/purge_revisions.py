"""In place of Wagtail's command, which would delete versions that readers have met."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Finns inte här: alla versioner sparas."

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError("Alla versioner sparas. Inget togs bort.")
