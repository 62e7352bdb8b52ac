"""The report on twins that have fallen behind the page in ordinary Swedish, or have lost it."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn

from pages.content.models import ArticlePage
from pages.content.twins import Behind, twins_behind
from pages.newsroom.editing.writers_report import WritersReport


def _form(key: int | None) -> str | None:
    return reverse("wagtailadmin_pages:edit", args=[key]) if key else None


class TwinsReport(WritersReport):
    """Public twins that say what the other page said once, those that wait longest first."""

    page_title = _("Twins that are behind")
    header_icon = "globe"
    index_url_name = "twins_report"
    index_results_url_name = "twins_report_results"
    export_filename = "tvillingar"
    introduction = _(
        "Public pages in easy Swedish, in sign language and in minority languages whose page in ordinary"
        " Swedish has changed since they were compared, or is not public any more. Readers of the twin are"
        " told. Read both, mend the twin, empty “Compared with that page” and send it for approval."
    )
    address = "twins"
    menu_order = 695
    default_ordering = "compared_at"
    columns = [
        TitleColumn(
            "title", label=_("Title"), sort_key="title", get_url=lambda twin: _form(twin.pk)
        ),
        Column("get_twin_kind_display", label=_("Kind"), sort_key="twin_kind"),
        TitleColumn(
            "original_title",
            label=_("The page in ordinary Swedish"),
            get_url=lambda twin: _form(twin.twin_of_id),
        ),
        Column("why", label=_("Why"), sort_key="compared_at"),
    ]
    list_export = [each.name for each in columns]
    export_headings = {each.name: each.label for each in columns}

    def get_base_queryset(self) -> QuerySet[ArticlePage]:
        return ArticlePage.objects.filter(pk__in=twins_behind())

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        found = twins_behind()
        for twin in object_list:
            how = found[twin.pk]
            twin.original_title = how.original.title if how.original else ""
            twin.why = _said(twin, how)
        return object_list


def _said(twin: ArticlePage, how: Behind) -> str:
    if how.changed_on is None:
        return gettext("The page in ordinary Swedish is not public.")
    compared_at = twin.compared_at and localtime(twin.compared_at)
    return gettext("The page was changed on %(changed)s, they were compared on %(compared)s.") % {
        "changed": date_format(how.changed_on, "j F Y"),
        "compared": date_format(compared_at, "j F Y") if compared_at else "–",
    }
