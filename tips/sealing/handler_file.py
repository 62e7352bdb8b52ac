"""A handler's key file: an age identity, and in comments what else only the handler may change."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from . import age, trust
from .signers import Pin
from .trust import SECRET_SIZE, TrustError

_LINE = re.compile(r"# (sapo-[a-z-]+): (\S+)")


@dataclass(frozen=True)
class HandlerFile:
    """What a key file holds beside the identity; an old one holds none of it."""

    handler: str | None
    secret: bytes | None
    root: Pin | None


def spell_handler_file(
    identity: age.Identity,
    made_on: str,
    handler: str,
    secret: bytes | None,
    root: Pin,
    former: Sequence[age.Identity] = (),
) -> str:
    """The file's text; a vault has no secret to sign with, and former identities only open."""
    signing = f"# sapo-signing-key: {trust.to_text(secret)}\n" if secret else ""
    return (
        "# Hemlig nyckel som öppnar tips. Lämna den aldrig till någon annan.\n"
        f"# created: {made_on}\n"
        f"# public key: {identity.recipient}\n"
        f"# sapo-handler: {handler}\n"
        f"{signing}"
        f"# sapo-root: {root}\n"
        f"{identity}\n" + "".join(f"{each}\n" for each in former)
    )


def read_handler_file(text: str) -> HandlerFile:
    """What the comments say, whatever else is in the file."""
    lines = map(_LINE.fullmatch, text.splitlines())
    found = {line[1]: line[2] for line in lines if line}
    secret, root = found.get("sapo-signing-key"), found.get("sapo-root")
    try:
        return HandlerFile(
            found.get("sapo-handler"),
            trust.from_text(secret, SECRET_SIZE) if secret else None,
            Pin.of(root) if root else None,
        )
    except TrustError:
        # The cause is left out: its frames hold the secret.
        raise TrustError("format", "the comments of a key file are damaged") from None
