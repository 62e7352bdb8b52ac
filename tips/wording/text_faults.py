"""What can be wrong with an editors' text: a kind for the desk, and a message for the editor."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FaultKind(TextChoices):
    """Each with what the desk's page says of it. Nothing of the text stands in that."""

    MISSING = "missing", _("Write this text: the page needs it.")
    LONG = "long", _("The text is too long.")
    SIGNS = (
        "signs",
        _("Write letters, figures and punctuation only: no < or >, and no invisible signs."),
    )
    ACCENTS = (
        "accents",
        _("Write each letter as one sign: the text holds accents that stand apart."),
    )
    LEADS = "leads", _("The text may lead a tipster elsewhere.")
    PROMISES = "promises", _("The text promises more than the law allows.")
    ANONYMITY = (
        "anonymity",
        _("Say that we cannot promise that the person who sends a tip stays anonymous."),
    )
    OFFICIAL_DOCUMENT = (
        "official-document",
        _("Say that the tip becomes an official document (“allmän handling”)."),
    )


@dataclass(frozen=True)
class TextFault:
    """What an editor must change before the texts can be shown, and in which of them."""

    key: str
    kind: FaultKind
    message: str
