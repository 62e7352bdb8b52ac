"""What the reports on the media library have in common: pictures and files in one list."""

from collections import defaultdict
from collections.abc import Iterator
from functools import reduce
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.reports import ReportView

from pages.editing.file_states import FileState, states_of, way_to_file
from pages.newsroom.along import LIBRARY


class _OfFilesAndPictures(WagtailPaginator):
    verbose_name, verbose_name_plural = _("file or picture"), _("files and pictures")


class LibraryReport(ReportView):
    """Pictures and files in one list."""

    template_name = "library/report.html"
    results_template_name = "library/report_results.html"
    paginate_by = 50
    about: Any
    nothing: Any
    sort_column: Column
    paginator_class = _OfFilesAndPictures

    def found(self) -> Iterator[QuerySet[Any]]:
        """What is listed, of pictures and of files, each with its `sorted_by`."""
        raise NotImplementedError

    def get_base_queryset(self) -> Any:
        rows = [
            files.annotate(kind=Value(files.model._meta.label_lower, CharField())).values(
                "pk", "kind", "title", "sorted_by"
            )
            for files in self.found()
        ]
        return reduce(lambda these, those: these.union(those, all=True), rows)

    @property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("title", label=_("Title"), width="22%", get_url=lambda row: row["edit"]),
            Column("kind_label", label=_("Kind"), classname="library-rest"),
            Column("state", label=_("State")),
            Column("terms", label=_("Rights and consent")),
            Column("rights_terms", label=_("Terms"), classname="library-rest"),
            Column("uploaded_by", label=_("Uploaded by"), classname="library-rest"),
            self.sort_column,
        ]

    list_export = [
        "title", "kind_label", "state", "terms", "rights_terms", "uploaded_by", "sorted_by",
    ]  # fmt: skip

    @property
    def export_headings(self) -> dict[str, Any]:
        return {column.name: column.label for column in self.columns}

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Writes into each row what the columns show: the table has the same rows."""
        keys: dict[str, list[int]] = defaultdict(list)
        for row in object_list:
            keys[row["kind"]].append(row["pk"])
        shown = {}
        for model in LIBRARY:
            kind = model._meta.label_lower
            files: Any = model._base_manager.select_related("uploaded_by_user")
            for state in states_of(files.filter(pk__in=keys[kind])):
                shown[kind, state.file.pk] = _columns_of(state)
        for row in object_list:
            row.update(shown.get((row["kind"], row["pk"]), {}))
        return object_list

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        said = {"about": self.about, "nothing": self.nothing}
        return super().get_context_data(*args, **kwargs) | said


def _columns_of(state: FileState) -> dict[str, str]:
    by = state.file.uploaded_by_user
    return {
        "edit": way_to_file(state.file),
        "kind_label": capfirst(str(state.file._meta.verbose_name)),
        "state": " · ".join([state.headline, *state.details]),
        "terms": " · ".join(term.words for term in state.terms),
        "rights_terms": state.file.rights_terms,
        "uploaded_by": get_user_display_name(by) if by else "",
    }
