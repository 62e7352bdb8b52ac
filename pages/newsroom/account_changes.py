"""Notes every change of an account and tells all chief editors, whatever way the change came."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.contrib.auth.models import Group, User
from django.db.models.deletion import ProtectedError
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name

from pages.content.publishing.roles import ROLES
from pages.newsroom.models import AccountEvent

from .account_mails import addresses_of_chiefs, mail_account_event
from .acting import from_where, who_acts
from .persons import ADMINISTRATOR, account_closed

_What = AccountEvent.What
_WATCHED = ("password", "email", "is_active", "is_superuser")


@dataclass(frozen=True)
class _Changes:
    """What saving an account changes, and who were chiefs and where they were reached before."""

    made: list[tuple[str, str]]
    addresses: list[str]


def connect_account_changes() -> None:
    pre_save.connect(_compare, sender=User)
    post_save.connect(_note_what_changed, sender=User)
    pre_delete.connect(_refuse_to_delete, sender=User)
    m2m_changed.connect(_note_roles, sender=User.groups.through)
    pre_save.connect(_note_renamed_role, sender=Group)
    pre_delete.connect(_note_deleted_role, sender=Group)


def lift_tie(account: User) -> None:
    """Notes that whoever acts has counted the account as a person's own."""
    _note(account, _What.LIFTED, "", addresses_of_chiefs())


def close_as_left(account: Any) -> None:
    """To be said before the account is saved: one that is closed without it may be hijacked."""
    account.has_left = True


def why_accounts_stay() -> str:
    return _("Accounts are never deleted, since what they have done is kept. Close it instead.")


def _compare(instance: Any, update_fields: Iterable[str] | None = None, **_signal: object) -> None:
    written = set(_WATCHED).intersection(_WATCHED if update_fields is None else update_fields)
    former = User.objects.filter(pk=instance.pk).first() if written and instance.pk else None
    made = list(_changes(former, instance, written)) if written else []
    instance.account_changes = _Changes(made, addresses_of_chiefs() if made else [])


def _changes(former: User | None, user: User, written: set[str]) -> Iterable[tuple[str, str]]:
    if former is None:
        yield _What.CREATED, ""
        if user.is_superuser:
            yield _What.ROLE_GIVEN, ADMINISTRATOR
        return
    changed = {name for name in written if getattr(former, name) != getattr(user, name)}
    if "password" in changed and not _is_stored_anew(former, user):
        yield _What.PASSWORD_SET, ""
    if "email" in changed:
        yield _What.EMAIL_CHANGED, ""
    if "is_superuser" in changed:
        yield (_What.ROLE_GIVEN if user.is_superuser else _What.ROLE_TAKEN), ADMINISTRATOR
    if "is_active" in changed:
        has_left = vars(user).pop("has_left", False)
        closed = _What.CLOSED_LEFT if has_left else _What.CLOSED_HIJACKED
        yield (_What.OPENED if user.is_active else closed), ""


def _is_stored_anew(former: User, user: Any) -> bool:
    """Whether it is the same password: Django stores it again at a login, with more rounds."""
    try:
        hasher = identify_hasher(former.password)
    except ValueError:  # there was none
        return False
    preferred = get_hasher()
    is_weak = hasher.algorithm != preferred.algorithm or preferred.must_update(former.password)
    return is_weak and user._password is None


def _note_what_changed(instance: Any, **_signal: object) -> None:
    for what, role in instance.account_changes.made:
        _note(instance, what, role, instance.account_changes.addresses)
        if what in (_What.CLOSED_LEFT, _What.CLOSED_HIJACKED):
            hijacked = what == _What.CLOSED_HIJACKED
            account_closed.send(sender=User, user=instance, hijacked=hijacked)


def _refuse_to_delete(instance: User, **_signal: object) -> None:
    raise ProtectedError(why_accounts_stay(), {instance})


def _note_roles(
    instance: User | Group, action: str, pk_set: set[int] | None, **_signal: object
) -> None:
    """Before it happens, since it cannot be seen afterwards which roles there were."""
    if action not in ("pre_add", "pre_remove", "pre_clear"):
        return
    what = _What.ROLE_GIVEN if action == "pre_add" else _What.ROLE_TAKEN
    others: Any
    if action == "pre_add":
        others = (User if isinstance(instance, Group) else Group).objects.all()
    else:
        others = instance.user_set if isinstance(instance, Group) else instance.groups
    addresses = addresses_of_chiefs()
    for other in others.all() if pk_set is None else others.filter(pk__in=pk_set):
        if isinstance(instance, Group):
            _note(other, what, instance.name, addresses)
        else:
            _note(instance, what, other.name, addresses)


def _note_renamed_role(instance: Group, **_signal: object) -> None:
    """Whoever renames a group gives all its members another role."""
    former = Group.objects.filter(pk=instance.pk).first()
    if former and former.name != instance.name:
        addresses = addresses_of_chiefs()
        for user in former.user_set.all():
            _note(user, _What.ROLE_TAKEN, former.name, addresses)
            _note(user, _What.ROLE_GIVEN, instance.name, addresses)


def _note_deleted_role(instance: Group, **_signal: object) -> None:
    addresses = addresses_of_chiefs()
    for user in instance.user_set.all():
        _note(user, _What.ROLE_TAKEN, instance.name, addresses)


def _note(user: User, what: str, role: str, addresses: list[str]) -> None:
    by = who_acts()
    event = AccountEvent.objects.create(
        account=user,
        account_name=_name(user),
        by=by,
        by_name=_name(by) if by else "",
        what=what,
        role=ROLES.get(role, role),
        from_where=from_where(),
    )
    mail_account_event(event, addresses)


def _name(user: User) -> str:
    return " ".join(get_user_display_name(user).split())
