"""Writes what visitors and editors find, in the transaction that changes a page or a file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import translation
from django.utils.timezone import localdate
from wagtail.models import Page

from pages.content.models import BasePage, SearchKind
from pages.content.references.named import named_by
from pages.content.references.shelves import fetch_named
from pages.ground.models import ContentVersion
from pages.ground.version.memory import one_version
from pages.library.models import SiteDocument
from pages.search.models import EditorsEntry, PublishedFile, SearchEntry

from . import tokens, vocabulary
from .places import place_of_file, place_of_page


def write_page(page: Page) -> None:
    """Makes visitors find the page by its words while it is live, and editors by its newest words."""
    page = page.specific
    if not isinstance(page, BasePage):
        return
    with transaction.atomic():
        public, editors = _entries_of(page)
        _put({"page": page}, public)
        _put_for_editors([editors])
        _put_files({page.pk: _files_of(page, named_by(page))})


def write_draft(page: BasePage) -> None:
    """Makes editors find the page by the words of this draft, which visitors do not see."""
    with transaction.atomic():
        _put_for_editors([_entry_for_editors(page, _Words(page))])


def forget_page(instance: Page, **_signal: object) -> None:
    """Takes the page out of the search, and the files that were found because of it."""
    with transaction.atomic():
        _put({"page": instance.pk}, None)
        _put_files({instance.pk: set()})


def write_file(file: SiteDocument) -> None:
    """Makes the file findable while a live page refers to it.

    A file is in the media library as soon as an editor uploads it. It becomes findable with
    the page that it belongs to: not before that page is approved, and not after it is withdrawn.
    """
    with transaction.atomic():
        referring = SearchEntry.objects.filter(page__published_files__file=file)
        found = list(referring.values_list("languages", "filters"))
        _put({"file": file}, _entry_of_file(file, found) if found else None)


def forget_file(instance: SiteDocument, **_signal: object) -> None:
    with transaction.atomic():
        _put({"file": instance.pk}, None)


def write_pages(pages: Iterable[Page]) -> None:
    """Writes many pages at once; call `finish_rebuild` after the last of them.

    The pages are read again, in case they have changed since. A thousand pages take as many
    queries as one, as long as they name the same things.
    """
    keys = defaultdict(list)
    for page in pages:
        if isinstance(page, BasePage):
            keys[type(page)].append(page.pk)
    with transaction.atomic(), one_version(ask=ContentVersion.now):
        ContentVersion.hold()
        found = {
            page.pk: page
            for model, its in keys.items()
            for page in model._default_manager.filter(pk__in=its)
        }
        prefetch_related_objects([*found.values()], "locale", "page_topics")
        drafts = [page for page in found.values() if page.has_unpublished_changes]
        prefetch_related_objects(drafts, "latest_revision")
        named = {key: named_by(page) for key, page in found.items()}
        fetch_named(named.values())
        entries = [_entries_of(page) for page in found.values()]
        SearchEntry.objects.filter(page__in=found).delete()
        SearchEntry.objects.bulk_create(
            [public for public, _editors in entries if public], batch_size=100
        )
        _put_for_editors([editors for _public, editors in entries])
        _note_files({key: _files_of(page, named[key]) for key, page in found.items()})


def finish_rebuild() -> None:
    """Writes the files that the pages refer to, and counts the words of all."""
    for file in SiteDocument.objects.filter(published_on__isnull=False).distinct():
        write_file(file)
    vocabulary.count_anew()


class _Words:
    """What a version of a page says."""

    def __init__(self, page: BasePage) -> None:
        self.language = page.locale.language_code
        with translation.override(self.language):
            body = page.search_text()
        beside_title = "\n".join(
            [page.lead, page.listing_text, page.seo_title, page.search_description]
        )
        self.text = f"{page.lead}\n{body}"
        self.tokens = tokens.tokens_of(page.title, beside_title, body, self.language)


def _newest(page: BasePage) -> BasePage:
    """The version that an editor who opens the page sees."""
    if page.has_unpublished_changes and page.latest_revision:
        return page.with_content_json(page.latest_revision.content)
    return page


def _entries_of(page: BasePage) -> tuple[SearchEntry | None, EditorsEntry]:
    """What visitors find while the page is live, and what editors find."""
    words, newest = _Words(page), _newest(page)
    public = _entry_of_page(page, words) if page.live else None
    return public, _entry_for_editors(newest, words if newest is page else _Words(newest))


def _entry_of_page(page: BasePage, words: _Words) -> SearchEntry:
    day = _date_of(page, page.last_published_at)
    filters = [
        tokens.in_language(words.language),
        tokens.of_kind(page.search_kind),
        *(tokens.with_topic(row.topic_id) for row in page.page_topics.all()),
    ]
    return SearchEntry(
        place=place_of_page(page.pk, day),
        page_id=page.pk,
        tokens=_written({*words.tokens, *filters}),
        filters=" ".join(filters),
        languages=words.language,
        title=page.title,
        text=words.text,
    )


def _entry_for_editors(page: BasePage, words: _Words) -> EditorsEntry:
    day = _date_of(page, page.latest_revision_created_at)
    asked_for = [each for each in words.tokens if each.startswith(tokens.FOR_EDITORS)]
    return EditorsEntry(
        place=place_of_page(page.pk, day),
        page_id=page.pk,
        tokens=_written({*asked_for}),
    )


def _entry_of_file(file: SiteDocument, referring: Iterable[tuple[str, str]]) -> SearchEntry:
    languages = sorted({language for language, _filters in referring})
    filters = {
        token for _language, filters in referring for token in filters.split() if token[0] != "k"
    } | {tokens.of_kind(SearchKind.FILES)}
    day = localdate(file.created_at)
    words: set[str] = set()
    for language in languages:
        words |= tokens.tokens_of(file.title, file.description, "", language)
    return SearchEntry(
        place=place_of_file(file.pk, day),
        file_id=file.pk,
        tokens=_written(words | filters),
        filters=" ".join(sorted(filters)),
        languages=" ".join(languages),
        title=file.title,
        text=file.description,
    )


def _written(found: set[str]) -> str:
    return " ".join(sorted(found))


def _date_of(page: BasePage, otherwise: datetime | None) -> date:
    """What the newest comes first by: the reader's date, if the page has one."""
    return page.listed_on or (localdate(otherwise) if otherwise else date.min)


def _put(of: dict[str, object], entry: SearchEntry | None) -> None:
    """Writes the entry of this page or file instead of the former; none takes that away."""
    former = SearchEntry.objects.filter(**of).defer("tokens").first()
    if former and (entry is None or former.place != entry.place):
        former.delete()
    if entry:
        entry.save()
    vocabulary.change(vocabulary.words_of(former), vocabulary.words_of(entry))


def _put_for_editors(entries: Sequence[EditorsEntry]) -> None:
    EditorsEntry.objects.filter(page__in=[entry.page_id for entry in entries]).delete()
    EditorsEntry.objects.bulk_create(entries, batch_size=100)


def _files_of(page: BasePage, named: Mapping[type, set[int]]) -> set[int]:
    return named[SiteDocument] if page.live else set()


def _put_files(named: Mapping[int, set[int]]) -> None:
    """Writes the files that these pages name now or have named until now."""
    for file in SiteDocument.objects.filter(pk__in=_note_files(named)):
        write_file(file)


def _note_files(named: Mapping[int, set[int]]) -> set[int]:
    """Notes which files these pages name now; returns those and the ones that they named before."""
    rows = PublishedFile.objects.filter(page__in=named)
    before = set(rows.values_list("page_id", "file_id"))
    asked = SiteDocument.objects.filter(pk__in=set().union(*named.values()))
    there = set(asked.values_list("pk", flat=True))
    now = {(key, file) for key, its in named.items() for file in its & there}
    if now != before:
        rows.delete()
        PublishedFile.objects.bulk_create(
            PublishedFile(page_id=key, file_id=file) for key, file in sorted(now)
        )
    return {file for _key, file in before | now}
