"""Levels and messages as JSON. What is in it, and what may come to it, is said by the schemas beside it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pages.content.models import ThreatLevelDecision
from pages.content.models.threat_level import level_context

from .said import (
    BOTH_LANGUAGES,
    LICENCE,
    MESSAGES_IN_FEED,
    SaidMessage,
    absolute,
    as_said,
    decided_at,
    first_said_at,
    for_everybodys_programs,
    level_page_in,
    message_page_in,
    messages,
)

# Of the form, not of what is said: raised when something is added to it.
_VERSION = "1.0"
_SCHEMAS = Path(__file__).with_name("schemas")


@for_everybodys_programs
def threat_level_json(request: HttpRequest) -> HttpResponse:
    """The level in force and every earlier decision."""
    known = level_context()
    if known["threat"] is None:
        raise Http404
    history = [_decision(request, each) for each in known["decisions"]]
    return _answer(
        request, "threat_level_schema", max(map(decided_at, known["decisions"])),
        **_decision(request, known["threat"]),
        url={language: absolute(request, level_page_in(language)) for language in BOTH_LANGUAGES},
        scale=[1, 5], history=history,
    )  # fmt: skip


@for_everybodys_programs
def messages_json(request: HttpRequest) -> HttpResponse:
    """The messages that stand before readers, and the latest that have stood there."""
    said = messages(get_language() or BOTH_LANGUAGES[0])[:MESSAGES_IN_FEED]
    return _answer(
        request, "messages_schema", max((each.message.said_at for each in said), default=None),
        messages=[_message(request, each) for each in said],
    )  # fmt: skip


@for_everybodys_programs
def schema(request: HttpRequest, name: str) -> HttpResponse:
    """What a document of ours holds, as JSON Schema (2020-12)."""
    found = json.loads((_SCHEMAS / f"{name}.json").read_text())
    return HttpResponse(
        json.dumps({**found, "$id": absolute(request, request.path)}, indent=2),
        content_type="application/schema+json; charset=utf-8",
    )


def _answer(
    request: HttpRequest, schema_name: str, updated_at: datetime | None, **content: Any
) -> HttpResponse:
    return JsonResponse(
        {
            "$schema": absolute(request, reverse(f"pages:{schema_name}")),
            "version": _VERSION,
            "licence": LICENCE,
            "source": {language: _in(language) for language in BOTH_LANGUAGES},
            "updated_at": updated_at and as_said(updated_at),
            **content,
        },
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )


def _in(language: str) -> str:
    with translation.override(language):
        return _("Swedish Security Service")


def _decision(request: HttpRequest, decision: ThreatLevelDecision) -> dict[str, Any]:
    """A decision with only a day has no hour; one that was wrong names what corrects it."""
    name = {}
    for language in BOTH_LANGUAGES:
        with translation.override(language):
            name[language] = decision.level_name
    return {
        "id": decision.pk,
        "level": decision.level,
        "name": name,
        "decided_on": decision.decided_on.isoformat(),
        "decided_at": localtime(decision.decided_at).isoformat()
        if decision.hour_is_known
        else None,
        "decided_by": decision.decided_by,
        "text": {"sv": decision.text, "en": decision.text_in_english},
        "corrects": decision.corrects_id,
        "corrected_by": decision.correction and decision.correction.pk,
    }


def _message(request: HttpRequest, said: SaidMessage) -> dict[str, Any]:
    message = said.message
    shown = {language: message.shown_in(language) for language in BOTH_LANGUAGES}

    def words(name: str) -> dict[str, str]:
        return {language: getattr(each, name) if each else "" for language, each in shown.items()}

    return {
        "identifier": message.identifier,
        "type": message.message_type or "new",
        "level": message.level,
        "is_shown": said.is_shown,
        "first_said_at": as_said(first_said_at(message)),
        "said_at": as_said(message.said_at),
        "starts_at": as_said(message.starts_at),
        "ends_at": message.ends_at and as_said(message.ends_at),
        "heading": words("heading"),
        "text": words("text"),
        "what_was_wrong": words("what_was_wrong"),
        "url": {each: absolute(request, message_page_in(message, each)) for each in BOTH_LANGUAGES},
        "follows": said.follows and said.follows.identifier,
        "followed_by": said.followed_by and said.followed_by.identifier,
    }
