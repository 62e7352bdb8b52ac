"""Reads a form while it is sent: fields into memory, files through the seal and nowhere else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import (
    FILE,
    RAW,
    LazyStream,
    MultiPartParser,
    MultiPartParserError,
)
from django.utils.datastructures import MultiValueDict

from tips.keeping.intake import Closed, Delivery

from . import limits
from .reading import CHUNK, Body, CutOff, Headers, Unreadable, multipart_of
from .time_limit import time_limit

_NOT_CODED = ("", "7bit", "8bit", "binary")
_LONGEST_TYPE = 100


@dataclass
class Letter:
    """What has been read of a form, even if the rest never comes."""

    fields: dict[str, str] = field(default_factory=dict)
    is_whole: bool = False  # the end of the form was there
    is_damaged: bool = False  # something in it could not be read
    is_cut_off: bool = False
    has_long_fields: bool = False  # they were cut off
    has_files: bool = False
    too_large: list[str] = field(default_factory=list)  # names of files
    is_too_much: bool = False
    are_too_many: bool = False
    is_limited: bool = False  # somebody sends too often, and the files were dropped
    closed: str = ""  # why the files could not be kept


class SealingUploadHandler(FileUploadHandler):
    """Takes the parts of a form as they come.

    `admit` is called at the first file, once the fields have been read. It returns the delivery for
    the files, or None to drop them. Without `admit`, the reading ends at the first file.
    """

    chunk_size = CHUNK

    def __init__(
        self,
        letter: Letter,
        names: frozenset[str],
        admit: Callable[[], Delivery | None] | None,
    ) -> None:
        super().__init__()
        self._letter = letter
        self._names = names
        self._admit = admit
        self._delivery: Delivery | None = None
        self._room = limits.MAX_FIELDS_BYTES
        self._files = 0
        self._octets_in_files = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, UploadedFile]]:
        for kind, headers, content in multipart_of(input_data, boundary):
            if kind == RAW:
                self._letter.is_damaged = True
            elif kind == FILE and self._admit is None:
                self._letter.has_files = True
                break
            else:
                self._take(kind, headers, content)
        else:
            self._letter.is_whole = True
        return QueryDict(), MultiValueDict()

    def _take(self, kind: str, headers: Headers, content: LazyStream) -> None:
        disposition = headers["content-disposition"][1]
        coding, _parameters = headers.get("content-transfer-encoding", ("", {}))
        if coding.strip().lower() not in _NOT_CODED or "name" not in disposition:
            self._letter.is_damaged = True
        elif kind == FILE:
            content_type, _parameters = headers.get("content-type", ("", {}))
            name = _last_part(_decoded(disposition["filename"]))
            self._take_file(name, content_type.strip()[:_LONGEST_TYPE], content)
        else:
            self._take_field(_decoded(disposition["name"]), content)

    def _take_field(self, name: str, content: LazyStream) -> None:
        if name == "files":
            # A file control in which no file was chosen comes as an empty field.
            self._letter.is_damaged |= content.read(1) != b""
        elif name in self._letter.fields:
            self._letter.is_damaged = True
        elif name in self._names:
            octets = content.read(self._room + 1)
            self._letter.has_long_fields |= len(octets) > self._room
            octets = octets[: self._room]
            self._room -= len(octets)
            self._letter.fields[name] = _decoded(octets).replace("\r\n", "\n")

    def _take_file(self, name: str, content_type: str, content: LazyStream) -> None:
        self._files += 1
        self._letter.has_files = True
        with self._or_give_up():
            if self._files == 1 and self._admit:
                self._delivery = self._admit()
            if self._files > limits.MAX_FILES:
                self._letter.are_too_many = True
                self._give_up()
            self._seal(name, content_type, content)

    def _seal(self, name: str, content_type: str, content: LazyStream) -> None:
        attaching = self._delivery.attach(name, content_type) if self._delivery else None
        size = 0
        for octets in content:
            size += len(octets)
            self._octets_in_files += len(octets)
            if self._octets_in_files > limits.MAX_TOTAL_BYTES:
                self._letter.is_too_much = True
                self._give_up()
            if size > limits.MAX_FILE_BYTES:
                self._letter.too_large.append(name)
                self._give_up()
                break
            if attaching and self._delivery:
                attaching.write(octets)
        if attaching and self._delivery:
            attaching.close()

    @contextmanager
    def _or_give_up(self) -> Iterator[None]:
        try:
            yield
        except Closed as closed:
            self._letter.closed = closed.reason
            self._give_up()

    def _give_up(self) -> None:
        """Keeps nothing more, since the form will be shown again. The rest is read and dropped: a
        browser shows no answer before it has sent everything."""
        if self._delivery:
            self._delivery.discard()
            self._delivery = None


def read_form(
    request: HttpRequest,
    length: int,
    letter: Letter,
    names: frozenset[str],
    admit: Callable[[], Delivery | None] | None,
    *,
    seconds: float,
) -> None:
    """Reads what is being sent into the letter: the fields with these names, and the files."""
    handler = SealingUploadHandler(letter, names, admit)
    body = Body(request, length, seconds)
    with time_limit.over(request.META.get("gunicorn.socket"), seconds):
        try:
            _parse(request.META, body, handler, letter)
            if admit or not letter.has_files:
                body.drain()
        except CutOff:
            letter.is_cut_off = True


def _parse(meta: dict[str, str], body: Body, handler: SealingUploadHandler, letter: Letter) -> None:
    try:
        MultiPartParser(meta, body, [handler], "utf-8").parse()
    except (Unreadable, MultiPartParserError, SuspiciousOperation):
        letter.is_damaged = True
    letter.is_damaged |= not letter.is_whole


def _last_part(name: str) -> str:
    """The name without the tipster's folders."""
    return name.replace("\\", "/").rpartition("/")[2]


def _decoded(octets: bytes) -> str:
    """The text. Invalid UTF-8 and NUL, which no page can show, become replacement characters."""
    return octets.decode("utf-8", "replace").replace("\0", "\ufffd")
