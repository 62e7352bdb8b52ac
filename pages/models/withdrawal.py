"""Addresses of pages that were withdrawn."""

from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _


class Withdrawal(models.Model):
    """The address of a withdrawn page, with its title and the day it was withdrawn."""

    # The address and not the page, since readers still ask for the address of a deleted page.
    address = models.CharField(_("Address"), max_length=2000, unique=True)
    title = models.CharField(_("Title of the page"), max_length=255)
    withdrawn_on = models.DateField(_("Withdrawn"), default=localdate)

    panels = ["address", "title", "withdrawn_on"]

    class Meta:
        ordering = ["-withdrawn_on", "address"]
        verbose_name = _("withdrawn page")
        verbose_name_plural = _("withdrawn pages")

    def __str__(self) -> str:
        return f"{self.title} ({self.address})"
