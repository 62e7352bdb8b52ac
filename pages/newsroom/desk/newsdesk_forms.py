"""What people write when they send, confirm, publish alone and review."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

from pages.newsroom.matching import Seen
from pages.newsroom.reasons import said_in_words, too_short

from .password_again import is_fresh, why_wrong

_LONGEST = 2000


class SeenField(forms.CharField):
    """What the person was shown, by the key of each object; None for what no page of ours has sent."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        shown = {key: [seen.digest, seen.newest, seen.companions] for key, seen in value.items()}
        return json.dumps(shown, sort_keys=True)

    def to_python(self, value: Any) -> Any:
        try:
            return {
                key: Seen(digest, newest, dict(companions))
                for key, (digest, newest, companions) in json.loads(value or "").items()
            }
        except (ValueError, TypeError, AttributeError, RecursionError):
            return None


class _AskingForm(forms.Form):
    """Puts whoever fills it in at the first fault."""

    def full_clean(self) -> None:
        super().full_clean()
        for name in self.errors:
            if name in self.fields:
                self.fields[name].widget.attrs["autofocus"] = True
                break


class _BoundToWhatWasShown(_AskingForm):
    seen = SeenField()


def _text(label: Any, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=_LONGEST, widget=forms.Textarea({"rows": rows}), **options
    )


class SeveralForm(_BoundToWhatWasShown):
    """What was shown of each of several."""


class SendForm(_BoundToWhatWasShown):
    note = _text(_("Message to whoever approves"), required=False)
    wanted_by = forms.DateTimeField(
        label=_("Must be out before"), required=False, widget=AdminDateTimeInput
    )


class ConfirmForm(_BoundToWhatWasShown):
    note = _text(
        _("What should be changed?"),
        required=False,
        help_text=_("Only if you ask for changes."),
    )

    def require_note(self) -> bool:
        """Whether the form says what should be changed; otherwise it asks for it."""
        if self.is_valid() and not self.cleaned_data["note"].strip():
            self.add_error("note", gettext("Write what should be changed."))
            self.fields["note"].widget.attrs["autofocus"] = True  # it lies far down
        return self.is_valid()


class EmergencyForm(_BoundToWhatWasShown):
    reason = _text(_("Why can it not wait?"))
    password = forms.CharField(
        label=_("Write your password to publish in an emergency."),
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        strip=False,
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "emergency_%s", **kwargs})
        self._request = request
        self.fields["reason"].error_messages["required"] = too_short()
        if is_fresh(request):
            del self.fields["password"]

    def clean_reason(self) -> str:
        return said_in_words(self.cleaned_data["reason"])

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if why := why_wrong(self._request, password):
            raise forms.ValidationError(why)
        return password


class ReviewForm(_AskingForm):
    newest = forms.IntegerField(widget=forms.HiddenInput)
    note = _text(_("What should be changed?"), required=False)


class StopForm(_AskingForm):
    why = _text(_("Why?"), required=False)
