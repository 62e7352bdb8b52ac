"""Makes the page that an imported article becomes."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.utils.text import slugify
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from wagtail.coreutils import string_to_ascii
from wagtail.log_actions import log
from wagtail.models import Page

from pages.blocks.draftail import ListKeepingConverter
from pages.blocks.links import is_address
from pages.blocks.text import TEXT_FEATURES
from pages.library.pixels import UnreadableImageError
from pages.models import ArticlePage, PageTopic, SiteImage, Topic
from pages.tree.addresses import address_of, is_taken
from pages.virus_scanner import NotClearedError

from .completeness import look_through, usable_alt_text
from .documents import (
    Figure,
    Heading,
    ImportedArticle,
    LinkRow,
    Notes,
    Part,
    Prose,
    Quote,
    RefusedError,
    Table,
)
from .link_targets import resolve_links, target_of

_converter = ListKeepingConverter(features=TEXT_FEATURES)


def article_from(
    article: ImportedArticle,
    *,
    parent: Page,
    user: Any = None,
    topics: Sequence[Topic] = (),
    changed_on: date | None = None,
    say: Callable[[str], object] = lambda text: None,
) -> ArticlePage:
    """The article as a draft of a page below `parent`, the user's if there is one. Raises RefusedError.

    All of it or nothing: when something stops it, no page, image or file is left behind. `say` is
    told how far it has come.
    """
    _check_parent(parent, article.notes)
    look_through(article)
    builder = _Builder(article, parent)
    try:
        # Before the transaction: drawing takes seconds, in which nobody else could write to SQLite.
        builder.store_images(say)
        with transaction.atomic():
            page = builder.page(topics, changed_on, user)
            # A draft may lack what must be there when it is published.
            page.save_revision(user=user, log_action=True, clean=False)
    except BaseException:
        builder.remove_images()
        raise
    return page


def _check_parent(parent: Page, notes: Notes) -> None:
    address = {"address": address_of(parent.url_path) or parent.url_path}
    if parent.alias_of_id or not ArticlePage.can_create_at(parent):
        raise RefusedError(_("No articles can lie below %(address)s.") % address)
    if parent.get_ancestors(inclusive=True).filter(depth__gt=1, live=False).exists():
        notes.complete(_("%(address)s is not published itself: publish it first.") % address)


@dataclass
class _Builder:
    article: ImportedArticle
    parent: Page
    _slug: str = ""
    _images: dict[int, SiteImage] = field(default_factory=dict)  # by the identity of the figure
    _blocks: list[dict[str, Any]] = field(default_factory=list)
    _prose: str = ""

    def store_images(self, say: Callable[[str], object]) -> None:
        """Stores every image of the article, with its renditions."""
        self._slug = free_slug(self.article.title, parent=self.parent)
        figures = [part for part in self.article.parts if isinstance(part, Figure)]
        if self.article.image:
            figures.insert(0, self.article.image)
        for number, figure in enumerate(figures, start=1):
            if len(figures) > 1:
                say(_("Image %(number)d of %(count)d") % {"number": number, "count": len(figures)})
            self._store(figure, number)

    def remove_images(self) -> None:
        """Removes what has been stored, with its files, also where the database is gone."""
        for image in self._images.values():
            files = [image.file] if image.file and image.file._committed else []
            with suppress(DatabaseError, ValueError):
                files += [rendition.file for rendition in image.renditions.all()]
            with suppress(DatabaseError, ValueError):
                image.delete()
            for file in files:
                with suppress(OSError):
                    file.storage.delete(file.name)

    def page(self, topics: Sequence[Topic], changed_on: date | None, user: Any) -> ArticlePage:
        """The page as a draft in the tree."""
        self._slug = free_slug(self.article.title, parent=self.parent)
        page = ArticlePage(
            title=self.article.title,
            slug=self._slug,
            lead=self.article.lead,
            locale=self.parent.locale,
            live=False,
            owner=user,
            given_changed_on=changed_on or self._date_found(),
        )
        if self.article.image:
            value = self._figure(self.article.image)
            page.image = _stream(page, "image", [{"type": "figure", "value": value}])
        for part in self.article.parts:
            self._add(part)
        self._end_prose()
        page.body = _stream(page, "body", self._blocks)
        page.page_topics = [
            PageTopic(topic=topic, sort_order=order) for order, topic in enumerate(topics)
        ]
        self.parent.add_child(instance=page)
        log(instance=page, action="wagtail.create", user=user)
        return page

    def _date_found(self) -> date | None:
        found = self.article.changed_on
        if found and found > localdate():
            self.article.notes.check(_("The date of the last change lies in the future."))
            return None
        return found

    def _add(self, part: Part) -> None:
        if isinstance(part, Prose):
            self._prose += self._linked(part.html)
            return
        if isinstance(part, LinkRow):
            link = self._link(part)
            if link is None:  # an ordinary paragraph, with or without a link
                html = f'<a href="{escape(part.address)}">{escape(part.text)}</a>'
                self._prose += self._linked(f"<p>{html}</p>")
                return
            self._add_block("link_row", [link])
        elif isinstance(part, Heading):
            self._add_block("heading", {"text": part.text, "level": f"h{part.level}"})
        elif isinstance(part, Figure):
            self._add_block("figure", self._figure(part))
        elif isinstance(part, Quote):
            self._add_block("quote", {"text": part.text, "source": part.source, "role": ""})
        else:
            self._add_block("table", _table(part))

    def _add_block(self, name: str, value: Any) -> None:
        self._end_prose()
        self._blocks.append({"type": name, "value": value})

    def _end_prose(self) -> None:
        if self._prose:
            self._blocks.append({"type": "prose", "value": as_edited(self._prose)})
        self._prose = ""

    def _linked(self, html: str) -> str:
        html, unresolved = resolve_links(html, locale=self.parent.locale, base=self._base)
        for address in unresolved:
            self.article.notes.complete(
                _("A link leads nowhere, its text is kept: %(address)s.") % {"address": address}
            )
        return html

    @property
    def _base(self) -> str:
        return address_of(self.parent.url_path) or "/"

    def _link(self, row: LinkRow) -> dict[str, Any] | None:
        """The value of a link block; None when the link is nothing for one."""
        target = target_of(row.address, locale=self.parent.locale, base=self._base)
        if target.leads_nowhere:
            return None
        if target.page is not None:
            if not target.page.live:
                self.article.notes.complete(
                    _("A link leads to a page that is not published: %(title)s.")
                    % {"title": target.page.title}
                )
            label = "" if row.text == target.page.title else row.text
            return {"type": "page", "value": {"page": target.page.pk, "label": label}}
        if target.document is not None:
            return {"type": "file", "value": {"file": target.document.pk, "label": row.text}}
        try:
            is_address(target.address)
        except ValidationError:
            return None
        return {"type": "address", "value": {"address": target.address, "label": row.text}}

    def _figure(self, figure: Figure) -> dict[str, Any]:
        return {
            "image": {
                "image": self._images[id(figure)].pk,
                "alt_text": "" if figure.is_decorative else usable_alt_text(figure.alt_text),
                "decorative": figure.is_decorative,
            },
            "caption": figure.caption,
        }

    def _store(self, figure: Figure, number: int) -> None:
        name = f"{self._slug[:60].rstrip('-')}-{number}.{figure.picture.extension}"
        alt_text = "" if figure.is_decorative else usable_alt_text(figure.alt_text)
        image = SiteImage(
            title=(alt_text or figure.caption or self.article.title)[:255],
            description=alt_text[:255],
            caption=figure.caption[:300],
            file=ContentFile(figure.picture.content, name=name),
        )
        self._images[id(figure)] = image
        try:
            image.save()
        except NotClearedError as error:
            raise RefusedError(error.messages[0]) from error
        except UnreadableImageError as error:
            raise RefusedError(
                _("Image %(number)s cannot be read.") % {"number": number}
            ) from error


def _stream(page: ArticlePage, name: str, blocks: list[dict[str, Any]]) -> Any:
    return page._meta.get_field(name).stream_block.to_python(blocks)


def _table(table: Table) -> dict[str, Any]:
    return {
        "data": [list(row) for row in table.rows],
        "cell": [],
        "mergeCells": [],
        "table_caption": table.caption,
        "table_header_choice": table.header,
        "first_row_is_table_header": table.header in ("row", "both"),
        "first_col_is_header": table.header in ("column", "both"),
    }


def as_edited(html: str) -> str:
    """The rich text as the editor would store it, with nothing in it that it does not offer.

    With the editor's own marks from the start, opening and saving the page changes nothing,
    and so leaves the date of the last change as it is.
    """
    return _converter.to_database_format(_converter.from_database_format(html))


def free_slug(title: str, *, parent: Page) -> str:
    """The last part of a new page's address: the title's, with a number when that is taken."""
    longest = Page._meta.get_field("slug").max_length - 5
    plain = slugify(string_to_ascii(title))[:longest].strip("-") or "artikel"
    slug, number = plain, 1
    siblings = parent.get_children()
    while is_taken(slug, parent) or siblings.filter(slug=slug).exists():
        number += 1
        slug = f"{plain}-{number}"
    return slug
