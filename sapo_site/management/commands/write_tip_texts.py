"""Writes the texts of the tip form again, after a full disk or a lost folder."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sapo_site.tip_texts import carry_over, languages_behind


class Command(BaseCommand):
    help = "Skriver tipsformulärets publicerade texter på nytt till mappen som formuläret läser."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = [name for code, name in settings.LANGUAGES if carry_over(code)]
        except OSError as error:
            raise CommandError(f"Texterna gick inte att skriva: {error}") from error
        if behind := languages_behind():
            raise CommandError(f"Formuläret godtar inte texterna: {', '.join(behind)}.")
        if written:
            self.stdout.write(f"Texterna är skrivna: {', '.join(written)}.")
        else:
            self.stdout.write("Inga texter är publicerade. Formuläret visar de inbyggda.")
