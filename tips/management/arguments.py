"""Turns the arguments of a command into what they stand for."""

import re
from uuid import UUID

from django.core.management.base import CommandError

from tips.models import Tip
from tips.router import DATABASE
from tips.sealing.reference import reference_of
from tips.signing.speech import legible

# Letters that a reference number never has, and the digits that they are mistaken for.
_ALIKE = str.maketrans("OIL", "011")


def tip_from(text: str) -> Tip:
    """The tip with that id or reference number, whichever way it is written."""
    tips = Tip.objects.using(DATABASE)
    try:
        found = list(tips.filter(pk=UUID(text)))
    except ValueError:
        wanted = _as_read(text)
        found = [tip for tip in tips.iterator() if _as_read(reference_of(tip.pk)) == wanted]
    if not found:
        raise CommandError(f"Det finns inget tips {legible(text)}. Det kan vara gallrat.")
    if len(found) > 1:
        ids = ", ".join(str(tip.pk) for tip in found)
        raise CommandError(
            f"Fler än ett tips har numret {legible(text)}: skriv id i stället, {ids}."
        )
    return found[0]


def _as_read(reference: str) -> str:
    """The reference number as it was meant, however it was heard and typed."""
    return re.sub(r"[\s-]", "", reference.upper()).translate(_ALIKE)
