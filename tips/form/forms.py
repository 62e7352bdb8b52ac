"""What is asked of a tipster. Only one field has to be filled in."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from tips.questions import QUESTIONS, TipQuestion

_CHOOSE = {"invalid_choice": _("Choose one of the alternatives, or none.")}
_WRITE = {"required": _("Write what you would like to tell us.")}


class ExactTextField(forms.CharField):
    """Keeps the text exactly as typed; spaces alone count as empty.

    It sets no `maxlength`, with which a browser silently cuts off what is pasted.
    """

    def __init__(self, limit: int, **options: Any) -> None:
        shorten = _("Shorten this to at most %(limit_value)d characters, from %(show_value)d.")
        super().__init__(validators=[MaxLengthValidator(limit, shorten)], strip=False, **options)

    def to_python(self, value: object) -> str:
        text = super().to_python(value) or ""
        return text if text.strip() else ""


def _field(question: TipQuestion) -> forms.Field:
    options: dict[str, Any] = {"label": _(question.label), "required": question.is_required}
    match question.kind:
        case "mark":
            return forms.BooleanField(**options)
        case "choice":
            choices = [(each.code, _(each.label)) for each in question.choices]
            return forms.ChoiceField(choices=choices, error_messages=_CHOOSE, **options)
    return ExactTextField(question.longest, error_messages=_WRITE, **options)


class TipForm(forms.Form):
    vars().update({question.name: _field(question) for question in QUESTIONS})
    website = forms.CharField(label=_("Leave empty"), required=False)

    def clean_website(self) -> str:
        """A trap for programs, which fill in every field. A person who does is told."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _("Leave the box “Leave empty” empty. We have emptied it: send the tip again.")
            )
        return ""

    @property
    def asked(self) -> list[tuple[TipQuestion, forms.BoundField]]:
        """Each question with its field, in the order of the form."""
        return [(question, self[question.name]) for question in QUESTIONS]

    @property
    def tip_fields(self) -> dict[str, str]:
        """The fields that were filled in, as they are sealed."""
        filled_in = {name: value for name, value in self.cleaned_data.items() if value}
        return {name: "1" if value is True else value for name, value in filled_in.items()}


FORM_FIELDS = frozenset(TipForm.base_fields)
