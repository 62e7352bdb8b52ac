"""Makes the page that an imported article becomes, of the kind that may lie where it is to lie."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from wagtail.coreutils import string_to_ascii
from wagtail.log_actions import log
from wagtail.models import Page

from pages.content.blocks.links import is_address
from pages.content.blocks.text import PROSE_FEATURES
from pages.content.models import ArticlePage, BasePage, NewsPage, PageTopic, Topic
from pages.content.tree.addresses import address_of, is_taken

from .completeness import look_through
from .documents import (
    AskedQuestion,
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
from .edited_text import as_edited
from .link_targets import Target, resolve_links, target_of
from .stored_pictures import StoredPictures

# The kinds of page that an import makes, in the order in which they are tried.
PAGE_KINDS: tuple[type[BasePage], ...] = (ArticlePage, NewsPage)


def article_from(
    article: ImportedArticle,
    *,
    parent: Page,
    user: User | AnonymousUser | None = None,
    topics: Sequence[Topic] = (),
    changed_on: date | None = None,
    kinds: Sequence[type[BasePage]] = PAGE_KINDS,
    slug: str = "",
    fields: Mapping[str, object] = MappingProxyType({}),
    note: Callable[[BasePage], object] = lambda page: None,
    key: UUID | None = None,
) -> BasePage:
    """The article as a draft of a page below `parent`, the user's if there is one. Raises RefusedError.

    It becomes an article, or below a list of news a news item, whose day, time and place the editor fills
    in, but for what `fields` says. All of it or nothing: when something stops it, no page, image or file
    is left behind. `note` writes down in the same transaction what was made. `slug` is the last part of its address, otherwise made of the title. With a `key` it makes
    one page, however often it is asked: the second time it raises ValidationError or IntegrityError.
    """
    kind = _kind_below(parent, kinds)
    _check_place(parent, slug, article.notes)
    builder = _Builder(article, parent, kind, slug, user, key)
    if kind is NewsPage:
        builder.fields = {**_day_of_news(article, fields), **fields}
    look_through(article)
    try:
        # Before the transaction: drawing takes seconds, in which nobody else could write to SQLite.
        builder.store_pictures()
        with transaction.atomic():
            page = builder.page(topics, changed_on)
            # A draft may lack what must be there when it is published.
            page.save_revision(user=user, log_action=True, clean=False)
            note(page)
    except BaseException:
        builder.pictures.remove()
        raise
    return page


def blocks_of(article: ImportedArticle, *, beside: Page) -> list[dict[str, object]]:
    """The article's parts, which have no pictures, as blocks of a page's body."""
    builder = _Builder(article, beside, ArticlePage, "")
    for part in article.parts:
        builder._add(part)
    builder._end_prose()
    return builder._blocks


def takes_imports(parent: Page) -> bool:
    """Whether what is imported can lie below the page."""
    return not parent.alias_of_id and any(kind.can_create_at(parent) for kind in PAGE_KINDS)


def _kind_below(parent: Page, kinds: Sequence[type[BasePage]]) -> type[BasePage]:
    if not parent.alias_of_id:
        for kind in kinds:
            if kind.can_create_at(parent):
                return kind
    address = address_of(parent.url_path) or parent.url_path
    names = _(" or ").join(str(kind._meta.verbose_name_plural) for kind in kinds)
    raise RefusedError(
        _("No %(kinds)s can lie below %(address)s.") % {"kinds": names, "address": address}
    )


def _check_place(parent: Page, slug: str, notes: Notes) -> None:
    address = address_of(parent.url_path) or parent.url_path
    if slug and (is_taken(slug, parent) or parent.get_children().filter(slug=slug).exists()):
        raise RefusedError(
            _("Something lies at %(address)s already.") % {"address": f"{address}{slug}/"}
        )
    if parent.get_ancestors(inclusive=True).filter(depth__gt=1, live=False).exists():
        notes.complete(
            _("%(address)s is not published itself: publish it first.") % {"address": address}
        )


def _day_of_news(article: ImportedArticle, fields: Mapping[str, object]) -> dict[str, object]:
    """The day of a news item, where nobody has said it."""
    if "published_on" in fields:
        return {}
    if article.changed_on:
        article.notes.check(_("The day of the news is taken from the day of its last change."))
        return {"published_on": article.changed_on}
    article.notes.complete(
        _("The file has no date: the news gets today's. Change it in the form where that is wrong.")
    )
    return {}


@dataclass
class _Builder:
    article: ImportedArticle
    parent: Page
    kind: type[BasePage]
    slug: str
    user: User | AnonymousUser | None = None
    key: UUID | None = None
    pictures: StoredPictures = field(init=False)
    fields: dict[str, object] = field(default_factory=dict)
    _slug: str = ""
    _blocks: list[dict[str, Any]] = field(default_factory=list)
    _prose: str = ""

    def __post_init__(self) -> None:
        self.pictures = StoredPictures(self.user)

    def store_pictures(self) -> None:
        """Stores every picture of the article, with its renditions."""
        self._slug = self._free_slug()
        figures = [part for part in self.article.parts if isinstance(part, Figure)]
        if self.article.image:
            figures.insert(0, self.article.image)
        self.pictures.store(figures, name=self._slug, title=self.article.title)

    def page(self, topics: Sequence[Topic], changed_on: date | None) -> BasePage:
        """The page as a draft in the tree."""
        self._slug = self._free_slug()
        page: Any = self.kind(
            title=self.article.title,
            slug=self._slug,
            lead=self.article.lead,
            locale=self.parent.locale,
            live=False,
            owner=self.user,
            translation_key=self.key or uuid4(),
            given_changed_on=changed_on or self._date_found(),
        )
        if self.article.image:
            value = self.pictures.value_of(self.article.image)
            page.image = _stream(page, "image", [{"type": "figure", "value": value}])
        for part in self.article.parts:
            self._add(part)
        self._end_prose()
        page.body = _stream(page, "body", self._blocks)
        for name, said in self.fields.items():
            setattr(page, name, said)
        page.page_topics = [
            PageTopic(topic=topic, sort_order=order) for order, topic in enumerate(topics)
        ]
        self.parent.add_child(instance=page)
        log(instance=page, action="wagtail.create", user=self.user)
        return page

    def _free_slug(self) -> str:
        return self.slug or free_slug(self.article.title, parent=self.parent)

    def _date_found(self) -> date | None:
        found = self.article.changed_on
        if found and found > localdate():
            self.article.notes.check(_("The date of the last change lies in the future."))
            return None
        return found

    def _add(self, part: Part) -> None:
        if isinstance(part, Prose):
            self._prose += self._linked(part.html)
        elif isinstance(part, Heading):
            self._prose += f"<h{part.level}>{escape(part.text)}</h{part.level}>"
        elif isinstance(part, LinkRow):
            if link := self._link(part):
                self._add_block("link_row", [link])
            else:  # an ordinary paragraph, with or without a link
                html = f'<a href="{escape(part.address)}">{escape(part.text)}</a>'
                self._prose += self._linked(f"<p>{html}</p>")
        elif isinstance(part, AskedQuestion):
            self._add_question(part)
        elif isinstance(part, Figure):
            self._add_block("figure", self.pictures.value_of(part))
        elif isinstance(part, Quote):
            self._add_block("quote", {"text": part.text, "source": part.source, "role": ""})
        else:
            self._add_block("table", _table(part))

    def _add_question(self, part: AskedQuestion) -> None:
        self._end_prose()
        if not self._blocks or self._blocks[-1]["type"] != "accordion":
            self._add_block("accordion", {"heading": "", "items": []})
        answer = as_edited(self._linked(part.html))
        self._blocks[-1]["value"]["items"].append({"question": part.question, "answer": answer})

    def _add_block(self, name: str, value: object) -> None:
        self._end_prose()
        self._blocks.append({"type": name, "value": value})

    def _end_prose(self) -> None:
        if self._prose:
            self._blocks.append({"type": "prose", "value": as_edited(self._prose, PROSE_FEATURES)})
        self._prose = ""

    def _linked(self, html: str) -> str:
        html, unresolved = resolve_links(
            html, locale=self.parent.locale, base=self._base, wait=self._note_waiting
        )
        for address in unresolved:
            self.article.notes.complete(
                _("A link leads nowhere, its text is kept: %(address)s.") % {"address": address}
            )
        return html

    def _note_waiting(self, address: str, target: Target) -> None:
        notes = self.article.notes
        notes.check(
            _("A link waits until a page is public at %(address)s.") % {"address": target.waits_at}
        )
        notes.leave(_("the link waits for its page"), address)

    @property
    def _base(self) -> str:
        return address_of(self.parent.url_path) or "/"

    def _link(self, row: LinkRow) -> dict[str, object] | None:
        """The value of a link block; None when the link is nothing for one."""
        target = target_of(row.address, locale=self.parent.locale, base=self._base)
        if target.leads_nowhere or target.waits_at:
            return None
        if target.page is not None:
            label = "" if row.text == target.page.title else row.text
            return {"type": "page", "value": {"page": target.page.pk, "label": label}}
        if target.document is not None:
            return {"type": "file", "value": {"file": target.document.pk, "label": row.text}}
        try:
            is_address(target.address)
        except ValidationError:
            return None
        return {"type": "address", "value": {"address": target.address, "label": row.text}}


def _stream(page: Page, name: str, blocks: list[dict[str, object]]) -> object:
    return page._meta.get_field(name).filled(blocks)


def _table(table: Table) -> dict[str, object]:
    return {
        "data": [list(row) for row in table.rows],
        "cell": [],
        "mergeCells": [],
        "table_caption": table.caption,
        "table_header_choice": table.header,
        "first_row_is_table_header": table.header in ("row", "both"),
        "first_col_is_header": table.header in ("column", "both"),
    }


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
