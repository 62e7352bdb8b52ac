"""The terrorist threat level: decisions that are never overwritten, and the page that shows them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import ClassVar, TypedDict

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import Select
from django.http import HttpRequest
from django.utils import timezone
from django.utils.timezone import localdate, make_aware
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import StructValue

from pages.content.blocks.advice import ThreatLevel
from pages.content.fields import AdviceField, BodyField
from pages.ground.version.memory import request_began

from .base import BasePage, OnceInEachLanguage
from .register import RegisterEntry, RegisterRows


@dataclass(frozen=True)
class ScaleStep:
    level: int
    name: str
    is_current: bool


class ThreatLevelQuerySet(RegisterRows):
    def decided(self) -> "ThreatLevelQuerySet":
        """Public decisions whose hour has come, the latest first, also those that were wrong."""
        come = self.public().filter(decided_at__lte=request_began())
        return come.select_related("corrects").order_by("-decided_at", "-pk")

    def in_force(self) -> "ThreatLevelQuerySet":
        """Those of them that no decision corrects: the first is the level now."""
        decided = self.decided()
        wrong = decided.filter(corrects__isnull=False).order_by().values("corrects")
        return decided.exclude(pk__in=wrong)

    def moments(self) -> list[datetime]:
        """The moments from which the public decisions count."""
        return list(self.public().order_by("decided_at").values_list("decided_at", flat=True))

    def delete(self) -> tuple[int, dict[str, int]]:
        if self.filter(models.Q(live=True) | models.Q(first_published_at__isnull=False)).exists():
            raise ValidationError(_("A decision on the threat level is never deleted."))
        return super().delete()


class ThreatLevelDecision(RegisterEntry):
    """One decision on the level: a draft first, and once public never changed or deleted.

    What was wrong is mended by a new decision, which names it.
    """

    fixed_kind = "threat_level_decision"
    level = models.PositiveSmallIntegerField(_("Level"), choices=ThreatLevel.choices)
    decided_at = models.DateTimeField(
        _("Counts from"),
        default=timezone.now,
        help_text=_(
            "A decision that corrects another keeps its day and hour, unless these were wrong."
        ),
    )
    hour_is_known = models.BooleanField(
        _("Show the hour"), default=True, help_text=_("Not for old decisions with only a day.")
    )
    decided_by = models.CharField(_("Decided by"), max_length=120)
    text = models.TextField(
        _("The decision in Swedish"),
        help_text=_("What it means and why, in two or three sentences."),
    )
    text_in_english = models.TextField(_("The decision in English"), blank=True)
    corrects = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections",
        limit_choices_to={"live": True},
        verbose_name=_("Corrects"),
        help_text=_("The decision that was wrong. Readers see both, beside each other."),
    )
    recorded_at = models.DateTimeField(_("Recorded"), auto_now_add=True)

    panels = [
        "level",
        MultiFieldPanel(["decided_at", "hour_is_known"], heading=_("Time")),
        "decided_by",
        "text",
        "text_in_english",
        FieldPanel("corrects", widget=Select),
    ]
    preview_modes = [("sv", _("Swedish")), ("en", _("English"))]
    # What readers meet of it.
    TEXTS = ("text", "text_in_english")
    CONTENT = ("live", "level", "decided_at", "hour_is_known", "decided_by", "corrects_id", *TEXTS)

    objects: ClassVar[object] = ThreatLevelQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at", "-pk"]
        verbose_name = _("decision on the threat level")
        verbose_name_plural = _("decisions on the threat level")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__gte=1, level__lte=5), name="threat_level_from_1_to_5"
            )
        ]

    # The decision that corrects this one, where somebody has looked (`history_of_the_level`).
    correction: "ThreatLevelDecision | None" = None

    def __str__(self) -> str:
        return f"{self.level} – {self.level_name} ({self.decided_on})"

    def clean(self) -> None:
        super().clean()
        if self.decided_at and not self.hour_is_known:
            self.decided_at = make_aware(datetime.combine(self.decided_on, time()))

    def refuse_faults(self) -> None:
        """Raises a ValidationError with what keeps the decision from being published."""
        for name in self.TEXTS:
            if not getattr(self, name).strip():
                raise ValidationError({name: _("The level needs text in Swedish and English.")})
        if self.corrects is not None:
            self._refuse_to_correct(self.corrects)
        self.full_clean()

    def _refuse_to_correct(self, wrong: "ThreatLevelDecision") -> None:
        others = type(self).objects.public().exclude(pk=self.pk)
        if not wrong.live or wrong.pk == self.pk or others.filter(corrects=wrong).exists():
            raise ValidationError(
                {"corrects": _("Choose a public decision that no other corrects already.")}
            )
        corrected = others.filter(corrects__isnull=False).values("corrects")
        later = others.filter(decided_at__gt=wrong.decided_at, decided_at__lte=self.decided_at)
        if hidden := later.exclude(pk__in=corrected).order_by().first():
            # It would be in force in place of a decision that it does not name.
            raise ValidationError(
                {
                    "decided_at": _(
                        "The correction would replace the later decision of %(day)s as well."
                        " Give it the day and hour of the decision that it corrects."
                    )
                    % {"day": hidden.decided_on}
                }
            )

    def save(self, *args: object, **kwargs: object) -> None:
        # To the minute, as it is written: versions keep no finer time.
        self.decided_at = self.decided_at.replace(second=0, microsecond=0)
        saved = type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None
        if saved is not None and saved.was_public:
            if any(getattr(saved, name) != getattr(self, name) for name in self.CONTENT):
                raise ValidationError(
                    _("A decision on the level is never changed. Make a new one that corrects it.")
                )
        elif self.live:
            self.refuse_faults()
        super().save(*args, **kwargs)

    def delete(
        self, using: str | None = None, keep_parents: bool = False
    ) -> tuple[int, dict[str, int]]:
        if self.was_public:
            raise ValidationError(_("A decision on the threat level is never deleted."))
        return super().delete(using, keep_parents)

    @property
    def decided_on(self) -> date:
        return localdate(self.decided_at)

    @property
    def level_name(self) -> str:
        return str(ThreatLevel(self.level).label)

    @property
    def explanation_language(self) -> str:
        """The language of the page; Swedish where an old decision has no text in English."""
        return "en" if get_language() == "en" and self.text_in_english else "sv"

    @property
    def explanation(self) -> str:
        return self.text_in_english if self.explanation_language == "en" else self.text

    @property
    def scale(self) -> list[ScaleStep]:
        return [
            ScaleStep(step.value, str(step.label), step.value == self.level) for step in ThreatLevel
        ]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return ThreatLevelPage.template

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, object]:
        """The level page as it will be once this decision counts."""
        pages = ThreatLevelPage.objects.filter(locale__language_code=mode_name)
        page = pages.live().first() or ThreatLevelPage(title=gettext("The terrorist threat level"))
        return page.get_context(request) | page.context_of_level(self)

    def preview_language(self, mode_name: str) -> str:
        return mode_name


def history_of_the_level(draft: ThreatLevelDecision | None = None) -> list[ThreatLevelDecision]:
    """Every decision that readers have met, the latest first, each with what corrects it.

    A draft is shown as if it counted already.
    """
    decisions = list(ThreatLevelDecision.objects.decided())
    if draft is not None:
        others = [each for each in decisions if each.pk != draft.pk]
        decisions = sorted([draft, *others], key=lambda each: each.decided_at, reverse=True)
    corrections = {each.corrects_id: each for each in decisions if each.corrects_id}
    for each in decisions:
        each.correction = corrections.get(each.pk)
    return decisions


class LevelContext(TypedDict):
    """What the level page shows: the decision in force, and all."""

    decisions: list[ThreatLevelDecision]
    threat: ThreatLevelDecision | None


def level_context(draft: ThreatLevelDecision | None = None) -> LevelContext:
    decisions = history_of_the_level(draft)
    in_force = next((each for each in decisions if each.correction is None), None)
    return {"decisions": decisions, "threat": in_force}


class ThreatLevelPage(OnceInEachLanguage):
    """Shows the level in force, what the scale means, and the earlier decisions."""

    fixed_kind = "threat_level"
    page_description = _("The level now, and what it asks of readers.")
    advice = AdviceField(
        verbose_name=_("What each level asks of the reader"),
        blank=True,
        help_text=_(
            "Write it for all five levels: when a level comes into force, its words stand on the"
            " start page and on this page at once."
        ),
    )
    body = BodyField(verbose_name=_("Body"), blank=True)

    parent_page_types = ["content.SectionPage"]
    subpage_types: list[str] = []
    read_again_after = 3
    content_panels = [*BasePage.content_panels, "advice", "body"]
    content_panels += [BasePage.topics_panel, BasePage.dating_panel]

    class Meta:
        verbose_name = _("threat level page")
        verbose_name_plural = _("threat level pages")

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
        return super().get_context(request, *args, **kwargs) | self.context_of_level()

    def context_of_level(self, draft: ThreatLevelDecision | None = None) -> dict[str, object]:
        """What the page shows of the level in force, with what each level means and asks."""
        known = level_context(draft)
        threat = known["threat"]
        return known | {
            "advice": self.advice_at(threat.level) if threat else None,
            "scale": [(step, self.advice_at(step.level)) for step in threat.scale]
            if threat
            else [],
        }

    def advice_at(self, level: int) -> StructValue | None:
        """What this level asks of the reader, where editors have written it."""
        values = (block.value for block in self.advice)
        return next((value for value in values if str(value["level"]) == str(level)), None)

    def search_parts(self) -> list[str]:
        decision = ThreatLevelDecision.objects.in_force().first()
        if decision is None:
            return super().search_parts()
        is_read_here = decision.explanation_language == get_language()
        explanation = [decision.explanation] if is_read_here else []
        return [*super().search_parts(), decision.level_name, *explanation]
