"""Sealed tips on their way to a machine without a network: a zip file, or a folder."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from . import age, envelope
from .bundle_places import BundlePlace, missing_file, place_at, telling_disk_errors, telling_faults
from .file_names import file_names
from .judged_note import GivenNote
from .keyring import Keyring
from .manifest import (
    ATTACHMENT_NAME,
    HEAD_NAME,
    LARGEST_MANIFEST,
    MANIFEST,
    MAX_ATTACHMENTS,
    BundleError,
    PackedFile,
    PackedTip,
    parse_manifest,
)
from .note_chain import NoteChain
from .notes_text import notes_text
from .packed_trust import packed_keyring
from .signed_note import read_note
from .signers import Pin
from .tip_text import tip_text
from .trust import LARGEST_SIGNED, TrustError

_PIECE = 64 * 1024

_TIP_TEXT, _NOTES_TEXT = "tip.txt", "anteckningar.txt"


class Bundle:
    """Sealed tips that can be opened one by one."""

    def __init__(self, place: BundlePlace) -> None:
        self._place = place
        with place.open(MANIFEST) as file, telling_faults(MANIFEST), telling_disk_errors(MANIFEST):
            octets = file.read(LARGEST_MANIFEST + 1)
        self.made_on, self.tips = parse_manifest(octets)

    def sealed(self, tip: PackedTip, name: str) -> "AbstractContextManager[_Measured]":
        """A sealed file. Read it to its end: only then has it been checked against the manifest."""
        return _OpenedTip(self._place, tip)._sealed(name)

    def received(self, tip: PackedTip, identities: Sequence[age.Identity]) -> str:
        """When the tip came, by its own words."""
        received: str = _OpenedTip(self._place, tip, identities).body()["received"]
        return received

    def trust(self, name: str) -> bytes | None:
        """A file of signers or keyrings; None where the bundle has none such."""
        path = f"trust/{name}"
        try:
            with self._place.open(path) as file, telling_faults(path), telling_disk_errors(path):
                return file.read(LARGEST_SIGNED + 1)
        except BundleError:
            return None

    def keyring(self, root: Pin) -> Keyring | None:
        """The keyring that came along; None where it did not, or is not to be believed."""
        try:
            return packed_keyring(self.trust, root)
        except TrustError:
            return None

    def open_tip(
        self,
        tip_id: UUID | str,
        identities: Sequence[age.Identity],
        out_dir: Path | str,
        ring: Keyring | None = None,
        arrival: str = "",
    ) -> Path:
        """Writes the tip and its files into a folder of their own: all of it, or nothing.

        Who wrote the notes is told by the keyring, and not without one. `arrival` is the hash of the
        tip's signed arrival, where it has one: no note on it is from before signatures.
        """
        tip = next((tip for tip in self.tips if str(tip.id) == str(tip_id)), None)
        if tip is None:
            raise BundleError("unknown_tip", "there is no such tip in the bundle")
        out = Path(out_dir)
        goal = out / str(tip.id)
        if os.path.lexists(goal):
            raise BundleError("exists", f"{goal} exists already")
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{tip.id}.", dir=out))
        try:
            _OpenedTip(self._place, tip, identities, ring, arrival).write(part)
            part.rename(goal)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        return goal


def heads_of(tip: PackedTip) -> list[str]:
    """The names of the tip's heads."""
    return [name for name in tip.files if HEAD_NAME.fullmatch(name)]


@contextmanager
def open_bundle(path: Path | str) -> Iterator[Bundle]:
    """The bundle at the path. It may come from anybody, so nothing in it is trusted."""
    with closing(place_at(Path(path))) as place:
        yield Bundle(place)


@dataclass
class _OpenedTip:
    """Opens one tip of a bundle into a folder that is its own."""

    _place: BundlePlace
    _tip: PackedTip
    _identities: Sequence[age.Identity] = ()
    _ring: Keyring | None = None
    _arrival: str = ""

    def write(self, folder: Path) -> None:
        body = self.body()
        attachments = body["attachments"]
        if len(attachments) > MAX_ATTACHMENTS:
            raise BundleError("damaged", "the tip has too many files")
        expected = {f"{file['id']}.age" for file in attachments}
        if any(name not in expected for name in self._tip.files if ATTACHMENT_NAME.fullmatch(name)):
            raise BundleError("damaged", "there is a file beside the tip that it does not name")
        names = file_names((file["name"] for file in attachments), (_TIP_TEXT, _NOTES_TEXT))
        for name, file in zip(names, attachments, strict=True):
            self._write_attachment(folder / name, file)
        _write(folder / _TIP_TEXT, tip_text(body, names))
        notes = [self._note(name) for name in self._tip.files if name.startswith("notes/")]
        if notes:
            judged = NoteChain(str(self._tip.id), self._ring, self._arrival).judged(notes)
            _write(folder / _NOTES_TEXT, notes_text(notes, judged))

    def body(self) -> dict[str, Any]:
        """What was written, which has to be of the same tip as the head."""
        head = self._head()
        body = self._content("body.age", envelope.read_body)
        said = (body["received"], len(body["attachments"]))
        if (head["received"], head["attachments"]) != said:
            raise BundleError("damaged", "its head and body.age are not of one tip")
        return body

    def _head(self) -> dict[str, Any]:
        """What the heads say, by the first that opens: all have one payload."""
        names = heads_of(self._tip) or ["head.age"]
        if len(names) > 1 and len({self._payload_sum(name) for name in names}) > 1:
            raise BundleError("damaged", "the heads of the tip do not have one content")
        for name in names[:-1]:
            try:
                return self._content(name, envelope.read_head)
            except BundleError as fault:
                if fault.code != "wrong_key":
                    raise
        return self._content(names[-1], envelope.read_head)

    def _payload_sum(self, name: str) -> str:
        with self._sealed(name) as source:
            age.split_header(source)
            return source.read_on()

    def _content(self, name: str, read: Callable[[bytes], dict[str, Any]]) -> dict[str, Any]:
        with self._sealed(name) as source:
            content = read(b"".join(age.open_stream(source, self._identities)))
        if content["id"] != str(self._tip.id):
            raise BundleError("damaged", f"{self._path(name)} belongs to another tip")
        return content

    def _note(self, name: str) -> GivenNote:
        """The note. One that is sealed to others, or is none, must not hide the tip."""
        note_id = name.removeprefix("notes/").removesuffix(".age")
        try:
            with self._sealed(name) as source:
                octets = b"".join(age.open_stream(source, self._identities))
        except BundleError as fault:
            if fault.code == "wrong_key":
                return GivenNote(note_id, "closed")
            raise
        try:
            return GivenNote(note_id, read_note(octets))
        except TrustError:
            return GivenNote(note_id, "damaged")

    def _write_attachment(self, path: Path, file: dict[str, Any]) -> None:
        left = file["size"]
        with self._sealed(f"{file['id']}.age") as source, _create(path) as out:
            for piece in age.open_stream(source, self._identities):
                content, filling = piece[:left], piece[left:]
                if filling.strip(b"\0"):
                    raise age.Damaged("longer than the tip says")
                out.write(content)
                left -= len(content)
            if left:
                raise age.Damaged("shorter than the tip says")
            if (source.payload_size, source.payload_sum) != (file["sealed_size"], file["sha256"]):
                raise age.Damaged("not the file that the tip was left with")

    @contextmanager
    def _sealed(self, name: str) -> Iterator["_Measured"]:
        """A sealed file of the tip, checked against the manifest."""
        path = self._path(name)
        if name not in self._tip.files:
            raise missing_file(path)
        with self._place.open(path) as file, telling_faults(path):
            source = _Measured(file, self._tip.files[name])
            try:
                yield source
            except age.WrongKey:
                # A header that was changed looks like one sealed to others.
                source.check()
                raise
            source.check()

    def _path(self, name: str) -> str:
        return f"{self._tip.id}/{name}"


class _Measured:
    """A sealed file, counted and hashed while it is read, and never read too far."""

    def __init__(self, file: IO[bytes], expected: PackedFile) -> None:
        self._file = file
        self._expected = expected
        self._size = 0
        self._sum = hashlib.sha256()
        self._payload_sum = hashlib.sha256()
        self.payload_size = 0

    # Only the header is read in lines (age.SealedSource).
    def readline(self, size: int, /) -> bytes:
        return self._counted(self._file.readline, size)

    def read(self, size: int, /) -> bytes:
        octets = self._counted(self._file.read, size)
        self.payload_size += len(octets)
        self._payload_sum.update(octets)
        return octets

    def read_on(self) -> str:
        """The sum of the payload, when all of it has been read."""
        while self.read(_PIECE):
            pass
        return self.payload_sum

    @property
    def payload_sum(self) -> str:
        return self._payload_sum.hexdigest()

    def check(self) -> None:
        while self._counted(self._file.read, _PIECE):
            pass
        if (self._size, self._sum.hexdigest()) != (self._expected.size, self._expected.sha256):
            raise age.Damaged("not the octets that the manifest lists")

    def _counted(self, read: Callable[[int], bytes], size: int) -> bytes:
        # One more than there should be: enough to see that there is more.
        left = self._expected.size + 1 - self._size
        with telling_disk_errors(self._expected.name):
            octets = read(min(size, left))
        self._size += len(octets)
        self._sum.update(octets)
        return octets


def _create(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _write(path: Path, text: str) -> None:
    with _create(path) as file:
        file.write(text.encode("utf-8", "replace"))
