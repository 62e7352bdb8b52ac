"""What the CMS notes in the audit log, whatever way it came about."""

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.auth.signals import user_logged_out
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Site,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)
from wagtail.signals import published, unpublished

from pages.checks.models import Phrase
from pages.content.models.settings import FrameSetting
from pages.newsroom.acting import who_acts
from pages.newsroom.models import AccountEvent
from tips.journal import note

CMS_DOOR = "CMS"
_What = AccountEvent.What
# In the words of the desk's log.
_EVENTS = {
    _What.CREATED: "account-made",
    _What.ROLE_GIVEN: "role-given",
    _What.ROLE_TAKEN: "role-taken",
    _What.PASSWORD_SET: "password-set",
    _What.EMAIL_CHANGED: "email-changed",
    _What.CLOSED_LEFT: "account-closed",
    _What.CLOSED_HIJACKED: "account-closed",
    _What.OPENED: "account-opened",
    _What.LIFTED: "tie-lifted",
}
_WHY = {_What.CLOSED_LEFT: "left", _What.CLOSED_HIJACKED: "hijacked"}
_SETTINGS: tuple[type[Model], ...] = (
    Collection, Locale, Phrase, Site, Task, Workflow, WorkflowPage, WorkflowTask,
)  # fmt: skip
_RIGHTS: tuple[type[Model], ...] = (Group, GroupCollectionPermission, GroupPagePermission)


def connect_audit() -> None:
    user_logged_out.connect(_note_log_out)
    post_save.connect(_note_account_event, sender=AccountEvent)
    for models, event in ((_SETTINGS, "setting"), (_RIGHTS, "rights")):
        for model in models:
            # Django keeps receivers only for as long as somebody else does.
            post_save.connect(_noting(f"{event}-changed"), sender=model, weak=False)
            post_delete.connect(_noting(f"{event}-removed"), sender=model, weak=False)
    for model in _settings_with_drafts():
        published.connect(_noting("setting-changed"), sender=model, weak=False)
        unpublished.connect(_noting("setting-removed"), sender=model, weak=False)
    for through in (Group.permissions.through, User.user_permissions.through):
        m2m_changed.connect(_note_permissions, sender=through)


class ExportsMiddleware:
    """Notes which lists leave the CMS as files."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        found = request.resolver_match
        if found and "export" in request.GET and "Content-Disposition" in response.headers:
            _note("exported", what=found.view_name, kind=request.GET["export"])
        return response


def _settings_with_drafts() -> Iterable[type[Model]]:
    return [model for model in apps.get_models() if issubclass(model, FrameSetting)]


def _note_log_out(user: User | None, **_signal: Any) -> None:
    if user is not None:
        note(CMS_DOOR, "logged-out", user.get_username())


def _note_account_event(instance: AccountEvent, **_signal: Any) -> None:
    what = _What(instance.what)
    _note(
        _EVENTS[what],
        account=instance.account.get_username(),
        role=instance.role,
        why=_WHY.get(what),
    )


def _noting(event: str) -> Callable[..., None]:
    def note_it(sender: type[Model], instance: Model, **_signal: Any) -> None:
        group = instance if isinstance(instance, Group) else getattr(instance, "group", None)
        _note(event, what=sender._meta.label_lower, role=group)

    return note_it


def _note_permissions(
    sender: Any,
    instance: Any,
    action: str,
    reverse: bool,
    model: type[Model],
    pk_set: set[int] | None,
    **_signal: Any,
) -> None:
    step, _, done = action.partition("_")
    if step != "post" or (done != "clear" and not pk_set):
        return
    others: list[Any] = list(model._default_manager.filter(pk__in=pk_set or ()))
    given, whose = ([instance], others) if reverse else (others, [instance])
    kind = "role" if sender is Group.permissions.through else "account"
    _note(
        f"rights-{done}",
        what=",".join(sorted(each.codename for each in given)),
        **{kind: ",".join(map(str, whose))},
    )


def _note(event: str, **about: object) -> None:
    by = who_acts()
    if by is None and getattr(settings, "DEMO", False):
        return  # what builds the demo is nobody's doing, and hundreds of lines
    note(CMS_DOOR, event, by.get_username() if by else None, **about)
