"""The only way a tip gets in: sealed, on the disk, in the database, and then acknowledged."""

import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import date, datetime, time
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import transaction
from django.utils import timezone

from tips.models import Tip
from tips.router import DATABASE
from tips.sealing import age, envelope, heads
from tips.sealing.arrivals import NamedArrival, Way
from tips.sealing.envelope import Attachment
from tips.sealing.keyring import Keyring, KeyringError

from .arrival_rows import NumberTaken, enter_number
from .arrival_state import Busy
from .arriving import AlreadyReceived, Arriving, write_whole
from .counting import Counting, one_at_a_time
from .present_keyring import keyring_of_the_intake
from .readiness import readiness
from .sealed_files import BODY, ECHO, HEAD, HEADS, URGENT, digest_of
from .vault import Vault, vault_now

_DIGEST = 32
_LARGEST_SERIAL = 2**31 - 1
_PIECE = 64 * 1024


class Closed(Exception):
    """No tip can be taken in now: `reason` is keyring, space, disk, database or page."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SpentToken(Exception):
    """The form has been taken in before, with another content."""


def leave(
    fields: Mapping[str, str],
    files: Iterable[tuple[str, str, bytes | BinaryIO]] = (),
    language: str = "sv",
    received_on: date | None = None,
) -> UUID:
    """Takes in a tip without the form. Of each file: name, type and content."""
    with Delivery(uuid.uuid4(), secrets.token_bytes(_DIGEST), way="command") as delivery:
        for name, kind, content in files:
            source = BytesIO(content) if isinstance(content, bytes) else content
            attaching = delivery.attach(name, kind)
            while piece := source.read(_PIECE):
                attaching.write(piece)
            attaching.close()
        return delivery.hand_in(fields, language, received_on=received_on)


def check_open(room: int = 0) -> None:
    """Raises Closed unless a tip of this size could be taken in."""
    _keyring()
    with disk():
        free = vault_now().free_bytes()
    if free - room < settings.TIPS_RESERVE_BYTES:
        raise Closed("space")


def check_ready() -> None:
    """Raises Closed unless a tip could be taken in, as far as can be told without one."""
    check_open()
    if not readiness.is_database_there():
        raise Closed("database")
    with suppress(Busy), _database(), _counting(waits=False):
        pass  # what was cut off is put right, if nobody is about to


def resume_after_backup(ends: NamedArrival) -> NamedArrival | None:
    """After a backup whose database ends so was restored: enters what lies in the vault of later tips.

    A new epoch follows on the last of them, which is returned; None where that is the last number given, and of
    the same epoch.
    """
    with _database(), _counting() as counting:
        epoch, ends = ends.epoch, counting.enter_what_is_kept(ends, enter_missing_row)
        if ends.epoch == epoch and counting.has_ended_at(ends):
            return None
        counting.begin_anew(ends)
        return ends


def is_received(tip_id: UUID, echo: bytes) -> bool:
    """Whether this tip is here already; with another content it raises SpentToken."""
    kept = vault_now()
    with disk():
        is_there = kept.folder(tip_id).exists()
    if is_there:
        _acknowledge_again(kept, tip_id, echo)
    return is_there


@contextmanager
def disk() -> Iterator[None]:
    """An error of the disk closes the intake. Its text may quote a tip; it ends here."""
    try:
        yield
    except OSError:
        raise Closed("disk") from None


@contextmanager
def _counting(*, waits: bool = True) -> Iterator[Counting]:
    """One tip at a time; Closed where the key is missing that the keyring names."""
    turn = one_at_a_time(keyring_of_the_intake, enter_missing_row, waits=waits)
    try:
        with disk(), turn as counting:
            yield counting
    except KeyringError:
        raise Closed("keyring") from None
    except NumberTaken:
        raise Closed("database") from None


def _keyring() -> Keyring:
    try:
        with disk():
            return keyring_of_the_intake()
    except KeyringError:
        raise Closed("keyring") from None


# One tip


class Delivery(AbstractContextManager["Delivery"]):
    """One tip on its way in: its files are sealed as they come, the rest when all is there.

    Unless it is handed in, nothing is left of it.
    """

    def __init__(self, tip_id: UUID, echo_key: bytes, room: int = 0, *, way: Way = "form") -> None:
        check_open(room)
        self._way = way
        self._tip_id = tip_id
        self._echo_key = echo_key
        self._vault = vault_now()
        self._keyring = _keyring()
        self._files: list[Attaching] = []
        with disk():
            self._arriving: Arriving = self._vault.begin()

    def __exit__(self, *_raised: object) -> None:
        for file in self._files:
            file.let_go()
        self._arriving.__exit__()

    def attach(self, name: str, kind: str) -> "Attaching":
        """A file of the tip, to be written to and closed before the next one."""
        attaching = Attaching(self._arriving, self._keyring, name, kind)
        self._files.append(attaching)
        return attaching

    def discard(self) -> None:
        """Deletes what has come so far, before the rest has come."""
        for file in self._files:
            file.let_go()
        self._arriving.discard()

    def hand_in(
        self, fields: Mapping[str, str], language: str, *, received_on: date | None = None
    ) -> UUID:
        """Keeps the tip. When this returns it is on the disk and in the database.

        The same form sent again is not kept twice; with other content it raises SpentToken.
        """
        received = _moment(received_on)
        on = timezone.localdate(received)
        attachments = [file.attachment for file in self._files]
        echo = self._echo(fields)
        with disk():
            sealed = {f"{file.id}.age": bytes.fromhex(file.sha256) for file in attachments}
            head = envelope.make_head(self._tip_id, received, fields, attachments)
            sealed[HEAD] = self._seal_to_each(head)
            body = envelope.make_body(
                self._tip_id, received, language, fields, attachments, way=self._way
            )
            sealed[BODY] = self._seal(BODY, body)
        self._complete(sealed, echo, on, is_urgent=bool(fields.get("urgent")))
        return self._tip_id

    def _complete(
        self, sealed: Mapping[str, bytes], echo: bytes, on: date, *, is_urgent: bool
    ) -> None:
        """Keeps what has been written of the tip; of each sealed file its name and payload's sum."""
        with disk():
            with self._arriving.create(ECHO) as file:
                file.write(_pack_echo(echo, self._keyring.serial))
            if is_urgent and self._vault.listener.exists():
                self._arriving.create(URGENT).close()
            self._arriving.settle(on)
        tip = _row(self._tip_id, on, digest_of(sealed), self._keyring.serial)
        try:
            self._keep(tip, sealed[HEAD])
        except AlreadyReceived:
            _acknowledge_again(self._vault, self._tip_id, echo)

    def _seal(self, name: str, content: bytes) -> bytes:
        with self._arriving.create(name) as file:
            sealed = age.SealedWriter(file, self._keyring.recipients)
            sealed.write(content)
            sealed.close()
        return sealed.payload_sha256

    def _seal_to_each(self, head: bytes) -> bytes:
        sealed = heads.seal_heads(head, self._keyring)
        with self._arriving.create(HEADS) as file:
            write_whole(file, heads.front_of(sealed.headers) + sealed.payload)
        return hashlib.sha256(sealed.payload).digest()

    def _echo(self, fields: Mapping[str, str]) -> bytes:
        """Tells this content from any other, but only to those who have the form's token."""
        files = [[file.name, file.kind, file.size, file.digest] for file in self._files]
        content = json.dumps([sorted(fields.items()), files]).encode()
        return hmac.digest(self._echo_key, content, "sha256")

    def _keep(self, tip: Tip, head: bytes) -> None:
        """Under the next number; one that is taken ends its epoch."""
        with _database(), _counting() as counting:
            if self._vault.folder(tip.pk).exists():
                raise AlreadyReceived
            try:
                self._enter(tip, head, counting)
            except NumberTaken:
                counting.begin_anew()
                self._enter(tip, head, counting)

    def _enter(self, tip: Tip, head: bytes, counting: Counting) -> None:
        """The number, the sealed folder, then the row, then the commit; or none of them."""
        is_inserted = False
        digest = bytes(tip.files_digest)
        signed = counting.reserve(tip.pk, digest, head, tip.received_on, self._way)
        self._arriving.put_arrival(signed.file)
        try:
            # Begins before the folder is moved: a database that is gone is found here.
            with transaction.atomic(using=DATABASE):
                enter_number(signed)
                with disk():
                    self._arriving.seal_into(tip.pk)
                Tip.objects.using(DATABASE).bulk_create([tip])
                is_inserted = True
        except BaseException:
            # A commit that failed may have reached the database: as after a crash, the next number settles it.
            if self._arriving.is_sealed and not is_inserted:
                with disk():
                    self._vault.remove(tip.pk)
            raise
        counting.done()


class Attaching:
    """A file of a tip that is sealed while it comes in."""

    def __init__(self, arriving: Arriving, keyring: Keyring, name: str, kind: str) -> None:
        self.name, self.kind, self.size = name, kind, 0
        self._id = uuid.uuid4()
        self._sum = hashlib.sha256()
        with disk():
            self._file = arriving.create(f"{self._id}.age")
            self._sealed = age.SealedWriter(self._file, keyring.recipients)

    @property
    def digest(self) -> str:
        return self._sum.hexdigest()

    @property
    def attachment(self) -> Attachment:
        return Attachment(
            self._id,
            self.name,
            self.kind,
            self.size,
            self._sealed.sealed_size,
            self._sealed.payload_sha256.hex(),
        )

    def write(self, piece: bytes) -> None:
        self._sum.update(piece)
        self.size += len(piece)
        with disk():
            self._sealed.write(piece)

    def close(self) -> None:
        """Pads the file to a size that says little."""
        with disk():
            for zeros in envelope.padding(self.size):
                self._sealed.write(zeros)
            self._sealed.close()
            self._file.close()

    def let_go(self) -> None:
        with suppress(OSError):
            self._file.close()


def enter_missing_row(tip_id: UUID) -> bool:
    """Enters a tip that is whole in the vault but lacks its row, as after a crash.

    Returns whether it is whole; a row that exists stays as it is. The caller must not hold the
    folder: it is locked here.
    """
    kept = vault_now()
    with kept.held(tip_id) as is_there:
        try:
            serial = _unpack_echo(kept.echo(tip_id))[1]
            is_whole = {HEAD, BODY} <= {file.name for file in kept.files(tip_id)}
            # No keyring has another number, and no row could hold it.
            if not is_whole or not 1 <= serial <= _LARGEST_SERIAL:
                return False
            digest = kept.digest(tip_id)
        except (OSError, ValueError):
            return False
        if is_there:
            tip = _row(tip_id, kept.received_on(tip_id), digest, serial)
            with _database():
                Tip.objects.using(DATABASE).bulk_create([tip], ignore_conflicts=True)
        return is_there


def _acknowledge_again(kept: Vault, tip_id: UUID, echo: bytes) -> None:
    """The same content sent twice counts as received, once the first is really kept."""
    with kept.held(tip_id) as is_there, disk():
        if not is_there:
            raise Closed("database")  # the first one has just failed
        if not hmac.compare_digest(_unpack_echo(kept.echo(tip_id))[0], echo):
            raise SpentToken
    # The first one may have died before it wrote the row.
    if not enter_missing_row(tip_id):
        raise Closed("disk")


def _row(tip_id: UUID, on: date, digest: bytes, serial: int) -> Tip:
    return Tip(id=tip_id, received_on=on, state_on=on, files_digest=digest, keyring_serial=serial)


@contextmanager
def _database() -> Iterator[None]:
    """An error of the database closes the intake. Its text may quote values; it ends here."""
    try:
        yield
    except DatabaseFault:
        raise Closed("database") from None


def _moment(on: date | None) -> datetime:
    if on is None:
        return timezone.now()
    return timezone.make_aware(datetime.combine(on, time(12)))


def _pack_echo(echo: bytes, serial: int) -> bytes:
    return echo + serial.to_bytes(8, "big")


def _unpack_echo(octets: bytes) -> tuple[bytes, int]:
    if len(octets) != _DIGEST + 8:
        raise ValueError("not an echo")
    return octets[:_DIGEST], int.from_bytes(octets[_DIGEST:], "big")
