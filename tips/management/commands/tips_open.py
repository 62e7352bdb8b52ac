"""Opens sealed tips, on a machine that needs neither database nor network."""

from pathlib import Path
from typing import Any, get_args

from django.core.management.base import CommandError, CommandParser

from tips.management.bundle_faults import JUDGED, all_in_words, bundle_in_swedish
from tips.management.console import TipsCommand, legible
from tips.management.key_files import key_file
from tips.management.trusted import add_root, in_swedish, root_from
from tips.sealing.arrivals import Way
from tips.sealing.bundle import open_bundle
from tips.sealing.bundle_arrivals import Judge
from tips.sealing.handler_file import read_handler_file
from tips.sealing.manifest import BundleError, PackedTip
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
        add_root(parser)

    def handle(
        self, *args: Any, bundle: str, identity: str, out: str, root: str | None, **options: Any
    ) -> None:
        folder = Path(out)
        if folder.exists() and not folder.is_dir():
            raise CommandError(f"{legible(folder)} är ingen mapp.")
        with bundle_in_swedish(bundle), open_bundle(bundle) as found:
            if not found.tips:
                raise CommandError(f"{legible(bundle)} innehåller inga tips.")
            identities, text = key_file(Path(identity))
            with in_swedish(identity):
                believed = root_from(root) if root else read_handler_file(text).root
            ring = found.keyring(believed) if believed else None
            judge = Judge(found, believed)
            failed: dict[str, str] = {}
            for tip in found.tips:
                reference = reference_of(tip.id)
                try:
                    came = found.received(tip, identities)
                    judged = judge.judge(tip, came[:10])
                    opened = found.open_tip(tip.id, identities, folder, ring, judged.arrival)
                except BundleError as error:
                    failed[reference] = _code(error, judge, tip)
                else:
                    self.stdout.write(f"{reference}  {legible(opened)}")
                    self.stdout.write(f"    {JUDGED[judged.code]}")
        if failed:
            raise CommandError(_summary(failed, len(found.tips), legible(identity)))
        self.stdout.write("De öppnade tipsen ligger i klartext: ta bort mappen när du är klar.")


def _code(error: BundleError, judge: Judge, tip: PackedTip) -> str:
    """What is wrong; of a tip that is as the intake signed it nobody but its sender is to blame."""
    if error.code not in ("damaged", "missing_file"):
        return error.code
    try:
        return "as_sent" if judge.judge(tip).code in get_args(Way) else error.code
    except BundleError:
        return error.code


def _summary(failed: dict[str, str], total: int, identity: str) -> str:
    if total == len(failed) and set(failed.values()) == {"wrong_key"}:
        which = "tipset är förseglat" if total == 1 else "tipsen är förseglade"
        return f"Fel nyckel: {which} till andra nycklar än den i {identity}."
    if total == 1:
        return f"Tipset gick inte att öppna: {all_in_words(failed)}."
    return f"{len(failed)} av {total} tips gick inte att öppna: {all_in_words(failed)}."
