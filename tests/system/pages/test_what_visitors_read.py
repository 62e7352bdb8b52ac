"""What the database shows the service that answers visitors: what is published, and nothing else.

Asked of a real PostgreSQL, as that service's user.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.postgres import ROOT, Cluster, installed, run

SECRET = "zebrafink"  # stands in everything that is not published, and nowhere else
# One thing of each kind that nobody has published, and pages that visitors read.
_SETUP = """
import json, sys
import django
django.setup()
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, TextField
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.models import (
    Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction, Site,
)
from cooperation.models import Partner
from pages.content.models import (
    Alert, Contact, CookieNotice, Footer, FormerAddresses, PageTopic, RegisterEntry,
    ThreatLevelDecision, Topic, Withdrawal,
)
from pages.newsroom.withdrawals import withdraw_page
from pages.search.models import Recommendation, Synonym
from sapo_site.models import AccessibilityDeviation, AccessibilityMessage
from tests.factories.accessibility import AccessibilityStatementPageFactory
from tests.factories.cooperation import CooperationPageFactory
from tests.factories.pages import *
from tests.guarding import let_everything_through

let_everything_through()

SECRET = sys.argv[1]
topic = TopicFactory(name="Sabotage", slug="sabotage")
home = HomePageFactory(parent=Page.get_first_root_node())
site = Site.objects.get(is_default_site=True)
site.root_page, site.hostname, site.port = home, "www.sapo.example", 443
site.save()
section = SectionPageFactory(parent=home, title="Verksamheten", slug="verksamheten")
article = ArticlePageFactory(parent=section, title="Artikel", slug="artikel")
news_list = NewsIndexPageFactory(parent=home)
news = NewsPageFactory(parent=news_list, title="Nyhet", slug="nyhet")
for page in (article, news):
    PageTopic.objects.create(page=page, topic=topic)
    page.save_revision().publish()
ThreatLevelDecisionFactory()
ThreatLevelPageFactory(parent=home)
CooperationPageFactory(parent=home, slug="samarbete")

drafts = []
parents = {"NewsPage": news_list, "HomePage": Page.get_first_root_node()}
makers = [
    HomePageFactory, SectionPageFactory, ArticlePageFactory, NewsIndexPageFactory, NewsPageFactory,
    ThreatLevelPageFactory, CooperationPageFactory, AccessibilityStatementPageFactory,
]
for maker in makers:
    model = maker._meta.model
    texts = {
        field.name: SECRET
        for field in model._meta.local_fields
        if isinstance(field, (CharField, TextField)) and not field.choices
    }
    draft = maker(
        parent=parents.get(model.__name__, home), live=False, slug=SECRET + model.__name__.lower(),
        **texts | {"title": SECRET, "search_description": SECRET, "seo_title": SECRET},
    )
    PageTopic.objects.create(page=draft, topic=topic)
    draft.save_revision()
    drafts.append(draft.pk)
made = {type(Page.objects.get(pk=pk).specific) for pk in drafts}
lacking = [each for each in apps.get_models() if issubclass(each, Page) and each not in {Page, *made}]
assert not lacking, lacking

here, in_draft = {"locale": Locale.get_default()}, {"live": False}
rows = [
    Partner(name=SECRET, **in_draft), FormerAddresses(name=SECRET, lines=SECRET, **in_draft),
    Recommendation(names=SECRET, page=article, **in_draft),
    *(
        model(**{field: SECRET}, **here, **in_draft)
        for model, field in [
            (Alert, "heading"), (Contact, "name"), (CookieNotice, "heading"), (Footer, "mission"),
            (Synonym, "names"), (Topic, "slug"), (AccessibilityDeviation, "what"),
        ]
    ),
]
for row in rows:
    row.save()
    row.save_revision(clean=False)
registers = {each for each in apps.get_models() if issubclass(each, RegisterEntry)}
others = {ThreatLevelDecision}  # has drafts below
assert registers == {*others, *map(type, rows)}, registers

# A live page with another title in the draft of its next version.
article.title = SECRET
article.save_revision()

admin = get_user_model().objects.create_superuser(SECRET, f"{SECRET}@example.org", SECRET)
collection = Collection.get_first_root_node().add_child(name="Stängd")
restricted = {"restriction_type": "password", "password": SECRET}
CollectionViewRestriction.objects.create(collection=collection, **restricted)
PageViewRestriction.objects.create(page=section, **restricted)
about = {"content_type": ContentType.objects.get_for_model(article), "object_id": article.pk}
EditingSession.objects.create(user=admin, last_seen_at=timezone.now(), **about)
level = ThreatLevelDecisionFactory(level=5, live=False, text=SECRET, decided_by=SECRET)
level.save_revision()
AccessibilityMessage.objects.create(
    key=SECRET, about="copy", text=SECRET, contact=SECRET, language="sv",
    arrived_on=timezone.localdate(), answer_by=timezone.localdate(),
)

# What was published by mistake, what is public again, and what others have replaced.
def gone(title, slug, reason, **options):
    page = ArticlePageFactory(parent=section, title=title, slug=slug)
    withdraw_page(page, reason, user=admin, **options)
    return page
gone(SECRET + " av misstag", "av-misstag", "mistake")
back = gone(SECRET + " som var borta", "ater", "outdated")
Withdrawal.objects.filter(page=back).update(back_at=timezone.now())
gone("Gammal", "gammal", "outdated")
gone("Ersatt", "ersatt", "replaced", replaced_by=article)
print(json.dumps({"drafts": drafts, "article": article.pk, "news": news.pk}))
"""
# A website that has grown, in rows alone: every second page is a draft.
_GROWN: list[str] = [
    "INSERT INTO newsroom_permit (kind, key) VALUES ('', '')",
    """INSERT INTO wagtailcore_page SELECT (jsonb_populate_record(page, jsonb_build_object(
        'id', page.id * 100000 + n, 'path', page.path || to_char(n, 'FM0000000'),
        'translation_key', gen_random_uuid(), 'slug', page.slug || n,
        'url_path', page.url_path || n || '/', 'live', mod(n, 2) = 0, 'latest_revision_id', null,
        'live_revision_id', null))).*
    FROM wagtailcore_page AS page, generate_series(1, 8000) AS n WHERE id IN (%(article)s, %(news)s)""",
    """INSERT INTO content_articlepage SELECT (jsonb_populate_record(page, jsonb_build_object(
        'page_ptr_id', page_ptr_id * 100000 + n))).*
    FROM content_articlepage AS page, generate_series(1, 8000) AS n WHERE page_ptr_id = %(article)s""",
    """INSERT INTO content_newspage SELECT (jsonb_populate_record(page, jsonb_build_object(
        'page_ptr_id', page_ptr_id * 100000 + n, 'published_on', published_on - n))).*
    FROM content_newspage AS page, generate_series(1, 8000) AS n WHERE page_ptr_id = %(news)s""",
    """INSERT INTO content_pagetopic (page_id, topic_id, sort_order, listed_on)
    SELECT page_id * 100000 + n, topic_id, 0, CASE mod(n, 2) WHEN 0 THEN listed_on - n END
    FROM content_pagetopic, generate_series(1, 8000) AS n WHERE page_id IN (%(article)s, %(news)s)""",
    """INSERT INTO search_searchentry SELECT (jsonb_populate_record(entry, jsonb_build_object(
        'place', place - 100000 - n * 2, 'page_id', page_id * 100000 + n))).*
    FROM search_searchentry AS entry, generate_series(2, 8000, 2) AS n
    WHERE page_id IN (%(article)s, %(news)s)""",
    "DELETE FROM newsroom_permit",
    "ANALYZE",
]
GONE = {
    "/verksamheten/av-misstag/": 410, "/verksamheten/gammal/": 410, "/verksamheten/ersatt/": 301,
}  # fmt: skip
ADDRESSES = [
    "/", "/verksamheten/", "/verksamheten/artikel/", "/nyheter/", "/nyheter/nyhet/", "/terrorhotniva/",
    "/samarbete/", "/amnen/", "/amnen/sabotage/", "/amnen/sabotage.rss", "/nyheter.rss",
    "/sok/?q=artikel", "/sok/?q=" + SECRET, "/sok/forslag/?q=art", "/terrorhotniva.json", "/finns-inte/",
    f"/verksamheten/{SECRET}articlepage/", "/sitemap.xml", *GONE,
]  # fmt: skip
FULL_TEXT = "search_searchentry_tokens"
# Asks for addresses, and says what was answered and what the database was asked.
_ASK = """
import json, sys
import django
from django.conf import settings
plain = "django.contrib.staticfiles.storage.StaticFilesStorage"  # nothing has been collected
settings.STORAGES["staticfiles"] = {"BACKEND": plain}
django.setup()
from django.db import connection
from django.test import Client
visitor = Client(headers={"host": "www.sapo.example"}, raise_request_exception=True)
said = []
for address in json.load(sys.stdin):
    asked = []
    def note(execute, statement, values, many, context):
        asked.append(context["cursor"].cursor.mogrify(statement, values))
        return execute(statement, values, many, context)
    with connection.execute_wrapper(note):
        answer = visitor.get(address, secure=True)
        body = answer.getvalue().decode()
    said.append([address, answer.status_code, body, asked])
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def made() -> Iterator[tuple[Cluster, dict[str, Any], Path]]:
    with installed() as server, TemporaryDirectory() as folder:
        plain = {"PYTHONPATH": str(ROOT), "SAPO_EDITION_URL": ""}
        editorial = server.environment("editorial", "sapo-editorial", Path(folder), **plain)
        told = run([sys.executable, "-c", _SETUP, SECRET], editorial)
        yield server, json.loads(told.splitlines()[-1]), Path(folder)


@pytest.fixture(scope="module")
def server(made) -> Cluster:
    return made[0]


@pytest.fixture(scope="module")
def answers(made) -> list[tuple[str, int, str, list[str]]]:
    """What visitors are answered when the website has grown, and what the database was asked."""
    server, keys, folder = made
    with server.connect("sapo-editorial", "sapo") as connection:
        for statement in _GROWN:
            connection.execute(statement % keys)
    plain = {"PYTHONPATH": str(ROOT), "SAPO_EDITION_URL": ""}
    public = server.environment("public", "sapo-public", folder, **plain)
    said = run([sys.executable, "-c", _ASK], public, stdin=json.dumps(ADDRESSES))
    return json.loads(said.splitlines()[-1])


def _readable(connection: psycopg.Connection) -> list[tuple[str, list[str]]]:
    """Each table and view, and the columns of it that may be read."""
    return connection.execute(
        """SELECT attrelid::regclass::text, array_agg(attname::text) FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p')
            AND attnum > 0 AND NOT attisdropped AND has_column_privilege(attrelid, attnum, 'SELECT')
        GROUP BY attrelid"""
    ).fetchall()


def test_no_row_that_visitors_service_may_read_holds_anything_unpublished(server):
    found = {}
    with server.connect("sapo-public", "sapo") as connection:
        for table, columns in _readable(connection):
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            rows = connection.execute(
                sql.SQL("SELECT {} FROM {}").format(names, sql.Identifier(table))
            ).fetchall()
            if hits := [row for row in rows if SECRET in repr(row).casefold()]:
                found[table] = hits
    assert found == {}
    with server.connect("sapo-editorial", "sapo") as connection:
        row = connection.execute(
            "SELECT count(*) FROM wagtailcore_page WHERE draft_title = %s", (SECRET,)
        ).fetchone()
    assert row == (9,), "eight drafts and a live page with another draft"


def test_no_row_that_visitors_service_may_read_tells_of_a_draft(made):
    server, keys, _folder = made
    with server.connect("sapo-public", "sapo") as connection:
        links = connection.execute(
            """SELECT conrelid::regclass::text, attname FROM pg_constraint
            JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
            WHERE contype = 'f' AND confrelid = 'wagtailcore_page'::regclass"""
        ).fetchall()
        readable = dict(_readable(connection))
        for table, column in links:
            if column in readable.get(table, ()):
                count = sql.SQL("SELECT count(*) FROM {} WHERE {} = ANY(%s)").format(
                    sql.Identifier(table), sql.Identifier(column)
                )
                assert connection.execute(count, (keys["drafts"],)).fetchone() == (0,), table


@pytest.mark.parametrize(
    "question",
    [
        "SELECT draft_title FROM wagtailcore_page",
        "SELECT * FROM wagtailcore_page",
        "SELECT password FROM wagtailcore_collectionviewrestriction",
        "SELECT password FROM wagtailcore_pageviewrestriction",
        "SELECT withdrawn_at FROM content_withdrawal",
        "SELECT withdrawn_by_id FROM content_withdrawal",
        "UPDATE wagtailcore_page SET live = true",
    ],
)
def test_columns_with_drafts_and_passwords_are_closed(server, question):
    with (
        server.connect("sapo-public", "sapo") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(question)


def test_a_question_with_a_fault_in_it_shows_no_row_that_is_closed(server):
    """The database would name the value at which the question failed."""
    with server.connect("sapo-public", "sapo") as connection:
        for question in (
            "SELECT 1 FROM wagtailcore_page WHERE CAST(title AS int) = 1",
            "SELECT 1 FROM content_articlepage WHERE CAST(lead AS int) = 1",
        ):
            with pytest.raises(psycopg.errors.InvalidTextRepresentation) as fault:
                connection.execute(question)
            assert SECRET not in str(fault.value)


def test_visitors_are_answered_with_no_more_rights_than_that(answers):
    statuses = {address: status for address, status, _body, _asked in answers}
    missing = {"/finns-inte/", f"/verksamheten/{SECRET}articlepage/"}

    assert {address for address, status in statuses.items() if status == 404} == missing
    assert {address: statuses.pop(address) for address in GONE} == GONE
    assert {status for address, status in statuses.items() if address not in missing} == {200}
    bodies = {address: body for address, _status, body, _asked in answers}
    assert "Artikel" in bodies["/sok/?q=artikel"]
    assert "Nyhet" in bodies["/nyheter/"]
    assert "Här fanns ”Gammal”." in bodies["/verksamheten/gammal/"]
    assert "Sidan är borttagen" in bodies["/verksamheten/av-misstag/"]


def test_closed_rows_make_no_answer_read_whole_tables(server, answers):
    """Each question is planned as for the owner, for whom no row is closed."""
    slower, used = [], set()
    with (
        server.connect("sapo-public", "sapo") as public,
        server.connect("sapo-editorial", "sapo") as owner,
    ):
        for address, _status, _body, asked in answers:
            for question in asked:
                ours, theirs = (_plan(each, question) for each in (public, owner))
                used |= ours
                is_by_words = FULL_TEXT in theirs and FULL_TEXT not in ours
                if is_by_words or {each for each in ours - theirs if each.startswith("all of")}:
                    slower.append((address, question, ours))
    assert slower == []
    assert FULL_TEXT in used


def _plan(connection: psycopg.Connection, question: str) -> set[str]:
    """The large tables that are read from end to end, and the indexes that are used."""
    prelude, _, question = question.rpartition(";")
    if not question.lstrip("( ").upper().startswith("SELECT"):
        return set()
    with connection.transaction():
        if prelude:
            connection.execute(prelude)
        [[found]] = connection.execute(f"EXPLAIN (FORMAT JSON) {question}").fetchall()
    return set(_read_by(found[0]["Plan"]))


def _read_by(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan" and plan["Plan Rows"] > 500:
        yield f"all of {plan['Relation Name']}"
    if index := plan.get("Index Name"):
        yield index
    for part in plan.get("Plans", ()):
        yield from _read_by(part)
