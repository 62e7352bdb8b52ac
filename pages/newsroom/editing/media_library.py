"""The media library, where what is public is changed with two persons' word."""

from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn, Column
from wagtail.admin.views import generic
from wagtail.documents.views import documents
from wagtail.images.views import images, multiple

from pages.newsroom.keeping_public import was_public

from .file_page import about_file
from .file_states import states_of
from .library_filters import DocumentLibraryFilterSet, ImageLibraryFilterSet
from .public_files import LeadsToProposal
from .receiving import TakesWholeOrNotAtAll, receiving_addresses, tell_what_was_removed


class StateColumn(BaseColumn):
    """How it stands with the picture or file of the row."""

    cell_template_name = "library/state_cell.html"


class _LibraryIndexView(generic.IndexView):
    """Wagtail's list, with the state of each row."""

    def decorate_paginated_queryset(self, object_list: object) -> object:
        shown = super().decorate_paginated_queryset(object_list)
        for state in states_of(shown):
            state.file.state = state
        return shown

    @cached_property
    def columns(self) -> list[Column]:
        before: list[Column] = super().columns
        if not before:  # the grid has none
            return before
        at = 1 + max(number for number, each in enumerate(before) if each.name == "title")
        # Wagtail's number of uses knows nothing of the drafts of what is published.
        rest = [each for each in before[at:] if each.name != "usage_count"]
        for column in rest:
            column.classname = "library-rest"
        return [*before[:at], StateColumn("state", label=_("State"), width="36%"), *rest]


class ImageIndexView(_LibraryIndexView, images.IndexView):
    filterset_class = ImageLibraryFilterSet
    results_template_name = "library/image_results.html"


class DocumentIndexView(_LibraryIndexView, documents.IndexView):
    filterset_class = DocumentLibraryFilterSet


class AddImagesView(TakesWholeOrNotAtAll, multiple.AddView):
    """Takes each file at once; the form that it answers with asks what has to be known."""

    def get_upload_form_class(self) -> type:
        form = super().get_upload_form_class()
        return type(form.__name__, (form,), {"asks_about_people": False})


class _LibraryEditView(LeadsToProposal):
    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        shown: Any = type(self.object)._base_manager.get(pk=self.object.pk)
        return super().get_context_data(**kwargs) | about_file(shown, self.request.user)

    @cached_property
    def can_delete(self) -> bool:
        return super().can_delete and not was_public(self.object)


class ImageEditView(_LibraryEditView, images.EditView):
    template_name = "library/image.html"


class DocumentEditView(_LibraryEditView, documents.EditView):
    template_name = "library/document.html"

    def save_action(self) -> HttpResponse:
        tell_what_was_removed(self.request, self.form)
        return super().save_action()


def library_addresses() -> list[URLPattern]:
    """Stand before Wagtail's own, whose names they keep."""
    return [
        path("images/", ImageIndexView.as_view()),
        path("images/results/", ImageIndexView.as_view(results_only=True)),
        path("images/multiple/add/", AddImagesView.as_view()),
        path("images/<int:image_id>/", ImageEditView.as_view()),
        path("documents/", DocumentIndexView.as_view()),
        path("documents/results/", DocumentIndexView.as_view(results_only=True)),
        path("documents/edit/<int:document_id>/", DocumentEditView.as_view()),
        *receiving_addresses(),
    ]
