"""What the commands say of arrivals."""

from datetime import date

from tips.sealing.arrivals import Restored


def restored_in_words(on: date, restored: Restored) -> str:
    """What a backup lacked that was restored on this day."""
    first, last = restored.counter + 1, restored.last
    begins = f"Webbplatsen återställdes {on}:"
    if last < first:
        return f"{begins} tips som kom in efter nummer {restored.counter} kan saknas."
    numbers = f"nummer {first}" if first == last else f"nummer {first}–{last}"
    return f"{begins} {numbers} kom in efter att säkerhetskopian gjordes och saknas."
