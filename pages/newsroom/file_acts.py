"""Changing a picture or file that readers meet: another file, or other words about it."""

from pathlib import PurePath
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files import File
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin

from pages.ground.json_types import JsonObject
from pages.library.cleaning.cleaned_files import CleanedFile, cleaned
from pages.library.files import fingerprint_of
from pages.library.models import FormerFile, SiteDocument, SiteImage
from pages.library.upload import PictureFile
from pages.newsroom.models import Approval, Proposal, Publication

from .digest import content_digest_of, words_of_file
from .gate import NotConfirmed, note_public
from .permit import permitted
from .proposals import Act, FilePair, make_proposal, object_of_proposal, title_of

LibraryFile = SiteImage | SiteDocument


class DescribeAct(Act):
    """Says something else of a picture or file, or shows another part of the picture."""

    name = "describe"
    label = _("Change the words")

    def refuse(self, obj: DraftStateMixin, parameters: JsonObject) -> None:
        if parameters["before"] != content_digest_of(obj):
            raise ValidationError(
                gettext("“%(title)s” has been changed meanwhile. Make your change again.")
                % {"title": title_of(obj)}
            )

    def lines(self, obj: DraftStateMixin, parameters: JsonObject) -> list[str]:
        words = parameters["words"]
        said = [
            _difference(obj, name, words[name])
            for name in words
            if not name.startswith("focal_point")
        ]
        if any(name.startswith("focal_point") for name in words):
            said.append(gettext("Another part of the picture is kept when it is cropped."))
        return said

    def carry_out(self, proposal: Proposal, approval: Approval, user: User | None) -> None:
        obj: Any = object_of_proposal(proposal)
        self.refuse(obj, proposal.parameters)
        for name, value in proposal.parameters["words"].items():
            setattr(obj, name, value)
        with permitted(obj):
            self.save(obj, proposal)
        note_public(obj, approval, Publication.How.PUBLISHED, user=user)

    def save(self, obj: LibraryFile, proposal: Proposal) -> None:
        obj.save()


class ReplaceAct(DescribeAct):
    """Puts another file in the place of one, under the same address."""

    name = "replace"
    label = _("Replace the file")

    def lines(self, obj: DraftStateMixin, parameters: JsonObject) -> list[str]:
        text = gettext("“%(title)s” is replaced with another file.")
        return [text % {"title": title_of(obj)}, *super().lines(obj, parameters)]

    def files(self, obj: DraftStateMixin, proposal: Proposal) -> FilePair | None:
        after = reverse("newsdesk:proposed_file", args=[proposal.pk])
        if isinstance(obj, SiteImage):
            smaller = obj.renditions.order_by("width").first()
            return FilePair((smaller or obj).file.url, after, is_picture=True)
        return FilePair(obj.url, after, is_picture=False)

    def save(self, obj: LibraryFile, proposal: Proposal) -> None:
        former, storage = obj.file.name, obj.file.storage
        name = PurePath(proposal.parameters["file_name"]).name
        with proposal.file.open("rb") as content:
            # It was cleaned when it was proposed: cleaned once more it could be another.
            if isinstance(obj, SiteImage):
                obj.file = PictureFile(content, name)
            else:
                inspection = proposal.parameters.get("inspection")
                obj.file = CleanedFile(content, name, inspection=inspection)
            obj.save()
        with obj.open_file() as kept:
            is_the_approved = proposal.parameters["file_hash"] == fingerprint_of(kept)
        if not is_the_approved:
            storage.delete(obj.file.name)
            raise NotConfirmed(
                gettext("The new file is not the one that was approved. Make your change again.")
            )
        # Where it lies, nobody is served it. The receiver that remembers names has made the row.
        FormerFile.objects.filter(name=former).update(kept=former)


def propose_change(
    obj: LibraryFile, words: dict[str, Any], file: File | None, user: Any
) -> Proposal:
    """A stored proposal: other words, or another file, which nobody but editors can open."""
    parameters: JsonObject = {"before": content_digest_of(obj), "words": words}
    if file is None:
        return make_proposal(DescribeAct.name, obj, parameters, user)
    if isinstance(obj, SiteDocument):
        file = file if isinstance(file, CleanedFile) else cleaned(file, file.name or "")
        parameters["inspection"] = file.inspection
    parameters |= {"file_hash": fingerprint_of(file), "file_name": PurePath(file.name or "").name}
    return make_proposal(ReplaceAct.name, obj, parameters, user, file)


def changed_words(obj: LibraryFile, given: dict[str, Any]) -> dict[str, Any]:
    """Those of the given values that readers meet, and that are not what they meet now."""
    names = [name for name in words_of_file(type(obj)) if name in given]
    return {name: given[name] for name in names if given[name] != getattr(obj, name)}


def _difference(obj: LibraryFile, name: str, after: str) -> str:
    before = getattr(obj, name)
    if not before:
        text = gettext("%(field)s: “%(after)s” is added.")
    elif not after:
        text = gettext("%(field)s: “%(before)s” is removed.")
    else:
        text = gettext("%(field)s: “%(before)s” becomes “%(after)s”.")
    label = capfirst(str(obj._meta.get_field(name).verbose_name))
    return text % {"field": label, "before": before, "after": after}
