"""Who handles tips: the members of one group. Being superuser, or anything else, gives nothing."""

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password, make_password

if TYPE_CHECKING:  # a process that only receives tips has no accounts
    from django.contrib.auth.models import AbstractUser

# Membership of this group, and nothing else, lets an account in.
TIPS_GROUP = "Tipsmottagare"


class NotAHandler(Exception):
    """The account exists, but may not come in."""


def account_of(username: str, password: str) -> "AbstractUser | None":
    """The active account with this name and password. Writes nothing: the desk has no right to."""
    user = get_user_model()._default_manager.filter(username=username).first()
    if user is None:
        make_password(password)  # an unknown name takes as long as a wrong password
        return None
    return user if check_password(password, user.password) and user.is_active else None


def is_handler(username: str) -> bool:
    user = get_user_model()._default_manager.filter(username=username, is_active=True).first()
    return user is not None and _is_in_group(user)


def may_come_in(user: "AbstractUser") -> bool:
    return user.is_active and _is_in_group(user)


def all_handlers() -> "list[AbstractUser]":
    """All who may come in, by name."""
    users = get_user_model()._default_manager.filter(groups__name=TIPS_GROUP, is_active=True)
    return sorted(users, key=lambda user: name_of_handler(user).casefold())


def name_of_handler(user: "AbstractUser") -> str:
    return user.get_full_name() or user.get_username()


def _is_in_group(user: "AbstractUser") -> bool:
    return user.groups.filter(name=TIPS_GROUP).exists()
