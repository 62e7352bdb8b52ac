"""What one who leaves holds in the newsroom, and how a colleague takes it over."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import transaction
from wagtail.models import LockableMixin, Page

from pages.models import Confirmation, ContentVersion

from .account_changes import close_as_left
from .stopping import waiting_for_their_time
from .submissions import waiting_submissions


@dataclass(frozen=True)
class HandedOver:
    """How much a colleague has now, and what must be sent or approved by somebody else."""

    drafts: int
    locks: int
    waiting: list[str]
    # Two have approved it: it goes public at its time.
    scheduled: list[str]


@transaction.atomic
def hand_over(giver: User, taker: User) -> HandedOver:
    """Gives the taker the drafts and locks of the giver, whose account is closed as that of one who left.

    What the giver has approved ends with the account; what two have completed stands.
    """
    ContentVersion.hold()
    words = Confirmation.objects.filter(person=giver)
    waiting = waiting_submissions().filter(confirmations__in=words).distinct()
    own = set(words.values_list("pk", flat=True))
    handed = HandedOver(
        drafts=Page.objects.filter(owner=giver, live=False).update(owner=taker),
        locks=sum(locked.update(locked_by=taker) for locked in _locked_by(giver)),
        waiting=[str(each) for each in waiting],
        scheduled=[
            each.title for each in waiting_for_their_time() if own.intersection(each.confirmations)
        ],
    )
    close_as_left(giver)
    giver.is_active = False
    giver.save(update_fields=["is_active"])
    return handed


def _locked_by(user: User) -> Iterator[Any]:
    yield Page.objects.filter(locked_by=user)
    for model in apps.get_models():
        if issubclass(model, LockableMixin) and not issubclass(model, Page):
            yield model._default_manager.filter(locked_by=user)
