"""Drafts that can be sent together with what leads to them or shows them."""

from typing import Any

from django.contrib.auth.models import User
from wagtail.models import LockableMixin, Page

from pages.content.models import Withdrawal

from .digest import key_of, kind_of
from .matching import what_waits
from .submissions import may_take_back


def can_be_sent_together(draft: Any, user: User) -> bool:
    """Whether it is a draft that nobody else has sent, and that is not locked and has no time."""
    waits = what_waits(kind_of(draft), key_of(draft))
    is_gone = isinstance(draft, Page) and Withdrawal.objects.in_force().filter(page=draft).exists()
    return (
        not draft.live
        and draft.latest_revision is not None
        and not is_gone
        and not (isinstance(draft, LockableMixin) and draft.locked)
        and not draft.approved_schedule
        and (waits is None or may_take_back(user, waits))
    )
