"""Whose turn it is to approve."""

from django.conf import settings
from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from pages.content.publishing.roles import CHIEF_EDITORS

from .crisis_rows import OfCrises


class Duty(OfCrises):
    """A row of the rota: from this day on the chief editor is asked first, until the next row's day."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        limit_choices_to={"groups__name": CHIEF_EDITORS, "is_active": True},
        verbose_name=_("On call"),
    )
    begins = models.DateField(_("From"), unique=True, default=localdate)

    panels = ["begins", "account"]

    class Meta:
        ordering = ["begins"]
        verbose_name = _("turn on call")
        verbose_name_plural = _("turns on call")

    def __str__(self) -> str:
        return f"{self.begins} {self.account}"
