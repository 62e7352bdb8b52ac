"""What differs between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Words:
    """Words on end that the other text has too, or that it lacks."""

    text: str
    differ: bool


def marked_apart(one: str, other: str) -> tuple[list[Words], list[Words]]:
    """Each of the texts in parts, with what the other lacks marked."""
    # A word takes the gap behind it along, so that gaps do not cut what differs into single words.
    left, right = (re.findall(r"\S+\s*|\s+", text) for text in (one, other))
    matches = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return (
        [Words("".join(left[a:b]), kind != "equal") for kind, a, b, _c, _d in matches if b > a],
        [Words("".join(right[c:d]), kind != "equal") for kind, _a, _b, c, d in matches if d > c],
    )
