"""Which names and ids may stand in a keyring, and which can be taken for one another.

The browser's half is tips/opener/trust/likeness.js; both read tests/vectors/likeness.json.
"""

import re
import unicodedata

LONGEST_NAME = 100
_NAME = re.compile(r"[A-Za-zÅÄÖÆØÉÈÜÁČĐŊŠŦŽåäöæøéèüáčđŋšŧž '-]+")
_ID = re.compile(r"[a-z0-9-]{2,32}")
# Letters that have no mark that can be taken away, and are read as these.
_WITHOUT_MARKS = str.maketrans({"æ": "ae", "ø": "o", "đ": "d", "ŋ": "n", "ŧ": "t"})


def is_name(text: str) -> bool:
    """Whether a person may be called so: letters of Swedish, Finnish and Sami, spaces, - and '."""
    is_so = _NAME.fullmatch(text) is not None and text == text.strip() and len(text) <= LONGEST_NAME
    return is_so and bool(skeleton(text))


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None and bool(skeleton(text))


def skeleton(text: str) -> str:
    """What is left of a name or an id by sight: two that are the same here are not told apart."""
    lowered = unicodedata.normalize("NFD", text.lower().translate(_WITHOUT_MARKS))
    letters = re.sub(r"[^a-z0-9]", "", lowered).rstrip("0123456789")
    for seen, taken_for in (("rn", "m"), ("vv", "w"), ("i", "l"), ("1", "l"), ("0", "o")):
        letters = letters.replace(seen, taken_for)
    return letters
