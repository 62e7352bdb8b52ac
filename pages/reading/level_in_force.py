"""The terrorist threat level in force, for our pages and for other programs."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import translation
from django.utils.timezone import localtime
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from pages.frame.of_language import last_decision_came_at
from pages.models import ThreatLevelDecision, ThreatLevelPage
from pages.models.threat_level import ScaleStep, level_context
from pages.tree.addresses import address_of
from pages.version.memory import remembered


@dataclass(frozen=True)
class ThreatLevelInForce:
    """The level in force, with the whole scale."""

    level: int
    level_name: str
    decided_at: datetime
    hour_is_known: bool
    scale: list[ScaleStep]
    url: str


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
    with translation.override(language):
        return ThreatLevelInForce(
            level=decision.level,
            level_name=decision.level_name,
            decided_at=decision.decided_at,
            hour_is_known=decision.hour_is_known,
            scale=decision.scale,
            url=(page and address_of(page.url_path)) or "",
        )


@require_safe
@cache_control(public=True, max_age=60)
def threat_level_json(request: HttpRequest) -> JsonResponse:
    """The level in force and every earlier decision, for other programs."""
    known = level_context()
    if known["threat"] is None:
        raise Http404
    history = [_as_json(decision) for decision in known["decisions"]]
    response = JsonResponse(
        {**_as_json(known["threat"]), "scale": [1, 5], "history": history},
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    # Anyone may show the level on a page of their own.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _as_json(decision: ThreatLevelDecision) -> dict[str, object]:
    """A decision with only a day has no hour; one that was wrong names what corrects it."""
    return {
        "id": decision.pk,
        "level": decision.level,
        "name": {language: _in(language, decision, "level_name") for language in ("sv", "en")},
        "decided_on": decision.decided_on.isoformat(),
        "decided_at": localtime(decision.decided_at).isoformat()
        if decision.hour_is_known
        else None,
        "decided_by": decision.decided_by,
        "text": {"sv": decision.text, "en": decision.text_in_english},
        "corrects": decision.corrects_id,
        "corrected_by": decision.correction and decision.correction.pk,
    }


def _in(language: str, decision: ThreatLevelDecision, name: str) -> str:
    with translation.override(language):
        return getattr(decision, name)
