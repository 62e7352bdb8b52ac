"""Gives another keyring access to sealed tips, on a machine without a network."""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.core.management.base import CommandError, CommandParser
from django.utils.timezone import localdate

from tips.handling import rewrap, steps
from tips.handling.rewrap import Wrapped
from tips.keeping.sealed_files import HEAD
from tips.keeping.vault import Vault, vault_now
from tips.management.arguments import tip_from
from tips.management.bundle_faults import all_in_words, bundle_fault_in_words, bundle_in_swedish
from tips.management.console import TipsCommand, legible
from tips.management.files import new_file, refuse_existing
from tips.management.key_files import identities_in
from tips.management.trusted import add_root, installed, keyring_in
from tips.models import Note, Tip
from tips.router import DATABASE
from tips.sealing import age, fingerprint, heads
from tips.sealing.bundle import Bundle, heads_of, open_bundle
from tips.sealing.keyring import Keyring
from tips.sealing.manifest import HEAD_NAME, MANIFEST, PACKED_ARRIVAL, BundleError, PackedTip
from tips.sealing.packing import BundlePacker, Readable
from tips.sealing.reference import reference_of

_ACTOR = "tips_rewrap"
_NOTES = "notes/"
_BLOCK = 1024 * 1024


class Command(TipsCommand):
    help = (
        "Förseglar om tips så att de som står i en ny nyckelring kan öppna dem.\n"
        "1. På datorn där din nyckel finns, utan nät och databas:\n"
        "   tips_rewrap PAKET --identity FIL --keyring FIL --out FIL.zip\n"
        "2. På tipsmottagningens, som bara byter huvuden: tips_rewrap --take-in FIL.zip\n"
        "Omslag som ersatts ligger kvar tills tipset gallras: --restore TIPS visar dem."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "bundle", nargs="?", metavar="PAKET", help="zip-filen från tips_export, eller mappen"
        )
        parser.add_argument("--identity", metavar="FIL", help="Din nyckelfil.")
        parser.add_argument(
            "--keyring",
            metavar="FIL",
            help="Den nya, med underskrifter bredvid.",
        )
        add_root(parser)
        parser.add_argument("--out", metavar="FIL.zip", help="Ny fil. Skrivs aldrig över.")
        parser.add_argument(
            "--take-in", metavar="FIL.zip", help="Ta in det omförseglade i tipsmottagningen."
        )
        parser.add_argument("--restore", metavar="TIPS", help="Visa ersatta omslag.")
        parser.add_argument(
            "--before", type=int, metavar="VERSION", help="Och lägg tillbaka dessa."
        )

    def handle(
        self,
        *args: Any,
        bundle: str | None,
        take_in: str | None,
        restore: str | None,
        before: int | None,
        **options: Any,
    ) -> None:
        wanted = [bundle, options["identity"], options["keyring"], options["out"]]
        if take_in and (restore or any(wanted)):
            raise CommandError("--take-in anges ensamt.")
        if (restore and any(wanted)) or (before is not None and not restore):
            raise CommandError("--restore anges ensamt eller med --before.")
        if restore:
            self._restore(tip_from(restore), before)
        elif take_in:
            self._take_in(take_in)
        elif bundle and all(wanted):
            ring = keyring_in(Path(options["keyring"]), options["root"])
            self._wrap(bundle, options["identity"], ring, Path(options["out"]))
        else:
            raise CommandError(
                "Ange PAKET, --identity, --keyring och --out tillsammans, eller bara --take-in."
            )

    # Where the key is

    def _wrap(self, bundle: str, identity: str, ring: Keyring, out: Path) -> None:
        refuse_existing(out)
        with bundle_in_swedish(bundle), open_bundle(bundle) as found:
            identities = identities_in(Path(identity))
            headers, failed = _new_headers(found, self.counted(found.tips), identities, ring)
            if headers:
                _pack(found, headers, ring, out)
                self.stdout.write(
                    f"{len(headers)} tips omförseglade till nyckelring {ring.serial} ligger i "
                    f"{legible(out)}. Ta in dem med tips_rewrap --take-in."
                )
        if failed:
            raise CommandError(
                f"{len(failed)} tips gick inte att försegla om: {all_in_words(failed)}."
            )
        if not headers:
            raise CommandError(f"{legible(bundle)} innehåller inga tips.")

    # Where the tips are

    def _take_in(self, bundle: str) -> None:
        ring, vault = installed().ring, vault_now()
        done: Counter[str] = Counter()
        failed: dict[str, str] = {}
        with bundle_in_swedish(bundle), open_bundle(bundle) as found:
            _refuse_other_keyring(bundle, ring)
            steps.take_in_new()  # a tip must arrive before any other step
            for tip in self.counted(found.tips):
                try:
                    done[_replaced(found, tip, ring, vault)] += 1
                except (BundleError, steps.Refused) as error:
                    code = getattr(error, "code", "")
                    failed[reference_of(tip.id)] = (
                        bundle_fault_in_words(code) if code else str(error)
                    )
        for outcome, count in done.items():
            self.stdout.write(f"{count} tips {outcome}.")
        if failed:
            named = "; ".join(f"{reference} {words}" for reference, words in failed.items())
            raise CommandError(f"{len(failed)} tips har inte ändrats: {named}.")

    def _restore(self, tip: Tip, before: int | None) -> None:
        vault, reference = vault_now(), reference_of(tip.pk)
        found = rewrap.restorable(tip.pk, vault)
        if not found or (before is not None and before not in found):
            until = "" if before is None else f" som stod där till version {before}"
            raise CommandError(f"Tips {reference} har inga omslag{until} att lägga tillbaka.")
        if before is None:
            self.stdout.write(f"Tips {reference} har omslag som stod där till och med version")
            for version, headers in found.items():
                serials = ", ".join(sorted({str(header.serial) for header in headers}))
                count = len(headers)
                self.stdout.write(f"  {version}: {count} omslag för nyckelring {serials}")
            return
        count = rewrap.restore(tip.pk, before, vault, _ACTOR)
        self.stdout.write(f"Tips {reference}: {count} omslag är återställda.")


def _new_headers(
    found: Bundle, tips: Iterable[PackedTip], identities: list[age.Identity], ring: Keyring
) -> tuple[dict[UUID, dict[str, bytes]], dict[str, str]]:
    """New headers for every tip that can be opened whole, and why the others cannot."""
    headers: dict[UUID, dict[str, bytes]] = {}
    failed: dict[str, str] = {}
    for tip in tips:
        try:
            headers[tip.id] = dict(_headers_of(found, tip, identities, ring))
        except BundleError as error:
            failed[reference_of(tip.id)] = error.code
    return headers, failed


def _headers_of(
    found: Bundle, tip: PackedTip, identities: list[age.Identity], ring: Keyring
) -> Iterator[tuple[str, bytes]]:
    yield HEAD, _new_heads(found, tip, identities, ring)
    for name in tip.files:
        if HEAD_NAME.fullmatch(name) or name == PACKED_ARRIVAL:
            continue
        try:
            with found.sealed(tip, name) as source:
                old = age.split_header(source)
                new = age.rewrap_header(old, identities, ring.recipients)
        except BundleError as error:
            # A note sealed to others stays as it is, and must not keep the tip from anyone.
            if error.code != "wrong_key" or not name.startswith(_NOTES):
                raise
        else:
            yield name, new


def _new_heads(
    found: Bundle, tip: PackedTip, identities: list[age.Identity], ring: Keyring
) -> bytes:
    """The head's headers, one for each in the keyring, by the first head that opens."""
    fault = BundleError("missing_file", f"{HEAD} is missing")
    for name in heads_of(tip):
        try:
            with found.sealed(tip, name) as source:
                old = age.split_header(source)
                new = [age.rewrap_header(old, identities, [each]) for each in ring.recipients]
        except BundleError as error:
            if error.code != "wrong_key":
                raise
            fault = error
        else:
            return b"".join(new)
    raise fault


def _pack(
    found: Bundle, headers: Mapping[UUID, Mapping[str, bytes]], ring: Keyring, out: Path
) -> None:
    said = {"keyring": {"serial": ring.serial, "hash": ring.hash}}
    with new_file(out) as file, BundlePacker(file, made_on=localdate(), **said) as packer:
        for tip in found.tips:
            if tip.id in headers:
                packer.add_tip(
                    tip.id,
                    _rewrapped(found, tip, headers[tip.id], ring),
                    state=tip.state,
                    received_on=tip.received_on,
                    register_no=tip.register_no,
                )


def _rewrapped(
    found: Bundle, tip: PackedTip, headers: Mapping[str, bytes], ring: Keyring
) -> Iterator[tuple[str, Readable]]:
    with found.sealed(tip, heads_of(tip)[0]) as source:
        age.split_header(source)
        payload = source.read(_BLOCK)
    row = heads.for_each(ring, headers[HEAD]) or {}
    for name, head in heads.Heads(row, payload).files():
        yield name, io.BytesIO(head)
    for name in tip.files:
        if HEAD_NAME.fullmatch(name):
            continue
        with found.sealed(tip, name) as source:
            if name == PACKED_ARRIVAL:
                yield name, source
                continue
            old = age.split_header(source)
            yield name, _Joined(headers.get(name, old), source)


class _Joined:
    """A new header in front of the old payload."""

    def __init__(self, header: bytes, payload: Readable) -> None:
        self._header = io.BytesIO(header)
        self._payload = payload

    def read(self, size: int, /) -> bytes:
        return self._header.read(size) or self._payload.read(size)


def _refuse_other_keyring(bundle: str, ring: Keyring) -> None:
    with zipfile.ZipFile(bundle) as archive:
        said = json.loads(archive.read(MANIFEST)).get("keyring")
    if said is None:
        raise CommandError(
            f"{legible(bundle)} är inte omförseglat: gör det först, där nyckeln finns."
        )
    if said != {"serial": ring.serial, "hash": ring.hash}:
        raise CommandError(
            f"{legible(bundle)} är omförseglat till en annan nyckelring än den som gäller här, "
            f"som är nummer {ring.serial}: {' '.join(fingerprint.words(ring.hash))}."
        )


def _replaced(found: Bundle, tip: PackedTip, ring: Keyring, vault: Vault) -> str:
    """Puts the new headers in front of the same payloads; returns what became of the tip."""
    if not Tip.objects.using(DATABASE).filter(pk=tip.id).exists():
        return "har gallrats sedan dess och hoppades över"
    lot, is_new = [], False
    for name, header, payload in _fronts(found, tip):
        old, old_payload = _present(tip.id, name, vault)
        if payload != old_payload:
            raise BundleError("damaged", f"{name} is not in front of the same payload")
        row = heads.for_each(ring, header) if name == HEAD else None
        is_changed = old != (heads.front_of(row) if row else header)
        is_new = is_new or is_changed
        if is_changed or not name.startswith(_NOTES):
            lot.append(Wrapped(tip.id, _name_at_desk(name), header))
    if not is_new:
        return "var redan intagna"
    if not rewrap.replace(ring, ring.serial, vault, lot, _ACTOR):
        return "var redan intagna"
    return f"är nu förseglade till nyckelring {ring.serial}"


def _fronts(found: Bundle, tip: PackedTip) -> Iterator[tuple[str, bytes, bytes]]:
    """Of each file its name, its header and the sum of its payload; all heads are one file."""
    row, payloads = b"", set()
    for name in tip.files:
        if name == PACKED_ARRIVAL:
            continue
        with found.sealed(tip, name) as source:
            header, payload = age.split_header(source), _sum_of(source)
        if HEAD_NAME.fullmatch(name):
            row += header
            payloads.add(payload)
        else:
            yield name, header, payload
    if len(payloads) != 1:
        raise BundleError("damaged", "the heads of the tip do not have one content")
    yield HEAD, row, payloads.pop()


def _present(tip_id: UUID, name: str, vault: Vault) -> tuple[bytes, bytes]:
    """The file's present header, and the SHA-256 of its payload."""
    try:
        with _opened(tip_id, name, vault) as file:
            return heads.split(file), _sum_of(file)
    except (FileNotFoundError, Note.DoesNotExist, age.AgeError):
        raise BundleError("missing_file", f"{name} is not at the desk") from None


def _sum_of(payload: Readable) -> bytes:
    total = sha256()
    while block := payload.read(_BLOCK):
        total.update(block)
    return total.digest()


def _opened(tip_id: UUID, name: str, vault: Vault) -> BinaryIO:
    if not name.startswith(_NOTES):
        return vault.open(tip_id, name)
    note = Note.objects.using(DATABASE).get(pk=_note_id(name), tip_id=tip_id)
    return io.BytesIO(note.sealed)


def _name_at_desk(name: str) -> str:
    return f"note:{_note_id(name)}" if name.startswith(_NOTES) else name


def _note_id(name: str) -> UUID:
    return UUID(name.removeprefix(_NOTES).removesuffix(".age"))
