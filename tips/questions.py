"""What is asked of a tipster: the one table that form, browser and desk are made from.

It needs no Django: what seals reads it, and the build of the browser's programs.
"""

from typing import Literal, NamedTuple

# In characters
MAX_TEXT_LENGTH = 20_000
MAX_FIELD_LENGTH = 2_000


def _(text: str) -> str:
    """Marks what the form says, for the catalogue."""
    return text


class Choice(NamedTuple):
    """An answer to choose: its code is sealed, the form's label is translated, handlers are told in Swedish."""

    code: str
    label: str
    told: str
    short: str = ""  # in the queue


class TipQuestion(NamedTuple):
    """A question: what the form says is translated, what handlers read is Swedish."""

    name: str  # that is sealed
    label: str
    at_desk: str
    kind: Literal["text", "choice", "mark"] = "text"
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    hint_text: str = ""  # or its name among the texts of the page
    rows: int = 0  # of a box for several lines
    longest: int = MAX_FIELD_LENGTH
    is_first: bool = False  # at the desk: what a tip's head has of it
    is_required: bool = False
    is_contact: bool = False


QUESTIONS = (
    TipQuestion(
        "text", _("What would you like to tell us?"), "Vad som hänt",
        hint_text="what_hint", rows=10, longest=MAX_TEXT_LENGTH, is_first=True, is_required=True,
    ),
    TipQuestion(
        "subject", _("What is it about?"), "Ämne", "choice",
        (
            Choice("spionage", _("Espionage or a foreign power"), "Spioneri eller främmande makt", "Spioneri"),
            Choice("terrorism", _("Terrorism or violent extremism"), "Terrorism eller våldsam extremism", "Terrorism"),
            Choice("hot", _("Threats to democracy or to people under protection"), "Hot mot demokratin eller mot personer som vi skyddar", "Hot"),
            Choice("sakerhetsskydd", _("Protective security"), "Säkerhetsskydd", "Säkerhetsskydd"),
            Choice("massforstorelse", _("Weapons of mass destruction or sensitive technology"), "Massförstörelsevapen eller känslig teknik", "Massförstörelse"),
            Choice("annat", _("Something else"), "Något annat", "Annat"),
            Choice("vetinte", _("I do not know"), "Vet inte", "Vet inte"),
        ),
        is_first=True,
    ),
    TipQuestion(
        "when", _("When did it happen?"), "När",
        hint=_("A date, a time of day, or roughly when."),
    ),
    TipQuestion(
        "where", _("Where did it happen?"), "Var",
        hint=_("A place, an address, a website or an account."),
    ),
    TipQuestion(
        "how_known", _("How do you know this?"), "Hur tipsaren vet det", "choice",
        (
            Choice("saw", _("I saw or heard it myself"), "Såg eller hörde själv"),
            Choice("heard", _("Somebody told me"), "Hörde av någon annan"),
            Choice("online", _("I read or saw it online"), "Läste eller såg på nätet"),
            Choice("other", _("In another way"), "På annat sätt"),
        ),
    ),
    TipQuestion(
        "people", _("Persons, vehicles or accounts"), "Personer, fordon och konton",
        hint=_("Names, descriptions, registration numbers, user names: whatever you know."), rows=3,
    ),
    TipQuestion(
        "urgent", _("Is it urgent?"), "Bråttom", "mark",
        (Choice("1", _("Yes, someone should read this soon"), "Ja"),),
        hint_text="urgent", is_first=True,
    ),
    TipQuestion(
        "contact", _("How can we reach you?"), "Hur tipsaren kan nås",
        hint_text="contact_hint", rows=2, is_contact=True,
    ),
)  # fmt: skip
