"""Who may confirm, and which accounts are one person's."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractUser, User
from django.db.models import QuerySet
from django.dispatch import Signal
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name

from pages.content.publishing.roles import CHIEF_EDITORS, CONFIRMING, is_chief
from pages.newsroom.models import AccountEvent, Duty

from .moments import date_in_words, since

ADMINISTRATOR = "Administratör"

# Sent when an account has been closed, with `user` and whether it may be `hijacked`.
account_closed = Signal()


def who_may_confirm() -> QuerySet[User]:
    """Asked of the groups and never of permissions, which superusers have all."""
    return User.objects.filter(is_active=True, groups__name__in=CONFIRMING).distinct()


def members_of(group: str) -> QuerySet[User]:
    return User.objects.filter(is_active=True, groups__name=group)


def all_chiefs() -> QuerySet[User]:
    return members_of(CHIEF_EDITORS)


def turn_on_call() -> Duty | None:
    """Whose turn it is to be asked first; None if the account is closed, or no chief editor's."""
    turn = Duty.objects.filter(begins__lte=localdate()).select_related("account").last()
    return turn if turn and all_chiefs().filter(pk=turn.account_id).exists() else None


def open_account(name: str) -> User | None:
    """The account with this user name; None if there is none, or it is closed."""
    return User.objects.filter(username=name, is_active=True).first()


def number_who_may_confirm() -> int:
    return who_may_confirm().count()


def same_person(first: AbstractUser, second: AbstractUser, now: datetime) -> bool:
    """Whether both accounts could be used by one person, who need not own either of them."""
    return first.pk == second.pk or bool(tie_between(first, second, now))


def tie_between(first: AbstractUser, second: AbstractUser, now: datetime) -> list[AccountEvent]:
    """Why two accounts count as one person's, from the first to the second; empty if they do not.

    Whoever has changed an account is tied to it. Two others are tied only by ways in: somebody made
    both or gave both a password, at once or one by way of the other.
    """
    # The latest first: the tie that joins the two is the one that ends first.
    joined: dict[int | None, set[int | None]] = {}
    ways_in: list[AccountEvent] = []
    pair = {first.pk, second.pk}
    for tie in AccountEvent.objects.that_tie(now):
        ends = {tie.by_id, tie.account_id}
        if ends == pair:
            return [tie]
        if tie.what in AccountEvent.WAYS_IN:
            ways_in.append(tie)
            group = ends.union(*(joined.get(end, set()) for end in ends))
            joined.update(dict.fromkeys(group, group))
            if pair <= group:
                return _way(ways_in, first.pk, second.pk)
    return []


def _way(ties: list[AccountEvent], start: int, goal: int) -> list[AccountEvent]:
    ways: dict[int | None, list[AccountEvent]] = {start: []}
    for here in (reached := [start]):
        for tie in ties:
            if here in (tie.by_id, tie.account_id):
                there: Any = tie.account_id if here == tie.by_id else tie.by_id
                if there not in ways:
                    ways[there] = [*ways[here], tie]
                    reached.append(there)
    return ways[goal]


def who_is_missing(needs_chief: bool) -> str:
    """Whose word what was sent waits for."""
    return _("1 chief editor") if needs_chief else _("one more person")


def why_same(user: AbstractUser, other: AbstractUser, now: datetime) -> str:
    """Why the user cannot confirm with the other, who did what and when; empty if both can."""
    if user.pk == other.pk:
        return _("You cannot be both persons. Somebody else has to approve.")
    if not (tie := tie_between(user, other, now)):
        return ""
    until = min(each.at for each in tie) + AccountEvent.TIED_FOR
    said = _("You and %(name)s count as the same person until %(day)s.") % {
        "name": get_user_display_name(other),
        "day": date_in_words(until),
    }
    return " ".join([said, *(each.words(since(each.at)) for each in tie)])


def why_not_lifted(user: AbstractUser, account: AbstractUser, now: datetime) -> str:
    """Why the user cannot say that the account is a person's own; empty if the user can."""
    ties = [tie for tie in AccountEvent.objects.that_tie(now) if tie.account_id == account.pk]
    if not ties:
        return _("The account counts as a person's own already.")
    made = AccountEvent.objects.of_late(now).filter(by=account.pk, what__in=AccountEvent.WAYS_IN)
    if made.exclude(account=account.pk).exists():
        # Whoever made the account may be at others by way of it, of which nothing would be said.
        return _(
            "The account has itself made another one or given it a password. Wait the week out."
        )
    parts: list[Any] = [account, *(tie.by for tie in ties)]
    if not is_chief(user) or any(same_person(user, each, now) for each in parts):
        return _(
            "Only a chief editor who has no part in it can count an account as a person's own."
        )
    return ""


def why_alone() -> str:
    """Why nothing can be approved here; empty if two may confirm."""
    if number_who_may_confirm() > 1:
        return ""
    return _(
        "There is only one person here who may approve. Add another one, or else things can only be "
        "published in an emergency."
    )
