"""The terrorist threat level in force, for our pages."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation

from pages.content.models import ThreatLevelDecision, ThreatLevelPage
from pages.content.models.threat_level import ScaleStep
from pages.content.tree.addresses import address_of
from pages.ground.version.memory import remembered
from pages.public.frame.of_language import last_decision_came_at


@dataclass(frozen=True)
class ThreatLevelInForce:
    """The level in force, with the whole scale."""

    level: int
    level_name: str
    decided_at: datetime
    hour_is_known: bool
    scale: list[ScaleStep]
    url: str
    asks: str  # what it asks of readers, in a sentence or two


def threat_level_in_force(language: str) -> ThreatLevelInForce | None:
    """The level in force, described in a language; None before the first decision."""
    return remembered(
        f"threat level:{language}",
        ("threatleveldecision", "page", "start"),
        lambda: _in_force(language),
        since=str(last_decision_came_at()),
    )


def _in_force(language: str) -> ThreatLevelInForce | None:
    decision = ThreatLevelDecision.objects.in_force().first()
    if decision is None:
        return None
    # With the keys of the few such pages SQLite does not look through all pages.
    keys = ThreatLevelPage.objects.order_by().values("pk")
    pages = ThreatLevelPage.objects.live().filter(pk__in=keys).select_related("locale").order_by()
    of_language = [page for page in pages if page.locale.language_code == language]
    page = min(of_language, key=lambda page: page.path, default=None)
    advice = page.advice_at(decision.level) if page else None
    with translation.override(language):
        return ThreatLevelInForce(
            level=decision.level,
            level_name=decision.level_name,
            decided_at=decision.decided_at,
            hour_is_known=decision.hour_is_known,
            scale=decision.scale,
            url=(page and address_of(page.url_path)) or "",
            asks=advice["summary"] if advice else "",
        )
