"""How the lists of pictures and files are narrowed down: by state, and by rights and consent."""

from datetime import timedelta

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import BaseMediaFilterSet
from wagtail.documents.views.documents import DocumentsFilterSet
from wagtail.images.views.images import ImagesFilterSet

from pages.newsroom.file_acts import LibraryFile
from pages.newsroom.file_queries import (
    closed_files,
    unused_since,
    used_in_public,
    waiting_for_change,
)
from pages.newsroom.file_terms import terms_ending, terms_over

A_YEAR = timedelta(days=365)
_STATES = [
    ("public", _("Published")),
    ("closed", _("Closed")),
    ("unused", _("Not used for a year")),
    ("waiting", _("A change waits for approval")),
]
_TERMS = [("over", _("Have ended")), ("ending", _("End within 30 days"))]
_NOT_ANSWERED = ("unanswered", _("Nobody has said whether the picture shows people"))


def _filter_by(label: object, choices: object, method: str) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        label=label, choices=choices, method=method, empty_label=_("All"), widget=forms.RadioSelect
    )


class _LibraryFilterSet(BaseMediaFilterSet):
    state = _filter_by(_("State"), _STATES, "in_state")
    terms = _filter_by(_("Rights"), _TERMS, "with_terms")

    def in_state(
        self, files: QuerySet[LibraryFile], _name: str, state: str
    ) -> QuerySet[LibraryFile]:
        if state == "public":
            return used_in_public(files)
        if state == "closed":
            return closed_files(files)
        if state == "waiting":
            return waiting_for_change(files)
        return unused_since(files, timezone.now() - A_YEAR)

    def with_terms(
        self, files: QuerySet[LibraryFile], _name: str, terms: str
    ) -> QuerySet[LibraryFile]:
        if terms == "unanswered":
            return files.filter(shows_people="")
        return terms_over(files) if terms == "over" else terms_ending(files)


class ImageLibraryFilterSet(_LibraryFilterSet, ImagesFilterSet):
    terms = _filter_by(_("Rights and consent"), [*_TERMS, _NOT_ANSWERED], "with_terms")

    class Meta(ImagesFilterSet.Meta):
        pass


class DocumentLibraryFilterSet(_LibraryFilterSet, DocumentsFilterSet):
    class Meta(DocumentsFilterSet.Meta):
        pass
