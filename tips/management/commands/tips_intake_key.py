"""The entry of the intake's key, for the ceremony that takes it into the keyring."""

from django.conf import settings
from django.core.management.base import CommandError

from tips.keeping import intake_key
from tips.management.console import TipsCommand
from tips.sealing import requests, trust
from tips.sealing.keyring import KeyringError
from tips.signing.speech import legible
from tips.signing.words import twelve_words


class Command(TipsCommand):
    help = (
        "Skriver ut vad nyckelringen ska säga om nyckeln som inlämningen skriver under\n"
        "ankomster med. Lägg det i en fil och ta den till ceremonin, där signera.pyz tar\n"
        "in det. Nyckeln dras om den saknas, och lämnar aldrig sin fil. Orden, på\n"
        "standard fel, läses upp när nyckelringen görs."
    )
    example = "tips_intake_key > intake.entry"

    def handle(self, *args: object, **options: object) -> None:
        path = settings.TIPS_INTAKE_KEY
        try:
            intake_key.make_key(path)
            octets = requests.spell_intake(intake_key.entry())
        except (OSError, KeyringError):
            raise CommandError(
                f"{legible(path)} går inte att läsa, eller är skadad. Kör som den som tar emot "
                "tips: deploy/manage --as intake."
            ) from None
        self.stdout.write(octets.decode(), ending="")
        self.stderr.write(f"Nyckeln i ord:\n{twelve_words(trust.sha256_of(octets))}")
