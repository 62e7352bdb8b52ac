"""Opens sealed tips, on a machine that needs neither database nor network."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tips.management.bundle_faults import all_in_words, bundle_in_swedish
from tips.management.console import TipsCommand, legible
from tips.management.key_files import identities_in
from tips.sealing.bundle import open_bundle
from tips.sealing.manifest import BundleError
from tips.sealing.reference import reference_of


class Command(TipsCommand):
    help = (
        "Öppnar förseglade tips och lägger vart och ett i en mapp: tip.txt, filerna och\n"
        "anteckningarna. Behöver varken databas eller nät. Är nyckelfilen låst frågas\n"
        "efter lösenfrasen."
    )
    example = "tips_open tips.zip --identity anna.age --out oppnade"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "bundle", metavar="PAKET", help="zip-filen från tips_export, eller mappen den packats i"
        )
        parser.add_argument("--identity", required=True, metavar="FIL", help="Din nyckelfil.")
        parser.add_argument(
            "--out",
            required=True,
            metavar="MAPP",
            help="Mapp som tipsen läggs i; görs om den saknas.",
        )

    def handle(self, *args: Any, bundle: str, identity: str, out: str, **options: Any) -> None:
        folder = Path(out)
        if folder.exists() and not folder.is_dir():
            raise CommandError(f"{legible(folder)} är ingen mapp.")
        with bundle_in_swedish(bundle), open_bundle(bundle) as found:
            if not found.tips:
                raise CommandError(f"{legible(bundle)} innehåller inga tips.")
            identities = identities_in(Path(identity))
            failed: dict[str, str] = {}
            for tip in found.tips:
                reference = reference_of(tip.id)
                try:
                    opened = found.open_tip(tip.id, identities, folder)
                except BundleError as error:
                    failed[reference] = error.code
                else:
                    self.stdout.write(f"{reference}  {legible(opened)}")
        if failed:
            raise CommandError(_summary(failed, len(found.tips), legible(identity)))
        self.stdout.write("De öppnade tipsen ligger i klartext: ta bort mappen när du är klar.")


def _summary(failed: dict[str, str], total: int, identity: str) -> str:
    if total == len(failed) and set(failed.values()) == {"wrong_key"}:
        which = "tipset är förseglat" if total == 1 else "tipsen är förseglade"
        return f"Fel nyckel: {which} till andra nycklar än den i {identity}."
    if total == 1:
        return f"Tipset gick inte att öppna: {all_in_words(failed)}."
    return f"{len(failed)} av {total} tips gick inte att öppna: {all_in_words(failed)}."
