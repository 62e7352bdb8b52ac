"""Deleting in the CMS: Wagtail's own pages ask; here is said that it is for good, and what stays."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.actions.delete_page import DeletePageAction
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import Page

from pages.library.models import SiteImage
from pages.newsroom.editing.unfinished import refusal
from pages.newsroom.file_queries import unused
from pages.newsroom.keeping_public import KeptError, refuse_deleting, was_public


def before_deleting_page(request: HttpRequest, page: Page) -> HttpResponse | None:
    return before_deleting(request, [page])


def before_deleting(request: HttpRequest, objects: Iterable[Model]) -> HttpResponse | None:
    """Refuses what stays, with the reason; else says that what is deleted cannot be brought back."""
    for obj in objects:
        try:
            refuse_deleting(obj)
        except KeptError as error:
            then = get_valid_next_url_from_request(request)
            form = AdminURLFinder(request.user).get_edit_url(obj)
            return refusal(request, str(error), then or form or reverse("wagtailadmin_home"))
    if request.method == "GET":
        text = gettext("What you delete is gone for good, with all its versions.")
        messages.warning(request, text)
    return None


def before_deleting_several(
    request: HttpRequest, action: str, objects: Iterable[Model], _view: object
) -> HttpResponse | None:
    """Refuses the same in the lists, where several are marked: one that stays keeps all of them."""
    return before_deleting(request, objects) if action == "delete" else None


def delete_with_pictures(page: Page, by: User) -> None:
    """Deletes a draft with those of the person's pictures that nothing else names, or raises KeptError."""
    refuse_deleting(page)
    with transaction.atomic():
        named = SiteImage.objects.filter(in_versions__revision__in=page.revisions.all())
        keys = set(named.filter(uploaded_by_user=by).values_list("pk", flat=True))
        DeletePageAction(page, user=by).execute(skip_permission_checks=True)
        for picture in unused(SiteImage.objects.filter(pk__in=keys)):
            if not was_public(picture):
                picture.delete()
