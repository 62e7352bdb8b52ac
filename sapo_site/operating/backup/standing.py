"""How far the keeper has confirmed to have everything, for whoever watches."""

import os
from datetime import UTC, date, datetime, timedelta

from .machine import BackupError, MachinePlaces

# A night's set may take its time.
_A_NIGHT = timedelta(hours=26)
BOUND = 300


def note_set(places: MachinePlaces, size: int) -> None:
    _write(places, "last_set", f"{datetime.now(UTC).isoformat(timespec='seconds')} {size}\n")


def forget_set(places: MachinePlaces) -> None:
    """Another one is sent at once."""
    (places.state / "last_set").unlink(missing_ok=True)


def note_good(places: MachinePlaces, position: int, moment: datetime) -> None:
    """The keeper has all that PostgreSQL had written at the moment, and the files of then."""
    text = f"{moment.isoformat(timespec='seconds')} {position >> 32:X}/{position & 0xFFFFFFFF:X}\n"
    _write(places, "last_good", text)


def day_of_set(places: MachinePlaces) -> date | None:
    words = _read(places, "last_set")
    return datetime.fromisoformat(words[0]).date() if words else None


def has_recent_set(places: MachinePlaces, now: datetime) -> bool:
    words = _read(places, "last_set")
    return bool(words) and now - datetime.fromisoformat(words[0]) < _A_NIGHT


def told(places: MachinePlaces, bound: int) -> str:
    """The state in one line; raises BackupError with it where too little is confirmed."""
    good = _read(places, "last_good")
    if not good:
        raise BackupError("Det finns ingen hel säkerhetskopia.")
    age = int((datetime.now(UTC) - datetime.fromisoformat(good[0])).total_seconds())
    night, size = _read(places, "last_set") or ("ingen", "0")
    line = (
        f"Mottagaren har bekräftat allt till {good[0]}, för {age} s sedan (databasernas logg till {good[1]})."
        f" Senaste hela: {night}, {int(size) / 1e6:.1f} MB."
    )
    if age > bound:
        raise BackupError(f"{line} Det som har skrivits sedan dess är inte bekräftat.")
    return line


def _read(places: MachinePlaces, name: str) -> list[str]:
    try:
        return (places.state / name).read_text().split()
    except FileNotFoundError:
        return []


def _write(places: MachinePlaces, name: str, text: str) -> None:
    part = places.state / f"{name}.part"
    part.write_text(text)
    part.chmod(0o644)
    os.replace(part, places.state / name)
