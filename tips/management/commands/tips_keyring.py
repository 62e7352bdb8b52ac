"""The ceremony: signers and keyrings are made, signed one signer at a time, shown and installed."""

from argparse import SUPPRESS
from collections.abc import Callable, Collection
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.timezone import localdate

from tips.journal import note
from tips.management.console import TipsCommand, legible
from tips.management.differences import about_keyring, about_signers
from tips.management.files import new_file, refuse_existing
from tips.management.key_files import ask_line
from tips.management.mistakes import refuse_mistakes
from tips.management.signing import make_signer, refuse_network, signer_key
from tips.management.trusted import (
    add_root,
    in_one_line,
    in_swedish,
    installed,
    keyring_in,
    refuse_unseen,
    root_from,
    twelve_words,
)
from tips.sealing import ceremony, keyring, requests, signers, trust
from tips.sealing.keyring import IntakeKey, Keyring, KeyringEntry, KeyringError
from tips.sealing.signers import Signer, Signers
from tips.sealing.trust_folder import PRESENT, numbered, put_file, read_file

_LIFE = timedelta(days=190)


class Command(TipsCommand):
    help = (
        "Nyckelringen säger vilka nya tips förseglas till. Två av tre skriver under den,\n"
        "på datorer utan nät: docs/keys.md, The keys of the tip channel.\n\n"
        "  show             visar den som gäller här, eller FIL\n"
        "  verify           prövar den som gäller här, eller FIL med --root\n"
        "  signers key      gör en undertecknares nyckel: --name, --out\n"
        "  signers init     de första tre: --add FIL.signer tre gånger\n"
        "  signers next     byter en: --add FIL.signer, --remove ID\n"
        "  signers sign     skriver under undertecknarna: --key\n"
        "  init             den första: --add FIL.request, --intake FIL, --serial\n"
        "  next             nästa: som init, och --remove ID, --not-after\n"
        "  diff             vad keyring.json ändrar, jämfört med --from\n"
        "  sign             skriver under keyring.json: --key\n"
        "  install          prövar allt och lägger det på plats: --folder"
    )
    example = "tips_keyring next --folder /media/sticka --add anna-ek.request"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.usage = "manage.py tips_keyring [ÅTGÄRD …] [--folder MAPP] [--root N:SUMMA] [VAL]"
        add = parser.add_argument
        add("action", nargs="*", metavar="ÅTGÄRD", help=SUPPRESS)
        add("--folder", default=".", metavar="MAPP", help="Där ceremonins filer ligger.")
        add_root(parser)
        # What each takes stands beside it above.
        add("--add", action="append", default=[], help=SUPPRESS)
        add("--intake", action="append", default=[], help=SUPPRESS)
        add("--remove", action="append", default=[], help=SUPPRESS)
        add("--serial", type=int, default=1, help=SUPPRESS)
        add("--not-after", type=date.fromisoformat, help=SUPPRESS)
        add("--from", dest="own", help=SUPPRESS)
        for name in ("--key", "--name", "--out"):
            add(name, help=SUPPRESS)
        # Where there is a network too: for tests, and to try it in a demo.
        add("--i-know", action="store_true", help=SUPPRESS)

    def handle(self, *args: object, action: list[str], **options: Any) -> None:
        self.folder, self.options = Path(options["folder"]), options
        actions = {
            "signers key": self._signers_key,
            "signers init": self._signers_init,
            "signers next": self._signers_next,
            "signers sign": self._signers_sign,
            "init": self._init,
            "next": self._next,
            "diff": self._diff,
            "sign": self._sign,
            "install": self._install,
        }
        words = " ".join(action)
        match action or ["show"]:
            case ["show", *rest] if len(rest) < 2:
                self._show(rest)
            case ["verify", *rest] if len(rest) < 2:
                self._verify(rest)
            case _ if words in actions:
                actions[words]()
            case _:
                raise CommandError(f"Åtgärden finns inte: {legible(words)}.")

    # What there is

    def _show(self, given: list[str]) -> None:
        if given:
            ring = keyring_in(Path(given[0]), self.options["root"])
        else:
            ring = installed(also_of_no_use=True).ring
        self.stdout.write(about_keyring(ring, None, is_shown=True))

    def _verify(self, given: list[str]) -> None:
        if given:
            ring = keyring_in(Path(given[0]), self.options["root"])
        else:
            if self.options["folder"] != ".":
                raise CommandError("verify prövar en FIL, eller den nyckelring som gäller här.")
            _refuse_writable(settings.TIPS_TRUST_DIR)
            found = installed()
            with in_swedish("Nyckelringen"):
                refuse_unseen(found)
            ring = found.ring
        self.stdout.write(f"Går att försegla till. {in_one_line(ring)}\n{twelve_words(ring.hash)}")

    # Signers

    def _signers_key(self) -> None:
        octets = make_signer(self._given("name"), Path(self._given("out")))
        self.stdout.write(
            f"Skriv orden på papper. Nyckeln i ord:\n{twelve_words(trust.sha256_of(octets))}"
        )

    def _signers_init(self) -> None:
        made = self._make_signers(lambda people: ceremony.first_signers(people, localdate()))
        self.stdout.write(about_signers(made, None))

    def _signers_next(self) -> None:
        old = self._last_signers()
        gone = self.options["remove"]
        if not {each.key.id for each in old.people} >= set(gone):
            raise CommandError("--remove är id för en undertecknare: signers sign visar dem.")
        stay = [each for each in old.people if each.key.id not in gone]
        made = self._make_signers(
            lambda people: ceremony.next_signers(old, [*stay, *people], localdate())
        )
        self.stdout.write(about_signers(made, old))

    def _signers_sign(self) -> None:
        new = self._last_signers()
        old = self._signers(new.number - 1) if new.number > 1 else None
        self._ready_to_sign(about_signers(new, old), "numret", new.number)
        file = self.folder / f"signers-{new.number}.json"
        with in_swedish(file):
            signed = self._add_signature("signers", new.octets, file, [*new.keys, *_keys(old)])
            try:
                signers.check_step(signed, new, old)
            except trust.TrustError:
                self.stdout.write("Underskriven. Fler ska skriva under.")
            else:
                self.stdout.write(f"Alla har skrivit under. Roten är {new.pin}")

    # Keyrings

    def _init(self) -> None:
        path = self.folder / PRESENT
        refuse_existing(path)
        entries, intake, by = self._asked_in(), self._intake_asked_in(), self._last_signers()
        refuse_mistakes(None, entries, (), intake, self._until())
        with in_swedish("Nyckelringen"):
            ring = ceremony.first_keyring(
                entries,
                by,
                made_on=localdate(),
                not_after=self._until(),
                serial=self.options["serial"],
                intake=intake,
            )
        put_file(path, ring.octets)
        self.stdout.write(about_keyring(ring, None))

    def _next(self) -> None:
        path = self.folder / PRESENT
        pin, added, removed = (
            root_from(self.options["root"]),
            self._asked_in(),
            self.options["remove"],
        )
        with in_swedish(path):
            old = ceremony.keyring_beside(path, pin).ring
        intake = [each for each in old.intake if each.key.id not in removed]
        intake += self._intake_asked_in()
        removed = [each for each in removed if each not in {key.key.id for key in old.intake}]
        refuse_mistakes(old, added, removed, intake, self._until())
        with in_swedish("Nästa nyckelring"):
            new = keyring.following(
                old,
                made_on=localdate(),
                not_after=self._until(),
                by=self._last_signers().hash,
                added=added,
                removed=removed,
                intake=intake,
            )
        put_file(self.folder / numbered(old.serial), old.octets)
        path.with_name(f"{PRESENT}.sig").rename(self.folder / f"{numbered(old.serial)}.sig")
        put_file(path, new.octets)
        self.stdout.write(about_keyring(new, old))

    def _diff(self) -> None:
        self.stdout.write(about_keyring(*self._new_and_old()))

    def _sign(self) -> None:
        new, old = self._new_and_old()
        self._ready_to_sign(about_keyring(new, old), "löpnumret", new.serial)
        path = self.folder / PRESENT
        by = self._last_signers()
        with in_swedish(path):
            if new.signers != by.hash:
                raise KeyringError("signers", "the keyring names other signers")
            signed = self._add_signature("keyring", new.octets, path, by.keys)
            read = keyring.keyring_signatures(signed, new, by, threshold=1)
        names = ", ".join(by.name_of(key) for key in sorted(read))
        is_enough = "Den kan läggas på plats." if len(read) > 1 else "En till ska skriva under."
        self.stdout.write(f"Underskriven av {names}. {is_enough}")

    def _install(self) -> None:
        path, into = self.folder / PRESENT, settings.TIPS_TRUST_DIR
        pin, ring = root_from(self.options["root"]), keyring_in(path, self.options["root"])
        with in_swedish(f"Nyckelringen {path}"):
            ceremony.install_keyring(path, into, pin)
        note("desk", "keyring-changed", None, what="install")
        self.stdout.write(
            f"Ligger i {legible(into)}. {in_one_line(ring)}\n{twelve_words(ring.hash)}\n"
            "Ingen omstart behövs. Jämför alla tolv orden med tipsmottagningens.\n"
            "Äldre tips: en som redan har nyckel kör Ge tillgång i tipsmottagningen."
        )

    # Their parts

    def _given(self, name: str) -> str:
        if not self.options[name]:
            raise CommandError(f"Något saknas: --{name}.")
        return str(self.options[name])

    def _until(self) -> date:
        given: date | None = self.options["not_after"]
        return given or localdate() + _LIFE

    def _asked_in(self) -> list[KeyringEntry]:
        entries = []
        for path in map(Path, self.options["add"]):
            with in_swedish(path):
                octets, signatures = read_file(path), path.with_name(f"{path.name}.sig")
                if b'"kind":"handler"' in octets and not signatures.exists():
                    raise CommandError(f"{legible(signatures)} finns inte: ta med båda filerna.")
                signed = read_file(signatures) if signatures.exists() else b""
                entries.append(requests.read_request(octets, signed))
        return entries

    def _intake_asked_in(self) -> list[IntakeKey]:
        keys = []
        for path in map(Path, self.options["intake"]):
            with in_swedish(path):
                keys.append(requests.read_intake(read_file(path)))
        return keys

    def _make_signers(self, make: Callable[[list[Signer]], Signers]) -> Signers:
        people: list[Signer] = []
        for path in map(Path, self.options["add"]):
            with in_swedish(path):
                people.append(requests.read_signer(read_file(path)))
        try:
            made: Signers = make(people)
        except trust.TrustError:
            raise CommandError(
                "Undertecknarna ska vara tre olika personer med var sin nyckel."
            ) from None
        with new_file(self.folder / f"signers-{made.number}.json", 0o644) as file:
            file.write(made.octets)
        return made

    def _signers(self, number: int) -> Signers:
        path = self.folder / f"signers-{number}.json"
        with in_swedish(path):
            return signers.parse_signers(read_file(path))

    def _last_signers(self) -> Signers:
        number = 1
        while (self.folder / f"signers-{number + 1}.json").exists():
            number += 1
        return self._signers(number)

    def _new_and_old(self) -> tuple[Keyring, Keyring | None]:
        path = self.folder / PRESENT
        with in_swedish(path):
            new = keyring.parse_keyring(read_file(path))
        before = Path(self.options["own"] or self.folder / numbered(new.serial - 1))
        if new.previous == trust.NOTHING_BEFORE and not self.options["own"]:
            return new, None
        with in_swedish(before):
            old = keyring.parse_keyring(read_file(before))
        with in_swedish(path):
            keyring.check_follows(new, old)
        return new, old

    def _ready_to_sign(self, what: str, number_in_words: str, number: int) -> None:
        if not self.options["i_know"]:
            refuse_network()
        self._given("key")
        self.stdout.write(what)
        typed = ask_line(f"Är det detta du skriver under? Skriv {number_in_words}: ")
        if typed != str(number):
            raise CommandError("Det är inte numret. Inget har skrivits under.")

    def _add_signature(
        self, kind: trust.SignedKind, octets: bytes, file: Path, known: Collection[trust.PublicKey]
    ) -> bytes:
        signatures = file.with_name(f"{file.name}.sig")
        key = signer_key(Path(self._given("key")))
        if key.public.id not in {each.id for each in known}:
            raise CommandError("Nyckeln hör inte till någon av undertecknarna.")
        with in_swedish(signatures):
            there = read_file(signatures) if signatures.exists() else None
            signed = ceremony.sign(kind, octets, there, known, key)
        put_file(signatures, signed)
        return signed


def _keys(old: Signers | None) -> list[trust.PublicKey]:
    return old.keys if old else []


def _refuse_writable(folder: Path) -> None:
    """Stops if others than the owner may write what decides who reads tips."""
    for path in [folder, *folder.glob("*")]:
        if path.stat().st_mode & 0o022:
            raise CommandError(
                f"{legible(path)} får skrivas av andra än den som äger den: "
                f"chmod go-w {legible(path)}"
            )
