"""Signs a release, one signer at a time, on a machine without a network."""

from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from sapo_site.script.signed_release import Alarm, Manifest
from tips.management.console import TipsCommand, legible
from tips.management.key_files import ask_line
from tips.management.signing import refuse_network, signer_key
from tips.management.trusted import in_swedish, twelve_words
from tips.sealing import ceremony, signers, trust
from tips.sealing.signers import Signers
from tips.sealing.trust_folder import put_file


class Command(TipsCommand):
    help = (
        "Skriver under release.txt i mappen, där också undertecknarna ligger (signers-N.json).\n"
        "Bygg först själv, och jämför summan: docs/keys.md, A release that can be checked.\n"
        "Behöver ingen databas."
    )
    example = "sign_release /media/sticka --key sara.age --own min/release.txt"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="MAPP", help="Där release.txt ligger.")
        parser.add_argument("--key", required=True, metavar="FIL", help="Din nyckelfil.")
        parser.add_argument(
            "--own", type=Path, metavar="FIL", help="release.txt som du själv byggt."
        )
        parser.add_argument("--i-know", action="store_true", help="Fast datorn har nät: för prov.")

    def handle(
        self, *args: object, folder: Path, key: str, own: Path | None, **options: object
    ) -> None:
        octets = (folder / "release.txt").read_bytes()
        manifest, by = _read(octets), _signers_in(folder, octets)
        if own and own.read_bytes() != octets:
            raise CommandError("Det du har byggt är något annat. Inget har skrivits under.")
        if not options["i_know"]:
            refuse_network()
        said = manifest.said
        self.stdout.write(
            f"Release {manifest.number}, version {legible(said.get('version', ''))}, av {legible(said.get('made', ''))}\n"
            f"Incheckning {legible(said.get('commit', ''))}\n"
            f"{len(manifest.files)} filer, undertecknare {by.number}. SHA-256 {manifest.hash}, i ord:\n{twelve_words(manifest.hash)}"
        )
        typed = ask_line("Är det detta du skriver under? Skriv releasens nummer: ")
        if typed != str(manifest.number):
            raise CommandError("Det är inte numret. Inget har skrivits under.")
        self._sign(folder / "release.txt.sig", octets, by, key)

    def _sign(self, path: Path, octets: bytes, by: Signers, key: str) -> None:
        secret = signer_key(Path(key))
        if secret.public.id not in {each.id for each in by.keys}:
            raise CommandError("Nyckeln hör inte till någon av undertecknarna.")
        with in_swedish(path):
            there = path.read_bytes() if path.exists() else None
            signed = ceremony.sign("release", octets, there, by.keys, secret)
            put_file(path, signed)
            names = trust.read_signatures(signed, "release", octets, by.keys, 1)
        said = ", ".join(by.name_of(name) for name in sorted(names))
        is_enough = "Den kan läggas ut." if len(names) > 1 else "En till ska skriva under."
        self.stdout.write(f"Underskriven av {said}. {is_enough}")


def _read(octets: bytes) -> Manifest:
    try:
        return Manifest(octets)
    except Alarm as error:
        raise CommandError(str(error)) from None


def _signers_in(folder: Path, octets: bytes) -> Signers:
    wanted = _read(octets).signers
    for path in folder.glob("signers-*.json"):
        if trust.sha256_of(path.read_bytes()) == wanted:
            with in_swedish(path):
                return signers.parse_signers(path.read_bytes())
    raise CommandError(f"Undertecknarna som releasen nämner ligger inte i {legible(folder)}.")
