"""What a registrar wants weeded from the records, until a second person has answered."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WeedingProposal(models.Model):
    """A record that is to be weeded under a decision; it is kept, also when it has been answered."""

    raises_version = False  # visitors never meet it
    wagtail_reference_index_ignore = True

    class Outcome(models.TextChoices):
        OPEN = "open", _("waits for a second person")
        WEEDED = "weeded", _("weeded")
        TAKEN_BACK = "taken_back", _("taken back")

    # The record, as the records name it.
    address = models.CharField(_("Address"), max_length=2000)
    since = models.DateTimeField(_("From"))
    digest = models.CharField(max_length=64)
    decision = models.CharField(_("Number of the decision"), max_length=100)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_by_name = models.CharField(max_length=255)
    proposed_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_by_name = models.CharField(max_length=255, blank=True)
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("proposal to weed")
        verbose_name_plural = _("proposals to weed")
        constraints = [
            models.UniqueConstraint(
                fields=["address", "since"], condition=models.Q(outcome="open"),
                name="one_open_proposal_to_weed",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.address

    @property
    def is_open(self) -> bool:
        return self.outcome == self.Outcome.OPEN
