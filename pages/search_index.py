"""Questions to the search index, and what keeps it right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import (
    BigIntegerField,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    Model,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
    TextField,
    Value,
)  # fmt: skip
from django.db.models.functions import Cast
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _
from wagtail.models import CollectionViewRestriction, Page, ReferenceIndex, get_page_models
from wagtail.query import PageQuerySet
from wagtail.search.backends import get_search_backend
from wagtail.search.index import insert_or_update_object
from wagtail.signals import page_published

from .addresses import root_of
from .excerpts import Term, terms_of, widened
from .models import NewsPage, SiteDocument, Topic
from .search_backend import harmless

# Nobody reads further, and a word that stands on every page stays as cheap as a rare one.
MOST_FOUND = 1000

# What a word weighs by where it stands. Title and lead are both in the autocomplete column
# (`BasePage.search_fields`), so a word of the lead counts with that column's weight.
WEIGHT_OF_TITLE = 20.0
WEIGHT_OF_LEAD = 6.0
WEIGHT_OF_BODY = 1.0


class Kind(TextChoices):
    """What the reader can narrow the search to. The values stand in addresses."""

    ARTICLES = "artiklar", _("Articles and other pages")
    NEWS = "nyheter", _("News items")
    FILES = "filer", _("Files")


@dataclass(frozen=True)
class Found:
    """An entry of the index that answers the query, not yet looked up."""

    content_type_id: int
    pk: int
    rank: float  # the lower, the better


@dataclass(frozen=True)
class Scope:
    """Where to look: pages, and files that such pages refer to."""

    pages: PageQuerySet
    files: QuerySet[SiteDocument]

    @classmethod
    def of(cls, language: str | None, topic: Topic | None = None) -> "Scope":
        """What visitors can read in a language, or of it what carries a topic."""
        root = root_of(language or "")
        if root is None:
            return cls(Page.objects.none(), SiteDocument.objects.none())
        pages = Page.objects.live().filter(
            locale__language_code=language, url_path__startswith=root.root_path
        )
        if topic:
            pages = pages.filter(page_topics__topic=topic)
        return cls(pages, _files_of(pages))

    def only(self, kind: Kind) -> "Scope":
        """The part of it that is of one kind."""
        no_pages, no_files = self.pages.none(), self.files.none()
        if kind == Kind.FILES:
            return Scope(no_pages, self.files)
        if kind == Kind.NEWS:
            return Scope(self.pages.type(NewsPage), no_files)
        return Scope(self.pages.not_type(NewsPage), no_files)


def _files_of(pages: PageQuerySet) -> QuerySet[SiteDocument]:
    """The files that these pages refer to, but none that is protected.

    A file is in the media library as soon as an editor uploads it. It becomes findable with
    the page that it belongs to: not before that page is approved, and not after it is withdrawn.
    """
    referred_to = (
        ReferenceIndex.objects.filter(
            base_content_type=ContentType.objects.get_for_model(Page),
            to_content_type=ContentType.objects.get_for_model(SiteDocument),
            object_id__in=_keys(pages),
        )
        .annotate(file=Cast("to_object_id", BigIntegerField()))
        .values("file")
    )
    protected = CollectionViewRestriction.objects.annotate(
        path=ExpressionWrapper(OuterRef("collection__path"), output_field=CharField())
    ).filter(path__startswith=F("collection__path"))
    return SiteDocument.objects.filter(~Exists(protected), pk__in=referred_to)


def _keys(items: QuerySet) -> QuerySet:
    """The primary keys as the text that generic relations store."""
    return items.order_by().annotate(key=Cast("pk", TextField())).values("key")


Ask = Callable[[Scope], list[Found]]


def attempts(query: str) -> list[tuple[list[Term], Ask]]:
    """Ways to ask for the words, each wider than the one before, with the terms each looks for."""
    words = harmless(query)
    terms = terms_of(words)
    if not terms:
        return []
    entries = _fts5_entries()
    if entries is not None:
        ways = [terms] if widened(terms) == terms else [terms, widened(terms)]
        return [(way, partial(_ask_fts5, entries, way)) for way in ways]
    # PostgreSQL takes words to their stems itself; the marks have to follow it.
    backend = get_search_backend()
    return [
        (widened(terms), partial(_ask_backend, ask, words))
        for ask in (backend.search, backend.autocomplete)
    ]


def _ask_fts5(entries: type[Model], terms: Sequence[Term], scope: Scope) -> list[Found]:
    """What has all the terms, best first, from SQLite's full-text index.

    Not through Wagtail's backend, which cannot weigh a title more than a body, ranks pages
    and files apart, and knows nothing of the beginnings of words in a body. Its table is
    read as it stands; its three columns are `autocomplete`, `body` and `title`, in this order.
    """
    # Cannot be imported where the database is another one.
    from modelsearch.backends.database.sqlite.query import MatchExpression, SearchQueryExpression

    # bm25() is negative and smallest for the best match. It wants the table's own name.
    rank = Func(
        Value(WEIGHT_OF_LEAD),
        Value(WEIGHT_OF_BODY),
        Value(WEIGHT_OF_TITLE),
        function="bm25",
        template=f"%(function)s({entries._meta.db_table}, %(expressions)s)",
        output_field=FloatField(),
    )
    match = MatchExpression(
        ["autocomplete", "body", "title"],
        SearchQueryExpression(Value(_in_fts5_syntax(terms))),
    )
    rows = (
        entries._default_manager.filter(match)
        .filter(
            Q(
                index_entry__content_type__in=_page_types(),
                index_entry__object_id__in=_keys(scope.pages),
            )
            | Q(
                index_entry__content_type=_file_type(),
                index_entry__object_id__in=_keys(scope.files),
            )
        )
        .annotate(rank=rank)
        .order_by("rank", "-pk")
        .values_list("index_entry__content_type_id", "index_entry__object_id", "rank")
    )
    return [Found(type_id, int(key), rank) for type_id, key, rank in rows[:MOST_FOUND]]


def _in_fts5_syntax(terms: Sequence[Term]) -> str:
    """All the terms, in FTS5's query language.

    A term holds letters and digits only, and in quotation marks no word is an operator. A
    word that may go on is looked for both ways: to the letter it is rarer and ranks higher.
    """
    phrases = [(f'"{" ".join(term.words)}"', term.is_prefix) for term in terms]
    return " AND ".join(
        f"({phrase} OR {phrase} *)" if is_prefix else phrase for phrase, is_prefix in phrases
    )


def _ask_backend(ask: Callable[..., Any], words: str, scope: Scope) -> list[Found]:
    """What has all the words, best first, from any other database that Wagtail can search."""
    found: list[Found] = []
    for items in (scope.pages, scope.files):
        # The backend allows filters on fields that are declared for it; the key is one.
        plain = items.model._default_manager.filter(pk__in=items.order_by().values("pk"))
        results = ask(words, plain).annotate_score("score")[:MOST_FOUND]
        found += [Found(_type_id_of(item), item.pk, -(item.score or 0.0)) for item in results]
    return sorted(found, key=lambda entry: entry.rank)[:MOST_FOUND]


def _type_id_of(item: Model) -> int:
    return item.content_type_id if isinstance(item, Page) else _file_type().pk


@cache
def _fts5_entries() -> type[Model] | None:
    """The table of SQLite's full-text index; None on another database."""
    if connection.vendor != "sqlite":
        return None
    try:
        return apps.get_model("wagtailsearch", "SQLiteFTSIndexEntry")
    except LookupError:
        return None


def _page_types() -> list[ContentType]:
    return list(ContentType.objects.get_for_models(*get_page_models()).values())


def _file_type() -> ContentType:
    return ContentType.objects.get_for_model(SiteDocument)


def kind_of(entry: Found) -> Kind:
    """What the reader may narrow the search to, to see this entry."""
    if entry.content_type_id == _file_type().pk:
        return Kind.FILES
    is_news = entry.content_type_id == ContentType.objects.get_for_model(NewsPage).pk
    return Kind.NEWS if is_news else Kind.ARTICLES


def texts_of(entries: Sequence[Found]) -> dict[tuple[int, int], str]:
    """The indexed texts: what was searched, so that no stream has to be read for an excerpt."""
    text = "body_text" if connection.vendor == "postgresql" else "body"
    rows = (
        apps.get_model("wagtailsearch", "IndexEntry")
        .objects.filter(
            content_type__in={entry.content_type_id for entry in entries},
            object_id__in={str(entry.pk) for entry in entries},
        )
        .values_list("content_type_id", "object_id", text)
    )
    return {(type_id, int(key)): value or "" for type_id, key, value in rows}


def keep_index_right() -> None:
    """From now on, what Wagtail indexes too early or not at all is indexed again."""
    page_published.connect(_index_again)
    post_save.connect(_index_pages_of_topic, sender=Topic)


def _index_again(instance: Page, **_signal: Any) -> None:
    """Wagtail indexes a page as soon as its own row is saved, before the rows of its topics."""
    insert_or_update_object(instance)


def _index_pages_of_topic(instance: Topic, created: bool, **_signal: Any) -> None:
    """A page is found by the names of its topics."""
    if not created:
        for page in Page.objects.filter(page_topics__topic=instance).specific():
            insert_or_update_object(page)
