"""What notes on a tip prove together: who wrote each, and that none was moved, changed or lost.

The browser's half is tips/opener/note_chain.js; both judge the same notes alike.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .judged_note import GivenNote, JudgedNote
from .keyring import Keyring
from .signed_note import FormerNote, SignedNote
from .trust import NOTHING_BEFORE, PublicKey


@dataclass(frozen=True)
class _Known:
    name: str
    key: PublicKey
    until: int | None = None


@dataclass
class NoteChain:
    """Judges the notes on one tip in the order in which they were handed out."""

    tip: str
    ring: Keyring | None  # None where no keyring can be believed
    arrival: str = ""
    place: int = 0
    hash: str = NOTHING_BEFORE
    # Of those after the last that counted: how many, and whether one is closed to us.
    between: int = 0
    is_unknown: bool = False

    def judged(self, notes: Iterable[GivenNote]) -> list[JudgedNote]:
        return [self._judge(each) for each in notes]

    def _judge(self, given: GivenNote) -> JudgedNote:
        note = given.note
        if isinstance(note, SignedNote):
            return self._judge_signed(given, note)
        self.between += 1
        if note == "closed":
            self.is_unknown = True
            return JudgedNote("closed")
        if isinstance(note, str):
            return JudgedNote("false", faults=("damaged",))
        return self._judge_former(given, note)

    def _judge_former(self, given: GivenNote, note: FormerNote) -> JudgedNote:
        faults = []
        if self.hash != NOTHING_BEFORE or self.arrival:
            faults.append("unsigned")
        if given.account is not None and note.author not in ("", given.account):
            faults.append("author")
        name = note.author if given.account is None else given.account
        return JudgedNote("false", faults=tuple(faults)) if faults else JudgedNote("before", name)

    def _judge_signed(self, given: GivenNote, note: SignedNote) -> JudgedNote:
        said = note.said
        by = self._signer(said["author"])
        faults = []
        if self.ring is None:
            faults.append("ring")
        elif by is None or not note.is_by(by.key):
            faults.append("key")
        elif by.until is not None and said["keyring"] > by.until:
            faults.append("late")
        if said["tip"] != self.tip:
            faults.append("tip")
        if said["id"] != given.id:
            faults.append("copy")
        if faults or by is None:
            self.between += 1
            return JudgedNote("false", faults=tuple(faults))
        if given.account is not None and not is_account_of(given.account, said["author"]):
            faults.append("author")
        if self.arrival and said["arrival"] not in ("", self.arrival):
            faults.append("content")
        fault, missing = self._follow(note)
        faults += [fault] if fault else []
        if faults:
            return JudgedNote("false", faults=tuple(faults), missing=missing)
        return JudgedNote("whole", by.name)

    def _follow(self, note: SignedNote) -> tuple[str, tuple[int, int]]:
        """What is wrong with its place after the last one that counted."""
        place, previous = note.said["place"], note.said["previous"]
        lost = place - self.place - 1 - self.between
        if place <= self.place:
            self.between += 1
            return "order", (0, 0)
        is_linked = self.is_unknown or previous == self.hash
        first = 0 if self.between else self.place + 1
        self.place, self.hash, self.between, self.is_unknown = place, note.hash, 0, False
        if lost > 0:
            return "missing", (lost, first)
        return ("", (0, 0)) if is_linked else ("link", (0, 0))

    def _signer(self, author: str) -> _Known | None:
        if self.ring is None:
            return None
        for entry in self.ring.entries:
            if entry.id == author and entry.key:
                return _Known(entry.name, entry.key)
        for gone in self.ring.former:
            if gone.id == author and gone.key:
                return _Known(gone.name, gone.key, gone.until)
        return None


def is_account_of(account: str, entry: str) -> bool:
    """Whether the entry is of who has the account: after a lost key, with a number behind.

    Ids hold no dots and no low lines, as accounts may.
    """
    plain = re.sub(r"[._]", "-", account)
    return plain in (entry, re.sub(r"-[0-9]+$", "", entry))
