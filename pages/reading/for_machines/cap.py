"""Levels and messages as alerts of the Common Alerting Protocol 1.2 (OASIS, 2010).

level-12     a decision: an Update of the one that was in force, or of the one that it corrects
message-7    an Alert; what takes its place is an Update, and "the danger is over" a Cancel
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from lxml import etree

from pages.models import Alert, MessageType, ThreatLevelDecision

from .said import (
    BOTH_LANGUAGES,
    SaidMessage,
    absolute,
    as_said,
    decided_at,
    decisions,
    first_said_at,
    for_everybodys_programs,
    level_page_in,
    message_page_in,
    messages,
    writable,
)

_NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_TAGS = {"sv": "sv-SE", "en": "en"}
_KNOWN = re.compile(r"(level|message)-([1-9]\d{0,8})")


class _Grave(NamedTuple):
    """How near, how bad and how sure it is, in the words of CAP."""

    urgency: str
    severity: str
    certainty: str


# Our words have no such scales: docs/decisions/0071 says why these.
_OF_LEVEL = {
    1: _Grave("Unknown", "Minor", "Unlikely"),
    2: _Grave("Unknown", "Minor", "Unlikely"),
    3: _Grave("Unknown", "Moderate", "Possible"),
    4: _Grave("Unknown", "Severe", "Likely"),
    5: _Grave("Unknown", "Extreme", "Likely"),
}
_OF_MESSAGE = {
    Alert.Level.INFORMATION: _Grave("Unknown", "Minor", "Observed"),
    Alert.Level.WARNING: _Grave("Expected", "Moderate", "Likely"),
    Alert.Level.DANGER: _Grave("Immediate", "Severe", "Observed"),
}
_OVER = _Grave("Past", "Minor", "Observed")


@for_everybodys_programs
def cap(request: HttpRequest, identifier: str) -> HttpResponse:
    """A decision or a message as an alert, with what it takes the place of."""
    found = _KNOWN.fullmatch(identifier)
    alert = None
    if found:
        kind, key = found[1], int(found[2])
        alert = _of_level(request, key) if kind == "level" else _of_message(request, key)
    if alert is None:
        raise Http404
    return HttpResponse(
        etree.tostring(alert, xml_declaration=True, encoding="UTF-8", pretty_print=True),
        content_type="application/cap+xml; charset=utf-8",
    )


def _of_level(request: HttpRequest, key: int) -> etree._Element | None:
    known = decisions()
    decision = next((each for each in known if each.pk == key), None)
    if decision is None:
        return None
    before = _before(decision, known)
    replaced = [(before.identifier, decided_at(before))] if before else []
    alert = _alert(
        request, decision.identifier, decided_at(decision),
        "Update" if replaced else "Alert", replaced, _note(decision),
    )  # fmt: skip
    for language in BOTH_LANGUAGES:
        with translation.override(language):
            lines = {
                "event": _("The terrorist threat level"),
                "effective": as_said(decision.decided_at),
                "senderName": decision.decided_by,
                "headline": _("The terrorist threat level is %(level)d: %(name)s")
                % {"level": decision.level, "name": decision.level_name},
                "description": decision.explanation,
                "web": absolute(request, level_page_in(language)),
            }
            info = _info(alert, language, _OF_LEVEL[decision.level], lines)
        _pair(info, "parameter", "terrorhotniva", str(decision.level))
        _area(info, language)
    return alert


def _before(
    decision: ThreatLevelDecision, known: Iterable[ThreatLevelDecision]
) -> ThreatLevelDecision | None:
    """The decision whose place this one took; the same for ever, whatever is decided later."""
    if decision.corrects_id:
        return next((each for each in known if each.pk == decision.corrects_id), None)
    said = [each for each in known if decided_at(each) < decided_at(decision)]
    wrong = {each.corrects_id for each in said}
    in_force = [
        each for each in said if each.pk not in wrong and each.decided_at <= decision.decided_at
    ]
    return max(in_force, key=lambda each: (each.decided_at, each.pk), default=None)


def _note(decision: ThreatLevelDecision) -> str:
    if not decision.corrects_id:
        return ""
    return f"Corrects level-{decision.corrects_id}, which was wrong."


def _of_message(request: HttpRequest, key: int) -> etree._Element | None:
    for language in BOTH_LANGUAGES:
        said = next((each for each in messages(language) if each.message.pk == key), None)
        if said is not None:
            return _of_said(request, said)
    return None


def _of_said(request: HttpRequest, said: SaidMessage) -> etree._Element:
    message = said.message
    is_over = message.message_type == MessageType.ALL_CLEAR
    replaced = [(each.identifier, first_said_at(each)) for each in said.earlier]
    if said.is_changed_where_it_stands:
        replaced.insert(0, (message.identifier, said.first_said_at))
    kind = "Cancel" if is_over and replaced else "Update" if replaced else "Alert"
    alert = _alert(
        request, said.identifier, message.said_at, kind, replaced, message.what_was_wrong_in_english
    )
    for language in BOTH_LANGUAGES:
        shown = message.shown_in(language)
        if shown is None:
            continue
        words = (
            f"{_corrected(language)} {shown.what_was_wrong}" if shown.what_was_wrong else "",
            shown.text,
        )
        with translation.override(language):
            lines = {
                "event": _("Important message"),
                "responseType": "AllClear" if is_over else "",
                "effective": as_said(message.starts_at),
                "expires": as_said(message.ends_at) if message.ends_at else "",
                "senderName": _("Swedish Security Service"),
                "headline": shown.heading,
                "description": "\n".join(filter(None, words)),
                "web": absolute(request, message_page_in(message, language)),
            }
        grave = _OVER if is_over else _OF_MESSAGE[Alert.Level(message.level)]
        _area(_info(alert, language, grave, lines), language)
    return alert


def _corrected(language: str) -> str:
    with translation.override(language):
        return _("Correction:")


def _alert(
    request: HttpRequest,
    identifier: str,
    sent: datetime,
    kind: str,
    replaced: Iterable[tuple[str, datetime]],
    note: str,
) -> etree._Element:
    sender = request.get_host()
    alert = etree.Element(f"{{{_NAMESPACE}}}alert", nsmap={None: _NAMESPACE})
    references = (f"{sender},{name},{as_said(moment)}" for name, moment in replaced)
    for name, text in (
        ("identifier", identifier),
        ("sender", sender),
        ("sent", as_said(sent)),
        ("status", "Actual"),
        ("msgType", kind),
        ("scope", "Public"),
        ("note", note),
        ("references", " ".join(references)),
    ):
        _add(alert, name, text)
    return alert


# In the order of the schema; what stands between them is the same in every alert.
_BEFORE, _AFTER = ("event", "responseType"), (
    "effective", "expires", "senderName", "headline", "description", "web",
)  # fmt: skip


def _info(
    alert: etree._Element, language: str, grave: _Grave, lines: dict[str, str]
) -> etree._Element:
    info = etree.SubElement(alert, f"{{{_NAMESPACE}}}info")
    _add(info, "language", _TAGS[language])
    _add(info, "category", "Security")
    for name in _BEFORE:
        _add(info, name, lines.get(name, ""))
    for name, text in grave._asdict().items():
        _add(info, name, text)
    for name in _AFTER:
        _add(info, name, lines.get(name, ""))
    return info


def _area(info: etree._Element, language: str) -> None:
    area = etree.SubElement(info, f"{{{_NAMESPACE}}}area")
    with translation.override(language):
        _add(area, "areaDesc", _("Sweden"))
    _pair(area, "geocode", "ISO3166-1", "SE")


def _pair(parent: etree._Element, name: str, key: str, value: str) -> None:
    pair = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
    _add(pair, "valueName", key)
    _add(pair, "value", value)


def _add(parent: etree._Element, name: str, text: str) -> None:
    """An element with the text; none where there is nothing to say."""
    if text:
        etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}").text = writable(text)
