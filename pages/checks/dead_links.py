"""Links, and entries of registers, that would lead a visitor to nothing: a draft, something withdrawn, no page at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model
from wagtail.models import Page

from pages.content.models import RegisterEntry, Withdrawal
from pages.content.tree.addresses import address_of, own_pages_at

from .checked_content import Content
from .findings import ContentCheck, Finding
from .met import Spot
from .own_addresses import own_path, where_nothing_answers


class DeadLinks(ContentCheck):
    name = "dead_link"

    def find(self, content: Content) -> Iterator[Finding]:
        for each in dead_targets(content):
            yield self._to_draft(each) if each.page is not None else self._to_nothing(each)

    def _to_draft(self, dead: "DeadTarget") -> Finding:
        page: Any = dead.page
        why = (
            gettext("“%(words)s” leads to “%(title)s”, which visitors cannot read.")
            if dead.words
            else gettext("There is a link to “%(title)s”, which visitors cannot read.")
        )
        return self.finding(
            dead.spot,
            title=gettext("The link leads to something withdrawn")
            if _is_gone(page)
            else gettext("The link leads to a draft"),
            why=why % {"words": dead.words, "title": _title(page)},
            fix=gettext("Choose a public page, take the link out, or send both together."),
            words=dead.words or _title(page),
            about=dead.about,
            target=page,
        )

    def _to_nothing(self, dead: "DeadTarget") -> Finding:
        words = dead.words if dead.words in ("", dead.written) else f"{dead.words} ({dead.written})"
        said = words if dead.written else dead.words
        return self.finding(
            dead.spot,
            title=gettext("The link leads nowhere"),
            why=gettext("“%(words)s” leads to something that does not exist.") % {"words": said}
            if said
            else gettext("What is linked to does not exist any more."),
            fix=gettext("Choose something else, or take the link out."),
            words=said,
            about=dead.about,
        )


@dataclass(frozen=True)
class DeadTarget:
    """A link that leads a visitor to nothing."""

    spot: Spot
    words: str
    about: str
    page: Page | None = None  # a draft, or withdrawn
    written: str = ""  # the address, where somebody has written one

    @property
    def address(self) -> str:
        """For a list: where it leads."""
        if self.page is not None:
            return address_of(self.page.url_path) or _title(self.page)
        return self.written or self.words or self.about


def dead_targets(content: Content) -> Iterator[DeadTarget]:
    """Every link of the content that would lead a visitor to nothing."""
    for mention in content.mentions:
        if mention.model not in (Page, get_document_model()):
            continue
        target = content.named(mention.model, mention.key)
        about = f"{mention.model._meta.model_name} {mention.key}"
        if target is None:
            yield DeadTarget(mention.spot, mention.words, about)
        elif mention.model is Page and not _can_be_read(content, target):
            yield DeadTarget(mention.spot, mention.words, about, page=target)
    paths = {each: path for each in content.addresses if (path := own_path(each.address))}
    if not paths:
        return
    found = own_pages_at(set(paths.values()))
    lost = where_nothing_answers(set(paths.values()) - found.keys())
    for each, path in paths.items():
        target, words = found.get(path), each.words or each.address
        if target is not None and not _can_be_read(content, target):
            yield DeadTarget(each.spot, words, path, page=target)
        elif path in lost:
            yield DeadTarget(each.spot, words, path, written=each.address)


def _can_be_read(content: Content, page: Page) -> bool:
    return page.live or content.is_sent_together(page)


def _is_gone(page: Page) -> bool:
    """Whether it was withdrawn."""
    return Withdrawal.objects.in_force().filter(page=page).exists()


def _title(page: Model) -> str:
    return str(getattr(page, "draft_title", "") or page)


class DraftEntries(ContentCheck):
    name = "draft_entry"
    title = _("“%(name)s” is not published")
    why = _("The page shows something of a register that is still a draft.")
    fix = _("Send it for approval, or choose another.")

    def find(self, content: Content) -> Iterator[Finding]:
        for mention in content.mentions:
            if not issubclass(mention.model, RegisterEntry):
                continue
            entry = content.named(mention.model, mention.key)
            if entry is None or entry.live or content.is_sent_together(entry):
                continue
            yield self.finding(
                mention.spot,
                words=str(entry),
                about=f"{mention.model._meta.model_name} {mention.key}",
                target=entry,
                said={"name": entry},
            )
