"""Contacts: how to reach somebody at the agency."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import PublishingPanel
from wagtail.models import TranslatableMixin
from wagtail.search import index

from .register import RegisterEntry


class Contact(RegisterEntry, TranslatableMixin, index.Indexed):
    """How to reach somebody at the agency; one contact is shown on many pages."""

    fixed_kind = "contact"
    name = models.CharField(_("Name"), max_length=80)
    text = models.TextField(_("Text"), blank=True, help_text=_("What one may ask about, and when."))
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    address = models.TextField(_("Postal address"), blank=True)

    preview_template = "content/contact_preview.html"
    panels = ["name", "text", "phone", "email", "address", PublishingPanel()]

    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale_id"),
    ]

    class Meta(TranslatableMixin.Meta):
        ordering = ["name"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.name
