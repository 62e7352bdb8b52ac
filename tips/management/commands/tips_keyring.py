"""The keyring on the server: shown, verified, and put in place. `signera.pyz` makes and signs it elsewhere."""

from argparse import SUPPRESS
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.timezone import localdate

from tips.journal import note
from tips.keeping.present_keyring import root_now
from tips.management.console import TipsCommand
from tips.management.trusted import installed, refuse_unseen, refuse_useless
from tips.sealing import ceremony
from tips.sealing.trust_folder import PRESENT
from tips.signing.differences import about_keyring
from tips.signing.speech import legible
from tips.signing.words import in_one_line, in_swedish, twelve_words


class Command(TipsCommand):
    help = (
        "Nyckelringen säger vilka nya tips förseglas till. Två av tre skriver under den\n"
        "med signera.pyz, på datorer utan nät: docs/keys.md.\n\n"
        "  show             visar den som gäller här\n"
        "  verify           prövar den som gäller här\n"
        "  install          prövar allt och lägger det på plats: --folder"
    )
    example = "tips_keyring install --folder /media/sticka"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.usage = "manage.py tips_keyring [ÅTGÄRD] [--folder MAPP]"
        parser.add_argument("action", nargs="*", metavar="ÅTGÄRD", help=SUPPRESS)
        parser.add_argument(
            "--folder", default=".", type=Path, metavar="MAPP", help="Där ceremonins filer ligger."
        )

    def handle(self, *args: object, action: list[str], folder: Path, **options: object) -> None:
        match action or ["show"]:
            case ["show"]:
                ring = installed(also_of_no_use=True).ring
                self.stdout.write(about_keyring(ring, None, is_shown=True))
            case ["verify"]:
                self._verify()
            case ["install"]:
                self._install(folder)
            case _:
                raise CommandError(f"Åtgärden finns inte: {legible(' '.join(action))}.")

    def _verify(self) -> None:
        _refuse_writable(settings.TIPS_TRUST_DIR)
        found = installed()
        with in_swedish("Nyckelringen"):
            refuse_unseen(found)
        ring = found.ring
        self.stdout.write(
            f"Går att försegla till. {in_one_line(ring, localdate())}\n{twelve_words(ring.hash)}"
        )

    def _install(self, folder: Path) -> None:
        path, into = folder / PRESENT, settings.TIPS_TRUST_DIR
        with in_swedish("Roten"):
            pin = root_now()
        with in_swedish(f"Nyckelringen {path}"):
            ring = ceremony.keyring_beside(path, pin).ring
            refuse_useless(ring)
            ceremony.install_keyring(path, into, pin)
        note("desk", "keyring-changed", None, what="install")
        self.stdout.write(
            f"Ligger i {legible(into)}. {in_one_line(ring, localdate())}\n{twelve_words(ring.hash)}\n"
            "Ingen omstart behövs. Jämför alla tolv orden med tipsmottagningens.\n"
            "Äldre tips: en som redan har nyckel kör Ge tillgång i tipsmottagningen."
        )


def _refuse_writable(folder: Path) -> None:
    """Stops if others than the owner may write what decides who reads tips."""
    for path in [folder, *folder.glob("*")]:
        if path.stat().st_mode & 0o022:
            raise CommandError(
                f"{legible(path)} får skrivas av andra än den som äger den: "
                f"chmod go-w {legible(path)}"
            )
