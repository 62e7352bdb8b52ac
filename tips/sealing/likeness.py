"""Which names and ids may stand in a keyring, and which can be taken for one another.

The browser's half is tips/opener/trust/likeness.js; both read tests/vectors/likeness.json.
"""

import re
import unicodedata

LONGEST_NAME = 100
_NAME = re.compile(r"[A-Za-zÅÄÖÆØÉÈÜÁČĐŊŠŦŽåäöæøéèüáčđŋšŧž '-]+")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,31}")
# What is seen, as what it can be taken for.
_TAKEN_FOR = (("m", "rn"), ("w", "vv"), ("i", "l"), ("1", "l"), ("0", "o"))
# Letters that have no mark that can be taken away, and are read as these.
_WITHOUT_MARKS = str.maketrans({"æ": "ae", "ø": "o", "đ": "d", "ŋ": "n", "ŧ": "t"})


def is_name(text: str) -> bool:
    """Whether a person may be called so: letters of Swedish, Finnish and Sami, spaces, - and '."""
    is_so = _NAME.fullmatch(text) is not None and text == text.strip()
    return is_so and len(text) <= LONGEST_NAME and bool(_letters_of(text))


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None and re.search("[a-z]", text) is not None


def looks_of(text: str) -> list[str]:
    """What is left of a name or an id by sight, without the digits at its end and with them.

    Two texts of which one of these is the same are not told apart.
    """
    letters = _letters_of(text)
    return [_by_sight(letters.rstrip("0123456789")), _by_sight(letters)]


def _letters_of(text: str) -> str:
    lowered = unicodedata.normalize("NFD", text.lower().translate(_WITHOUT_MARKS))
    return re.sub(r"[^a-z0-9]", "", lowered)


def _by_sight(letters: str) -> str:
    for seen, taken_for in _TAKEN_FOR:
        letters = letters.replace(seen, taken_for)
    return letters
