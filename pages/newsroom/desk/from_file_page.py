"""The page on which an editor makes a draft of a file: Word, OpenDocument, HTML or plain text."""

from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.models import Page

from pages.importing.build import article_from, takes_imports
from pages.importing.documents import RefusedError
from pages.importing.reading_apart import article_in_upload
from pages.importing.sniff import FileKind
from pages.newsroom.proposals import title_of

from .imported_article import keep_article

_ENDINGS = [kind.value for kind in FileKind]


class FileForm(forms.Form):
    # Drawn for each form that is shown, so that one that is sent twice makes one page.
    key = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput({"accept": ",".join(_ENDINGS)}),
        error_messages={"required": _("Choose the file that becomes a page.")},
    )


class FromFileView(View):
    """Takes a file, makes a draft of it below a page, and leads on to where both are compared."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.parent = get_object_or_404(Page, pk=kwargs["pk"]).specific
        if not self.parent.permissions_for_user(request.user).can_add_subpage():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(FileForm(initial={"key": uuid4()}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(form)
        # No key of another page can be guessed together with an account.
        key = uuid5(form.cleaned_data["key"], request.user.get_username())
        page = _made_with(key)
        if page is None:
            try:
                page = self._make(form.cleaned_data["file"], key)
            except (RefusedError, ValidationError, IntegrityError) as error:
                page = _made_with(key)  # meanwhile, by the same form
                if page is None:
                    form.add_error("file", _sentence(error))
                    return self._page(form)
        return redirect("newsdesk:imported", page.pk)

    def _make(self, file: Any, key: UUID) -> Page:
        article = article_in_upload(file)
        page = article_from(article, parent=self.parent, user=self.request.user, key=key)
        keep_article(self.request.session, page, article)
        return page

    def _page(self, form: FileForm) -> HttpResponse:
        context = {
            "parent": self.parent,
            "parent_title": title_of(self.parent),
            "form": form,
            "endings": _ENDINGS,
            "takes_imports": takes_imports(self.parent),
        }
        status = 422 if form.errors else 200
        if form.errors:
            form.fields["file"].widget.attrs["autofocus"] = True  # reads the reason aloud
        return TemplateResponse(self.request, "newsdesk/from_file.html", context, status=status)


def _made_with(key: UUID) -> Page | None:
    return Page.objects.filter(translation_key=key).first()


def _sentence(error: Exception) -> str:
    if isinstance(error, RefusedError):
        return str(error)
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return gettext("The page could not be stored. Try again.")
