"""What is asked of a reader who writes to us. Only the message has to be filled in."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from .messages import AccessibilityMessage

LONGEST_TEXT, LONGEST_LINE = 5_000, 300


class _TypedField(forms.CharField):
    """Sets no `maxlength`, with which a browser silently cuts off what is pasted."""

    def __init__(self, limit: int = LONGEST_LINE, **options: Any) -> None:
        shorten = _("Shorten this to at most %(limit_value)d characters, from %(show_value)d.")
        super().__init__(validators=[MaxLengthValidator(limit, shorten)], **options)


class MessageForm(forms.Form):
    about = forms.ChoiceField(
        label=_("What is it about?"),
        choices=AccessibilityMessage.About.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what it is about."),
            "invalid_choice": _("Choose what it is about."),
        },
    )
    place = _TypedField(
        label=_("Which page or file?"),
        required=False,
        help_text=_("Its address or its name, if you know. Leave it empty if it is everywhere."),
    )
    text = _TypedField(
        LONGEST_TEXT,
        label=_("What would you like to tell us?"),
        widget=forms.Textarea,
        help_text=_(
            "What does not work, and what you use, such as a screen reader. Or in which form you want"
            " the content: read aloud, in large print, easy to read or in another way."
        ),
        error_messages={"required": _("Write what you would like to tell us.")},
    )
    contact = _TypedField(
        label=_("How can we answer you?"),
        required=False,
        widget=forms.Textarea,
        help_text=_(
            "An e-mail address, a telephone number or a postal address, and how you want us to reach"
            " you. You can leave it empty: then we read what you write, but cannot answer."
        ),
    )
    website = forms.CharField(label=_("Leave empty"), required=False)

    def clean_website(self) -> str:
        """A trap for programs, which fill in every field. A person who does is told."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _("Leave the box “Leave empty” empty. We have emptied it: send the message again.")
            )
        return ""

    @property
    def message(self) -> dict[str, str]:
        """What is kept of it."""
        return {name: self.cleaned_data[name] for name in ("about", "place", "text", "contact")}
