"""Where Wagtail deletes, hides or names: the hooks and changes that lead to the waste basket."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.wagtail_hooks import PageListingDeleteButton
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import PagePermissionTester
from wagtail.snippets.views import chooser, snippets

from pages.newsroom.basket import is_in_basket, outside_basket
from pages.newsroom.keeping_public import was_public

from .throwing_away import (
    DeleteUploadedView,
    delete_document,
    delete_image,
)

_can_delete = PagePermissionTester.can_delete
_listed_snippets = snippets.IndexView.get_base_queryset
_snippets_to_choose = chooser.BaseSnippetChooseView.get_object_list
_words = _("Throw away the draft")


def lead_to_basket() -> None:
    """Changes what no hook of Wagtail's reaches."""
    PagePermissionTester.can_delete = _may_be_thrown_away
    PageListingDeleteButton.label = _words
    snippets.EditView.delete_item_label = _words
    snippets.EditView.can_delete = property(_may_delete_snippet)
    snippets.InspectView.header_more_buttons = property(_of_inspected_snippet)
    snippets.IndexView.get_base_queryset = _listed
    chooser.BaseSnippetChooseView.get_object_list = _to_choose


def _may_be_thrown_away(self: PagePermissionTester, ignore_bulk: bool = False) -> bool:
    """Whoever may edit may throw a draft away. Wagtail asks with `ignore_bulk` before a move."""
    if ignore_bulk:
        return _can_delete(self, ignore_bulk=True)
    return self.can_edit() and not was_public(self.page) and not is_in_basket(self.page)


def _may_delete_snippet(self: snippets.EditView) -> bool:
    may = self.user_has_permission_for_instance("delete", self.object)
    return may and not was_public(self.object)


def _of_inspected_snippet(self: snippets.InspectView) -> list[Button]:
    buttons = super(snippets.InspectView, self).header_more_buttons
    name_snippet_buttons(buttons, self.object, self.request.user)
    return buttons


def _listed(self: snippets.IndexView) -> QuerySet:
    return outside_basket(_listed_snippets(self))


def _to_choose(self: chooser.BaseSnippetChooseView) -> QuerySet:
    return outside_basket(_snippets_to_choose(self))


def library_without_delete() -> list[URLPattern]:
    """Stand before Wagtail's own, whose names they keep."""
    uploaded = DeleteUploadedView.as_view()
    return [
        path("images/<int:image_id>/delete/", delete_image),
        path("images/multiple/<int:image_id>/delete/", uploaded),
        path("documents/delete/<int:document_id>/", delete_document),
        path("documents/multiple/<int:doc_id>/delete/", uploaded),
    ]


def choose_outside_basket(pages: QuerySet, request: HttpRequest) -> QuerySet:
    return outside_basket(pages)


def lead_from_form(request: HttpRequest, draft: Model) -> HttpResponse | None:
    """A draft in the basket is not edited there."""
    if not is_in_basket(draft):
        return None
    text = gettext("“%(title)s” lies in the waste basket. Put it back first.")
    messages.warning(request, text % {"title": draft})
    return redirect("newsdesk:basket")


def name_snippet_buttons(buttons: list[Button], snippet: Model, user: Any) -> None:
    """Calls deleting what it is, and leaves it out where it would be refused."""
    for button in [each for each in buttons if each.icon_name == "bin"]:
        if was_public(snippet):
            buttons.remove(button)
        else:
            button.label = _words


def name_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("newsroom.throw_away", _("Throw away"), _("Thrown away"))
    actions.register_action("newsroom.put_back", _("Put back"), _("Put back"))
