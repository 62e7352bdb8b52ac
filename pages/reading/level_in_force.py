"""The terrorist threat level in force, for our pages and for other programs."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import translation
from django.utils.timezone import localdate
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from pages.models import ThreatLevel, ThreatLevelDecision, ThreatLevelPage
from pages.tree.addresses import address_of
from pages.version.memory import remembered


@dataclass(frozen=True)
class ScaleStep:
    level: int
    name: str
    is_current: bool


@dataclass(frozen=True)
class ThreatLevelInForce:
    """The level in force, with the whole scale."""

    level: int
    level_name: str
    decided_on: date
    decided_by: str
    explanation: str
    scale: list[ScaleStep]
    url: str


def threat_level_in_force(language: str) -> ThreatLevelInForce | None:
    """The level in force, described in a language; None before the first decision."""
    return remembered(
        f"threat level:{language}",
        ("threatleveldecision", "page", "start"),
        lambda: _in_force(language),
        day=str(localdate()),
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
    with translation.override(language):
        return ThreatLevelInForce(
            level=decision.level,
            level_name=decision.level_name,
            decided_on=decision.decided_on,
            decided_by=decision.decided_by,
            explanation=decision.explanation,
            scale=[
                ScaleStep(step.value, str(step.label), step.value == decision.level)
                for step in ThreatLevel
            ],
            url=(page and address_of(page.url_path)) or "",
        )


@require_safe
@cache_control(public=True, max_age=60)
def threat_level_json(request: HttpRequest) -> JsonResponse:
    """The level in force and every earlier decision, for other programs."""
    decisions = list(ThreatLevelDecision.objects.in_force())
    if not decisions:
        raise Http404
    history = [_as_json(decision) for decision in decisions]
    response = JsonResponse(
        {**history[0], "scale": [1, 5], "history": history},
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    # Anyone may show the level on a page of their own.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _as_json(decision: ThreatLevelDecision) -> dict[str, object]:
    return {
        "level": decision.level,
        "name": {language: _in(language, decision, "level_name") for language in ("sv", "en")},
        "decided_on": decision.decided_on.isoformat(),
        "decided_by": decision.decided_by,
        "text": {"sv": decision.text, "en": decision.text_in_english},
    }


def _in(language: str, decision: ThreatLevelDecision, name: str) -> str:
    with translation.override(language):
        return getattr(decision, name)
