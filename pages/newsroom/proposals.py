"""Acts that change what readers meet, and are carried out when two persons have confirmed them.

Each act registers how it is described and carried out: moving, ordering, withdrawing, replacing.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext
from wagtail.admin.utils import get_latest_str
from wagtail.models import DraftStateMixin

from pages.ground.json_types import JsonObject
from pages.newsroom.models import Approval, Proposal

from .digest import key_of, kind_of, object_of


@dataclass(frozen=True)
class FilePair:
    """Where to look at the file of now, and at the one that is to take its place."""

    before: str
    after: str
    is_picture: bool


class Act(ABC):
    """One kind of act. An object of the class does nothing until the gate asks it to."""

    name: ClassVar[str]
    # What people call it, where it is told what waits for them.
    label: ClassVar[Promise]
    # Whether a chief editor may do it alone in an emergency.
    may_be_emergency: ClassVar[bool] = False
    # The kind of what it changes, if that is not the object itself.
    kind: ClassVar[str] = ""

    def complete(self, obj: DraftStateMixin, parameters: JsonObject) -> JsonObject:
        """The parameters with all that goes with the act now, so that it is confirmed as well."""
        return parameters

    @abstractmethod
    def refuse(self, obj: DraftStateMixin, parameters: JsonObject) -> None:
        """Raises ValidationError with a Swedish sentence if it cannot be carried out as it is."""

    @abstractmethod
    def lines(self, obj: DraftStateMixin, parameters: JsonObject) -> list[str]:
        """What will be different, in sentences for the one who confirms."""

    def files(self, obj: DraftStateMixin, proposal: Proposal) -> FilePair | None:
        """The files to look at beside the sentences; None for most acts."""
        return None

    @abstractmethod
    def carry_out(self, proposal: Proposal, approval: Approval, user: User | None) -> None:
        """Does it, under the permits it needs, and writes the publications it leads to."""


_ACTS: dict[str, Act] = {}


def register_act(act: Act) -> None:
    _ACTS[act.name] = act


def act_of(proposal: Proposal) -> Act:
    return _ACTS[proposal.act]


def act_named(name: str) -> Act:
    return _ACTS[name]


def make_proposal(
    act: str, obj: Model, parameters: JsonObject, user: User, file: File | None = None
) -> Proposal:
    """A stored proposal that nobody has confirmed; ValidationError if it cannot be carried out."""
    parameters = _ACTS[act].complete(obj, parameters)
    _ACTS[act].refuse(obj, parameters)
    return Proposal.objects.create(
        act=act,
        kind=_ACTS[act].kind or kind_of(obj),
        key=key_of(obj),
        parameters=parameters,
        file=file or "",
        made_by=user,
    )


def object_of_proposal(proposal: Proposal) -> Model:
    """The object that the proposal is about; ValidationError if it is gone."""
    obj = object_of(proposal.kind, proposal.key)
    if obj is None:
        raise ValidationError(gettext("What was to be changed is not there any more."))
    return obj


def title_of(obj: Model) -> str:
    """The name under which people know an object: that of its newest version."""
    return get_latest_str(obj)[:255]
