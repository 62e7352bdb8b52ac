"""The audit log: what was done at a door or with an account, and by whom; never from where.

Nothing of visitors or tipsters stands in it: no address of a person, no tip, no title.
"""

import logging

logger = logging.getLogger(__name__)


def note(door: str, event: str, who: str | None, **about: object) -> None:
    """One entry: at which door, what, and who; `about` says more, in words of the log's own.

    Nobody's name where a command acts: the system's journal knows whose shell it was.
    """
    said = {key: str(value) for key, value in about.items() if value not in (None, "")}
    fields = {"door": door.lower(), "event": event, **({"who": who} if who else {}), **said}
    more = "".join(f" {key}={value!r}" for key, value in said.items())
    logger.info("%s: %s %s%s", door, who or "a command", event, more, extra={"audit": fields})


def note_login(door: str, username: str) -> None:
    """Said when all that the login asks for was right."""
    fields = {"door": door.lower(), "event": "logged-in", "who": username}
    logger.info("%s: %s logged in", door, username, extra={"audit": fields})


def note_refusal(door: str, username: str | None) -> None:
    """None for a name that nobody has: it may be a password in the wrong field."""
    fields = {"door": door.lower(), "event": "refused", **({"who": username} if username else {})}
    said = username or "a name that nobody has"
    logger.info("%s: refused %s", door, said, extra={"audit": fields})
