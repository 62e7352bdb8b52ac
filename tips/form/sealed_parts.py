"""What a browser sends of a tip that it has sealed: parts in one order, read as they come."""

import base64
import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import QueryDict
from django.http.multipartparser import RAW, LazyStream
from django.utils.datastructures import MultiValueDict

from tips.keeping import intake
from tips.keeping.present_keyring import OtherKeyring, keyring_of_the_intake
from tips.keeping.sealed_delivery import NotSealed, SealedDelivery, SealedTexts
from tips.sealing import sizes
from tips.sealing.keyring import Keyring

from . import limits, tokens
from .reading import CHUNK, Unreadable, multipart_of

SealedPart = tuple[str, LazyStream]

_VERSION = "2"
_LONGEST_TEXT = 256
_LARGEST_HEADS = 128 * 1024
_LARGEST_BODY = 512 * 1024
_LARGEST_FILL = 512 * 1024
_ECHO = 32
_FILE = re.compile(r"file\.([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})")


class NotTaken(Exception):
    """Why a sealed tip is not taken, in one word that the page knows."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SealedTip(FileUploadHandler):
    """Takes the parts in; NotTaken, or an error of the intake, when they cannot be kept.

    `lets_in` is asked once, when head and body have turned out to be sealed as they have to be.
    `is_taken_in` tells of a tip that is kept: Django's parser does not hand on a request of no length.
    """

    chunk_size = CHUNK

    def __init__(self, length: int, lets_in: Callable[[], bool]) -> None:
        super().__init__()
        self._length = length
        self._lets_in = lets_in
        self._arrived = time.time()
        self.is_taken_in = False

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, UploadedFile]]:
        try:
            self._take(_parts(input_data, boundary))
        except (NotSealed, Unreadable):
            raise NotTaken("form") from None
        except OtherKeyring:
            raise NotTaken("keyring") from None
        self.is_taken_in = True
        return QueryDict(), MultiValueDict()

    def _take(self, parts: Iterator[SealedPart]) -> None:
        if _text(parts, "v") != _VERSION:
            raise NotTaken("form")
        token = tokens.read_token(_text(parts, "token"), self._arrived)
        if token is None or token.is_too_fresh:
            raise NotTaken("token")
        keyring = _text(parts, "keyring")
        echo = _echo(_text(parts, "echo"))
        if _text(parts, "language") not in dict(settings.LANGUAGES):
            raise NotTaken("form")
        urgent = _text(parts, "urgent")
        if urgent not in ("0", "1"):
            raise NotTaken("form")
        # Before the keyring: an answer may have been lost, and the keyring be another since then.
        if intake.is_received(token.tip_id, echo):
            return
        ring = _present(keyring)
        texts = SealedTexts.of(
            ring, _octets(parts, "heads", _LARGEST_HEADS), _octets(parts, "body", _LARGEST_BODY)
        )
        if not self._lets_in():
            raise NotTaken("limited")
        with SealedDelivery(token.tip_id, texts, self._length) as delivery:
            _keep_files(delivery, parts)
            delivery.hand_in_sealed(echo, is_urgent=urgent == "1")


def _present(said: str) -> Keyring:
    """The keyring that holds now, which is the one that it was sealed to."""
    intake.check_open()
    ring = keyring_of_the_intake()
    if said != f"{ring.serial}:{ring.hash}":
        raise OtherKeyring
    return ring


def _keep_files(delivery: SealedDelivery, parts: Iterator[SealedPart]) -> None:
    ids: set[UUID] = set()
    total = 0
    for name, content in parts:
        found = _FILE.fullmatch(name)
        if not found:
            _drop_fill(name, content, parts)
            return
        file_id = UUID(found[1])
        if file_id in ids:
            raise NotTaken("form")
        ids.add(file_id)
        total += delivery.keep_file(file_id, _pieces(content), limits.MAX_FILE_BYTES)
        if len(ids) > limits.MAX_FILES or total > sizes.payload_size(limits.MAX_PADDED_BYTES):
            raise NotTaken("size")


def _parts(stream: Any, boundary: Any) -> Iterator[SealedPart]:
    """The parts with their names; Unreadable unless the last one is followed by the end."""
    for kind, headers, content in multipart_of(stream, boundary):
        if kind == RAW:
            raise Unreadable
        name = headers["content-disposition"][1].get("name", b"")
        yield name.decode("ascii", "replace"), content


def _octets(parts: Iterator[SealedPart], name: str, most: int) -> bytes:
    """What stands in the next part, which has to have this name."""
    found, content = next(parts, ("", None))
    octets = content.read(most + 1) if content is not None and found == name else b""
    if not octets or len(octets) > most:
        raise NotTaken("form")
    return octets


def _text(parts: Iterator[SealedPart], name: str) -> str:
    return _octets(parts, name, _LONGEST_TEXT).decode("ascii", "replace")


def _echo(text: str) -> bytes:
    octets = (
        base64.urlsafe_b64decode(text + "=") if re.fullmatch(r"[\w-]{43}", text, re.ASCII) else b""
    )
    if len(octets) != _ECHO:
        raise NotTaken("form")
    return octets


def _pieces(content: LazyStream) -> Iterator[bytes]:
    """The content in pieces, of which the first holds the whole header."""
    while piece := content.read(CHUNK):
        yield piece


def _drop_fill(name: str, content: LazyStream, parts: Iterator[SealedPart]) -> None:
    """Reads what says nothing and hides how much is said; nothing may follow."""
    if name != "fill" or len(content.read(_LARGEST_FILL + 1)) > _LARGEST_FILL:
        raise NotTaken("form")
    if next(parts, None) is not None:
        raise NotTaken("form")
