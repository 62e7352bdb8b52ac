"""What the checks say of what is sent together, and who stands behind it all the same.

A red finding is waived by a reason that both persons have put their names to: it stands in the
confirmation of each. An amber one stands there without a reason, when it was seen.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils.translation import gettext, ngettext
from wagtail.models import Revision

from pages.checks.findings import Colour, Finding
from pages.checks.running import run_checks
from pages.newsroom.models import Approval, Confirmation, Publication

from .digest import key_of, kind_of, object_of
from .file_acts import DescribeAct, ReplaceAct
from .gate import NotConfirmed
from .proposals import title_of
from .reasons import says_why
from .rule import Change, Sendable


@dataclass(frozen=True)
class Checked:
    """One object of what is sent, and what the checks say of it."""

    kind: str
    key: str
    title: str
    findings: tuple[Finding, ...] = ()
    # What stood there when two approved the version that is public.
    seen: frozenset[str] = frozenset()

    @cached_property
    def red(self) -> dict[str, Finding]:
        """The red findings by their keys."""
        return {each.key: each for each in self.findings if each.colour is Colour.RED}

    @cached_property
    def amber(self) -> dict[str, Finding]:
        return {each.key: each for each in self.findings if each.colour is Colour.AMBER}

    @property
    def new_amber(self) -> set[str]:
        return self.amber.keys() - self.seen

    def name_of(self, finding: Finding) -> str:
        """A name for the finding among all of what is sent together."""
        return f"{self.kind}:{self.key}:{finding.key}"


@dataclass(frozen=True)
class Said:
    """Why somebody wants something published although a finding about it is red."""

    name: str
    reason: str

    @property
    def mark(self) -> str:
        """Another for other words: whoever agrees has agreed to these."""
        return hashlib.sha256(self.reason.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Answers:
    """What a person says to the findings, by their names."""

    reasons: Mapping[str, str] = field(default_factory=dict)
    # Finding -> the mark of the reason that the person has read and agrees with.
    agreed: Mapping[str, str] = field(default_factory=dict)
    # None where nobody was asked, such as by a command.
    saw_amber: bool | None = None


class RedFindingsLeft(NotConfirmed):
    """Something red has not been waived by the person, or the amber was not looked at."""

    def __init__(self, checked: Sequence[Checked], left: Mapping[str, int]) -> None:
        self.checked = checked
        self.left = left  # title -> how many red findings of it
        super().__init__(_sentence_on_red(sum(left.values())) if left else sentence_on_amber())

    @property
    def in_a_list(self) -> list[str]:
        """A line for each object, where several are sent one by one."""
        if self.left:
            return [words_of_red(title, count) for title, count in self.left.items()]
        text = gettext("“%(title)s” has amber findings that you have not seen.")
        return [text % {"title": each.title} for each in self.checked if each.new_amber]


def check_together(sendables: Sequence[Sendable]) -> list[Checked]:
    """Asks all checks about versions and acts that would become public together."""
    versions = [_as_it_would_be(sendable) for sendable in sendables]
    together = [each for each in versions if each is not None]
    return [
        _checked(sendable, version, together)
        for sendable, version in zip(sendables, versions, strict=True)
    ]


def _checked(sendable: Sendable, version: Model | None, together: Iterable[Model]) -> Checked:
    if version is None:
        named: Any = sendable
        return Checked(named.kind, named.key, "")
    findings = tuple(run_checks(version, together=together))
    kind, key = kind_of(version), key_of(version)
    seen = _seen_of(kind, key) if findings else frozenset()
    return Checked(kind, key, title_of(version), findings, seen)


def _seen_of(kind: str, key: str) -> frozenset[str]:
    """The findings that those have answered or seen on whose word readers meet the object now."""
    public = Publication.last_of(kind, key)
    approval = public and public.approval
    words = approval.words if approval and approval.ground in Approval.BY_RULE else ()
    return frozenset(finding for word in words for finding in word.reasons)


def _as_it_would_be(sendable: Sendable) -> Model | None:
    """What readers would meet; None for an act that changes no words, or what is gone."""
    if isinstance(sendable, Revision):
        version: Model = sendable.as_object()
        return version
    if sendable.act not in (DescribeAct.name, ReplaceAct.name):
        return None
    file: Any = object_of(sendable.kind, sendable.key)
    if file is None:
        return None
    for name, value in sendable.parameters["words"].items():
        setattr(file, name, value)
    if "inspection" in sendable.parameters:  # of the file that takes its place
        file.inspection = sendable.parameters["inspection"]
        file.file_hash = sendable.parameters["file_hash"]
    return file


def said_before(checked: Checked, change: Change, but: Any = None) -> dict[str, Said]:
    """The reasons that others have given for its red findings, by the findings' keys."""
    if not checked.red:
        return {}
    words = Confirmation.objects.filter(
        kind=change.kind, key=change.key, digest=change.digest, ending=None
    ).order_by("pk")
    if but is not None:
        words = words.exclude(person=but)
    return {
        key: Said(word.person_name, word.reasons[key])
        for word in words
        for key in checked.red
        if word.reasons.get(key)
    }


def answers_to(
    checked: Checked, change: Change, user: User, answers: Answers
) -> dict[str, str] | None:
    """What a confirmation says of each finding: its reason, or nothing for an amber one.

    None if something red has no reason yet that this person has written or agreed with.
    """
    found = {}
    others = said_before(checked, change, but=user)
    for key, finding in checked.red.items():
        name = checked.name_of(finding)
        said = others.get(key)
        if says_why(reason := answers.reasons.get(name, "").strip()):
            found[key] = reason
        elif said is not None and answers.agreed.get(name) == said.mark:
            found[key] = said.reason
        else:
            return None
    # Those that were seen before are not asked about again, and stand in this word too.
    return found | ({} if answers.saw_amber is None else dict.fromkeys(checked.amber, ""))


def refuse_unanswered(
    checked: Sequence[Checked],
    told: Collection[dict[str, str] | None],
    answers: Answers,
) -> None:
    """Raises RedFindingsLeft unless everything red has a reason, and what is amber was seen."""
    left = {
        each.title: len(each.red) for each, said in zip(checked, told, strict=True) if said is None
    }
    if left:
        raise RedFindingsLeft(checked, left)
    if answers.saw_amber is False and any(each.new_amber for each in checked):
        raise RedFindingsLeft(checked, {})


def words_of_count(red: int, amber: int) -> str:
    """1 rött, 2 gula"""
    said = []
    if red:
        said.append(ngettext("%(count)d red", "%(count)d red", red) % {"count": red})
    if amber:
        said.append(ngettext("%(count)d amber", "%(count)d amber", amber) % {"count": amber})
    return ", ".join(said)


def words_of_red(title: str, count: int) -> str:
    return ngettext(
        "“%(title)s” has %(count)d red finding.", "“%(title)s” has %(count)d red findings.", count
    ) % {"title": title, "count": count}


def _sentence_on_red(count: int) -> str:
    return ngettext(
        "The check before publishing has %(count)d red finding. Mend it, or write why it is to be"
        " published all the same.",
        "The check before publishing has %(count)d red findings. Mend them, or write why it is to"
        " be published all the same.",
        count,
    ) % {"count": count}


def sentence_on_amber() -> str:
    return gettext("Look at the amber findings, and say that you have seen them.")
