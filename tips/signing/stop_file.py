"""A stop that one signer signs: a handler is kept out at once, until the others can meet."""

from datetime import date
from pathlib import Path

from tips.sealing import ceremony, stops
from tips.sealing.trust import SigningKey

from .begun import Begun
from .files import refuse_existing, write_new
from .key_files import ask_line
from .speech import Mistake, legible, put_line
from .waiting import show_root
from .words import STOP_REASONS_IN_WORDS

STOP_FILE = "stop.json"


def write_stop(begun: Begun, handler_id: str, reason: str, key: SigningKey) -> Path:
    """Says in words what it changes, asks for the handler's id, and lays the stop, signed, in the folder."""
    ring, path = begun.whole, begun.folder / STOP_FILE
    if ring is None:
        raise Mistake("I mappen ligger ingen nyckelring som två har skrivit under.")
    by = next(each for each in begun.chain if each.hash == ring.signers)
    if key.public not in by.keys:
        raise Mistake("Nyckeln hör inte till någon av undertecknarna.")
    names = {each.id: each.name for each in ring.entries if each.key}
    if handler_id not in names:
        raise Mistake(f"Ingen handläggare i nyckelringen har id {legible(handler_id)}.")
    for each in (path, _signatures(path)):
        refuse_existing(each)
    octets = stops.spell_stop(handler_id, ring.hash, date.today(), reason)
    until = stops.read_stop(octets).last_day
    show_root(begun)
    put_line(
        f"Stoppar {names[handler_id]} ({handler_id}) till och med {until}, eller tills nyckelringen efter "
        f"{ring.serial} gäller: {STOP_REASONS_IN_WORDS[reason]}.\n"
        "Loggas ut, och kommer inte in. Tips förseglas till samma nycklar som förut."
    )
    if ask_line("Är det detta du skriver under? Skriv id: ") != handler_id:
        raise Mistake("Det är inte id:t. Inget har skrivits under.")
    file = ceremony.sign("account", octets, None, by.keys, key)
    write_new({path: octets, _signatures(path): file})
    return path


def _signatures(path: Path) -> Path:
    return path.with_name(f"{path.name}.sig")
