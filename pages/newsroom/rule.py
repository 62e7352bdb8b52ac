"""The one question that every door asks: may exactly this be public?

A digest may be public when two different persons have confirmed it, at least one of them a chief
editor, and its companions are as they saw them. Asks only, and changes nothing. No digest holds the
one thing that one person may show readers: the day on which a page was found right (`Upkeep`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, combinations
from typing import Any, TypeAlias

from django.contrib.auth.models import User
from django.db.models import Exists, Model, OuterRef
from wagtail.models import Revision

from pages.content.publishing.roles import CHIEF_EDITORS, CONFIRMING, groups_of
from pages.newsroom.models import Approval, Confirmation, Proposal

from .companions import companion_digests
from .digest import digest_of_act, digest_of_version, key_of, kind_of
from .persons import members_of, same_person, who_may_confirm

Sendable: TypeAlias = Revision | Proposal


@dataclass(frozen=True)
class Change:
    """Something that would change what readers meet."""

    kind: str
    key: str
    digest: str
    companions: Mapping[str, str] = field(default_factory=dict)
    # What was looked at, where it is a version.
    version: Model | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Verdict:
    """Whether a change may be made, on whose word, or who is missing."""

    kind: str
    confirmations: tuple[Confirmation, ...]
    # Those that suffice, and the ground that they are; none while somebody is missing.
    sufficient: tuple[Confirmation, ...] = ()
    ground: str = ""
    needs_chief: bool = False
    # Those who confirmed it while another file was its companion: name of the file -> their names.
    exchanged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Those who confirmed it before something red was found, and have given no reason for that.
    without_reason: tuple[Any, ...] = ()

    @property
    def holds(self) -> bool:
        return bool(self.sufficient)

    def is_confirmed_by(self, user: User) -> bool:
        """Whether this person's word is counted, and was given in each role of now."""
        own = [each for each in self.confirmations if each.person_id == user.pk]
        roles = roles_in(groups_of(user)) if own else {}
        return any(all(getattr(each, role) >= roles[role] for role in roles) for each in own)


def change_of_revision(revision: Revision) -> Change:
    """The change that publishing this version would be."""
    version = revision.as_object()
    digest = digest_of_version(revision, version)
    return Change(
        kind_of(version), key_of(version), digest, companion_digests(version), version=version
    )


def change_of_proposal(proposal: Proposal) -> Change:
    parameters = {**proposal.parameters, "file": proposal.file.name or ""}
    digest = digest_of_act(proposal.act, proposal.kind, proposal.key, parameters)
    return Change(proposal.kind, proposal.key, digest)


def change_of(sendable: Sendable) -> Change:
    if isinstance(sendable, Proposal):
        return change_of_proposal(sendable)
    return change_of_revision(sendable)


def are_enough(kind: str, words: Iterable[Confirmation], ground: str) -> bool:
    """The rule itself: whether these persons' words are such a ground. Each person counts once.

    Two persons, one of them a chief editor; in an emergency the chief editor alone.
    """
    chiefs: dict[int | None, bool] = {}
    for each in words:
        chiefs[each.person_id] = chiefs.get(each.person_id, False) or each.as_chief
    least: dict[str, int] = {Approval.Ground.TWO: 2, Approval.Ground.EMERGENCY: 1}
    return ground in least and len(chiefs) >= least[ground] and any(chiefs.values())


# The roles that the rule asks about: where a confirmation keeps each, and its group.
_ROLES = {"as_chief": CHIEF_EDITORS}
# The word of one more person, whoever that is.
_ANYBODY = Confirmation(**dict.fromkeys(_ROLES, False))


def ground_of(kind: str, words: Sequence[Confirmation]) -> str:
    """The ground on which something of this kind may be public by these words; empty if by none."""
    return next((each for each in Approval.BY_RULE if are_enough(kind, words, each)), "")


def roles_in(groups: Collection[str]) -> dict[str, bool]:
    """The roles in which the word of one in these groups is written down."""
    return {role: group in groups for role, group in _ROLES.items()}


def word_of(user: User) -> Confirmation | None:
    """The word that the person could give now, unwritten; None for who may not confirm."""
    groups = groups_of(user)
    may_confirm = not groups.isdisjoint(CONFIRMING)
    return Confirmation(person=user, **roles_in(groups)) if may_confirm else None


def may_act_alone(user: User) -> bool:
    """Whether the person's word alone is enough in an emergency."""
    return are_enough("", filter(None, [word_of(user)]), Approval.Ground.EMERGENCY)


def verdict(change: Change, now: datetime, red: Collection[str] = ()) -> Verdict:
    """Whether two persons stand behind the change, and who.

    `red` are the findings that each of them must have waived with a reason.
    """
    of_it = {"kind": change.kind, "key": change.key, "digest": change.digest}
    standing = Confirmation.objects.filter(ending=None, person__in=who_may_confirm(), **of_it)
    for role, group in _ROLES.items():
        is_still = Exists(members_of(group).filter(pk=OuterRef("person")))
        standing = standing.annotate(**{f"is_still_{role}": is_still})
    counted: list[Confirmation] = []
    exchanged: dict[str, tuple[str, ...]] = {}
    without_reason: dict[int, Any] = {}
    for each in standing.select_related("person").order_by("pk"):
        for role in _ROLES:  # the row stays as it is
            setattr(each, role, getattr(each, role) and getattr(each, f"is_still_{role}"))
        now_shown = change.companions.items()
        others = [name for name, digest in now_shown if each.along.get(name) != digest]
        for name in others:
            exchanged[name] = (*exchanged.get(name, ()), each.person_name)
        if not all(each.reasons.get(key) for key in red):
            without_reason[each.person_id] = each.person
        elif not others:
            counted.append(each)
    renewed = {each.person_name for each in counted}
    exchanged = {
        name: left
        for name, who in exchanged.items()
        if (left := tuple(person for person in who if person not in renewed))
    }
    for words in chain(combinations(counted, 1), combinations(counted, 2)):
        ground = ground_of(change.kind, words)
        if ground and _are_different(words, now):
            return Verdict(change.kind, tuple(counted), words, ground, exchanged=exchanged)
    return Verdict(
        change.kind,
        tuple(counted),
        needs_chief=not would_help(_ANYBODY, change.kind, counted),
        exchanged=exchanged,
        without_reason=tuple(
            person
            for key, person in without_reason.items()
            if key not in {each.person_id for each in counted}
        ),
    )


def _are_different(words: Iterable[Confirmation], now: datetime) -> bool:
    return not any(same_person(a.person, b.person, now) for a, b in combinations(words, 2))


def would_hold(found: Verdict, word: Confirmation | None, now: datetime) -> bool:
    """Whether one more word, this one, would be enough."""
    if word is None or found.holds:
        return word is not None
    ways = [[word], *([each, word] for each in found.confirmations)]
    return any(ground_of(found.kind, way) and _are_different(way, now) for way in ways)


def would_help(word: Confirmation | None, kind: str, others: Iterable[Confirmation] = ()) -> bool:
    """Whether the word, beside those of others and anybody's, would be enough."""
    return word is not None and bool(ground_of(kind, [*others, word, _ANYBODY]))
