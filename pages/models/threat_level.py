"""The terrorist threat level: decisions that are never overwritten, and the page that shows them."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pages.fields import BodyField

from .base import BasePage


class ThreatLevel(models.IntegerChoices):
    """The five levels of the national scale."""

    NONE_IDENTIFIED = 1, _("No identified threat")
    LIMITED = 2, _("Limited threat")
    ELEVATED = 3, _("Elevated threat")
    HIGH = 4, _("High threat")
    VERY_HIGH = 5, _("Very high threat")


class ThreatLevelQuerySet(models.QuerySet["ThreatLevelDecision"]):
    def in_force(self) -> "ThreatLevelQuerySet":
        """Decisions taken by today, the latest first."""
        return self.filter(decided_on__lte=localdate()).order_by("-decided_on", "-pk")

    def next_day(self, day: date) -> date | None:
        """The next day after this one on which a decision comes into force."""
        ahead = self.filter(decided_on__gt=day).order_by("decided_on")
        return ahead.values_list("decided_on", flat=True).first()

    def delete(self) -> tuple[int, dict[str, int]]:
        raise ValidationError(_("A decision on the threat level is never deleted."))


class ThreatLevelDecision(models.Model):
    """One decision on the level. Decisions are only added, never changed or deleted."""

    level = models.PositiveSmallIntegerField(_("Level"), choices=ThreatLevel.choices)
    decided_on = models.DateField(_("Date of the decision"), default=localdate)
    decided_by = models.CharField(_("Decided by"), max_length=120)
    text = models.TextField(
        _("The decision in Swedish"),
        help_text=_("What it means and why, in two or three sentences."),
    )
    text_in_english = models.TextField(_("The decision in English"), blank=True)
    recorded_at = models.DateTimeField(_("Recorded"), auto_now_add=True)

    panels = ["level", "decided_on", "decided_by", "text", "text_in_english"]

    objects = ThreatLevelQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_on", "-pk"]
        verbose_name = _("decision on the threat level")
        verbose_name_plural = _("decisions on the threat level")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__gte=1, level__lte=5), name="threat_level_from_1_to_5"
            )
        ]

    def __str__(self) -> str:
        return f"{self.level} – {self.level_name} ({self.decided_on})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None and type(self)._base_manager.filter(pk=self.pk).exists():
            raise ValidationError(
                _("A decision on the threat level is never changed. Record a new one instead.")
            )
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ValidationError(_("A decision on the threat level is never deleted."))

    @property
    def level_name(self) -> str:
        return str(ThreatLevel(self.level).label)

    @property
    def explanation(self) -> str:
        """The decision's text in the language of the page; in Swedish if it has no other."""
        in_english = self.text_in_english if get_language() == "en" else ""
        return in_english or self.text


class ThreatLevelPage(BasePage):
    """Shows the level in force, what the scale means, and the earlier decisions."""

    body = BodyField(verbose_name=_("Body"), blank=True)

    parent_page_types = ["pages.SectionPage"]
    subpage_types: list[str] = []
    content_panels = [
        *BasePage.content_panels, "body", BasePage.topics_panel, BasePage.dating_panel
    ]  # fmt: skip

    class Meta:
        verbose_name = _("threat level page")
        verbose_name_plural = _("threat level pages")

    @classmethod
    def can_create_at(cls, parent: Any) -> bool:
        """One page in each language."""
        return (
            super().can_create_at(parent)
            and not cls.objects.filter(locale_id=parent.locale_id).exists()
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        decisions = list(ThreatLevelDecision.objects.in_force())
        return super().get_context(request, *args, **kwargs) | {"decisions": decisions}

    def search_parts(self) -> list[str]:
        decision = ThreatLevelDecision.objects.in_force().first()
        in_force = [decision.level_name, decision.explanation] if decision else []
        return [*super().search_parts(), *in_force]
