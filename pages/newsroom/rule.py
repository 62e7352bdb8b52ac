"""The one question that every door asks: may exactly this be public?

A digest may be public when two different persons have confirmed it, at least one of them a chief
editor, and its companions are as they saw them. Asks only, and changes nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Any, TypeAlias

from django.contrib.auth.models import User
from django.db.models import Exists, Model, OuterRef
from wagtail.models import Revision

from pages.content.publishing.roles import is_chief
from pages.newsroom.models import Confirmation, Proposal

from .companions import companion_digests
from .digest import digest_of_act, digest_of_version, key_of, kind_of
from .persons import all_chiefs, same_person, who_may_confirm

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

    confirmations: tuple[Confirmation, ...]
    # The two that suffice; none while somebody is missing.
    pair: tuple[Confirmation, ...] = ()
    needs_chief: bool = False
    # Those who confirmed it while another file was its companion: name of the file -> their names.
    exchanged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Those who confirmed it before something red was found, and have given no reason for that.
    without_reason: tuple[Any, ...] = ()

    @property
    def holds(self) -> bool:
        return bool(self.pair)

    def is_confirmed_by(self, user: User) -> bool:
        """Whether this person's word is counted, as a chief's if the person is one."""
        return any(
            each.person_id == user.pk and (each.as_chief or not is_chief(user))
            for each in self.confirmations
        )


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


def are_enough(chiefs: Sequence[bool], *, alone: bool = False) -> bool:
    """The rule itself, asked of different persons, each a chief editor or not: two, one of them a chief.

    In an emergency the chief editor alone.
    """
    return len(chiefs) >= (1 if alone else 2) and any(chiefs)


def verdict(change: Change, now: datetime, red: Collection[str] = ()) -> Verdict:
    """Whether two persons stand behind the change, and who.

    `red` are the findings that each of them must have waived with a reason.
    """
    standing = Confirmation.objects.filter(
        kind=change.kind,
        key=change.key,
        digest=change.digest,
        ending__isnull=True,
        person__in=who_may_confirm(),
    ).annotate(is_still_chief=Exists(all_chiefs().filter(pk=OuterRef("person"))))
    counted: list[Confirmation] = []
    exchanged: dict[str, tuple[str, ...]] = {}
    without_reason: dict[int, Any] = {}
    for each in standing.select_related("person").order_by("pk"):
        each.as_chief = each.as_chief and each.is_still_chief  # the row stays as it is
        others = [
            name for name in change.companions if each.along.get(name) != change.companions[name]
        ]
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
    for first, second in combinations(counted, 2):
        if are_enough((first.as_chief, second.as_chief)) and not same_person(
            first.person, second.person, now
        ):
            return Verdict(tuple(counted), pair=(first, second), exchanged=exchanged)
    return Verdict(
        tuple(counted),
        needs_chief=not are_enough([*(each.as_chief for each in counted), False]),
        exchanged=exchanged,
        without_reason=tuple(
            person
            for key, person in without_reason.items()
            if key not in {each.person_id for each in counted}
        ),
    )


def would_hold(found: Verdict, user: User, now: datetime) -> bool:
    """Whether one more word, this user's, would be enough."""
    return found.holds or any(
        are_enough((each.as_chief, is_chief(user))) and not same_person(each.person, user, now)
        for each in found.confirmations
    )
