"""In place of Wagtail's command, which would delete versions that readers have met."""

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Finns inte här: alla versioner sparas."

    def handle(self, *args: object, **options: object) -> None:
        raise CommandError("Alla versioner sparas. Inget togs bort.")
