"""The page on which an editor compares an imported draft with its file, and completes it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.views import View
from wagtail.admin import messages
from wagtail.models import Page

from pages.importing.build import PAGE_KINDS
from pages.importing.documents import ImportedArticle
from pages.importing.proof import prove_import
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.digest import key_of, kind_of
from pages.newsroom.keeping_public import KeptError, was_public
from pages.newsroom.matching import what_waits

from .completion_form import CompletionForm
from .deleting import delete_with_pictures
from .imported_article import forget_article, kept_article


class ImportedView(View):
    """Shows what came along and what did not; saves what was completed, or deletes the draft."""

    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.page = get_object_or_404(Page, pk=kwargs["pk"]).specific
        if not self.page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        if not self._may_be_completed():
            return redirect("wagtailadmin_pages:edit", self.page.pk)
        self.draft = self.page.get_latest_revision_as_object()
        return super().dispatch(request, *args, **kwargs)

    def _may_be_completed(self) -> bool:
        """Whether it is a draft such as an import makes, which waits for nobody's answer and which nobody has locked."""
        page = self.page
        return (
            isinstance(page, PAGE_KINDS)
            and not was_public(page)
            and not what_waits(kind_of(page), key_of(page))
            and not page.permissions_for_user(self.request.user).page_locked()
        )

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self._page(CompletionForm(page=self.draft))

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        if request.POST.get("act") == "delete":
            return self._delete()
        form = CompletionForm(request.POST, page=self.draft)
        if not form.is_valid():
            return self._page(form)
        form.complete()
        self.draft.save_revision(user=request.user, log_action=True, clean=False)
        forget_article(request.session, self.page)
        text = gettext("“%(title)s” is saved as a draft. Nobody outside can see it.")
        messages.success(request, text % {"title": self.draft.title})
        return redirect("wagtailadmin_pages:edit", self.page.pk)

    def _delete(self) -> HttpResponse:
        above = self.page.get_parent()
        try:
            delete_with_pictures(self.page, self.request.user)
        except KeptError as error:
            messages.error(self.request, str(error))
            return redirect("wagtailadmin_pages:edit", self.page.pk)
        forget_article(self.request.session, self.page)
        text = gettext("“%(title)s” and its pictures are deleted.")
        messages.success(self.request, text % {"title": self.draft.title})
        return redirect("wagtailadmin_explore", above.pk)

    def _page(self, form: CompletionForm) -> HttpResponse:
        article = kept_article(self.request.session, self.page)
        compared = _compared(article, self.page) if article else {}
        context = {"title": self.draft.title, "form": form, **compared}
        status = 422 if form.is_bound else 200
        return TemplateResponse(self.request, "newsdesk/imported.html", context, status=status)


def _compared(article: ImportedArticle, page: Page) -> dict[str, Any]:
    proof, notes = prove_import(article, page), article.notes
    numbered = list(enumerate(proof.rows, 1))
    return {
        "proof": proof,
        "lost": [(number, row) for number, row in numbered if row.is_loss],
        "other": [(number, row) for number, row in numbered if row.difference and not row.is_loss],
        "dropped": notes.dropped.items(),
        "to_mend": [what for what in notes.to_complete if what not in notes.asked_in_fields],
        "to_check": notes.to_check,
    }
