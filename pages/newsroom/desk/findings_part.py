"""The findings of the checks, and what is asked about them, for the pages of the newsroom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.translation import gettext
from wagtail.models import Page

from pages.checks.findings import Colour, Finding
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.digest import key_of, kind_of
from pages.newsroom.reasons import says_why, too_short
from pages.newsroom.rule import Sendable, change_of
from pages.newsroom.sending_together import can_be_sent_together
from pages.newsroom.waivers import (
    Answers,
    Checked,
    Said,
    said_before,
    sentence_on_amber,
    words_of_count,
)

from .ways import editing_address

_WHY, _AGREE, SAW_AMBER = "why:", "agree:", "saw_amber"


@dataclass
class Asked:
    """One question about a finding: for a reason, or whether the person agrees with one."""

    name: str
    mark: str = ""  # of the reason to agree with
    given: str = ""
    error: str = ""
    is_first: bool = False

    @property
    def id(self) -> str:
        return f"id_{self.name.replace(':', '-').replace('.', '-')}"

    @property
    def is_ticked(self) -> bool:
        return bool(self.mark) and self.given == self.mark


@dataclass
class FindingRow:
    """A finding as it is shown: where it leads, who has said what, and what is asked."""

    finding: Finding
    address: str = ""
    about: str = ""  # the object, where there are several
    said: Said | None = None
    asked: Asked | None = None
    together: tuple[str, str] | None = None
    was_seen: bool = False

    @property
    def is_red(self) -> bool:
        return self.finding.colour is Colour.RED


@dataclass
class FindingsPart:
    """All of it, for the template `newsdesk/findings.html`."""

    rows: list[FindingRow]
    amber: Asked | None = None
    has_fault: bool = False  # the cursor stands in the first field that is wrong

    @property
    def red(self) -> int:
        return sum(row.is_red for row in self.rows)

    @property
    def count(self) -> str:
        return words_of_count(self.red, len(self.rows) - self.red)


def answers_from(posted: QueryDict, *, asks_amber: bool) -> Answers:
    """What the person has written and ticked."""
    return Answers(
        reasons=_begins(posted, _WHY),
        agreed=_begins(posted, _AGREE),
        saw_amber=SAW_AMBER in posted if asks_amber else None,
    )


def _begins(posted: QueryDict, beginning: str) -> dict[str, str]:
    return {
        name.removeprefix(beginning): str(posted[name])
        for name in posted
        if name.startswith(beginning)
    }


def findings_part(
    request: SignedInRequest,
    sendables: Sequence[Sendable],
    checked: Sequence[Checked],
    *,
    may_answer: bool = False,
    asks_amber: bool = False,
    has_answered: bool = False,
    send_address: str = "",
) -> FindingsPart:
    """What the page shows of the checks; with questions, if the person may answer them.

    `has_answered` says that what the request holds is an answer, so that faults are named.
    `send_address` is the page on which drafts may be added to what is sent.
    """
    rows = []
    for sendable, found in zip(sendables, checked, strict=True):
        edit = editing_address(request.user, sendable) or ""
        said = said_before(found, change_of(sendable)) if found.red else {}
        others = said_before(found, change_of(sendable), but=request.user) if said else {}
        for finding in found.findings:
            row = FindingRow(
                finding,
                address=f"{edit}#place={quote(finding.place)}" if edit and finding.place else "",
                about=found.title if len(checked) > 1 else "",
                said=said.get(finding.key),
                together=_together_with(finding, send_address, request.user),
                was_seen=finding.key in found.amber.keys() & found.seen,
            )
            if row.is_red and may_answer:
                own = row.said.reason if row.said else ""
                row.said = others.get(finding.key)
                row.asked = _asked(request, found.name_of(finding), row.said, own, has_answered)
            rows.append(row)
    rows.sort(key=lambda row: not row.is_red)
    part = FindingsPart(rows)
    if may_answer and asks_amber and any(each.new_amber for each in checked):
        part.amber = Asked(SAW_AMBER, mark="on", given=request.POST.get(SAW_AMBER, ""))
        if has_answered and not part.amber.is_ticked:
            part.amber.error = sentence_on_amber()
    _put_at_first_fault(part)
    return part


def _asked(
    request: SignedInRequest, name: str, said: Said | None, own: str, has_answered: bool
) -> Asked:
    if said is not None:
        asked = Asked(f"{_AGREE}{name}", said.mark, request.POST.get(f"{_AGREE}{name}", ""))
        if has_answered and not asked.is_ticked:
            asked.error = gettext("Read the reason, and tick that you agree. Else ask for changes.")
        return asked
    asked = Asked(f"{_WHY}{name}", given=request.POST.get(f"{_WHY}{name}", own))
    if has_answered and not says_why(asked.given):
        asked.error = too_short()
    return asked


def _put_at_first_fault(part: FindingsPart) -> None:
    for asked in [*(row.asked for row in part.rows), part.amber]:
        if asked is not None and asked.error:
            asked.is_first = part.has_fault = True
            return


def _together_with(finding: Finding, address: str, user: User) -> tuple[str, str] | None:
    """The draft that it leads to, and the page on which both are sent together."""
    if not address or finding.target is None:
        return None
    named: Any = finding.target
    draft = named.specific if isinstance(named, Page) else named
    if not can_be_sent_together(draft, user):
        return None
    mark = "&" if "?" in address else "?"
    more = urlencode({"with": f"{kind_of(draft)}:{key_of(draft)}"})
    return str(draft), f"{address}{mark}{more}"
