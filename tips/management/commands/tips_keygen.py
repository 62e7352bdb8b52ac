"""Makes the key with which a handler opens tips."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import localdate

from tips.management.console import TipsCommand, legible
from tips.management.files import new_file, refuse_existing
from tips.management.key_files import ask_new_passphrase
from tips.sealing import age


class Command(TipsCommand):
    help = (
        "Gör en nyckel som öppnar tips. Mottagarnyckeln, som börjar med age1, skrivs ut:\n"
        "den läggs i nyckelringen med tips_keyring. Nyckelfilen är hemlig. Kör helst\n"
        "på en dator utan nät. Behöver ingen databas."
    )
    example = "tips_keygen --out anna.age --passphrase > anna-mottagare.txt"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--out", required=True, metavar="FIL", help="Ny fil för nyckeln. Skrivs aldrig över."
        )
        parser.add_argument(
            "--passphrase",
            action="store_true",
            help="Lås filen med en lösenfras, som du skriver två gånger.",
        )
        parser.add_argument(
            "--x25519",
            action="store_true",
            help="Det äldre slaget, för program som inte kan postkvant.",
        )

    def handle(self, *args: Any, out: str, passphrase: bool, x25519: bool, **options: Any) -> None:
        path = Path(out)
        refuse_existing(path)
        lock = ask_new_passphrase() if passphrase else ""
        identity = age.generate_identity("x25519" if x25519 else "hybrid")
        text = _key_file(identity)
        with new_file(path) as file:
            file.write((age.lock(text.encode(), lock) if lock else text).encode())
        self.stderr.write(f"Nyckeln ligger i {legible(path)}. Spara en kopia på ett säkert ställe.")
        if not lock:
            self.stderr.write("Den är inte låst: den som kommer åt filen kan läsa alla tips.")
        self.stderr.write("Den här raden läggs i nyckelringen, med tips_keyring add:")
        self.stdout.write(str(identity.recipient))


def _key_file(identity: age.Identity) -> str:
    return (
        "# Hemlig nyckel som öppnar tips. Lämna den aldrig till någon annan.\n"
        f"# created: {localdate().isoformat()}\n"
        f"# public key: {identity.recipient}\n"
        f"{identity}\n"
    )
