"""Deleting in the CMS: Wagtail's own pages ask; here is said that it is for good, and what stays."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.views import View
from wagtail.actions.delete_page import DeletePageAction
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.pages.bulk_actions import DeleteBulkAction as DeletePages
from wagtail.documents.views import documents
from wagtail.documents.views.bulk_actions import DeleteBulkAction as DeleteDocuments
from wagtail.images.views import images
from wagtail.images.views.bulk_actions import DeleteBulkAction as DeleteImages
from wagtail.models import Page
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction as DeleteRows

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


class _RefusesFirst(View):
    """Says what stays before it asks whether to delete, also where several are marked."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        objects = [self.object] if hasattr(self, "object") else self._marked()
        return before_deleting(request, objects) or super().dispatch(request, *args, **kwargs)

    def _marked(self) -> list[Model]:
        """One that stays keeps all of them; Wagtail would say of it that the person may not."""
        found, others = self.get_actionable_objects()  # type: ignore[attr-defined]
        return [*found, *others["items_with_no_access"]]


class _DeleteImage(_RefusesFirst, images.DeleteView):
    pass


class _DeleteDocument(_RefusesFirst, documents.DeleteView):
    pass


def deleting_addresses() -> list[URLPattern]:
    """Stand before Wagtail's own, whose names they keep."""
    return [
        path("images/<int:image_id>/delete/", _DeleteImage.as_view()),
        path("documents/delete/<int:document_id>/", _DeleteDocument.as_view()),
    ]


DELETING_SEVERAL = [
    type(each.__name__, (_RefusesFirst, each), {})
    for each in (DeletePages, DeleteImages, DeleteDocuments, DeleteRows)
]


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
