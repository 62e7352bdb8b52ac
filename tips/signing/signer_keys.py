"""The secret of one who signs: made and used where there is no network."""

import secrets
from pathlib import Path

from tips.sealing import age, requests, trust
from tips.sealing.trust import SECRET_SIZE, SigningKey, TrustError

from .files import refuse_existing, write_new
from .key_files import ask_new_passphrase, unlocked
from .speech import Mistake, legible
from .words import name_in_swedish

_FIRST_LINE = "# sapo-signer-key/1"
_INTERFACES = Path("/sys/class/net")
_IS_UP = 1


def make_signer(name: str, out: Path, public: Path) -> bytes:
    """A signer's key, locked, and what the others are to have; returns that."""
    for path in (out, public):
        refuse_existing(path)
    secret = secrets.token_bytes(SECRET_SIZE)
    key = SigningKey(secret, "signer").public
    with name_in_swedish():
        octets = requests.spell_signer(name, key)
        requests.read_signer(octets)
    text = f"{_FIRST_LINE}\n# name: {name}\n# id: {key.id}\n{trust.to_text(secret)}\n"
    locked = age.lock(text.encode(), ask_new_passphrase())
    write_new({out: locked.encode(), public: octets})
    return octets


def signer_key(path: Path) -> SigningKey:
    """The key in a signer's file, whose passphrase is asked for."""
    lines = unlocked(path).splitlines()
    try:
        if len(lines) > 1 and lines[0] == _FIRST_LINE:
            return SigningKey(trust.from_text(lines[-1], SECRET_SIZE), "signer")
    except TrustError:
        pass
    raise Mistake(f"{legible(path)} är ingen undertecknares nyckelfil, eller är skadad.")


def refuse_network() -> None:
    """Stops where the machine can be reached, or where that cannot be told."""
    try:
        others = [path for path in _INTERFACES.iterdir() if path.name != "lo"]
        up = [path.name for path in others if _is_up(path)]
    except (OSError, ValueError):
        raise Mistake(
            "Det går inte att se om datorn har nät. Skriv bara under på en dator utan."
        ) from None
    if up:
        raise Mistake(
            f"Datorn har nät ({legible(', '.join(sorted(up)))}). Dra ur sladden och stäng av "
            "trådlöst: en hemlighet som skriver under ska aldrig ligga på en dator med nät."
        )


def _is_up(interface: Path) -> bool:
    return bool(int((interface / "flags").read_text(), 16) & _IS_UP)
