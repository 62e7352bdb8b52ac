"""A tip as a text file in Swedish, for a machine that has nothing but an editor."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tips.questions import QUESTIONS

from .reference import reference_of

# Where it was sealed, as the desk says it; tips from before do not say.
WAYS_IN_SWEDISH = {
    "browser": "Förseglat i avsändarens webbläsare",
    "form": "Förseglat när det kom fram (utan skript)",
    "command": "Inlagt på servern",
}
_LABELS = {each.name: each.in_file for each in QUESTIONS}
_TOLD = {each.name: {choice.code: choice.told for choice in each.choices} for each in QUESTIONS}
_ABOVE = {"subject", "urgent"}
_LINE_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_DECEIVING = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_HEADING = "=="


def tip_text(body: dict[str, Any], saved_as: Sequence[str]) -> str:
    """The tip in the body; its files have been saved under these names, in the same order."""
    fields: dict[str, str] = body["fields"]
    subject = fields.get("subject", "")
    lines = [
        f"Tips {reference_of(UUID(body['id']))}",
        "",
        f"Inkom: {body['received'].replace('T', ' ')}",
        *filter(None, [WAYS_IN_SWEDISH.get(str(body.get("way")))]),
        f"Ämne: {_TOLD['subject'].get(subject, single_line(subject) or 'inte angivet')}",
        f"Bråttom: {'ja' if fields.get('urgent') else 'nej'}",
    ]
    # A field that a later form adds is shown as well, under its name.
    for name in dict.fromkeys([*_LABELS, *fields]):
        text = fields.get(name, "")
        text = _TOLD.get(name, {}).get(text, text)
        if text.strip() and name not in _ABOVE:
            lines += ["", heading(_LABELS.get(name, single_line(name))), *quoted_lines(text)]
    if saved_as:
        lines += ["", heading("Filer")]
        lines += map(_file_line, body["attachments"], saved_as)
    return "\n".join([*lines, ""])


def size_text(size: int) -> str:
    for unit, name in ((1_000_000, "MB"), (1_000, "kB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}".replace(".", ",")
    return f"{size} byte"


def heading(label: str) -> str:
    """A line of ours above lines of others."""
    return f"{_HEADING} {label} {_HEADING}"


def quoted_lines(text: str) -> list[str]:
    """The text line by line. None of them can be taken for a heading of ours."""
    lines = [_CONTROLS.sub("\ufffd", line) for line in _LINE_ENDS.split(text.strip("\r\n"))]
    return [f" {line}" if line.startswith(_HEADING) else line for line in lines]


def _file_line(file: dict[str, Any], saved_as: str) -> str:
    line = f"{saved_as} ({size_text(file['size'])})"
    if file["name"] != saved_as:
        line += f", hette ”{single_line(file['name'])}”"
    return line


def single_line(text: str) -> str:
    """The text with its invisible characters written out."""
    return _DECEIVING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
