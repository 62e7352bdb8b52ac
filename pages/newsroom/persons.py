"""Who may confirm, and which accounts are one person's."""

from datetime import datetime

from django.contrib.auth.models import AbstractUser, User
from django.db.models import QuerySet
from django.dispatch import Signal
from django.utils.translation import gettext as _

from pages.models import AccountEvent
from pages.publishing.roles import CHIEF_EDITORS, EDITORS, REGISTRARS

from .moments import date_in_words

# What one with the role is called. A superuser is an administrator, whatever the groups.
ROLES = {EDITORS: "Redaktör", CHIEF_EDITORS: "Chefredaktör", REGISTRARS: "Registrator"}
ADMINISTRATOR = "Administratör"

# Sent when an account has been closed, with `user` and whether it may be `hijacked`.
account_closed = Signal()


def who_may_confirm() -> QuerySet[User]:
    """Asked of the groups and never of permissions, which superusers have all."""
    return User.objects.filter(
        is_active=True, groups__name__in=[EDITORS, CHIEF_EDITORS]
    ).distinct()  # fmt: skip


def all_chiefs() -> QuerySet[User]:
    return User.objects.filter(is_active=True, groups__name=CHIEF_EDITORS)


def open_account(name: str) -> User | None:
    """The account with this user name; None if there is none, or it is closed."""
    return User.objects.filter(username=name, is_active=True).first()


def number_who_may_confirm() -> int:
    return who_may_confirm().count()


def same_person(first: AbstractUser, second: AbstractUser, now: datetime) -> bool:
    """Whether both accounts could be used by one person, who need not own either of them."""
    return first.pk == second.pk or tied_until(first, second, now) is not None


def tied_until(first: AbstractUser, second: AbstractUser, now: datetime) -> datetime | None:
    """When two accounts that count as one person's become two persons' again."""
    # The latest ties first: the one that joins the two, directly or by way of others, ends first.
    joined: dict[int | None, set[int | None]] = {}
    for tie in AccountEvent.objects.that_tie(now):
        ends = {tie.by_id, tie.account_id}
        group = ends.union(*(joined.get(end, set()) for end in ends))
        joined.update(dict.fromkeys(group, group))
        if {first.pk, second.pk} <= group:
            return tie.at + AccountEvent.TIED_FOR
    return None


def who_is_missing(needs_chief: bool) -> str:
    """Whose word what was sent waits for."""
    return _("1 chief editor") if needs_chief else _("one more person")


def why_same(first: AbstractUser, second: AbstractUser, now: datetime) -> str:
    """Why the two cannot both confirm; empty if they can."""
    if first.pk == second.pk:
        return _("You cannot be both persons. Somebody else has to approve.")
    until = tied_until(first, second, now)
    if until is None:
        return ""
    return _(
        "The account is new or has been changed by you. You count as the same person until %(day)s."
    ) % {"day": date_in_words(until)}


def why_alone() -> str:
    """Why nothing can be approved here; empty if two may confirm."""
    if number_who_may_confirm() > 1:
        return ""
    return _(
        "There is only one person here who may approve. Add another one, or else things can only be "
        "published in an emergency."
    )
