"""The audit log: what was done at a door or with an account, and by whom; never from where.

Nothing of visitors or tipsters stands in it: no address of a person, no tip, no title, no file's name.
"""

import logging
import time
from collections import Counter
from threading import Lock

logger = logging.getLogger(__name__)


# So many entries alike a minute tell all that there is to tell; more would fill the journal.
ALIKE = 20
_MORE = "not noted this minute"


class _Counted:
    """How often each has done something in this minute, as this process has seen it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        self._minute, self._times = -1, Counter[tuple[str, ...]]()

    def count(self, *what: str) -> int:
        """Which time this is; none if it has been so often that it is not noted."""
        with self._lock:
            if (minute := int(time.monotonic() // 60)) != self._minute:
                self.forget()
                self._minute = minute
            self._times[what] += 1
            return self._times[what] if self._times[what] <= ALIKE else 0


_counted = _Counted()


def note(door: str, event: str, who: str | None, **about: object) -> None:
    """One entry: at which door, what, and who; `about` says more, in words of the log's own.

    Nobody's name where a command acts: the system's journal knows whose shell it was.
    """
    said = {key: str(value) for key, value in about.items() if value not in (None, "")}
    fields = {"door": door.lower(), "event": event, **({"who": who} if who else {}), **said}
    more = "".join(f" {key}={value!r}" for key, value in said.items())
    logger.info("%s: %s %s%s", door, who or "nobody by name", event, more, extra={"audit": fields})


def note_attempt(door: str, event: str, who: str | None, **about: object) -> None:
    """As `note`, for what a program can try in a loop: of one person, so many alike a minute."""
    if count := _counted.count(door, event, who or ""):
        note(door, event, who, **about, more=_MORE if count == ALIKE else "")


def note_login(door: str, username: str) -> None:
    """Said when all that the login asks for was right."""
    note(door, "logged-in", username)


def note_refusal(door: str, username: str | None, why: str = "") -> None:
    """None for a name that nobody has: it may be a password in the wrong field."""
    note_attempt(door, "refused", username, why=why)
