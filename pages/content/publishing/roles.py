"""Who may confirm what goes public, and who sees what was, by their groups alone."""

from django.contrib.auth.models import AbstractUser, AnonymousUser, Group

EDITORS = "Redaktörer"
CHIEF_EDITORS = "Chefredaktörer"
REGISTRARS = "Registratorer"

# What one in the group is called. A superuser is an administrator, whatever the groups.
ROLES = {EDITORS: "Redaktör", CHIEF_EDITORS: "Chefredaktör", REGISTRARS: "Registrator"}
# Those who write and confirm.
CONFIRMING = (EDITORS, CHIEF_EDITORS)


def is_chief(user: AbstractUser | AnonymousUser) -> bool:
    """Whether the user is a chief editor. A superuser in no group is not."""
    return CHIEF_EDITORS in groups_of(user)


def may_confirm(user: AbstractUser | AnonymousUser) -> bool:
    """Whether the user's confirmation counts as one of those that a publication takes."""
    return not groups_of(user).isdisjoint(CONFIRMING)


def is_registrar(user: AbstractUser | AnonymousUser) -> bool:
    """Whether the user keeps the records of what was public."""
    return REGISTRARS in groups_of(user)


def may_look_back(user: AbstractUser | AnonymousUser) -> bool:
    """Whether the user may see what was public before."""
    return not {CHIEF_EDITORS, REGISTRARS}.isdisjoint(groups_of(user))


def only_looks_back(user: AbstractUser | AnonymousUser) -> bool:
    """Whether the user has come in for the records alone, and neither writes nor confirms."""
    groups = groups_of(user)
    return REGISTRARS in groups and groups.isdisjoint(CONFIRMING)


def groups_of(user: AbstractUser | AnonymousUser) -> set[str]:
    """As they are now: the account may have been closed since the user was loaded."""
    of_user = Group.objects.filter(user__pk=user.pk or 0, user__is_active=True)
    return set(of_user.values_list("name", flat=True))
