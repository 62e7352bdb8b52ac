"""What can be wrong with arrivals, in words."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class ArrivalFault:
    """Where arrivals and tips disagree."""

    kind: str
    numbers: str = ""
    count: int = 1
    tip_id: UUID | None = None

    def __str__(self) -> str:
        sentences = {
            "gap": _("Number %(numbers)s is missing: %(count)s that came in."),
            "unlinked": _("Number %(numbers)s does not follow on the one before it."),
            "cut": _("What a new series of numbers follows on is gone: it began %(numbers)s."),
            "signature": _("Number %(numbers)s is not signed by the intake."),
            "altered": _("Number %(numbers)s is not as it was signed."),
            "gone": _("The tip of number %(numbers)s is gone, and has not been purged."),
            "lost": _("What the intake signed of a tip is gone, or is another than the log says."),
            "unsigned": _("A tip is there that the intake has not signed."),
            "content": _("The tip of number %(numbers)s is not the one that came in."),
        }
        return sentences[self.kind] % {"numbers": self.numbers, "count": self.count}
