"""Whether those whom a picture shows have agreed to it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import CollectionMember


class Consent(models.TextChoices):
    GIVEN = "given", _("They have given their consent")
    NOT_NEEDED = "not_needed", _("Consent is not needed")


class HasConsent(CollectionMember):
    """Whether a picture shows people, and what they have said to that."""

    class ShowsPeople(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")

    shows_people = models.CharField(
        _("Does the picture show people who can be recognised?"),
        max_length=3,
        choices=ShowsPeople.choices,
        blank=True,
    )
    consent = models.CharField(
        _("Consent"),
        max_length=10,
        choices=Consent.choices,
        blank=True,
        help_text=_("Only if the picture shows people."),
    )
    consent_reason = models.CharField(
        _("Why consent is not needed"),
        max_length=300,
        blank=True,
        help_text=_("For example: the Director-General in office."),
    )
    consent_until = models.DateField(
        _("Consent until"),
        null=True,
        blank=True,
        help_text=_("The last day that they have agreed to. Leave it empty if there is none."),
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Asks for consent where people are shown, and keeps none where nobody is."""
        super().clean()
        if self.shows_people != self.ShowsPeople.YES:
            self.consent, self.consent_reason, self.consent_until = "", "", None
            return
        if not self.consent:
            raise ValidationError({"consent": _("Say whether those who are shown have agreed.")})
        if self.consent == Consent.GIVEN:
            self.consent_reason = ""
            return
        self.consent_until = None
        if not self.consent_reason.strip():
            raise ValidationError({"consent_reason": _("Say why consent is not needed.")})
