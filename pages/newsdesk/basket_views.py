"""The waste basket in the CMS: what lies in it, and how long, and the way back."""

from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views import generic
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from pages.models import Basket
from pages.newsroom.basket import BasketError, former_parent_of, put_back

from .throwing_away import may_change


class _PutBackColumn(Column):
    cell_template_name = "newsdesk/put_back.html"

    def get_cell_context_data(self, instance: Basket, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"csrf_token": get_token(parent_context["request"])}


class BasketView(generic.IndexView):
    """What was thrown away, the latest first."""

    model = Basket
    page_title = _("Waste basket")
    header_icon = "bin"
    template_name = "newsdesk/basket.html"
    index_url_name = "newsdesk:basket"
    index_results_url_name = "newsdesk:basket_results"
    any_permission_required = None  # whoever may use the CMS may look
    is_searchable = False
    paginate_by = 50
    default_ordering = "-at"
    columns = [
        Column("title", label=_("Title")),
        Column("type_label", label=_("Type")),
        Column("parent_title", label=_("Under")),
        Column("by_name", label=_("Thrown away by")),
        DateColumn("at", label=_("When"), sort_key="at"),
        Column("days_left", label=_("Days left"), sort_key="gone_on"),
        _PutBackColumn("put_back", label=""),
    ]

    def get_base_queryset(self) -> QuerySet:
        return Basket.objects.filter(gone_on__gt=localdate())


@require_POST
def put_back_draft(request: HttpRequest, key: int) -> HttpResponse:
    """Puts a draft back where it was, and says where that is."""
    then = get_valid_next_url_from_request(request) or reverse("newsdesk:basket")
    row = Basket.objects.filter(pk=key).first()
    if row is None:
        messages.warning(request, gettext("It is not in the waste basket any more."))
        return redirect(then)
    try:
        if not _may_put_back(request.user, row):
            raise PermissionDenied
        draft = put_back(row, request.user)
    except BasketError as error:
        messages.error(request, str(error))
        return redirect(then)
    text = gettext("“%(title)s” is back.")
    if isinstance(draft, Page):
        text = gettext("“%(title)s” is back under “%(parent)s”.")
        if draft.slug != row.former_slug:
            text += " " + gettext("(The address was taken and now ends in %(end)s.)")
    messages.success(
        request,
        text
        % {
            "title": row.title,
            "parent": row.parent_title,
            "end": getattr(draft, "slug", "").removeprefix(row.former_slug),
        },
    )
    return redirect(then)


def _may_put_back(user: AbstractUser | AnonymousUser, row: Basket) -> bool:
    if issubclass(row.model, Page):
        return page_permission_policy.user_has_any_permission_for_instance(
            user, {"add", "change"}, former_parent_of(row)
        )
    thing = row.model._base_manager.filter(pk=row.key).first()
    return thing is None or may_change(user, thing)


def basket_in_menu() -> MenuItem:
    return MenuItem(_("Waste basket"), reverse("newsdesk:basket"), icon_name="bin", order=370)
