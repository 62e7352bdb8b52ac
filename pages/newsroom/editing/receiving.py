"""Tells who uploads a file what was taken out of it."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.documents.views import documents, multiple
from wagtail.documents.views.chooser import DocumentChooserUploadView
from wagtail.documents.views.chooser import viewset as document_chooser
from wagtail.images.models import SourceImageIOError
from wagtail.images.views.chooser import ChosenResponseMixin, ImageChosenResponseMixin

from pages.library.cleaning.cleaned_files import CleanedFile
from pages.library.cleaning.sentences import removed_in_words
from pages.library.models import SiteImage

from .public_files import SiteDocumentForm


def received_sentences(received: CleanedFile, *, is_public: bool = False) -> str:
    """That the file is there, what was taken out, and who can read it."""
    said = [_("The file is received.")]
    if received.removed:
        said.append(_("We took out %(what)s.") % {"what": removed_in_words(received.removed)})
    if not is_public:
        said.append(_("It is closed until a page that shows it is published."))
    return " ".join(said)


def tell_what_was_removed(request: HttpRequest, form: SiteDocumentForm) -> None:
    """Says it on the next page, if a file was uploaded with the form."""
    if form.received is not None:
        is_public = form.proposal is not None
        messages.info(request, received_sentences(form.received, is_public=is_public))


class DocumentCreateView(documents.CreateView):
    def save_action(self) -> HttpResponse:
        tell_what_was_removed(self.request, self.form)
        return super().save_action()


class _RefusedAltogether(BaseForm):
    """A form of which any field that is wrong is a fault of the file."""

    def full_clean(self) -> None:
        super().full_clean()
        if self.errors and "file" not in self.errors:
            self.add_error(
                "file",
                [
                    f"{self.fields[name].label}: {text}" if name in self.fields else text
                    for name, texts in self.errors.items()
                    for text in texts
                ],
            )


class TakesWholeOrNotAtAll:
    """For a view that takes a file at once, by a form that puts what is wrong into the page as markup.

    Wagtail keeps the file as it came, until somebody has mended the other fields.
    """

    def get_upload_form_class(self) -> type:
        form = super().get_upload_form_class()  # type: ignore[misc]
        return type(form.__name__, (_RefusedAltogether, form), {})

    def get_invalid_response_data(self, form: Any) -> dict[str, object]:
        text = "\n".join(form.errors["file"])  # it may quote the file
        return {"success": False, "error_message": escape(text)}


class DocumentsAddView(TakesWholeOrNotAtAll, multiple.AddView):
    def save_object(self, form: Any) -> object:
        self.received = form.received
        return super().save_object(form)

    def get_edit_object_response_data(self) -> dict[str, object]:
        data = super().get_edit_object_response_data()
        told = format_html('<p role="status">{}</p>', received_sentences(self.received))
        return {**data, "form": told + data["form"]}


class DocumentChooserCreateView(DocumentChooserUploadView):
    def save_form(self, form: SiteDocumentForm) -> object:
        saved = super().save_form(form)
        # The window closes at once: it is read on the next page.
        tell_what_was_removed(self.request, form)
        return saved


def choose_without_preview() -> None:
    """Lets a picture be chosen that nobody can draw at the moment; Wagtail would fail."""
    given = ImageChosenResponseMixin.get_chosen_response_data

    def data(view: object, image: SiteImage, *preview: str) -> dict[str, object]:
        try:
            return given(view, image, *preview)
        except SourceImageIOError:
            nothing = {"url": "", "width": 0, "height": 0}
            told = ChosenResponseMixin.get_chosen_response_data(view, image)
            return {**told, "preview": nothing, "default_alt_text": image.default_alt_text}

    ImageChosenResponseMixin.get_chosen_response_data = data


def receiving_addresses() -> list[URLPattern]:
    """Stand before Wagtail's own, whose names they keep."""
    return [
        path("documents/add/", DocumentCreateView.as_view()),
        path("documents/multiple/add/", DocumentsAddView.as_view()),
        path(
            "documents/chooser/create/",
            document_chooser.construct_view(DocumentChooserCreateView),
        ),
    ]
