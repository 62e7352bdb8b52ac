"""How far the keeper has confirmed to have everything, for whoever watches."""

import os
from datetime import UTC, datetime

from .machine import BackupError, MachinePlaces

_BOUND_SECONDS = 300


def note_set(places: MachinePlaces) -> None:
    _write(places, "last_set", f"{datetime.now(UTC).isoformat(timespec='seconds')}\n")


def forget_set(places: MachinePlaces) -> None:
    """Another one is sent at once."""
    (places.state / "last_set").unlink(missing_ok=True)


def note_good(places: MachinePlaces, position: int, moment: datetime) -> None:
    """The keeper has all that PostgreSQL had written at the moment, and the files of then."""
    text = f"{moment.isoformat(timespec='seconds')} {position >> 32:X}/{position & 0xFFFFFFFF:X}\n"
    _write(places, "last_good", text)


def last_set(places: MachinePlaces) -> datetime:
    """When the last whole one was sent; long ago, where there is none."""
    return datetime.fromisoformat((_read(places, "last_set") or ["1970-01-01T00:00+00:00"])[0])


def told(places: MachinePlaces) -> str:
    """The state in one line; raises BackupError with it where too little is confirmed."""
    good = _read(places, "last_good")
    if not good:
        raise BackupError("Det finns ingen hel säkerhetskopia.")
    age = int((datetime.now(UTC) - datetime.fromisoformat(good[0])).total_seconds())
    night = (_read(places, "last_set") or ["ingen"])[0]
    line = (
        f"Mottagaren har bekräftat allt till {good[0]}, för {age} s sedan (databasernas logg till {good[1]})."
        f" Senaste hela: {night}."
    )
    if age > _BOUND_SECONDS:
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
