"""Hands texts and messages to the tip channel again, after a full disk or a lost folder."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sapo_site.tip_messages import carry_over_messages
from sapo_site.tip_texts import carry_over


class Command(BaseCommand):
    help = (
        "Lämnar tipssidans publicerade texter på nytt till tipsmottagningen, som godkänner dem,"
        " och de viktiga meddelandena till formuläret."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            carry_over_messages()
            written = [name for code, name in settings.LANGUAGES if carry_over(code)]
        except OSError as error:
            raise CommandError(f"Texterna gick inte att skriva: {error}") from error
        if written:
            self.stdout.write(f"Texterna är lämnade till tipsmottagningen: {', '.join(written)}.")
        else:
            self.stdout.write("Inga texter är publicerade. Tipssidan ska visa de inbyggda.")
