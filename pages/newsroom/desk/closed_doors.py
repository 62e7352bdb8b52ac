"""Closes Wagtail's own ways to what readers meet: nobody publishes, not even a superuser.

Most of them by what Wagtail asks: the rights of pages (`pages.content.publishing.page_rights`) and the policy
of registers (`pages.newsroom.editing.register_views`). Here are those where it asks nobody. What is left leads
through `pages.newsroom`. The table in tests/integration/pages/test_doors.py says
how each address is closed.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, re_path
from django.utils.translation import gettext
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.pages.bulk_actions import (
    MoveBulkAction,
    PublishBulkAction,
    UnpublishBulkAction,
)
from wagtail.contrib.simple_translation.forms import SubmitTranslationForm
from wagtail.models import Locale, Page

from pages.content.models.page_form import refuse_too_many

_OBJECT = r"(?:pages|snippets/\w+/\w+)"
# Below the address of the CMS.
CLOSED_ADDRESSES = (
    # Collections cannot be made private: what is published is for everybody.
    r"collections/\d+/privacy/$",
    r"pages/\d+/convert_alias/$",
    rf"{_OBJECT}/workflow/(?:action|collect_action_data|confirm_cancellation)/.+/$",
    r"api/main/pages/\d+/action/.+/$",
    # Draws a picture in any way, in the worker, for an address that nothing here answers.
    r"images/\d+/(?:preview|generate_url)/.*$",
    # Makes a picture or file of one that was kept as it came; none is (`pages.newsroom.editing.receiving`).
    r"(?:images|documents)/multiple/(?:create_from_uploaded_\w+|delete_upload)/\d+/$",
    # They are made with the first pages, and nobody changes them.
    r"(?:sites|locales|workflows)/.*$",
    # They fail on purpose, for Wagtail's own developers.
    r"(?:failwhale|test404)/$",
)
_CLOSED_MENU_ITEMS = {"sites", "locales", "workflows", "workflow-tasks"}
_CLOSED_ACTIONS = (PublishBulkAction, UnpublishBulkAction, MoveBulkAction)


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


def _closed(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    if request.accepts("text/html"):
        raise Http404
    return JsonResponse({"success": False, "error_code": "blocked_by_hook"}, status=403)


def hide_closed_settings(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    menu_items[:] = [item for item in menu_items if item.name not in _CLOSED_MENU_ITEMS]


def offered_for_several(
    asked: Callable[..., Iterable[Any]], registry: Any, app_label: str, model_name: str
) -> list[Any]:
    """None of Wagtail's own ways for several pages at once, which the rights of pages shut."""
    found = asked(registry, app_label, model_name)
    return [action for action in found if action not in _CLOSED_ACTIONS]


class TranslationForm(SubmitTranslationForm):
    """Demands the translated parent, in whose place Wagtail would make a page that is live at once."""

    def __init__(self, instance: Any, *args: object, **kwargs: object) -> None:
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
