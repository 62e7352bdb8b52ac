"""One line for each login and each refusal: at which door and who, never from where."""

import logging

logger = logging.getLogger(__name__)


def note_login(door: str, username: str) -> None:
    logger.info("%s: %s logged in", door, username)


def note_refusal(door: str, username: str | None) -> None:
    """None for a name that nobody has: it may be a password in the wrong field."""
    logger.info("%s: refused %s", door, username or "a name that nobody has")
