"""What is asked of a tipster. Only one field has to be filled in."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from . import limits

SUBJECTS = [
    ("spionage", _("Espionage or a foreign power")),
    ("terrorism", _("Terrorism or violent extremism")),
    ("hot", _("Threats to democracy or to people under protection")),
    ("sakerhetsskydd", _("Protective security")),
    ("massforstorelse", _("Weapons of mass destruction or sensitive technology")),
    ("annat", _("Something else")),
    ("vetinte", _("I do not know")),
]
HOW_KNOWN = [
    ("saw", _("I saw or heard it myself")),
    ("heard", _("Somebody told me")),
    ("online", _("I read or saw it online")),
    ("other", _("In another way")),
]


_CHOOSE = {"invalid_choice": _("Choose one of the alternatives, or none.")}


class ExactTextField(forms.CharField):
    """Keeps the text exactly as typed; spaces alone count as empty.

    It sets no `maxlength`, with which a browser silently cuts off what is pasted.
    """

    def __init__(self, limit: int = limits.MAX_FIELD_LENGTH, **options: Any) -> None:
        self.limit = limit
        shorten = _("Shorten this to at most %(limit_value)d characters, from %(show_value)d.")
        super().__init__(validators=[MaxLengthValidator(limit, shorten)], strip=False, **options)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text if text.strip() else ""


class TipForm(forms.Form):
    text = ExactTextField(
        limits.MAX_TEXT_LENGTH,
        label=_("What would you like to tell us?"),
        error_messages={"required": _("Write what you would like to tell us.")},
    )
    subject = forms.ChoiceField(
        label=_("What is it about?"), choices=SUBJECTS, required=False, error_messages=_CHOOSE
    )
    when = ExactTextField(label=_("When did it happen?"), required=False)
    where = ExactTextField(label=_("Where did it happen?"), required=False)
    how_known = forms.ChoiceField(
        label=_("How do you know this?"), choices=HOW_KNOWN, required=False, error_messages=_CHOOSE
    )
    people = ExactTextField(label=_("Persons, vehicles or accounts"), required=False)
    urgent = forms.BooleanField(label=_("Is it urgent?"), required=False)
    contact = ExactTextField(label=_("How can we reach you?"), required=False)
    website = forms.CharField(label=_("Leave empty"), required=False)

    def clean_website(self) -> str:
        """A trap for programs, which fill in every field. A person who does is told."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _("Leave the box “Leave empty” empty. We have emptied it: send the tip again.")
            )
        return ""

    @property
    def tip_fields(self) -> dict[str, str]:
        """The fields that were filled in, as they are sealed."""
        filled_in = {name: value for name, value in self.cleaned_data.items() if value}
        return {name: "1" if value is True else value for name, value in filled_in.items()}


FORM_FIELDS = frozenset(TipForm.base_fields)
