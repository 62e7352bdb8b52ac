"""A new page that is posted twice, by the saving by itself and by a press: the second goes on in the draft."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.admin.views.pages.create import CreateView
from wagtail.models import Page

# Whoever makes two pages of one name on purpose takes longer, and is told so at the field.
_FRESH = timedelta(minutes=2)
_post = CreateView.post


class _PostAgainThere(HttpResponseRedirect):
    """The browser sends the same form there."""

    status_code = 307


def go_on_in_own_draft() -> None:
    CreateView.post = _post_once


def _post_once(view: Any, request: HttpRequest) -> HttpResponseBase:
    if there := _own_draft(view, request):
        return there
    try:
        answer: HttpResponse = _post(view, request)
    except (ValidationError, IntegrityError):  # the other came first in this very moment
        if there := _own_draft(view, request):
            return there
        raise
    return answer


def _own_draft(view: Any, request: HttpRequest) -> HttpResponse | None:
    """The form of the draft with this address that the person has begun a moment ago."""
    since = timezone.now() - _FRESH
    drafts = Page.objects.child_of(view.parent_page).filter(
        content_type=view.page_content_type, owner=request.user, first_published_at=None,
        live=False, latest_revision__user=request.user, latest_revision__created_at__gt=since,
    )  # fmt: skip
    for draft in drafts:
        is_old = draft.revisions.filter(created_at__lte=since).exists()
        if draft.slug == request.POST.get("slug") and not is_old:
            if view.expects_json_response:  # may have begun before the press, with older words
                text = gettext("A newer version has been saved meanwhile.")
                answer: HttpResponse = view.json_error_response("invalid_revision", text)
                return answer
            return _PostAgainThere(reverse("wagtailadmin_pages:edit", args=[draft.pk]))
    return None
