"""How old the last good backup is, for whoever watches."""

import os
from datetime import UTC, date, datetime, timedelta

from .machine import BackupError, MachinePlaces

# A night's set may take its time.
_A_NIGHT = timedelta(hours=26)
BOUND = 600


def note_set(places: MachinePlaces, size: int) -> None:
    _write(places, "last_set", f"{datetime.now(UTC).isoformat(timespec='seconds')} {size}\n")


def forget_set(places: MachinePlaces) -> None:
    """Another one is sent at once."""
    (places.state / "last_set").unlink(missing_ok=True)


def note_good(places: MachinePlaces, began: datetime) -> None:
    """Everything acknowledged before then can be restored, but for the last seconds."""
    _write(places, "last_good", f"{began.isoformat(timespec='seconds')}\n")


def day_of_set(places: MachinePlaces) -> date | None:
    words = _read(places, "last_set").split()
    return datetime.fromisoformat(words[0]).date() if words else None


def has_recent_set(places: MachinePlaces, now: datetime) -> bool:
    words = _read(places, "last_set").split()
    return bool(words) and now - datetime.fromisoformat(words[0]) < _A_NIGHT


def told(places: MachinePlaces, bound: int) -> str:
    """The state in one line; raises BackupError with it where the last good one is too old."""
    good = _read(places, "last_good").strip()
    if not good:
        raise BackupError("Det finns ingen hel säkerhetskopia.")
    age = int((datetime.now(UTC) - datetime.fromisoformat(good)).total_seconds())
    night, size = _read(places, "last_set").split() or ("ingen", "0")
    line = f"Senaste goda säkerhetskopia: {good}, {age} s gammal. Senaste hela: {night}, {int(size) / 1e6:.1f} MB."  # fmt: skip
    if age > bound:
        raise BackupError(f"{line} Den är för gammal.")
    return line


def _read(places: MachinePlaces, name: str) -> str:
    try:
        return (places.state / name).read_text()
    except FileNotFoundError:
        return ""


def _write(places: MachinePlaces, name: str, text: str) -> None:
    part = places.state / f"{name}.part"
    part.write_text(text)
    part.chmod(0o644)
    os.replace(part, places.state / name)
