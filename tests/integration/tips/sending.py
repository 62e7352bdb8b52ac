"""Sends the tip form as a browser does, and looks at what has become of it."""

import json
import re
import time
from collections.abc import Iterable, Mapping
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

from django.test import Client

from tips.form import tokens
from tips.questions import QUESTIONS, TipQuestion
from tips.sealing import age

FORM = "/tipsa/formular/utan-skript/skriv/"
BOUNDARY = "----WebKitFormBoundarysapo"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"
TEXT = "Två män fotograferar grindarna vid kajen varje kväll."
# To each question that there is, the last of what can be chosen.
EVERY_ANSWER = {
    each.name: each.choices[-1].code if each.choices else f"Svar om {each.name}, 7f3c"
    for each in QUESTIONS
}

File = tuple[str, str, bytes]

PHOTO: File = ("foto.jpg", "image/jpeg", b"\xff\xd8" + bytes(range(256)) * 700)


def ripe_token(age_in_seconds: float = 60) -> str:
    """A token of a form that was shown a while ago."""
    return tokens.make_token(now=time.time() - age_in_seconds)


def part(name: str, value: str | bytes) -> bytes:
    value = value.encode() if isinstance(value, str) else value
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value


def file_part(name: str, content_type: str, content: bytes) -> bytes:
    head = f'Content-Disposition: form-data; name="files"; filename="{name}"\r\n'
    return f"{head}Content-Type: {content_type}\r\n\r\n".encode() + content


def body_of(parts: Iterable[bytes]) -> bytes:
    delimiter = f"--{BOUNDARY}\r\n".encode()
    return b"".join(delimiter + each + b"\r\n" for each in parts) + f"--{BOUNDARY}--\r\n".encode()


def control_of(question: TipQuestion) -> str:
    """Where the question is answered on the page of the form."""
    if question.kind == "choice":
        return f"[name={question.name}][value={EVERY_ANSWER[question.name]}]"
    return f"#id_{question.name}"


def send_parts(client: Client, parts: Iterable[bytes], path: str = FORM, **headers: Any) -> Any:
    return client.generic("POST", path, body_of(parts), content_type=CONTENT_TYPE, **headers)


def send(
    client: Client,
    fields: Mapping[str, str] | None = None,
    files: Iterable[File] = (),
    path: str = FORM,
    **headers: Any,
) -> Any:
    """Sends a form that is fit to be kept, unless its fields say otherwise."""
    filled_in = {"token": ripe_token(), "text": TEXT, **(fields or {})}
    parts = [part(name, value) for name, value in filled_in.items()]
    return send_parts(client, [*parts, *(file_part(*file) for file in files)], path, **headers)


def page_of(response: Any) -> str:
    return unescape(response.content.decode())


def text_on(response: Any) -> str:
    """What stands in the box for what one wants to tell."""
    found = re.search(
        r'<textarea[^>]*name="text"[^>]*>\n(.*?)</textarea>', _raw(response), re.DOTALL
    )
    assert found, page_of(response)
    return unescape(found[1])


def token_on(response: Any) -> str:
    found = re.search(r'name="token" value="([^"]*)"', _raw(response))
    assert found, page_of(response)
    return found[1]


def reference_on(response: Any) -> str:
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", page_of(response))
    assert found, page_of(response)
    return found[0]


def opened(channel: Any, tip_id: UUID) -> dict[str, Any]:
    """The tip as a handler reads it, with the content of its files under their names."""
    body = json.loads(_unsealed(channel, tip_id, "body.age"))
    body["head"] = json.loads(_unsealed(channel, tip_id, "head.age"))
    body["files"] = {
        file["name"]: _unsealed(channel, tip_id, f"{file['id']}.age")[: file["size"]]
        for file in body["attachments"]
    }
    return body


def only_tip(channel: Any) -> dict[str, Any]:
    (tip_id,) = channel.vault.tips()
    return opened(channel, tip_id)


def files_under(channel: Any) -> list[Path]:
    return sorted(path for path in (channel.root / "tips").rglob("*") if path.is_file())


def assert_nothing_is_kept(channel: Any) -> None:
    from tips.models import Tip

    assert files_under(channel) == []
    assert list(channel.vault.tips()) == []
    assert not Tip.objects.exists()


def _raw(response: Any) -> str:
    return response.content.decode()


def _unsealed(channel: Any, tip_id: UUID, name: str) -> bytes:
    return age.unseal(channel.sealed(tip_id, name), channel.identities)
