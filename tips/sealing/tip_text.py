"""A tip as a text file in Swedish, for a machine that has nothing but an editor."""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from .reference import reference_of

SUBJECTS_IN_SWEDISH = {
    "spionage": "Spionage eller främmande makt",
    "terrorism": "Terrorism eller våldsam extremism",
    "hot": "Hot mot demokratin eller skyddade personer",
    "sakerhetsskydd": "Säkerhetsskydd",
    "massforstorelse": "Massförstörelsevapen eller känslig teknik",
    "annat": "Något annat",
    "vetinte": "Vet inte",
}
HOW_KNOWN_IN_SWEDISH = {
    "saw": "Såg eller hörde själv",
    "heard": "Hörde av någon annan",
    "online": "Läste eller såg på nätet",
    "other": "På annat sätt",
}
_LABELS = {
    "text": "Vad",
    "when": "När",
    "where": "Var",
    "how_known": "Hur du vet det",
    "people": "Personer/fordon/konton",
    "contact": "Kontakt",
}
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
        f"Ämne: {SUBJECTS_IN_SWEDISH.get(subject, _on_one_line(subject) or 'inte angivet')}",
        f"Bråttom: {'ja' if fields.get('urgent') else 'nej'}",
    ]
    # A field that a later form adds is shown as well, under its name.
    others = [name for name in fields if name not in _LABELS and name not in _ABOVE]
    for name in [*_LABELS, *others]:
        text = fields.get(name, "")
        if name == "how_known":
            text = HOW_KNOWN_IN_SWEDISH.get(text, text)
        if text.strip():
            lines += ["", _heading(_LABELS.get(name, _on_one_line(name))), *_lines(text)]
    if saved_as:
        lines += ["", _heading("Filer")]
        lines += map(_file_line, body["attachments"], saved_as)
    return "\n".join([*lines, ""])


def notes_text(notes: Iterable[dict[str, Any] | None]) -> str:
    """What handlers wrote to each other on the tip; None is a note sealed to other keys."""
    parts = []
    for note in notes:
        if note is None:
            parts += [_heading("Anteckning som är låst för en annan nyckel"), ""]
            continue
        who = [str(note[name]) for name in ("author", "written") if note.get(name)]
        parts += [_heading(_on_one_line(", ".join(who)) or "Anteckning"), *_lines(note["text"]), ""]
    return "\n".join(parts)


def size_text(size: int) -> str:
    for unit, name in ((1_000_000, "MB"), (1_000, "kB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}".replace(".", ",")
    return f"{size} byte"


def _heading(label: str) -> str:
    return f"{_HEADING} {label} {_HEADING}"


def _lines(text: str) -> list[str]:
    """The text line by line. None of them can be taken for a heading of ours."""
    lines = [_CONTROLS.sub("\ufffd", line) for line in _LINE_ENDS.split(text.strip("\r\n"))]
    return [f" {line}" if line.startswith(_HEADING) else line for line in lines]


def _file_line(file: dict[str, Any], saved_as: str) -> str:
    line = f"{saved_as} ({size_text(file['size'])})"
    if file["name"] != saved_as:
        line += f", hette ”{_on_one_line(file['name'])}”"
    return line


def _on_one_line(text: str) -> str:
    """The text with its invisible characters written out."""
    return _DECEIVING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
