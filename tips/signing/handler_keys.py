"""The key with which a handler opens tips and signs, or a vault only opens, and what asks to be taken in."""

import secrets
from datetime import date
from pathlib import Path

from tips.sealing import age, handler_file, likeness, requests
from tips.sealing.keyring import EntryKind, KeyringEntry
from tips.sealing.signers import Pin
from tips.sealing.trust import SECRET_SIZE, SigningKey

from .files import refuse_existing, write_new
from .key_files import ask_new_passphrase, identities_in
from .speech import Mistake
from .words import name_in_swedish


def make_handler(
    kind: EntryKind,
    named: tuple[str, str, str],
    out: Path,
    asks: Path,
    root: Pin,
    kept: Path | None,
) -> bytes:
    """The key file, locked, and beside `asks` its signature; returns the request.

    Named are the id, the name, and the id whose key was lost, if any; the new file opens also what `kept`,
    the one of before, opens.
    """
    id, name, follows = named
    signed = asks.with_name(f"{asks.name}.sig")
    for path in (out, asks, signed):
        refuse_existing(path)
    if not likeness.is_id(id):
        raise Mistake("--id skrivs med två till 32 små bokstäver a–z, siffror och streck.")
    former = identities_in(kept) if kept else []
    identity, secret = age.generate_identity(), secrets.token_bytes(SECRET_SIZE)
    key = SigningKey(secret, "handler") if kind == "handler" else None
    today = date.today()
    with name_in_swedish():
        public = key.public if key else None
        entry = KeyringEntry(id, name, identity.recipient, today, public, follows=follows)
        request = requests.spell_request(entry)
        signature = requests.sign_request(request, key) if key else b""
        requests.read_request(request, signature)
    text = handler_file.spell_handler_file(
        identity, today.isoformat(), id, secret if key else None, root, former
    )
    locked = age.lock(text.encode(), ask_new_passphrase()).encode()
    # The request last: a ceremony takes in what lies there.
    write_new({out: locked, **({signed: signature} if key else {}), asks: request})
    return request
