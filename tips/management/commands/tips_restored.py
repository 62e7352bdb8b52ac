"""Says that a backup of the tips' database was restored: what it lacks is told from what is taken."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.timezone import localdate

from tips.keeping import intake
from tips.keeping.counting import LaterEpoch
from tips.keeping.intake_key import own_key
from tips.keeping.present_keyring import keyring_of_the_intake
from tips.management.arrivals_in_words import restored_in_words
from tips.management.console import TipsCommand
from tips.management.trusted import in_swedish
from tips.sealing.arrivals import named_arrival
from tips.sealing.keyring import KeyringError

_OUT_OF_REACH = {
    "disk": "Mappen för tips, eller för nummer, går inte att läsa eller skriva.",
    "database": "Databasen nås inte.",
}


class Command(TipsCommand):
    help = (
        "Körs när en säkerhetskopia av tipsens databas har lästs in, helst innan\n"
        "formuläret öppnas igen. Tar in de tips efter den som ligger kvar förseglade.\n"
        "Saknas något efter det börjar inlämningen på en ny nummerserie, och säger vad."
    )
    example = "tips_restored SERIE/4:SUMMA"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "last",
            nargs="*",
            metavar="SERIE/N:SUMMA",
            help="Den sista ankomsten i databasen, så som tips_status --arrival säger den.",
        )

    def handle(self, *args: Any, last: list[str], **options: Any) -> None:
        ends = named_arrival(" ".join(last).rpartition(" ")[2])
        if ends is None or not ends.epoch:
            raise CommandError("Ange den sista ankomsten så som tips_status --arrival säger den.")
        try:
            restored = intake.resume_after_backup(ends)
        except LaterEpoch:
            raise CommandError(
                "Databasen har nummer i en senare nummerserie än den. Om något saknas efter nummer "
                f"{ends.counter} går inte att veta här: jämför med vad journalen säger, journalctl "
                "--unit sapo-job@tips-arrival."
            ) from None
        except intake.Closed as closed:
            raise CommandError(
                f"{_reason(closed)} Kör som den som tar emot tips: deploy/manage --as intake."
            ) from None
        if restored is None:
            self.stdout.write(
                "Databasen har det senaste numret som inlämningen har gett: efter det saknas inget. "
                "Vad som saknas före det säger tips_status --verify."
            )
        else:
            words = restored_in_words(localdate(), restored)
            self.stdout.write(f"Inlämningen har börjat på en ny nummerserie. {words}")


def _reason(closed: intake.Closed) -> str:
    if closed.reason != "keyring":
        return _OUT_OF_REACH[closed.reason]
    try:
        own_key()
    except KeyringError:
        return "Inlämningens nyckel finns inte, eller går inte att läsa."
    try:
        with in_swedish("Nyckelringen"):
            keyring_of_the_intake()
    except CommandError as fault:
        return str(fault)
    return "Nyckelringen nämner ingen nyckel som inlämningen skriver under med."
