"""Whole numbers in what somebody has sent."""


def whole_number(text: str) -> int | None:
    """The number, in at most nine digits; None for everything else, also for what Python fails to read."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
