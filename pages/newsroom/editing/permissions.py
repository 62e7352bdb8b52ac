"""Spares the CMS a permission check on each page, for users who may do the same with all pages.

Our groups have their permissions at the root of the tree. For everybody but superusers Wagtail
still checks, in every list, search and report, whether each page lies below the root.
"""

from collections.abc import Callable, Iterable

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.models import Page, PageLogEntry, PageLogEntryManager, WorkflowState
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import page_permission_policy

Person = AbstractUser | AnonymousUser
_ANY_ACTION = ("add", "change", "publish", "lock", "unlock", "bulk_delete")


def may_everywhere(user: Person, actions: Iterable[str]) -> bool:
    """Whether a permission at the root of the tree lets the user do one of these with any page."""
    if not user.is_active or user.is_superuser:
        return user.is_active
    wanted = {f"{action}_page" for action in actions}
    given = page_permission_policy.get_cached_permissions_for_user(user)
    return any(each.page.is_root() and each.permission.codename in wanted for each in given)


def explorable_instances(
    asked: Callable[..., QuerySet[Page]], policy: PagePermissionPolicy, user: Person
) -> QuerySet[Page]:
    """All pages for one who may do something with all."""
    if may_everywhere(user, _ANY_ACTION):
        return policy.model._default_manager.all()
    return asked(policy, user)


def permitted_instances(
    asked: Callable[..., QuerySet[Page]],
    policy: PagePermissionPolicy,
    user: Person,
    actions: Iterable[str],
) -> QuerySet[Page]:
    """All pages for one who may do one of these with all."""
    # Nobody holds "publish" any longer: a list for those who do is for those who write.
    actions = ["change" if action == "publish" else action for action in actions]
    if may_everywhere(user, actions):
        return policy.model._default_manager.all()
    return asked(policy, user, actions)


def viewable_by_user(
    asked: Callable[..., QuerySet[PageLogEntry]], manager: PageLogEntryManager, user: Person
) -> QuerySet[PageLogEntry]:
    """The whole history for one who may add pages everywhere: so are deleted pages shown by Wagtail."""
    if may_everywhere(user, ["add"]):
        return manager.all()
    return asked(manager, user)


def editable_of_those_in_a_workflow(asked: Callable[..., object], request: HttpRequest) -> object:
    """The page keys that the report on workflows filters by."""
    if not may_everywhere(request.user, ["change"]):
        return asked(request)
    pages = ContentType.objects.get_for_model(Page)
    return WorkflowState.objects.filter(base_content_type=pages).values("object_id")
