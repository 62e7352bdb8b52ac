"""Names of files that a stranger chose, made fit for any machine's disk."""

import unicodedata
from collections.abc import Iterable

# Encrypted folders of some systems allow 143 octets; some are kept free for " (99)".
LONGEST_FILE_NAME = 135
_LONGEST_SUFFIX = 20
_WITHOUT_NAME = "fil"
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_DEVICES = {
    "aux", "clock$", "con", "conin$", "conout$", "nul", "prn",
    *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"),
}  # fmt: skip


def safe_name(name: str) -> str:
    """The name without anything that leads elsewhere, deceives the eye, or names a device."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join(letter for letter in last if not _is_invisible(letter))
    shown = unicodedata.normalize("NFC", shown)
    shown = _trimmed(_shortened(_trimmed(shown.translate(_FORBIDDEN)))) or _WITHOUT_NAME
    if shown.partition(".")[0].rstrip().casefold() in _DEVICES or shown.startswith(("-", "~")):
        shown = f"_{shown}"
    return shown


def file_names(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """A safe name for each, none of which is another's, nor one that is taken."""
    used = {_compared(name) for name in taken}
    found = []
    for name in map(safe_name, names):
        stem, suffix = _parted(name)
        number, free = 1, name
        while _compared(free) in used:
            number += 1
            free = f"{stem} ({number}){suffix}"
        used.add(_compared(free))
        found.append(free)
    return found


def _is_invisible(letter: str) -> bool:
    """Control and format characters, changes of writing direction, ends of line."""
    category = unicodedata.category(letter)
    return category.startswith("C") or category in ("Zl", "Zp")


def _trimmed(name: str) -> str:
    # A leading dot hides the file; Windows drops dots and spaces at the end.
    return name.strip().lstrip(". ").rstrip(". ")


def _shortened(name: str) -> str:
    stem, suffix = _parted(name)
    room = LONGEST_FILE_NAME - len(suffix.encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(". ") + suffix


def _parted(name: str) -> tuple[str, str]:
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix.encode()) > _LONGEST_SUFFIX:
        return name, ""
    return stem, dot + suffix


def _compared(name: str) -> str:
    """The same for names that some disk takes for one."""
    return unicodedata.normalize("NFKC", name.casefold()).casefold()
