"""What handlers wrote on a tip as a text file in Swedish, with what each note proves."""

from collections.abc import Sequence

from .judged_note import GivenNote, JudgedNote
from .signed_note import FormerNote, SignedNote
from .tip_text import heading, quoted_lines, single_line

BEFORE_IN_SWEDISH = "från tiden före signaturer"
# As tips/opener/texts.js has them.
FAULTS_IN_SWEDISH = {
    "damaged": "Skadat, eller utbytt: innehållet stämmer inte med sin försegling.",
    "unsigned": "Den är inte undertecknad, fast den borde vara det.",
    "key": "Den är inte undertecknad med en nyckel som är den uppgivna handläggarens.",
    "late": "Den som har undertecknat den hade lämnat nyckelringen.",
    "tip": "Den är flyttad hit från ett annat tips.",
    "copy": "Den är en kopia av en annan anteckning.",
    "author": "Servern säger att någon annan har skrivit den.",
    "content": "Den är skriven om ett annat innehåll än det som visas här.",
    "order": "Den står inte på sin plats, eller visas två gånger.",
    "link": "Den följer inte på anteckningen före: där har något bytts ut.",
    "ring": "Nyckelringen går inte att lita på, så det går inte att se vem som har skrivit den.",
}


def notes_text(notes: Sequence[GivenNote], judged: Sequence[JudgedNote]) -> str:
    """The notes in their order; no name stands by one that does not prove it."""
    parts = []
    for given, one in zip(notes, judged, strict=True):
        parts += [heading(single_line(_about(given, one)))]
        parts += [_fault(code, *one.missing) for code in one.faults]
        parts += [*quoted_lines(_text(given)), ""]
    return "\n".join(parts)


def _about(given: GivenNote, one: JudgedNote) -> str:
    if one.standing == "closed":
        return "Anteckning som är låst för en annan nyckel, eller något i dess ställe"
    if one.standing == "false":
        return "Lita inte på den här anteckningen"
    said = [one.name, _written(given)]
    if one.standing == "before":
        said.append(BEFORE_IN_SWEDISH)
    return ", ".join(filter(None, said))


def _fault(code: str, count: int, first: int) -> str:
    if code != "missing":
        return FAULTS_IN_SWEDISH[code]
    if first:
        return f"Anteckning {first if count == 1 else f'{first}–{first + count - 1}'} saknas."
    return f"{count} {'anteckning' if count == 1 else 'anteckningar'} före den saknas."


def _written(given: GivenNote) -> str:
    note = given.note
    if isinstance(note, SignedNote):
        return str(note.said["written"]).replace("T", " ")
    return note.written if isinstance(note, FormerNote) else ""


def _text(given: GivenNote) -> str:
    note = given.note
    if isinstance(note, SignedNote):
        return str(note.said["text"])
    return note.text if isinstance(note, FormerNote) else ""
