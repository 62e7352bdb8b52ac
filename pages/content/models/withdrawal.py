"""Addresses of pages that were withdrawn."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class WithdrawalReason(models.TextChoices):
    """Why a page was withdrawn; empty for pages that went before anybody was asked."""

    REPLACED = "replaced", _("Replaced by another page")
    OUTDATED = "outdated", _("No longer current")
    MISTAKE = "mistake", _("Published by mistake")


class WithdrawalQuerySet(models.QuerySet["Withdrawal"]):
    def in_force(self) -> "WithdrawalQuerySet":
        """Those whose address still answers that the page is gone."""
        return self.filter(back_at=None)


class Withdrawal(models.Model):
    """That a page left its address, when and why, and what readers are told of it."""

    # What readers meet. The service for visitors may read this and no more.
    # The address and not the page, since readers still ask for the address of a deleted page.
    address = models.CharField(_("Address"), max_length=2000)
    # As readers last read it; the page's own row may hold the words of a draft. Empty for a page
    # that was published by mistake, and so is the day.
    title = models.CharField(_("Title of the page"), max_length=255, blank=True)
    withdrawn_on = models.DateField(_("Date that readers are told"), null=True, blank=True)
    reason = models.CharField(
        _("Reason"), max_length=10, blank=True, choices=WithdrawalReason.choices
    )
    replaced_by = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Replaced by"),
    )
    page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="withdrawals",
        verbose_name=_("Page"),
    )
    back_at = models.DateTimeField(_("Published again"), null=True, blank=True)
    # What only the house knows.
    withdrawn_at = models.DateTimeField(_("Withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Withdrawn by"),
    )

    wagtail_reference_index_ignore = True  # it is made by withdrawing, and is not use of a page

    objects = WithdrawalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("withdrawn page")
        verbose_name_plural = _("withdrawn pages")
        constraints = [
            models.UniqueConstraint(
                fields=["address"],
                condition=models.Q(back_at=None),
                name="one_withdrawal_in_force",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=WithdrawalReason.MISTAKE)
                | models.Q(title="", withdrawn_on=None),
                name="nothing_is_told_of_a_mistake",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.address})"

    @property
    def when(self) -> datetime | date | None:
        """The moment; of the first ones, only the day is known."""
        return self.withdrawn_at or self.withdrawn_on

    @property
    def name(self) -> str:
        """What the page is called in the CMS; readers are told the `title` alone."""
        return self.title or (self.page.draft_title if self.page else self.address)
