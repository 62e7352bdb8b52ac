"""What can be wrong with a bundle of sealed tips, and what is right, in Swedish."""

import contextlib
from collections.abc import Iterator, Mapping

from django.core.management.base import CommandError

from tips.sealing.manifest import BundleError

from .console import legible

_IN_WORDS = {
    "not_a_bundle": "är inget paket med tips, eller är skadat",
    "unknown_tip": "finns inte i paketet",
    "missing_file": "saknar en fil",
    "damaged": "är skadat eller ändrat",
    "wrong_key": "är förseglat till andra nycklar",
    "as_sent": "är det som kom in, men avsändarens innehåll eller lista över filer stämmer inte",
    "exists": "har redan öppnats i den mappen",
}
# What the intake has signed of a tip in it.
JUDGED = {
    "browser": "Förseglat i avsändarens webbläsare, och det är samma tips som inlämningen skrev under.",
    "form": "Förseglat när det kom fram, och det är samma tips som inlämningen skrev under.",
    "command": "Inlagt på servern, och det är samma tips som inlämningen skrev under.",
    "unsigned": "Inte underskrivet av inlämningen.",
    "lacking": "INTE underskrivet, fast inlämningen hade en nyckel när det kom: det borde ha varit det.",
    "untested": "Det går inte att pröva om det är det som kom in: nyckelringen i paketet, eller roten från "
    "papperet (--root), saknas eller går inte att lita på.",
    "forged": "INTE det som kom in: det har bytts ut efteråt. Lita inte på det.",
}


def bundle_fault_in_words(code: str) -> str:
    """The end of a sentence about a tip or a bundle."""
    return _IN_WORDS.get(code, "går inte att öppna")


def all_in_words(failed: Mapping[str, str]) -> str:
    """What is wrong with which tips: reference numbers and the code of each, on one line."""
    return "; ".join(
        f"{', '.join(name for name in failed if failed[name] == code)} {bundle_fault_in_words(code)}"
        for code in dict.fromkeys(failed.values())
    )


@contextlib.contextmanager
def bundle_in_swedish(bundle: str) -> Iterator[None]:
    """Says what is wrong with the bundle as a whole."""
    try:
        yield
    except BundleError as error:
        raise CommandError(f"{legible(bundle)} {bundle_fault_in_words(error.code)}.") from None
