"""Partners, and the pages that show them."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.search import index

from pages.library.renditions import images_with_renditions
from pages.models import BaseArticlePage, RegisterEntry, SiteImage
from pages.version.memory import remembered

from .fields import CooperationBodyField


class Partner(RegisterEntry, index.Indexed):
    """An organisation that the agency works with."""

    class Kind(models.TextChoices):
        AUTHORITY = "authority", _("Authority")
        COUNCIL = "council", _("Council")
        CENTRE = "centre", _("Centre")
        AGENCY = "agency", _("Agency of the EU or another international body")
        FORUM = "forum", _("Forum")
        ORGANISATION = "organisation", _("Organisation")

    class Scope(models.TextChoices):
        NATIONAL = "national", _("National")
        INTERNATIONAL = "international", _("International")

    name = models.CharField(_("Name"), max_length=120)
    name_in_english = models.CharField(_("Name in English"), max_length=120, blank=True)
    abbreviation = models.CharField(
        _("Abbreviation"),
        max_length=20,
        blank=True,
        help_text=_("Explained with the full name where it first stands in a text."),
    )
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind.choices)
    scope = models.CharField(_("National or international"), max_length=20, choices=Scope.choices)
    countries = models.CharField(
        _("Countries"),
        max_length=200,
        blank=True,
        help_text=_("For example: EU, Norge, Schweiz, Storbritannien. Separate with commas."),
    )
    description = models.TextField(_("Short description"), blank=True)
    description_in_english = models.TextField(_("Short description in English"), blank=True)
    website = models.URLField(_("Website"), blank=True)
    since = models.PositiveSmallIntegerField(
        _("Since"), null=True, blank=True, help_text=_("The year in which it was founded.")
    )
    logotype = models.ForeignKey(
        SiteImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Logotype"),
    )

    preview_template = "cooperation/partner_preview.html"
    panels = [
        MultiFieldPanel(["name", "name_in_english", "abbreviation"], heading=_("Name")),
        MultiFieldPanel(["kind", "scope", "countries", "since"], heading=_("Kind")),
        MultiFieldPanel(
            ["description", "description_in_english", "website", FieldPanel("logotype")],
            heading=_("Description"),
        ),
        PublishingPanel(),
    ]

    search_fields = [
        index.SearchField("name", boost=2),
        index.SearchField("abbreviation", boost=2),
        index.SearchField("description"),
        index.AutocompleteField("name"),
        index.AutocompleteField("abbreviation"),
        index.FilterField("kind"),
        index.FilterField("scope"),
    ]

    class Meta:
        ordering = ["name"]
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(live=True),
                name="unique_name_of_partner",
                violation_error_message=_("Another partner has this name."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.abbreviation})" if self.abbreviation else self.name

    @property
    def local_name(self) -> str:
        """The name in the language of the page."""
        in_english = self.name_in_english if get_language() == "en" else ""
        return in_english or self.name

    @property
    def local_description(self) -> str:
        """The description in the language of the page."""
        in_english = self.description_in_english if get_language() == "en" else ""
        return in_english or self.description

    @property
    def country_list(self) -> list[str]:
        return [country.strip() for country in self.countries.split(",") if country.strip()]

    @classmethod
    def all_with_logotypes(cls) -> "list[Partner]":
        """All partners that readers meet, with their logotypes: some dozens, which pages show together."""
        return remembered("partners", ("partner", "siteimage"), cls._ask_for_all)

    @classmethod
    def _ask_for_all(cls) -> "list[Partner]":
        partners = list(cls.objects.public())
        logotypes = images_with_renditions(
            {each.logotype_id for each in partners if each.logotype_id}
        )
        for each in partners:
            each.logotype = logotypes.get(each.logotype_id) if each.logotype_id else None
        return partners

    @classmethod
    def abbreviations(cls, language: str) -> dict[str, str]:
        """Abbreviation -> full name, for `pages.frame.abbreviations`."""
        known = cls.objects.public().exclude(abbreviation="")
        return {
            partner.abbreviation: (partner.name_in_english if language == "en" else "")
            or partner.name
            for partner in known
        }


class CooperationPage(BaseArticlePage):
    """An article that shows the agency's partners in groups, with filters."""

    body = CooperationBodyField(verbose_name=_("Body"), blank=True)

    class Meta:
        verbose_name = _("cooperation page")
        verbose_name_plural = _("cooperation pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        partners = Partner.all_with_logotypes()
        countries = sorted({country for each in partners for country in each.country_list})
        kind = _chosen(request.GET.get("typ"), {each.kind for each in partners})
        country = _chosen(request.GET.get("land"), set(countries))
        shown = [
            each
            for each in partners
            if (not kind or each.kind == kind) and (not country or country in each.country_list)
        ]
        return super().get_context(request, *args, **kwargs) | {
            "partners_national": [each for each in shown if each.scope == Partner.Scope.NATIONAL],
            "partners_international": [
                each for each in shown if each.scope == Partner.Scope.INTERNATIONAL
            ],
            "kinds": Partner.Kind.choices,
            "countries": countries,
            "selected_kind": kind,
            "selected_country": country,
        }

    def search_parts(self) -> list[str]:
        return [*super().search_parts(), *(str(each) for each in Partner.objects.public())]


def _chosen(value: str | None, allowed: set[str]) -> str:
    return value if value in allowed else ""
