"""Two tables of one search: what nobody has published is in none that visitors' service may read."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from wagtail.models import Page

from pages.content.models import ArticlePage, SectionPage
from pages.newsroom.keeping_public import deleting_for_good
from pages.newsroom.withdrawals import withdraw_page
from pages.search import engine, tokens
from pages.search.models import EditorsEntry, PublishedFile, SearchEntry
from pages.search.words import stem
from tests.factories import ArticlePageFactory, SectionPageFactory, SiteDocumentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

ROLES = Path(__file__).resolve().parents[3] / "deploy" / "database_roles.sql"
MARK = "zebrafink"


def tables_of_visitors() -> list[str]:
    """The tables of the search that their service may read."""
    (granted,) = re.findall(r"GRANT SELECT ON([^;]*?)TO \"sapo-public\";", ROLES.read_text())
    tables = re.findall(r"search_(?:search|editors|published)\w+", granted)
    assert tables == ["search_publishedfile", "search_searchentry", "search_searchword"]
    return tables


def is_among(tables: list[str]) -> bool:
    """Whether the word stands in any row of these tables."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            if MARK in repr(cursor.fetchall()).casefold():
                return True
    return False


def visitors_could_find_it() -> bool:
    return found_among_the_public() or is_among(tables_of_visitors())


def found_among_the_public() -> bool:
    return bool(engine.public.some(tokens.stemmed(tokens.Where.ANYWHERE, stem(MARK, "sv")), 10))


def editors_find() -> list[Page]:
    return [page.specific for page in Page.objects.search(MARK)]


def live(section, title="Artikel", **values):
    page = ArticlePageFactory(parent=section, title=title, slug="artikel", live=False, **values)
    page.save_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)


def draft(section, **values):
    return ArticlePageFactory(parent=section, title=MARK, slug="utkast", live=False, **values)


# What an editor has done, and what is left of it


def saved_as_a_draft(section):
    draft(section).save_revision()


def scheduled(section):
    page = draft(section, go_live_at=timezone.now() + timedelta(days=1))
    page.save_revision().publish()


def edited_after_publication(section):
    page = live(section)
    page.title = page.lead = MARK
    page.save_revision()


def edited_and_saved_otherwise(section):
    """A save of the whole page, as its unpublishing or another row of it may ask for."""
    edited_after_publication(section)
    ArticlePage.objects.get(slug="artikel").save()


def unpublished(section):
    live(section, MARK).unpublish()


def withdrawn_with_its_section(section):
    live(section, MARK)
    withdraw_page(section, "outdated")


def withdrawn(section):
    withdraw_page(live(section, MARK), "mistake")


def published_without_it(section):
    """Only the title of the draft has the word again."""
    page = live(section, MARK)
    page.title = "Artikel"
    page.save_revision().publish()
    page.title = MARK
    page.save_revision()


def copied(section):
    page = live(section)
    page.title = MARK
    page.save_revision()
    page.unpublish()
    ArticlePage.objects.get(pk=page.pk).copy(update_attrs={"slug": "kopia"}, keep_live=False)


def moved_as_a_draft(section):
    page = draft(section)
    page.save_revision()
    page.move(SectionPageFactory(parent=section.get_parent(), slug="annan"), pos="last-child")


@pytest.mark.parametrize(
    "done",
    [
        saved_as_a_draft, scheduled, edited_after_publication, edited_and_saved_otherwise,
        unpublished, withdrawn_with_its_section, withdrawn, published_without_it, copied,
        moved_as_a_draft,
    ],
)  # fmt: skip
def test_what_is_not_public_is_found_by_editors_and_stands_in_no_table_of_visitors(section, done):
    done(section)
    assert not visitors_could_find_it()
    assert any(page.get_latest_revision_as_object().title == MARK for page in editors_find())


def test_what_is_published_is_found_by_both_until_it_is_deleted(section):
    page = live(section, MARK)
    assert visitors_could_find_it()
    assert editors_find() == [page]
    with deleting_for_good("a test"):
        page.delete()
    assert not visitors_could_find_it()
    assert not is_among(["search_editorsentry"])


def linking(section, file, **values):
    body = (
        f'[{{"type": "prose", "value": "<a linktype=\\"document\\" id=\\"{file.pk}\\">den</a>"}}]'
    )
    return live(section, body=body, **values)


def test_a_file_is_in_the_table_of_visitors_while_a_live_page_refers_to_it(section):
    file = SiteDocumentFactory(title=MARK)
    assert not visitors_could_find_it()

    page = linking(section, file)
    assert visitors_could_find_it()
    page.unpublish()
    assert not visitors_could_find_it()
    assert not PublishedFile.objects.exists()

    page = ArticlePage.objects.get(pk=page.pk)
    page.save_revision().publish()
    assert visitors_could_find_it()
    page.body = "[]"
    page.save_revision()
    assert visitors_could_find_it()
    page.save_revision().publish()
    assert not visitors_could_find_it()


def test_the_table_of_visitors_takes_no_entry_without_a_place_where_it_is_public(section):
    with pytest.raises(IntegrityError), transaction.atomic():
        SearchEntry.objects.create(place=1, page_id=section.pk, tokens="cxzebrafink")


def test_a_draft_does_not_make_the_live_page_look_newer(section):
    before = SearchEntry.objects.get(page=section).place
    revised = timezone.now() + timedelta(days=9)
    SectionPage.objects.filter(pk=section.pk).update(latest_revision_created_at=revised)
    SectionPage.objects.get(pk=section.pk).save()
    assert SearchEntry.objects.get(page=section).place == before
    assert EditorsEntry.objects.get(page=section).place > before


def test_editors_find_a_live_page_by_its_newest_words_and_by_no_others(section):
    page = live(section, MARK)
    page.title = "Svanar"
    page.save_revision()
    assert editors_find() == []
    assert [found.pk for found in Page.objects.search("svan")] == [page.pk]


# The update that parts them
