"""Seals a tip as the sender's browser does, in Python: the parts that are sent, each to be spoilt."""

import hmac
import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.integration.tips.sending import BOUNDARY, CONTENT_TYPE, TEXT, File
from tips.form import tokens
from tips.sealing import age, envelope, heads, trust
from tips.sealing.keyring import Keyring

SEND = "/tipsa/formular/lamna/"
STANDING = "/tipsa/formular/lage.json"
_SECRET = b"s" * 32

Parts = list[tuple[str, bytes]]


def sealed_parts(
    ring: Keyring,
    token: str,
    text: str = TEXT,
    files: Iterable[File] = (),
    urgent: str = "0",
    received: datetime | None = None,
) -> Parts:
    """The parts of a tip, in their order."""
    read = tokens.read_token(token)
    tip_id = read.tip_id if read else uuid.uuid4()
    received = received or timezone.now()
    fields = {"text": text, **({"urgent": "1"} if urgent == "1" else {})}
    sealed_files, attachments, summed = [], [], []
    for name, kind, content in files:
        out = BytesIO()
        writer = age.SealedWriter(out, ring.recipients)
        writer.write(content)
        for zeros in envelope.padding(len(content)):
            writer.write(zeros)
        writer.close()
        file_id = uuid.uuid4()
        attachments.append(
            envelope.Attachment(
                file_id, name, kind, len(content), writer.sealed_size, writer.payload_sha256.hex()
            )
        )
        sealed_files.append((f"file.{file_id}", out.getvalue()))
        summed.append([name, kind, len(content), trust.sha256_of(content)])
    echo = hmac.digest(_SECRET, json.dumps([sorted(fields.items()), summed]).encode(), "sha256")
    head = heads.seal_heads(envelope.make_head(tip_id, received, fields, attachments), ring)
    body = envelope.make_body(tip_id, received, "sv", fields, attachments, way="browser")
    return [
        ("v", b"2"), ("token", token.encode()), ("keyring", f"{ring.serial}:{ring.hash}".encode()),
        ("echo", trust.to_text(echo).encode()), ("language", b"sv"), ("urgent", urgent.encode()),
        ("heads", b"".join(head.headers.values()) + head.payload),
        ("body", age.seal(body, ring.recipients)), *sealed_files,
    ]  # fmt: skip


def body_of_parts(parts: Parts) -> bytes:
    """As a browser writes them: what is sealed has the name of a file that says nothing."""
    written = []
    for name, content in parts:
        file = '; filename="blob"\r\nContent-Type: application/octet-stream'
        kind = file if name in ("heads", "body", "fill") or name.startswith("file.") else ""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{kind}\r\n\r\n'
        written.append(head.encode() + content + b"\r\n")
    return b"".join([*written, f"--{BOUNDARY}--\r\n".encode()])


def send_sealed(client: Client, parts: Parts, **headers: Any) -> Any:
    return client.generic("POST", SEND, body_of_parts(parts), content_type=CONTENT_TYPE, **headers)


def with_part(parts: Parts, name: str, content: bytes | None) -> Parts:
    """The same with another content of one part, or without it."""
    return [
        (each, content if each == name else octets)
        for each, octets in parts
        if each != name or content is not None
    ]
