"""On what terms a picture or file may be shown, and since when nothing uses it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import CollectionMember


class Rights(models.TextChoices):
    OWN = "own", _("Our own")
    BOUGHT = "bought", _("Bought")
    FREE = "free", _("Free licence")
    LENT = "lent", _("Lent to us")


class HasRights(CollectionMember):
    """What only editors meet of a picture or file: no part of what two persons confirm."""

    # Kept for those who keep the library: empty where nobody has answered.
    rights = models.CharField(
        _("Rights"),
        max_length=10,
        choices=Rights.choices,
        blank=True,
        help_text=_("Who owns it. Only editors see this."),
    )
    rights_terms = models.CharField(
        _("Terms"),
        max_length=300,
        blank=True,
        help_text=_("For example: TT, agreement 2026, on our website only."),
    )
    rights_until = models.DateField(
        _("May be shown until"),
        null=True,
        blank=True,
        help_text=_("The last day of the agreement. Leave it empty if there is none."),
    )
    # When something stopped naming it for the last time; empty if nothing has.
    last_used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
