"""The database itself refuses what nobody has confirmed, on PostgreSQL and on SQLite alike."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, ReferenceIndex, Site

from pages.changes import triggers
from pages.content.models import ArticlePage, Contact, PageTopic, Withdrawal
from pages.library.models import SiteDocument, SiteImage
from pages.newsroom.companions import LIBRARY, has_drafts, is_met
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.models import Permit
from pages.newsroom.permit import permitted
from tests.factories import (
    ArticlePageFactory,
    SectionPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    TopicFactory,
)
from tests.guarding import guarded
from tests.newsroom import page_with
from tests.tables import every_row

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


@pytest.fixture
def site(section, home):
    """A live page with a topic, a picture and a file, below a draft; another draft; a live contact."""
    above = SectionPageFactory(parent=section, slug="ovan", live=False)
    page = page_with(above, SiteImageFactory(), SiteDocumentFactory(), title="Valet", slug="valet")
    page.page_topics.add(PageTopic(topic=TopicFactory(), sort_order=0))
    page.save_revision().publish()
    ArticlePageFactory(parent=section, slug="utkast", live=False)
    Contact.objects.create(name="Växeln", phone="010-568 70 00")
    return page


def _tell(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _public() -> list[object]:
    models = (
        Page,
        ArticlePage,
        PageTopic,
        Contact,
        SiteImage,
        SiteDocument,
        Site,
        Redirect,
        Withdrawal,
    )
    return [list(each._base_manager.order_by("pk").values_list()) for each in models]


REFUSED = {
    "made public": "UPDATE wagtailcore_page SET live = TRUE WHERE slug = 'utkast'",
    "put there": "INSERT INTO wagtailcore_page SELECT * FROM wagtailcore_page WHERE slug = 'valet'",
    "another title": "UPDATE wagtailcore_page SET title = 'Bytt' WHERE slug = 'valet'",
    "another lead": "UPDATE content_articlepage SET lead = 'Bytt'",
    "taken off": "UPDATE wagtailcore_page SET live = FALSE WHERE slug = 'valet'",
    "deleted": "DELETE FROM content_articlepage",
    "another address": "UPDATE wagtailcore_page SET slug = 'bytt' WHERE slug = 'valet'",
    "moved": "UPDATE wagtailcore_page SET path = path || '0001' WHERE slug = 'valet'",
    "another address above": "UPDATE wagtailcore_page SET slug = 'bytt' WHERE slug = 'ovan'",
    "moved above": "UPDATE wagtailcore_page SET path = 'X' WHERE slug = 'ovan'",
    "deleted above": "DELETE FROM wagtailcore_page WHERE slug = 'ovan'",
    "a topic less": "DELETE FROM content_pagetopic",
    "a topic for a draft": "UPDATE content_pagetopic SET page_id = (SELECT id FROM wagtailcore_page"
                           " WHERE slug = 'utkast')",
    "another number": "UPDATE content_contact SET phone = '010-1'",
    "a contact less": "DELETE FROM content_contact",
    "another file": "UPDATE library_sitedocument SET file = 'bytt.txt'",
    "another caption": "UPDATE library_siteimage SET caption = 'Bytt'",
    "a picture less": "DELETE FROM library_siteimage",
    "another name": "UPDATE wagtailcore_site SET site_name = 'Bytt'",
    "another start": "UPDATE wagtailcore_site SET root_page_id = (SELECT id FROM wagtailcore_page"
                     " WHERE slug = 'valet')",
    "a redirect": "INSERT INTO wagtailredirects_redirect (old_path, is_permanent, redirect_link,"
                  " redirect_page_route_path, automatically_created)"
                  " VALUES ('/bluff', TRUE, 'https://example.com/', '', FALSE)",
    "a restriction": "INSERT INTO wagtailcore_pageviewrestriction (restriction_type, password, page_id)"
                     " SELECT 'login', '', id FROM wagtailcore_page WHERE slug = 'valet'",
}  # fmt: skip


@every_row("statement", REFUSED.values(), ids=REFUSED, undone=["default"])
def test_the_database_refuses_it(site, statement):
    before = _public()
    sentence = "Det här har inte godkänts av två personer"
    with guarded(), pytest.raises(NotConfirmed, match=sentence) as refused, transaction.atomic():
        _tell(statement)
    assert "nobody has confirmed this" in str(refused.value.__cause__)
    assert _public() == before


PASSES = {
    "a draft": "UPDATE wagtailcore_page SET title = 'Bytt' WHERE slug = 'utkast'",
    "a draft's place": "UPDATE wagtailcore_page SET path = path || 'X' WHERE slug = 'utkast'",
    "a draft above": "UPDATE wagtailcore_page SET title = 'Bytt' WHERE slug = 'ovan'",
    "the same": "UPDATE wagtailcore_page SET title = title WHERE slug = 'valet'",
    "a lock": "UPDATE wagtailcore_page SET locked = TRUE, draft_title = 'Bytt' WHERE slug = 'valet'",
    "the port": "UPDATE wagtailcore_site SET port = 443",
    "rights of a picture": "UPDATE library_siteimage SET rights_terms = 'Tack'",
}


@every_row("statement", PASSES.values(), ids=PASSES, undone=["default"])
def test_what_no_reader_meets_passes(site, statement):
    with guarded():
        _tell(statement)


def test_no_table_is_emptied_with_one_word(site):
    # SQLite, which knows no TRUNCATE, does the same for this, unless there are triggers.
    is_sqlite = connection.vendor == "sqlite"
    statement = "DELETE FROM content_articlepage" if is_sqlite else "TRUNCATE content_withdrawal"
    with guarded(), pytest.raises(NotConfirmed), transaction.atomic():
        _tell(statement)


def test_a_permit_names_one_thing_and_ends_with_what_it_was_for(site):
    with guarded():
        with permitted(site):
            _tell(REFUSED["another lead"])
            with pytest.raises(NotConfirmed), transaction.atomic():
                _tell(REFUSED["another number"])
        with pytest.raises(ZeroDivisionError), permitted(site):
            1 / 0  # noqa: B018
        assert not Permit.objects.exists()


# Laid, and seen to be there


@pytest.mark.django_db(transaction=True)
def test_migrate_brings_back_what_was_taken_away_and_until_then_no_service_starts():
    assert not triggers.name_wrong_triggers(["default"])
    laid = triggers._laid("default")
    _tell(triggers._DROP[connection.vendor].format(name=min(laid)))
    with pytest.raises(SystemExit, match=r"1 triggrar fattas och 0 är för många\. Kör"):
        triggers.refuse_to_serve_without_triggers()
    call_command("migrate", verbosity=0)
    assert triggers._laid("default") == laid


def test_they_are_the_same_whatever_a_process_has_loaded(monkeypatch):
    wanted = triggers._wanted("default")
    monkeypatch.setattr(ReferenceIndex, "indexed_models", set())  # registers come with the CMS
    assert triggers._wanted("default") == wanted


def test_what_has_no_drafts_shows_no_file_of_the_library():
    """What a trigger asks of a picture is asked of what has drafts alone, `companions.public_keys` of everything."""
    known = ReferenceIndex.indexed_models
    assert {each for each in known if is_met(each) and not has_drafts(each)} <= set(LIBRARY)


def test_while_migrations_run_they_are_away():
    triggers.take_triggers_away("default", plan=["something"])
    assert not triggers._laid("default")
    triggers.lay_triggers("default")
    assert not triggers.name_wrong_triggers(["default"])


def test_a_permit_that_was_left_is_named():
    Permit.objects.create()
    [wrong] = triggers.name_wrong_triggers(["default"])
    assert wrong.msg.endswith("i newsroom_permit ligger ett tillstånd kvar. Töm tabellen.")
