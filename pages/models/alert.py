"""Important messages above the header of every page."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from pages.references.shelves import listed_page_with
from pages.tree.listed import ListedPage

from .settings import FrameSetting


class Alert(FrameSetting):
    """An important message above the header of every page, shown for some time."""

    class Level(models.TextChoices):
        INFORMATION = "information", _("Information")
        WARNING = "warning", _("Warning")
        DANGER = "danger", _("Danger")

    level = models.CharField(
        _("Level"), max_length=12, choices=Level.choices, default=Level.INFORMATION
    )
    heading = models.CharField(_("Heading"), max_length=120)
    text = models.TextField(_("Text"), blank=True)
    page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Page with more to read"),
    )
    starts_at = models.DateTimeField(_("Shown from"), default=timezone.now)
    ends_at = models.DateTimeField(
        _("Shown until"), null=True, blank=True, help_text=_("Until it is removed when left empty.")
    )

    preview_as = "alert"
    panels = [
        "level",
        "heading",
        "text",
        FieldPanel("page"),
        MultiFieldPanel(["starts_at", "ends_at"], heading=_("Time")),
    ]

    class Meta(FrameSetting.Meta):
        ordering = ["-starts_at"]
        verbose_name = _("important message")
        verbose_name_plural = _("important messages")

    def __str__(self) -> str:
        return self.heading

    @property
    def linked_page(self) -> ListedPage | None:
        return listed_page_with(self.page_id) if self.page_id else None

    def refuse_faults(self) -> None:
        """Raises a ValidationError if the message would end before it starts."""
        if self.ends_at and self.starts_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The message must end after it starts.")})
