"""The report on rights and consents that end."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Case, F, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column

from pages.models import SiteImage
from pages.newsroom.along import LIBRARY
from pages.newsroom.file_terms import terms_ending, terms_over

from .library_report import LibraryReport

_WITHIN = timedelta(days=90)


def files_with_terms_ending(within: timedelta) -> Iterator[QuerySet[Any]]:
    """Pictures and files whose rights or consent have ended, or end so soon, one query a model."""
    for model in LIBRARY:
        files = model._base_manager.all()
        yield terms_over(files) | terms_ending(files, within=within)


class TermsReport(LibraryReport):
    """Rights and consents that have ended, or end within ninety days; the first day first."""

    page_title = _("Rights and consents")
    header_icon = "key"
    index_url_name = "newsdesk:terms"
    index_results_url_name = "newsdesk:terms_results"
    default_ordering = "sorted_by"
    sort_column = Column("sorted_by", label=_("Ends on"), sort_key="sorted_by")
    about = _("Rights and consents that have ended, or end within 90 days, the first day first.")
    nothing = _("No rights and no consent end within 90 days.")

    def found(self) -> Iterator[QuerySet[Any]]:
        for files in files_with_terms_ending(_WITHIN):
            last_day: Any = F("rights_until")
            if files.model is SiteImage:
                last_day = Case(
                    When(rights_until__isnull=True, then=F("consent_until")),
                    When(consent_until__lt=F("rights_until"), then=F("consent_until")),
                    default=F("rights_until"),
                )
            yield files.annotate(sorted_by=last_day)

    def get_filename(self) -> str:
        return "rattigheter-och-samtycken"


def terms_in_menu() -> MenuItem:
    return MenuItem(TermsReport.page_title, reverse("newsdesk:terms"), icon_name="key", order=30)
