"""Opens sealed tips, on a machine that needs neither database nor network. It judges nothing."""

from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from tips.management.console import TipsCommand
from tips.sealing.bundle import BundleError, open_bundle
from tips.sealing.reference import reference_of
from tips.signing.key_files import identities_in
from tips.signing.speech import legible

_IN_WORDS = {
    "not_a_bundle": "är inget paket med tips, eller är skadat",
    "missing_file": "saknar en fil",
    "damaged": "är skadat eller ändrat",
    "wrong_key": "är förseglat till andra nycklar än din, eller skadat",
    "exists": "har redan öppnats i den mappen",
}


class Command(TipsCommand):
    help = (
        "Öppnar förseglade tips och lägger vart och ett i en mapp: tip.json, filerna och\n"
        "anteckningar.json. Behöver varken databas eller nät. Är nyckelfilen låst frågas\n"
        "efter lösenfrasen.\n\n"
        "Prövar inte om ett tips är det som kom in eller vem som har skrivit en\n"
        "anteckning: det gör opener.html, som tips_opener skriver."
    )
    example = "tips_open tips.zip --identity anna.age --out oppnade"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("bundle", metavar="PAKET", help="zip-filen från tips_export")
        parser.add_argument("--identity", required=True, metavar="FIL", help="Din nyckelfil.")
        parser.add_argument(
            "--out",
            required=True,
            metavar="MAPP",
            help="Mapp som tipsen läggs i; görs om den saknas.",
        )

    def handle(
        self, *args: object, bundle: str, identity: str, out: str, **options: object
    ) -> None:
        folder = Path(out)
        if folder.exists() and not folder.is_dir():
            raise CommandError(f"{legible(folder)} är ingen mapp.")
        failed: dict[str, str] = {}
        try:
            with open_bundle(bundle) as found:
                if not found.tips:
                    raise CommandError(f"{legible(bundle)} innehåller inga tips.")
                identities = identities_in(Path(identity))
                for tip in found.tips:
                    try:
                        opened = found.open_tip(tip, identities, folder)
                    except BundleError as error:
                        failed[reference_of(tip)] = error.code
                    else:
                        self.stdout.write(f"{reference_of(tip)}  {legible(opened)}")
        except BundleError as error:
            raise CommandError(f"{legible(bundle)} {_IN_WORDS[error.code]}.") from None
        if failed:
            named = "; ".join(
                f"{reference} {_IN_WORDS[code]}" for reference, code in failed.items()
            )
            raise CommandError(f"{len(failed)} tips gick inte att öppna: {named}.")
        self.stdout.write(
            "Inget är prövat: om tipsen är de som kom in, och vem som har skrivit anteckningarna, "
            "säger opener.html. De ligger i klartext: ta bort mappen när du är klar."
        )
