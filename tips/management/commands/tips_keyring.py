"""Shows and changes the keyring: who new tips are sealed to."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.timezone import localdate

from tips.login.journal import note
from tips.management.console import TipsCommand, legible
from tips.management.key_files import KINDS_IN_WORDS, in_swedish, keyring_at, recipient_from
from tips.sealing import keyring
from tips.sealing.keyring import Keyring

REWRAP = (
    "Försegla om dem: i tipsmottagningen under Nycklar, eller med tips_export här,\n"
    "tips_rewrap på datorn där nyckeln finns och tips_rewrap --take-in här igen."
)


class Command(TipsCommand):
    help = (
        "Visar och ändrar nyckelringen, som säger vilka nya tips förseglas till.\n"
        "Behöver ingen databas.\n\n"
        "  show      visar vilka som står i den (om inget annat anges)\n"
        "  verify    prövar att den går att försegla till\n"
        "  init      gör den första, med --name och --recipient\n"
        "  add       lägger till en mottagare, med --name och --recipient\n"
        "  remove    tar bort den som heter NAMN, eller har den mottagarnyckeln"
    )
    example = "tips_keyring add --name 'Anna Ek' --recipient anna-mottagare.txt"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "action",
            nargs="?",
            default="show",
            choices=["show", "verify", "init", "add", "remove"],
            metavar="ÅTGÄRD",
            help="show, verify, init, add eller remove",
        )
        parser.add_argument("who", nargs="?", metavar="NAMN", help="vem som ska bort, vid remove")
        parser.add_argument("--name", metavar="NAMN", help="Vem nyckeln tillhör.")
        parser.add_argument(
            "--recipient", metavar="NYCKEL", help="Raden age1…, eller en fil som innehåller den."
        )
        parser.add_argument("--keyring", metavar="FIL", help="En annan nyckelring än driftens.")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        path = Path(options["keyring"] or settings.TIPS_KEYRING)
        _refuse_what_is_not_asked_for(action, options)
        match action:
            case "show":
                self._show(path, keyring_at(path, of_the_demo_too=True))
            case "verify":
                self._verify(path, keyring_at(path))
            case "init":
                self._init(path, options["name"], options["recipient"])
            case "add":
                self._add(path, options["name"], options["recipient"])
            case "remove":
                self._remove(path, options["who"])
        if action in ("init", "add", "remove"):
            note("desk", "keyring-changed", None, what=action)

    def _show(self, path: Path, found: Keyring) -> None:
        self.stdout.write(f"Nyckelring {found.serial} i {legible(path)}, gjord {found.made_on}.")
        if found.is_demo:
            self.stdout.write("Gjord av demot: den gäller inte i drift.")
        self.stdout.write(f"Slag: {KINDS_IN_WORDS[found.recipients[0].kind]}")
        self.stdout.write(f"Fingeravtryck: {found.fingerprint}")
        self.stdout.write("Nya tips förseglas till:")
        for entry in found.entries:
            key = str(entry.recipient)
            self.stdout.write(f"  {entry.name}, {key[:14]}…{key[-6:]}, sedan {entry.added_on}")

    def _verify(self, path: Path, found: Keyring) -> None:
        if path.stat().st_mode & 0o022:
            raise CommandError(
                f"Nyckelringen {legible(path)} får skrivas av andra än den som äger den: "
                f"chmod go-w {legible(path)}"
            )
        self.stdout.write(
            f"Nyckelring {found.serial} går att försegla till: {len(found.entries)} mottagare, "
            f"fingeravtryck {found.fingerprint}."
        )

    def _init(self, path: Path, name: str, recipient: str) -> None:
        entry = (name, recipient_from(recipient))
        with in_swedish(path):
            made = keyring.create_keyring(path, [entry], made_on=localdate())
        self._show(path, made)
        self.stdout.write(
            "Lägg till minst en till, så att en borttappad nyckel inte gör tipsen oläsliga.\n"
            "Lägg den sedan på servern. Ingen omstart behövs."
        )

    def _add(self, path: Path, name: str, recipient: str) -> None:
        before, key = keyring_at(path), recipient_from(recipient)
        if key.kind != before.recipients[0].kind:
            raise CommandError(
                f"Nyckeln är av ett annat slag än de andra i nyckelringen, som är "
                f"{KINDS_IN_WORDS[before.recipients[0].kind]}. De får inte blandas."
            )
        with in_swedish(path):
            after = keyring.add(before, name, key, on=localdate())
            keyring.save_keyring(after, path)
        self._show(path, after)
        self.stdout.write(
            f"Tips som kommer från och med nu kan {name} öppna.\n"
            f"De som redan finns är inte förseglade till {name} än.\n{REWRAP}"
        )

    def _remove(self, path: Path, who: str) -> None:
        before = keyring_at(path)
        with in_swedish(path):
            after = keyring.remove(before, who, on=localdate())
            keyring.save_keyring(after, path)
        (gone,) = set(before.entries) - set(after.entries)
        self._show(path, after)
        self.stdout.write(
            f"Nya tips förseglas inte längre till {gone.name}.\n"
            "De som redan finns kan den nyckeln fortfarande öppna, liksom de andras.\n"
            f"{REWRAP}\n"
            "Den som redan har en kopia av ett förseglat tips kan ändå öppna kopian."
        )


def _refuse_what_is_not_asked_for(action: str, options: dict[str, Any]) -> None:
    wants_key = action in ("init", "add")
    if wants_key and not (options["name"] and options["recipient"]):
        raise CommandError(f"{action} behöver både --name och --recipient.")
    if not wants_key and (options["name"] or options["recipient"]):
        raise CommandError(f"--name och --recipient hör inte till {action}.")
    if action == "remove" and not options["who"]:
        raise CommandError("remove behöver ett namn, eller en mottagarnyckel.")
    if action != "remove" and options["who"]:
        raise CommandError(f"Ett namn efter {action} betyder inget: skriv det efter --name.")
