"""How it stands with a picture or file, in the words that the lists and its own page show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from pages.library.models import SiteImage
from pages.newsroom.digest import key_of
from pages.newsroom.file_acts import LibraryFile, ReplaceAct
from pages.newsroom.file_queries import changes_sent
from pages.newsroom.file_terms import FileTerm, terms_of
from pages.newsroom.file_uses import Uses, uses_of
from pages.newsroom.models import SubmittedItem
from pages.newsroom.moments import since


@dataclass(frozen=True)
class Waiting:
    """A change that two have not confirmed yet."""

    words: str
    address: str


@dataclass(frozen=True)
class FileState:
    """How it stands with one picture or file."""

    file: LibraryFile
    uses: Uses
    terms: Sequence[FileTerm]
    waiting: Waiting | None

    @property
    def is_public(self) -> bool:
        return bool(self.uses.public)

    @property
    def is_unused(self) -> bool:
        return not self.uses

    @property
    def delete(self) -> str:
        """Where it is deleted; nothing if it is used or was public. What lies there asks anew."""
        if not self.is_unused or self.file.public_since:
            return ""
        name = "wagtailimages" if isinstance(self.file, SiteImage) else "wagtaildocs"
        return reverse(f"{name}:delete", args=[self.file.pk])

    @property
    def headline(self) -> str:
        if not self.is_public:
            return gettext("Closed")
        pages = sum(use.is_page for use in self.uses.public)
        rest = len(self.uses.public) - pages
        on_pages = ngettext("on %(number)d page", "on %(number)d pages", pages) % {"number": pages}
        elsewhere = ngettext(
            "at %(number)d place in the registers", "at %(number)d places in the registers", rest
        ) % {"number": rest}
        if pages and rest:
            return gettext("Published %(there)s and %(elsewhere)s") % {
                "there": on_pages,
                "elsewhere": elsewhere,
            }
        return gettext("Published %(there)s") % {"there": on_pages if pages else elsewhere}

    @property
    def details(self) -> list[str]:
        """The rest, in the order in which it is read."""
        withdrawn = sum(use.is_withdrawn for use in self.uses.drafts)
        drafts = len(self.uses.drafts) - withdrawn
        said = []
        if drafts:
            text = ngettext("in %(number)d draft", "in %(number)d drafts", drafts)
            said.append(text % {"number": drafts})
        if withdrawn:
            text = ngettext(
                "on %(number)d withdrawn page", "on %(number)d withdrawn pages", withdrawn
            )
            said.append(text % {"number": withdrawn})
        if self.is_unused:
            said.append(gettext("not used since %(day)s") % {"day": _day(self.unused_since)})
        elif not self.is_public:
            said.append(gettext("only those who have logged in can reach it"))
        return said

    @property
    def unused_since(self) -> datetime:
        """When something named it last, or else when it was uploaded."""
        return self.file.last_used_at or self.file.created_at


def way_to_file(file: LibraryFile) -> str:
    """Where it is changed; who may not is told there, since each answer would be a query."""
    if isinstance(file, SiteImage):
        return reverse("wagtailimages:edit", args=[file.pk])
    return reverse("wagtaildocs:edit", args=[file.pk])


def states_of(files: Iterable[LibraryFile]) -> list[FileState]:
    """How it stands with each of the files, all of one model; as many queries for one as for many."""
    files = list(files)
    if not files:
        return []
    uses = uses_of(type(files[0]), [file.pk for file in files])
    waiting = _what_waits(files)
    return [
        FileState(file, uses[file.pk], list(terms_of(file)), waiting.get(key_of(file)))
        for file in files
    ]


def _what_waits(files: Sequence[LibraryFile]) -> dict[str, Waiting]:
    items = (
        changes_sent(type(files[0]))
        .filter(key__in=[key_of(file) for file in files])
        .select_related("submission", "proposal")
    )
    return {item.key: _waiting(item, item.proposal) for item in items.order_by("pk")}


def _waiting(item: SubmittedItem, proposal: Any) -> Waiting:
    text = (
        gettext("A replacement waits for approval since %(when)s")
        if proposal.act == ReplaceAct.name
        else gettext("A change waits for approval since %(when)s")
    )
    address = reverse("newsdesk:confirm", args=[item.submission_id])
    return Waiting(text % {"when": since(item.submission.sent_at)}, address)


def _day(at: datetime) -> str:
    return date_format(localtime(at), "Y-m-d")
