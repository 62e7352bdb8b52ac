"""What editors change of a picture or file that readers meet, which two persons have to confirm."""

from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.documents.forms import BaseDocumentForm

from pages.library.cleaning.cleaned_files import CleanedFile, cleaned
from pages.newsroom.companions import is_public_file
from pages.newsroom.file_acts import changed_words, propose_change
from pages.newsroom.models import Proposal
from pages.newsroom.moments import since
from pages.newsroom.submissions import open_submission_of

from .terms_form import AsksForTerms


class ChangesOfPublicFile(AsksForTerms):
    """A form that saves what no reader meets, and makes a proposal of the rest.

    Only a view that leads on to the proposal allows that; any other form refuses.
    """

    changed_data: list[str]
    proposal: Proposal | None = None

    def __init__(self, *args: Any, proposed_by: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._proposed_by = proposed_by
        self._proposed: tuple[dict[str, object], File | None] | None = None

    def clean(self) -> dict[str, object]:
        given: dict[str, Any] = super().clean() or {}
        if self.instance.pk is None:
            return given
        words = changed_words(self.instance, given)
        file = given.get("file") if "file" in self.changed_data else None
        if (words or file is not None) and is_public_file(self.instance):
            if self._proposed_by is None:
                raise ValidationError(
                    gettext("It is public. Change it on its own page, under Images or Documents.")
                )
            self._proposed = words, file
            # What is taken out here never reaches the object.
            self.changed_data = [
                name for name in self.changed_data if name != "file" and name not in words
            ]
            return {
                name: value
                for name, value in given.items()
                if name not in words and (file is None or name != "file")
            }
        return given

    @transaction.atomic
    def save(self, commit: bool = True) -> object:
        saved = super().save(commit=commit)
        if self._proposed is not None:
            self.proposal = propose_change(saved, *self._proposed, self._proposed_by)
        return saved


class SiteDocumentForm(ChangesOfPublicFile, BaseDocumentForm):
    """Cleans an upload before it is saved, since that takes seconds: nothing is locked yet."""

    # What was uploaded, as it is kept.
    received: CleanedFile | None = None

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        ending = PurePath(getattr(file, "name", "") or "").suffix.lstrip(".").lower()
        # An ending that nobody may upload is refused by the model, in Wagtail's words.
        if isinstance(file, UploadedFile) and ending in settings.WAGTAILDOCS_EXTENSIONS:
            self.received = file = cleaned(file, file.name or "")
        return file


class LeadsToProposal(generic.EditView):
    """The page on which a picture or file is changed; what readers meet of it is sent from there."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if waiting := open_submission_of(self.get_object()):
            text = gettext(
                "A change waits for approval since %(since)s. What you save here takes its place."
            )
            show = messages.button(reverse("newsdesk:confirm", args=[waiting.pk]), gettext("Show"))
            said = text % {"since": since(waiting.sent_at)}
            messages.warning(request, said, buttons=[show])
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, object]:
        return {**super().get_form_kwargs(), "proposed_by": self.request.user}

    def save_action(self) -> HttpResponse:
        proposal = self.form.proposal
        if proposal is None:
            return super().save_action()
        text = gettext("It is public. The change is seen when two have approved it.")
        messages.info(self.request, text)
        return redirect("newsdesk:send_proposal", proposal.pk)
