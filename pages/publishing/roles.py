"""Who may confirm what goes public, by their groups alone."""

from django.contrib.auth.models import AbstractUser, AnonymousUser, Group

EDITORS = "Redaktörer"
CHIEF_EDITORS = "Chefredaktörer"


def is_chief(user: AbstractUser | AnonymousUser) -> bool:
    """Whether the user is a chief editor. A superuser in no group is not."""
    return CHIEF_EDITORS in _groups_of(user)


def may_confirm(user: AbstractUser | AnonymousUser) -> bool:
    """Whether the user's confirmation counts as one of the two that a publication takes."""
    return not {EDITORS, CHIEF_EDITORS}.isdisjoint(_groups_of(user))


def _groups_of(user: AbstractUser | AnonymousUser) -> set[str]:
    """As they are now: the account may have been closed since the user was loaded."""
    of_user = Group.objects.filter(user__pk=user.pk or 0, user__is_active=True)
    return set(of_user.values_list("name", flat=True))
