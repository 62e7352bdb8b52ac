"""What is sealed of a tip: a head for the queue, a body, and sizes that say little.

Both are JSON, padded with spaces so that their lengths tell nothing of what they hold. They are read and judged
in handlers' browsers alone, by tips/opener/content/.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

HEAD_FORMAT = "sapo-head/1"
BODY_FORMAT = "sapo-tip/1"
HEAD_SIZE = 1024
HEAD_EXCERPT_LENGTH = 120
_SMALLEST = 4 * 1024
BODY_CLASSES = (_SMALLEST, 16 * 1024, 64 * 1024, 256 * 1024)
_BLOCK = 64 * 1024
_QUARTER = 15
_STOCKHOLM = ZoneInfo("Europe/Stockholm")


class EnvelopeError(ValueError):
    """What cannot be sealed. The message holds none of its content."""


@dataclass(frozen=True)
class Attachment:
    """A file of a tip, as the manifest in the body names it.

    `sealed_size` and `sha256` are of the age payload alone: the header may be wrapped anew.
    """

    id: UUID
    name: str
    type: str
    size: int
    sealed_size: int
    sha256: str


def make_head(
    tip_id: UUID, received: datetime, fields: Mapping[str, str], attachments: Iterable[Attachment]
) -> bytes:
    """What the queue shows: always 1,024 octets."""
    content = {
        "format": HEAD_FORMAT,
        "id": str(tip_id),
        "received": rounded(received),
        "subject": fields.get("subject", ""),
        "urgent": bool(fields.get("urgent")),
        "excerpt": fields.get("text", "")[:HEAD_EXCERPT_LENGTH],
        "attachments": len(list(attachments)),
    }
    octets = _encode(content)
    if len(octets) > HEAD_SIZE:
        raise EnvelopeError("the head has no room for its subject")
    return octets.ljust(HEAD_SIZE)


def make_body(
    tip_id: UUID,
    received: datetime,
    language: str,
    fields: Mapping[str, str],
    attachments: Iterable[Attachment],
    way: str = "form",
) -> bytes:
    """The whole tip without its files; the manifest in it lists them with their hashes.

    `way` says where it was sealed: when it had come by the form, or in the sender's browser.
    """
    octets = _encode(
        {
            "format": BODY_FORMAT,
            "id": str(tip_id),
            "received": rounded(received),
            "language": language,
            "way": way,
            "fields": dict(fields),
            "attachments": [{**asdict(file), "id": str(file.id)} for file in attachments],
        }
    )
    return octets.ljust(_body_size(len(octets)))


def rounded(moment: datetime) -> str:
    """The quarter of an hour in which the moment lies, in Stockholm. No exact time is kept."""
    if moment.tzinfo is None:
        raise EnvelopeError("a time without a zone")
    local = moment.astimezone(_STOCKHOLM)
    return local.replace(minute=local.minute // _QUARTER * _QUARTER).strftime("%Y-%m-%dT%H:%M")


# Sizes


def padded_size(size: int) -> int:
    """The size to which an attachment of this size is padded."""
    return max(_SMALLEST, _padme(size))


def padding(size: int) -> Iterator[bytes]:
    """The zeros that pad the content, in blocks."""
    left = padded_size(size) - size
    while left > 0:
        yield bytes(min(left, _BLOCK))
        left -= _BLOCK


def _body_size(size: int) -> int:
    for limit in BODY_CLASSES:
        if size <= limit:
            return limit
    raise EnvelopeError("the body is larger than any that the form takes")


def _padme(size: int) -> int:
    """Padmé: at most 12 % larger, and large sizes fall into few classes."""
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    mask = (1 << exponent - exponent.bit_length()) - 1
    return (size + mask) & ~mask


def _encode(content: dict[str, object]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    # Half a surrogate pair is no character and has no octets: it becomes a question mark.
    return text.encode("utf-8", "replace")
