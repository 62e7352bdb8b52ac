"""Spares the CMS a permission check on each page, for users who may do the same with all pages.

Our groups have their permissions at the root of the tree. For everybody but superusers Wagtail
still checks, in every list, search and report, whether each page lies below the root.
"""

from collections.abc import Iterable

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.admin.views.reports import workflows
from wagtail.models import Page, PageLogEntry, PageLogEntryManager, WorkflowState
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import page_permission_policy

_ANY_ACTION = ("add", "change", "publish", "lock", "unlock", "bulk_delete")

_explorable_instances = PagePermissionPolicy.explorable_instances
_instances_for = PagePermissionPolicy.instances_user_has_any_permission_for
_viewable_by_user = PageLogEntryManager.viewable_by_user
_editable_page_ids = workflows.get_editable_page_ids_query


def spare_questions() -> None:
    PagePermissionPolicy.explorable_instances = _explorable
    PagePermissionPolicy.instances_user_has_any_permission_for = _permitted
    PageLogEntryManager.viewable_by_user = _viewable
    workflows.get_editable_page_ids_query = _editable_of_those_in_a_workflow


def may_everywhere(user: AbstractUser | AnonymousUser, actions: Iterable[str]) -> bool:
    """Whether a permission at the root of the tree lets the user do one of these with any page."""
    if not user.is_active or user.is_superuser:
        return user.is_active
    wanted = {f"{action}_page" for action in actions}
    given = page_permission_policy.get_cached_permissions_for_user(user)
    return any(each.page.is_root() and each.permission.codename in wanted for each in given)


def _explorable(policy: PagePermissionPolicy, user: AbstractUser | AnonymousUser) -> QuerySet[Page]:
    if may_everywhere(user, _ANY_ACTION):
        return policy.model._default_manager.all()
    return _explorable_instances(policy, user)


def _permitted(
    policy: PagePermissionPolicy, user: AbstractUser | AnonymousUser, actions: Iterable[str]
) -> QuerySet[Page]:
    # Nobody holds "publish" any longer: a list for those who do is for those who write.
    actions = ["change" if action == "publish" else action for action in actions]
    if may_everywhere(user, actions):
        return policy.model._default_manager.all()
    return _instances_for(policy, user, actions)


def _viewable(
    manager: PageLogEntryManager, user: AbstractUser | AnonymousUser
) -> QuerySet[PageLogEntry]:
    if may_everywhere(user, ["add"]):  # Wagtail's own condition for deleted pages
        return manager.all()
    return _viewable_by_user(manager, user)


def _editable_of_those_in_a_workflow(request: HttpRequest) -> object:
    """The page keys that the report on workflows filters by."""
    if not may_everywhere(request.user, ["change"]):
        return _editable_page_ids(request)
    pages = ContentType.objects.get_for_model(Page)
    return WorkflowState.objects.filter(base_content_type=pages).values("object_id")
