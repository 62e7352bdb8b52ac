"""Makes the key with which a handler opens tips and signs, and what asks for it to be taken in."""

import re
import secrets
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.timezone import localdate

from tips.management.console import TipsCommand, legible
from tips.management.files import new_file, refuse_existing, with_ending
from tips.management.key_files import ask_new_passphrase, identities_in
from tips.management.trusted import add_root, name_in_swedish, root_from, twelve_words
from tips.sealing import age, handler_file, requests, trust
from tips.sealing.keyring import KeyringEntry
from tips.sealing.trust import SECRET_SIZE, SigningKey

_ID = re.compile(r"[a-z0-9-]{2,32}")


class Command(TipsCommand):
    help = (
        "Gör en nyckelfil, som öppnar tips och skriver under. Den är hemlig och säger\n"
        "vilka nyckelringar som gäller (roten). Bredvid läggs det som ska till ceremonin\n"
        "(.request); de tolv orden om det läser du själv upp där. Kör på en dator utan\n"
        "nät. Behöver ingen databas."
    )
    example = "tips_keygen --id anna-ek --name 'Anna Ek' --out anna.age --passphrase"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--out", required=True, metavar="FIL", help="Ny fil för nyckeln. Skrivs aldrig över."
        )
        parser.add_argument(
            "--id", required=True, metavar="ID", help="Två till 32 små bokstäver, siffror, streck."
        )
        parser.add_argument("--name", required=True, metavar="NAMN", help="Vem nyckeln tillhör.")
        parser.add_argument(
            "--vault",
            action="store_true",
            help="En reservnyckel i ett kassaskåp: skriver inte under.",
        )
        parser.add_argument(
            "--passphrase",
            action="store_true",
            help="Lås filen med en lösenfras, som du skriver två gånger.",
        )
        parser.add_argument(
            "--keep",
            metavar="FIL",
            help="Din förra nyckelfil: den nya öppnar också det som den öppnar.",
        )
        add_root(parser)

    def handle(self, *args: object, out: str, **options: Any) -> None:
        path = Path(out)
        asks = with_ending(path, ".request")
        signed = asks.with_name(f"{asks.name}.sig")
        for each in (path, asks, signed):
            refuse_existing(each)
        if not _ID.fullmatch(options["id"]):
            raise CommandError("--id skrivs med två till 32 små bokstäver a–z, siffror och streck.")
        root = root_from(options["root"])
        old = identities_in(Path(options["keep"])) if options["keep"] else []
        lock = ask_new_passphrase() if options["passphrase"] else ""
        identity, secret = age.generate_identity(), secrets.token_bytes(SECRET_SIZE)
        key = None if options["vault"] else SigningKey(secret, "handler")
        with name_in_swedish():
            entry = KeyringEntry(
                options["id"],
                options["name"],
                identity.recipient,
                localdate(),
                key.public if key else None,
            )
            request = requests.spell_request(entry)
            requests.read_request(request, requests.sign_request(request, key) if key else b"")
        text = handler_file.spell_handler_file(
            identity, localdate().isoformat(), entry.id, secret if key else None, root, old
        )
        _write(path, (age.lock(text.encode(), lock) if lock else text).encode())
        if key:
            _write(signed, requests.sign_request(request, key))
        _write(asks, request)
        self._say(path, asks, "" if key is None else " (och .sig)", lock, trust.sha256_of(request))

    def _say(self, path: Path, asks: Path, beside: str, lock: str, digest: str) -> None:
        # On stderr, so that stdout has the words alone; in no colour, for it is no fault.
        self.stderr.write(
            f"Nyckeln ligger i {legible(path)}. Spara en kopia på ett säkert ställe.", str
        )
        if not lock:
            self.stderr.write("Den är inte låst: den som kommer åt filen kan läsa alla tips.")
        self.stderr.write(f"Ta {legible(asks)}{beside} till ceremonin, och orden på papper:", str)
        self.stdout.write(twelve_words(digest))


def _write(path: Path, octets: bytes) -> None:
    with new_file(path) as file:
        file.write(octets)
