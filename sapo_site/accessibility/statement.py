"""The accessibility statement, and the deviations that it names."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.models import TranslatableMixin

from pages.content.fields import BodyField
from pages.content.models import BasePage, RegisterEntry
from pages.content.models.base import OnceInEachLanguage
from pages.ground.version.memory import remembered

# A statement is to be looked over at least this often.
REVIEWED_EACH = timedelta(days=365)


class AccessibilityDeviation(RegisterEntry, TranslatableMixin):
    """Something on the website that not everybody can use."""

    fixed_kind = "accessibility_deviation"

    class Ground(models.TextChoices):
        """In the order and with the meaning that the form of the statement has."""

        FAULT = "fault", _("It does not meet the law")
        BURDEN = "burden", _("To mend it would be a disproportionate burden (12 §)")
        OUTSIDE = "outside", _("The law does not cover it (9 §)")

    what = models.CharField(
        _("What does not work"), max_length=120, help_text=_("Becomes a heading.")
    )
    text = models.TextField(_("Whom it hinders, and how"))
    ground = models.CharField(
        _("Kind"), max_length=10, choices=Ground.choices, default=Ground.FAULT
    )
    clause = models.CharField(
        _("Requirement"),
        max_length=120,
        blank=True,
        help_text=_("The number and name in WCAG or EN 301 549, for example: 1.2.5 Syntolkning."),
    )
    why = models.TextField(_("Why"))
    since = models.DateField(_("Known since"), default=localdate)
    mended_by = models.DateField(_("To be mended by"), null=True, blank=True)
    instead = models.TextField(_("What to do instead"))
    mended_on = models.DateField(
        _("Mended"),
        null=True,
        blank=True,
        help_text=_("It then stands below the others, until you remove it from the website."),
    )

    preview_template = "sapo_site/deviation_preview.html"
    panels = [
        "what",
        "text",
        MultiFieldPanel(["ground", "clause", "why"], heading=_("Law")),
        "instead",
        MultiFieldPanel(["since", "mended_by", "mended_on"], heading=_("Time")),
        PublishingPanel(),
    ]

    class Meta(TranslatableMixin.Meta):
        ordering = ["ground", "since", "pk"]
        verbose_name = _("deviation from accessibility")
        verbose_name_plural = _("deviations from accessibility")

    def __str__(self) -> str:
        return self.what

    def refuse_faults(self) -> None:
        """Raises a ValidationError for dates that cannot be right."""
        if self.mended_on and self.mended_on > localdate():
            raise ValidationError({"mended_on": _("Write the day when it has been mended.")})
        if self.ground == self.Ground.FAULT and not self.clause.strip():
            raise ValidationError({"clause": _("Write which requirement is not met.")})

    @classmethod
    def shown_in(cls, language: str) -> "list[AccessibilityDeviation]":
        """What readers of the language meet."""
        return remembered(
            f"deviations:{language}",
            ("accessibilitydeviation",),
            lambda: list(cls.objects.public().filter(locale__language_code=language)),
        )


def _published_on(row: AccessibilityDeviation) -> date | None:
    return localdate(row.last_published_at) if row.last_published_at else None


class AccessibilityStatementPage(OnceInEachLanguage):
    """The statement in the form that Digg asks for; what is known elsewhere is not typed in."""

    fixed_kind = "accessibility_statement"
    page_description = _("How well the website complies with the law on accessibility.")

    class Conformance(models.TextChoices):
        FULL = "full", _("fully compliant")
        PARTIAL = "partial", _("partially compliant")
        NONE = "none", _("not compliant")

    class Standard(models.TextChoices):
        """The version of EN 301 549 that was tried."""

        V3_2_1 = "3.2.1", "EN 301 549 V3.2.1 (WCAG 2.1)"
        V4_1_1 = "4.1.1", "EN 301 549 V4.1.1 (WCAG 2.2)"

    class Assessor(models.TextChoices):
        SELF = "self", _("The agency itself")
        EXTERNAL = "external", _("Somebody from outside")

    has_section_menu = True

    conformance = models.CharField(
        _("How far it meets the law"),
        max_length=10,
        choices=Conformance.choices,
        default=Conformance.PARTIAL,
    )
    standard = models.CharField(
        _("Standard"), max_length=10, choices=Standard.choices, default=Standard.V3_2_1
    )
    assessed_on = models.DateField(
        _("Assessed"),
        default=localdate,
        help_text=_("A year later the start page reminds you to assess the website again."),
    )
    assessed_by = models.CharField(
        _("Assessed by"), max_length=10, choices=Assessor.choices, default=Assessor.SELF
    )
    body = BodyField(
        verbose_name=_("Body"),
        blank=True,
        help_text=_(
            "What one can do who cannot use something, how you have tested, and who supervises."
            " The deviations come from their register, and the form for messages by itself."
        ),
    )

    parent_page_types = ["content.SectionPage"]
    subpage_types: list[str] = []
    version_kinds = ("page",)
    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in ("conformance", "standard", "assessed_on", "assessed_by")
            ],
            heading=_("Assessment"),
        ),
        "body",
        BasePage.topics_panel,
        BasePage.dating_panel,
    ]
    template = "sapo_site/accessibility_statement_page.html"

    class Meta:
        verbose_name = _("accessibility statement")
        verbose_name_plural = _("accessibility statements")

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
        shown = AccessibilityDeviation.shown_in(self.locale.language_code)
        return super().get_context(request, *args, **kwargs) | {
            "updated_on": max(
                filter(None, [self.changed_on, *map(_published_on, shown)]), default=None
            ),
            "grounds": [
                (
                    ground.value,
                    [each for each in shown if each.ground == ground and not each.mended_on],
                )
                for ground in AccessibilityDeviation.Ground
            ],
            "mended": [each for each in shown if each.mended_on],
        }

    def search_parts(self) -> list[str]:
        shown = AccessibilityDeviation.objects.public().filter(locale_id=self.locale_id)
        return [*super().search_parts(), *(f"{each.what} {each.text}" for each in shown)]
