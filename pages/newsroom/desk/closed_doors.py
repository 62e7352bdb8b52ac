"""Closes Wagtail's own ways to what readers meet: nobody publishes, not even a superuser.

What is left leads through `pages.newsroom`. The table in tests/integration/pages/test_doors.py says
how each address is closed.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, re_path
from django.utils.translation import gettext
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import mixins
from wagtail.admin.views.pages import bulk_actions
from wagtail.contrib.simple_translation import forms, views
from wagtail.models import Locale, Page, PagePermissionTester, WorkflowState
from wagtail.permission_policies import ModelPermissionPolicy

from pages.content.models.page_form import refuse_too_many

_OBJECT = r"(?:pages|snippets/\w+/\w+)"
# Below the address of the CMS.
CLOSED_ADDRESSES = (
    # Pages and collections cannot be made private: what is published is for everybody.
    r"(?:pages|collections)/\d+/privacy/$",
    r"pages/\d+/(?:unpublish|convert_alias|set_position)/$",
    r"pages/\d+/revisions/\d+/unschedule/$",
    r"snippets/\w+/\w+/unpublish/.+/$",
    r"snippets/\w+/\w+/history/.+/revisions/\d+/unschedule/$",
    rf"{_OBJECT}/workflow/(?:action|collect_action_data|confirm_cancellation)/.+/$",
    r"api/main/pages/\d+/action/.+/$",
    # Draws a picture in any way, in the worker, for an address that nothing here answers.
    r"images/\d+/(?:preview|generate_url)/.*$",
    # Makes a picture or file of one that was kept as it came; none is (`pages.newsroom.editing.receiving`).
    r"(?:images|documents)/multiple/(?:create_from_uploaded_\w+|delete_upload)/\d+/$",
    # Commands change these, and send what readers would meet of it.
    r"(?:sites|locales|workflows)/.*$",
    # They fail on purpose, for Wagtail's own developers.
    r"(?:failwhale|test404)/$",
)
_CLOSED_MENU_ITEMS = {"sites", "locales", "workflows", "workflow-tasks"}


def closed_addresses(admin_path: str) -> list[URLPattern]:
    """Stand before Wagtail's own."""
    return [
        re_path(f"^{admin_path}{address}", require_admin_access(_closed))
        for address in CLOSED_ADDRESSES
    ]


def keep_root_of_tree(_request: HttpRequest, page: Page, _destination: Page) -> None:
    """Wagtail asks for the parent of the page to move before it asks whether it may be moved."""
    if page.is_root():
        raise Http404


def _closed(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    if request.accepts("text/html"):
        raise Http404
    return JsonResponse({"success": False, "error_code": "blocked_by_hook"}, status=403)


def hide_closed_settings(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    menu_items[:] = [item for item in menu_items if item.name not in _CLOSED_MENU_ITEMS]


def close_doors() -> None:
    """Lets Wagtail answer no wherever it asks whether somebody may do what the newsroom does."""
    for name in (
        "can_publish", "can_publish_subpage", "can_unpublish", "can_unschedule",
        "can_reorder_children", "can_submit_for_moderation",
    ):  # fmt: skip
        setattr(PagePermissionTester, name, _nobody)
    for name in ("can_move", "can_move_to"):
        setattr(PagePermissionTester, name, _only_drafts(getattr(PagePermissionTester, name)))
    # The owner of a page might otherwise always end what was sent.
    WorkflowState.user_can_cancel = _nobody
    ModelPermissionPolicy.user_has_permission = _except_publishing(
        ModelPermissionPolicy.user_has_permission
    )
    view = mixins.CreateEditViewOptionalFeaturesMixin
    view.get_available_actions = _only_saving(view.get_available_actions)
    for action in ("PublishBulkAction", "UnpublishBulkAction", "MoveBulkAction"):
        getattr(bulk_actions, action).models = []
    views.SubmitTranslationForm = TranslationForm


def _nobody(*_args: Any) -> bool:
    return False


def _only_drafts(asked: Callable[..., bool]) -> Callable[..., bool]:
    @wraps(asked)
    def may_move(tester: PagePermissionTester, *destination: Page) -> bool:
        below = tester.page.get_descendants(inclusive=True)
        return asked(tester, *destination) and not below.live().exists()

    return may_move


def _except_publishing(asked: Callable[..., bool]) -> Callable[..., bool]:
    @wraps(asked)
    def has_permission(
        policy: ModelPermissionPolicy, user: AbstractUser | AnonymousUser, action: str
    ) -> bool:
        return action != "publish" and asked(policy, user, action)

    return has_permission


def _only_saving(actions: Callable[[Any], list[str]]) -> Callable[[Any], list[str]]:
    @wraps(actions)
    def available(view: Any) -> list[str]:
        return [action for action in actions(view) if action in ("create", "edit")]

    return available


class TranslationForm(forms.SubmitTranslationForm):
    """Demands the translated parent, in whose place Wagtail would make a page that is live at once."""

    def __init__(self, instance: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(instance, *args, **kwargs)
        self.instance = instance
        self.parent = instance.get_parent() if isinstance(instance, Page) else None

    def clean(self) -> dict[str, Any] | None:
        given = super().clean()
        if self.parent is not None:
            refuse_too_many(self, "include_subtree", self.instance)
        return given

    def clean_locales(self) -> QuerySet[Locale]:
        locales = self.cleaned_data["locales"]
        if self.parent is None or self.parent.is_root():
            return locales
        translated = self.parent.get_translations(inclusive=True).values("locale_id")
        if locales.exclude(pk__in=translated).exists():
            text = gettext("First translate the section “%(title)s”.")
            raise ValidationError(text % {"title": self.parent.specific.get_admin_display_title()})
        return locales
