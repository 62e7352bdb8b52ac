"""Whether a picture that came in a file shows people, and what they have said to that."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pages.content.models import BasePage
from pages.library.models import SiteImage


class PeopleForm(forms.ModelForm):
    """What the upload of a picture asks for, too."""

    class Meta:
        model = SiteImage
        fields = ("shows_people", "consent", "consent_reason", "consent_until")
        widgets = {
            "shows_people": forms.RadioSelect(),
            "consent_until": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked: Any = self.fields["shows_people"]
        asked.required = True
        asked.choices = [choice for choice in asked.choices if choice[0]]
        asked.error_messages["required"] = _("Say whether the picture shows people.")
        consent: Any = self.fields["consent"]
        consent.choices = [
            (key, label if key else _("Not answered")) for key, label in consent.choices
        ]


def is_to_be_asked(image: SiteImage, page: BasePage) -> bool:
    """Whether it came with the page, and nobody has answered; one that the library had is let be."""
    came_along = image.uploaded_by_user_id == page.owner_id and image.public_since is None
    return came_along and not image.shows_people
