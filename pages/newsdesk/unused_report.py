"""The report on pictures and files that nothing uses."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import DateColumn

from pages.editing.library_filters import A_YEAR
from pages.newsroom.along import LIBRARY
from pages.newsroom.file_queries import unused_since

from .library_report import LibraryReport


class UnusedReport(LibraryReport):
    """What nothing has named for a year; what was used last stands last."""

    page_title = _("Unused files and pictures")
    header_icon = "bin"
    index_url_name = "newsdesk:unused"
    index_results_url_name = "newsdesk:unused_results"
    default_ordering = "sorted_by"
    sort_column = DateColumn("sorted_by", label=_("Last day of use"), sort_key="sorted_by")
    about = _(
        "What nothing has shown or linked to for a year, neither a published page nor a draft. "
        "What nobody outside has seen can be deleted."
    )
    nothing = _("Every file and picture has been used in the last year.")

    def found(self) -> Iterator[QuerySet[Any]]:
        for model in LIBRARY:
            files = unused_since(model._base_manager.all(), timezone.now() - A_YEAR)
            yield files.annotate(sorted_by=Coalesce("last_used_at", "created_at"))

    def get_filename(self) -> str:
        return "oanvanda-filer"


def unused_in_menu() -> MenuItem:
    return MenuItem(UnusedReport.page_title, reverse("newsdesk:unused"), icon_name="bin", order=40)
