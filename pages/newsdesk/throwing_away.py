"""Every way of the CMS to delete something leads here: drafts go to the waste basket."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic import multiple_upload
from wagtail.admin.views.pages.bulk_actions import DeleteBulkAction as PageDeleteBulkAction
from wagtail.documents.models import Document
from wagtail.documents.views.bulk_actions import DeleteBulkAction as DocumentDeleteBulkAction
from wagtail.images.models import Image
from wagtail.images.views.bulk_actions import DeleteBulkAction as ImageDeleteBulkAction
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from pages.models import Basket, SiteDocument, SiteImage
from pages.newsroom.basket import BasketError, is_in_basket, throw_away
from pages.newsroom.keeping_public import WasPublicError, refuse_what_was_public

from .ways import way_to_object

# As Wagtail's own, which 7.4 and 8 keep in different places.
_FILES: dict[type[Model], CollectionOwnershipPermissionPolicy] = {
    model: CollectionOwnershipPermissionPolicy(
        model, auth_model=of_wagtail, owner_field_name="uploaded_by_user"
    )
    for model, of_wagtail in ((SiteImage, Image), (SiteDocument, Document))
}


def may_change(user: AbstractUser | AnonymousUser, thing: Model) -> bool:
    """Whether the user may edit it, and so throw it away."""
    if isinstance(thing, Page):
        return thing.permissions_for_user(user).can_edit()
    policy = _FILES.get(type(thing)) or ModelPermissionPolicy(type(thing))
    return policy.user_has_permission_for_instance(user, "change", thing)


def throw_away_chosen(request: HttpRequest, chosen: Iterable[Model], then: str) -> HttpResponse:
    """Asks once, throws away the drafts among what was chosen, and says why the rest stays."""
    drafts = list(_drafts_among(request, chosen))
    if request.method != "POST" and drafts:
        of_files = all(type(each) in _FILES for each in drafts)
        title = gettext("Throw away") if of_files else gettext("Throw away the draft")
        context = {"page_title": title, "header_title": title, "header_icon": "bin"}
        return TemplateResponse(
            request, "newsdesk/throw_away.html", context | {"drafts": drafts, "then": then}
        )
    for draft in drafts if request.method == "POST" else []:
        try:
            say_thrown_away(request, throw_away(draft, request.user))
        except (BasketError, WasPublicError) as error:
            messages.error(request, str(error))
    return redirect(then)


def _drafts_among(request: HttpRequest, chosen: Iterable[Model]) -> Iterator[Model]:
    """Those that may be thrown away; the others are named in messages."""
    above: list[str] = []
    for thing in sorted(chosen, key=lambda each: getattr(each, "path", "")):
        if any(getattr(thing, "path", "").startswith(path) for path in above):
            continue  # it goes with the page above it
        if is_in_basket(thing):  # pressed twice
            text = gettext("“%(title)s” lies in the waste basket already.")
            messages.warning(request, text % {"title": thing})
            continue
        try:
            refuse_what_was_public(thing)
        except WasPublicError as error:
            say_was_public(request, error)
            continue
        if may_change(request.user, thing):
            above += [thing.path] if isinstance(thing, Page) else []
            yield thing
        else:
            text = gettext("You may not throw away “%(title)s”.")
            messages.error(request, text % {"title": thing})


def say_was_public(request: HttpRequest, error: WasPublicError) -> None:
    """Tells what was public, with the way to take it off the website."""
    leads_to = way_to_object("withdraw", error.thing)
    button = messages.button(leads_to, gettext("Take off the website"))
    messages.error(request, str(error), buttons=[button])


def say_thrown_away(request: HttpRequest, row: Basket) -> None:
    undo = format_html(
        '<form class="w-inline" method="post" action="{}">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<button class="button button-small button-secondary">{}</button></form>',
        reverse("newsdesk:put_back", args=[row.pk]),
        get_token(request),
        gettext("Undo"),
    )
    text = gettext("“%(title)s” lies in the waste basket until %(day)s.") % {
        "title": row.title,
        "day": date_format(row.gone_on, "j F"),
    }
    messages.success(request, format_html("{} {}", text, undo))


# In place of Wagtail's own


def delete_page(request: HttpRequest, page_id: int) -> HttpResponse:
    page = get_object_or_404(Page, pk=page_id).specific
    above = page.get_parent()
    if above is None:
        raise PermissionDenied
    list_above = reverse("wagtailadmin_explore", args=[above.pk])
    then = get_valid_next_url_from_request(request) or list_above
    return throw_away_chosen(
        request, [page], reverse("newsdesk:basket") if is_in_basket(page) else then
    )


def delete_image(request: HttpRequest, image_id: int) -> HttpResponse:
    return _delete_file(request, get_object_or_404(SiteImage, pk=image_id), "wagtailimages:index")


def delete_document(request: HttpRequest, document_id: int) -> HttpResponse:
    file = get_object_or_404(SiteDocument, pk=document_id)
    return _delete_file(request, file, "wagtaildocs:index")


def _delete_file(request: HttpRequest, file: Model, library: str) -> HttpResponse:
    then = get_valid_next_url_from_request(request) or reverse(library)
    return throw_away_chosen(request, [file], then)


def delete_snippets(request: HttpRequest, snippets: list[Any]) -> HttpResponse | None:
    """Heard before snippets are deleted, one or several; there are none for who may delete none."""
    if not snippets:
        return None
    then = get_valid_next_url_from_request(request)
    return throw_away_chosen(
        request, snippets, then or reverse(snippets[0].snippet_viewset.get_url_name("list"))
    )


class DeleteUploadedView(multiple_upload.DeleteView):
    """Throws away what was uploaded a moment ago, in the list of uploads."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        model = SiteImage if "image_id" in kwargs else SiteDocument
        (key,) = kwargs.items()
        file = get_object_or_404(model, pk=key[1])
        if not may_change(request.user, file):
            raise PermissionDenied
        try:
            throw_away(file, request.user)
        except (BasketError, WasPublicError) as error:
            return JsonResponse({"success": False, "error_message": str(error)})
        return JsonResponse({"success": True, key[0]: file.pk})


class _InBulk(BulkAction):
    display_name = _("Throw away the draft")
    aria_label = _("Throw away the chosen drafts")

    def check_perm(self, thing: Model) -> bool:
        return True  # asked, and answered in words, for each

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen, _refused = self.get_actionable_objects()
        specific = [each.specific if isinstance(each, Page) else each for each in chosen]
        return throw_away_chosen(request, specific, self.next_url)


class ThrowAwayPages(_InBulk, PageDeleteBulkAction):
    pass


class ThrowAwayImages(_InBulk, ImageDeleteBulkAction):
    display_name = _("Throw away")


class ThrowAwayDocuments(_InBulk, DocumentDeleteBulkAction):
    display_name = _("Throw away")
