"""What a form asks about rights and consent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_DAYS = ("rights_until", "consent_until")
# What can be said later, and is behind one line while something is uploaded (css/library.css).
_LATER = ("caption", "rights", "rights_terms", "rights_until", "collection", "tags")


class AsksForTerms(forms.ModelForm):
    """Asks for the rights of a picture or file and, of a new picture, whether it shows people."""

    # Not so where the file arrives alone, and the questions come with the next form.
    asks_about_people = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _DAYS:
            if name in self.fields:
                self.fields[name].widget = forms.DateInput(
                    format="%Y-%m-%d", attrs={"type": "date"}
                )
        if "rights" in self.fields:
            self._name_empty_choice("rights", _("Unknown"))
        if "consent" in self.fields:
            self._name_empty_choice("consent", _("Not answered"))
        if "shows_people" in self.fields:
            self._ask_about_people()
        if self._is_upload:
            self.fields["more"] = forms.BooleanField(
                label=_("Say more: caption, rights, collection and tags"), required=False
            )
            self.order_fields([each for each in self.fields if each not in _LATER])

    @property
    def _is_upload(self) -> bool:
        """The form that follows the upload of several has no file."""
        return self.instance.pk is None or "file" not in self.fields

    def _ask_about_people(self) -> None:
        field: Any = self.fields["shows_people"]
        is_answered = bool(self.instance.shows_people)
        field.required = self.asks_about_people and (self._is_upload or is_answered)
        field.error_messages["required"] = _("Say whether the picture shows people.")
        field.widget = forms.RadioSelect()
        if field.required:
            field.choices = [choice for choice in field.choices if choice[0]]
        else:
            self._name_empty_choice("shows_people", _("Not answered"))

    def _name_empty_choice(self, name: str, label: object) -> None:
        field: Any = self.fields[name]
        field.choices = [(value, text if value else label) for value, text in field.choices]
