"""A new page that is posted twice, by the saving by itself and by a press: the second goes on in the draft."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.models import Page

# Whoever makes two pages of one name on purpose takes longer, and is told so at the field.
_FRESH = timedelta(minutes=2)


class _PostAgainThere(HttpResponseRedirect):
    """The browser sends the same form there."""

    status_code = 307


def go_on_in_own_draft(
    request: HttpRequest, parent: Page, page_class: type[Page]
) -> HttpResponse | None:
    """The form of the draft with this address that the person has begun a moment ago."""
    if request.method != "POST":
        return None
    since = timezone.now() - _FRESH
    drafts = Page.objects.child_of(parent).filter(
        content_type=ContentType.objects.get_for_model(page_class),
        owner=request.user,
        first_published_at=None,
        live=False,
        latest_revision__user=request.user,
        latest_revision__created_at__gt=since,
    )
    for draft in drafts:
        is_old = draft.revisions.filter(created_at__lte=since).exists()
        if draft.slug == request.POST.get("slug") and not is_old:
            if not request.accepts("text/html"):  # may have begun before the press
                text = gettext("A newer version has been saved meanwhile.")
                said = {"error_code": "invalid_revision", "error_message": text}
                return JsonResponse({"success": False, **said}, status=400)
            return _PostAgainThere(reverse("wagtailadmin_pages:edit", args=[draft.pk]))
    return None


class MadeTwiceMiddleware:
    """Goes on in the draft also if the other form came first in this very moment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        found = request.resolver_match
        if not isinstance(error, ValidationError | IntegrityError) or found is None:
            return None
        if found.view_name != "wagtailadmin_pages:add":
            return None
        given: Any = found.kwargs
        page_class = apps.get_model(
            given["content_type_app_name"], given["content_type_model_name"]
        )
        return go_on_in_own_draft(request, Page.objects.get(pk=given["parent_page_id"]), page_class)
