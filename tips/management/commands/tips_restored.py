"""Says that a backup of the tips' database was restored: a new series of numbers follows on its end."""

from django.core.management.base import CommandError, CommandParser

from tips.keeping import intake
from tips.keeping.present_keyring import keyring_of_the_intake
from tips.management.console import TipsCommand
from tips.sealing.arrivals import named_arrival
from tips.signing.speech import Mistake
from tips.signing.words import in_swedish

_AS_WHOM = "Kör som den som tar emot tips: deploy/manage --as intake."


class Command(TipsCommand):
    help = (
        "Körs när en säkerhetskopia av tipsens databas har lästs in, helst innan\n"
        "formuläret öppnas igen. Tar in de tips efter den som ligger kvar förseglade.\n"
        "Har inlämningen gett fler nummer än så börjar den på en ny nummerserie."
    )
    example = "tips_restored SERIE/4:SUMMA"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "last",
            nargs="*",
            metavar="SERIE/N:SUMMA",
            help="Den sista ankomsten i databasen, så som tips_status --arrival säger den.",
        )

    def handle(self, *args: object, last: list[str], **options: object) -> None:
        ends = named_arrival(" ".join(last).rpartition(" ")[2])
        if ends is None or not ends.epoch:
            raise CommandError("Ange den sista ankomsten så som tips_status --arrival säger den.")
        try:
            with in_swedish("Nyckelringen"):
                keyring_of_the_intake()
            follows = intake.resume_after_backup(ends)
        except Mistake as fault:
            raise CommandError(f"{fault} {_AS_WHOM}") from None
        except intake.Closed:
            raise CommandError(
                f"Databasen, eller mappen för tips eller nummer, nås inte. {_AS_WHOM}"
            ) from None
        if follows is None:
            self.stdout.write(
                "Databasen slutar där inlämningen har slutat räkna. Vad som saknas före det säger "
                "tips_status --verify."
            )
        else:
            self.stdout.write(
                f"Inlämningen har börjat på en ny nummerserie, efter nummer {follows.counter}. Vilka som "
                "kom därefter och saknas säger journalen, journalctl --unit sapo-job@tips-arrival: "
                "berätta det för tipsmottagarna."
            )
