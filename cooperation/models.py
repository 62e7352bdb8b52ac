"""Partners, and the pages that show them."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.search import index

from pages.content.models import BaseArticlePage, RegisterEntry
from pages.content.tree.spoken_languages import LANGUAGES, opening_tag
from pages.ground.version.memory import remembered
from pages.library.models import SiteImage
from pages.library.renditions import images_with_renditions
from pages.public.frame.abbreviations import FullName

from .fields import CooperationBodyField


class Partner(RegisterEntry, index.Indexed):
    """An organisation that the agency works with."""

    fixed_kind = "partner"

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
    name_language = models.CharField(
        _("Language of the name"),
        max_length=3,
        choices=LANGUAGES,
        blank=True,
        default="",
        db_default="",
        help_text=_("If it is not Swedish. It is then read aloud as it should be."),
    )
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
        MultiFieldPanel(
            ["name", "name_language", "name_in_english", "abbreviation"], heading=_("Name")
        ),
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

    def name_in(self, language: str) -> FullName:
        """The name in the language of the page if there is one, and in which it is if not."""
        if language == "en" and self.name_in_english:
            return FullName(self.name_in_english)
        given = self.name_language or settings.LANGUAGE_CODE
        return FullName(self.name, "" if given == language else given)

    @property
    def local_name(self) -> SafeString | str:
        """The name for a page, marked where it is in another language than the page."""
        return _marked(*self.name_in(get_language() or settings.LANGUAGE_CODE))

    @property
    def local_description(self) -> SafeString | str:
        """The description for a page, likewise."""
        if get_language() != "en":
            return self.description
        return self.description_in_english or _marked(self.description, settings.LANGUAGE_CODE)

    @property
    def what_and_since(self) -> str:
        """What it is and since when, as readers say it: "Myndighet sedan 1942"."""
        what = self.get_kind_display()
        if self.kind == self.Kind.AGENCY:
            what = (
                gettext("EU body") if "EU" in self.country_list else gettext("International body")
            )
        if not self.since:
            return str(what)
        return gettext("%(what)s since %(year)s") % {"what": what, "year": self.since}

    @property
    def host(self) -> str:
        """Where its website is, as readers know the address."""
        return (urlsplit(self.website).hostname or "").removeprefix("www.")

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
    def abbreviations(cls, language: str) -> dict[str, FullName]:
        """Abbreviation -> full name, for `pages.public.frame.abbreviations`."""
        known = cls.objects.public().exclude(abbreviation="")
        return {
            partner.abbreviation: partner.name_in(language)
            for partner in known
            # One that is written as a word may be another word in another language: "Must I …?"
            if language == settings.LANGUAGE_CODE or partner.abbreviation.isupper()
        }


class CooperationPage(BaseArticlePage):
    """An article that shows the agency's partners in groups, with filters."""

    fixed_kind = "cooperation"
    page_description = _("An article that shows whom we work with.")
    body = CooperationBodyField(verbose_name=_("Body"), blank=True)

    class Meta:
        verbose_name = _("cooperation page")
        verbose_name_plural = _("cooperation pages")

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
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


def _marked(text: str, language: str) -> SafeString | str:
    """The text, with its language if that is another than the page's."""
    if not (text and language):
        return text
    return format_html("{}{}</span>", opening_tag(language), text)


def _chosen(value: str | None, allowed: set[str]) -> str:
    return value if value in allowed else ""
