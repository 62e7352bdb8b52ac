"""Where the pages of the newsroom lie, and which objects it knows."""

from typing import Any

from django.contrib.admin.utils import quote
from django.contrib.auth.models import User
from django.db.models import Model
from django.urls import reverse
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import DraftStateMixin, Page, WorkflowMixin

from pages.newsroom.digest import key_of, kind_of, object_of
from pages.newsroom.models import Proposal


def goes_through_newsroom(model: type[Model]) -> bool:
    """Whether objects of the model are drafts that two persons confirm."""
    return issubclass(model, WorkflowMixin) and issubclass(model, DraftStateMixin)


def way_to_object(name: str, obj: Model) -> str:
    """The address of a page of the newsroom about an object."""
    return reverse(f"newsdesk:{name}", args=[kind_of(obj), key_of(obj)])


def way_to_delete(obj: Any, user: User) -> str:
    """Where a draft that nobody has read is deleted; nothing for what was public, or lies above others."""
    if obj.first_published_at is not None or obj.live:
        return ""
    if isinstance(obj, Page):
        may = obj.permissions_for_user(user).can_delete()
        return reverse("wagtailadmin_pages:delete", args=[obj.pk]) if may else ""
    return reverse(obj.snippet_viewset.get_url_name("delete"), args=[quote(obj.pk)])


def form_of(obj: Model) -> str:
    """The id of the form in which Wagtail lets an object be edited."""
    return "page-edit-form" if isinstance(obj, Page) else "w-editor-form"


def editing_address(user: User, obj: DraftStateMixin) -> str | None:
    """Where the user may edit the object, or the one that a version or an act is about."""
    if isinstance(obj, Proposal):
        obj = object_of(obj.kind, obj.key)
    elif not isinstance(obj, Model) or hasattr(obj, "content_object"):
        obj = getattr(obj, "content_object", None)
    return AdminURLFinder(user).get_edit_url(obj) if obj is not None else None
