"""What each service's user may do in the databases, asked of a real PostgreSQL.

The server is set up with the files in deploy/, unchanged.
"""

import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import LiteralString

import psycopg
import pytest
from psycopg import errors

from sapo_site.operating.doctor import ALL_RIGHTS, rights_of
from tests.postgres import ROOT, Cluster, run

# What each service's user may do with which table or view. The owners are not here.
RIGHTS = rights_of((ROOT / "deploy" / "rights").read_text())
# What visitors' service never reads. A new table has to stand here, or above and in
# deploy/database_roles.sql.
CLOSED_TO_VISITORS = """auth_group auth_group_permissions auth_permission auth_user auth_user_groups
    auth_user_user_permissions django_migrations
    django_otp_webauthn_webauthnattestation django_otp_webauthn_webauthncredential
    django_otp_webauthn_webauthnuserhandle django_session
    otp_static_staticdevice otp_static_statictoken otp_totp_totpdevice
    newsroom_accountevent newsroom_approval
    library_fileinversion importing_importedfile checks_linkstate checks_phrase
    newsroom_callnumber newsroom_crisisdraft newsroom_duty newsroom_preparedmessage records_weedingproposal
    newsroom_confirmation newsroom_confirmationtask search_editorsentry newsroom_ending newsroom_permit newsroom_proposal newsroom_publication newsroom_renaming
    newsroom_review newsroom_stoporder newsroom_submission newsroom_submitteditem
    sapo_site_accessibilitymessage sapo_site_cmsattempt sapo_site_cmslogin
    simple_translation_simpletranslation taggit_tag
    taggit_taggeditem wagtailadmin_admin wagtailadmin_editingsession wagtailadmin_formstate
    wagtailcore_collectionviewrestriction_groups wagtailcore_comment
    wagtailcore_commentreply wagtailcore_groupapprovaltask wagtailcore_groupapprovaltask_groups
    wagtailcore_groupcollectionpermission wagtailcore_grouppagepermission
    wagtailcore_groupsitepermission wagtailcore_modellogentry wagtailcore_pagelogentry
    wagtailcore_pagesubscription wagtailcore_pageviewrestriction
    wagtailcore_pageviewrestriction_groups wagtailcore_referenceindex wagtailcore_revision
    wagtailcore_task wagtailcore_taskstate wagtailcore_uploadedfile wagtailcore_workflow
    wagtailcore_workflowcontenttype wagtailcore_workflowpage wagtailcore_workflowstate
    wagtailcore_workflowtask wagtaildocs_document wagtailembeds_embed wagtailimages_image
    wagtailimages_rendition wagtailsearch_indexentry wagtailusers_userprofile"""
ADD_TIP: LiteralString = (
    "INSERT INTO tips_tip (id, received_on, files_digest, keyring_serial, state, state_on, version,"
    " assigned_to, is_on_hold, register_no, purge_proposed_by, purge_decision, purge_proposal,"
    " statement, arrival_hash)"
    " VALUES (%s, %s, sha256(''), 1, 'received', %s, 0, '', false, '', '', '', '', '', '')"
)
TODAY = date(2026, 11, 25)


def _ask(server: Cluster, user: str, database: str, question: LiteralString) -> list[tuple]:
    with server.connect(user, database) as connection:
        cursor = connection.execute(question)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def tip(server: Cluster) -> uuid.UUID:
    """A tip that the intake has added."""
    tip_id = uuid.uuid4()
    with server.connect("sapo-intake", "sapo_tips") as connection:
        connection.execute(ADD_TIP, (tip_id, TODAY, TODAY))
    return tip_id


@pytest.mark.parametrize("user", ["sapo-public", "sapo-editorial"])
def test_the_website_cannot_even_connect_to_the_tips(server, user):
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        _ask(server, user, "sapo_tips", "SELECT 1")


@pytest.mark.parametrize("user", ["sapo-intake", "sapo-desk", "sapo-tips-owner"])
def test_who_has_to_do_with_tips_only_cannot_connect_to_the_website_s_database(server, user):
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        _ask(server, user, "sapo", "SELECT 1")


@pytest.mark.parametrize(
    "question",
    [
        "SELECT id FROM tips_tip",
        "SELECT count(*) FROM tips_tip",
        "UPDATE tips_tip SET state = 'spam'",
        "DELETE FROM tips_tip",
        "TRUNCATE tips_tip",
        "SELECT * FROM tips_note",
        "SELECT * FROM tips_event",
        "SELECT * FROM tips_tombstone",
        "SELECT * FROM tips_signedstatement",
        "INSERT INTO tips_signedstatement VALUES ('', '', '', '')",
        "INSERT INTO tips_tombstone SELECT",
        "SELECT counter FROM tips_arrival",
        "UPDATE tips_arrival SET message = ''",
        "DELETE FROM tips_arrival",
        "CREATE TABLE own (id int)",
    ],
)
def test_the_intake_adds_a_tip_and_sees_none(server, tip, question):
    with pytest.raises(errors.InsufficientPrivilege):
        _ask(server, "sapo-intake", "sapo_tips", question)


@pytest.mark.parametrize(
    ("as_it_comes", "as_if_handled"),
    [("'received', %s, 0", "'received', %s, 1"), ("'received'", "'closed'"),
     ("false, ''", "true, ''"), ("0, ''", "0, 'tove'"), ("'', '')", "'', 'abc')"),
     ("'', '', '')", "'', 'abc', '')"), ("'', '', '', '')", "'abc', '', '', '')")],
)  # fmt: skip
def test_the_intake_adds_no_tip_that_looks_as_if_somebody_had_handled_it(
    server, as_it_comes, as_if_handled
):
    """Else who has broken into it could make the event log look forged."""
    assert as_it_comes in ADD_TIP
    with (
        server.connect("sapo-intake", "sapo_tips") as connection,
        pytest.raises(errors.InsufficientPrivilege, match="row-level security"),
    ):
        connection.execute(
            ADD_TIP.replace(as_it_comes, as_if_handled), (uuid.uuid4(), TODAY, TODAY)
        )


@pytest.mark.parametrize(
    ("digest", "day"),
    [
        ("''", TODAY), ("sha224('')", TODAY), ("sha512('')", TODAY), ("sha256('')", "infinity"),
        ("sha256('')", "-infinity"), ("sha256('')", "12026-11-25"), ("sha256('')", "0044-03-15 BC"),
    ],
)  # fmt: skip
def test_the_intake_adds_no_tip_whose_digest_or_day_the_desk_could_not_read(server, digest, day):
    """Else who has broken into it could stop the queue, and break the event log for ever."""
    with (
        server.connect("sapo-intake", "sapo_tips") as connection,
        pytest.raises(errors.InsufficientPrivilege, match="row-level security"),
    ):
        connection.execute(ADD_TIP.replace("sha256('')", digest), (uuid.uuid4(), day, day))


def test_the_intake_enters_no_tip_under_a_second_number(server):
    """Else who has broken into it could lay one that is worth nothing before the signed one."""
    add = "INSERT INTO tips_arrival VALUES (%s, 1, %s, '', '', '')"
    tip_id = uuid.uuid4()
    with server.connect("sapo-intake", "sapo_tips") as connection:
        connection.execute(add, ("b" * 32, tip_id))
        with pytest.raises(errors.UniqueViolation):
            connection.execute(add, ("", tip_id))
        for epoch in ("c" * 32, "d" * 32):  # numbers that no tip has
            connection.execute(add, (epoch, None))


def test_the_intake_enters_a_tip_again_that_may_be_there_already(server, tip):
    """As when the same form is sent twice."""
    for tip_id in (tip, uuid.uuid4()):
        with server.connect("sapo-intake", "sapo_tips") as connection:
            connection.execute(ADD_TIP + " ON CONFLICT DO NOTHING", (tip_id, TODAY, TODAY))
        found = "SELECT count(*) FROM tips_tip WHERE id = %s"
        with server.connect("sapo-desk", "sapo_tips") as connection:
            assert connection.execute(found, (tip_id,)).fetchall() == [(1,)]


def test_what_the_intake_sends_stands_in_no_log(server, tip):
    with server.connect("sapo-intake", "sapo_tips") as connection:
        with pytest.raises(errors.UniqueViolation):
            connection.execute(ADD_TIP, (tip, TODAY, TODAY))
        with pytest.raises(errors.InvalidTextRepresentation):
            connection.execute("INSERT INTO tips_tip (id) VALUES ('ett-hemligt-tips')")
    assert str(tip) not in server.log
    assert "INSERT INTO tips_tip" not in server.log
    # The server would have logged it, had another user sent it.
    with server.connect("sapo-desk", "sapo_tips") as connection:
        connection.execute("UPDATE tips_tip SET state = 'read' WHERE id = %s", (tip,))
    assert str(tip) in server.log


def test_nobody_sees_in_the_server_when_the_last_tip_came(server):
    with server.connect("sapo-intake", "sapo_tips") as connection:
        connection.execute(ADD_TIP, (uuid.uuid4(), TODAY, TODAY))
        seen = _ask(
            server,
            "postgres",
            "sapo_tips",
            "SELECT query, query_start FROM pg_stat_activity WHERE usename = 'sapo-intake'",
        )
    assert seen == [("<not enabled>", None)] or seen == [("", None)]


CHANGED = {"tips_event": "actor = ''", "tips_tombstone": "decision = ''"}
CHANGED |= {"tips_arrival": "message = ''", "tips_signedstatement": "octets = ''"}


@pytest.mark.parametrize("table", CHANGED)
@pytest.mark.parametrize("question", ["UPDATE {} SET {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_desk_cannot_change_what_has_happened(server, table, question):
    with (
        server.connect("sapo-desk", "sapo_tips") as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(question.format(table, CHANGED[table]))


@pytest.mark.parametrize(
    ("table", "never"),
    [
        ("tips_tip", {"id", "received_on", "files_digest"}),
        ("tips_note", {"id", "tip_id", "place", "author", "written_on"}),
    ],
)
def test_the_desk_cannot_change_what_was_received_nor_who_did_or_is_what(server, tip, table, never):
    """Not even where it once could: the rights of former versions are taken away."""
    with server.connect("postgres", "sapo_tips") as connection:
        connection.execute(f'GRANT UPDATE ON {table} TO "sapo-desk"')
    server.apply("tips_database_roles.sql", "sapo_tips")
    columns = {
        name
        for (name,) in _ask(
            server,
            "postgres",
            "sapo_tips",
            f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'",  # noqa: S608
        )
    }

    refused = set()
    with server.connect("sapo-desk", "sapo_tips") as connection:
        for column in columns:
            try:
                connection.execute(f'UPDATE {table} SET "{column}" = "{column}"')  # noqa: S608
            except errors.InsufficientPrivilege:
                refused.add(column)
        # Whoever takes a step holds the row meanwhile.
        connection.execute(f"SELECT 1 FROM {table} FOR UPDATE")  # noqa: S608

    assert refused == never


@pytest.mark.parametrize(("database", "user"), RIGHTS)
def test_each_user_may_do_this_with_these_tables_and_nothing_with_others(server, database, user):
    may: dict[str, set[str]] = {}
    for table, kind in _ask(server, user, database, ALL_RIGHTS):
        may.setdefault(table, set()).add(kind)
    assert may == RIGHTS[database, user]

    tables = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'p', 'f')"
    tables += " AND relnamespace = 'public'::regnamespace"
    with server.connect(user, database) as connection:
        for (table,) in connection.execute(tables).fetchall():
            if table in may:
                continue
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(f'SELECT 1 FROM "{table}"')  # noqa: S608


@pytest.mark.parametrize(("database", "user"), RIGHTS)
@pytest.mark.parametrize(
    "question", ["SELECT lo_creat(-1)", "SELECT lo_create(0)", "SELECT lo_from_bytea(0, 'x')"]
)
def test_no_service_stores_anything_beside_the_tables(server, database, user, question):
    with pytest.raises(errors.InsufficientPrivilege):
        _ask(server, user, database, question)


def test_every_table_is_open_to_visitors_or_closed_on_purpose(server):
    tables = _ask(
        server, "postgres", "sapo",
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'p', 'f')"
        " AND relnamespace = 'public'::regnamespace",
    )  # fmt: skip
    names = {name for (name,) in tables} - {"wagtailcore_apitoken"}  # closed too; 7.4 lacks it
    assert names == {*RIGHTS["sapo", "sapo-public"], *CLOSED_TO_VISITORS.split()}


@pytest.mark.parametrize("user", ["sapo-public", "sapo-desk", "sapo-intake"])
@pytest.mark.parametrize("database", ["postgres", "template1"])
def test_no_service_connects_to_the_databases_of_the_server_itself(server, user, database):
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        _ask(server, user, database, "SELECT 1")


def test_the_service_for_visitors_reads_pages_and_changes_none(server):
    assert _ask(server, "sapo-public", "sapo", "SELECT count(*) FROM wagtailcore_page") == [(2,)]
    with pytest.raises(errors.InsufficientPrivilege):
        _ask(server, "sapo-public", "sapo", "DELETE FROM wagtailcore_page")


def test_a_table_added_later_is_closed_until_the_rights_are_given(server):
    _ask(server, "sapo-tips-owner", "sapo_tips", "CREATE TABLE tips_later (id int)")
    try:
        for user in ("sapo-intake", "sapo-desk"):
            with pytest.raises(errors.InsufficientPrivilege):
                _ask(server, user, "sapo_tips", "SELECT * FROM tips_later")
    finally:
        _ask(server, "sapo-tips-owner", "sapo_tips", "DROP TABLE tips_later")


def test_the_rights_may_be_given_any_number_of_times(server, tip):
    server.apply("tips_database_roles.sql", "sapo_tips")
    server.apply("database_roles.sql", "sapo")
    assert _ask(server, "sapo-desk", "sapo_tips", "SELECT 1 FROM tips_tip LIMIT 1") == [(1,)]


TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
FILES = {"sapo": "database_roles.sql", "sapo_tips": "tips_database_roles.sql"}
# Database, and what somebody may have changed there by hand.
CHANGED_RULES = [
    ("sapo", "ALTER POLICY published ON content_topic USING (true)"),
    ("sapo", "ALTER POLICY published ON content_articlepage TO PUBLIC"),
    ("sapo", "DROP POLICY published ON wagtailcore_page"),
    ("sapo", "ALTER TABLE content_withdrawal DISABLE ROW LEVEL SECURITY"),
    ("sapo_tips", "ALTER POLICY untouched ON tips_tip WITH CHECK (version = 0)"),
    ("sapo_tips", "ALTER POLICY all_tips ON tips_tip TO PUBLIC"),
    ("sapo_tips", "DROP POLICY untouched ON tips_tip"),
    ("sapo_tips", "ALTER TABLE tips_tip DISABLE ROW LEVEL SECURITY"),
]
ALL_RULES = """SELECT relname, relrowsecurity, polname, polcmd, polpermissive, polroles,
    pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)
    FROM pg_class LEFT JOIN pg_policy ON polrelid = pg_class.oid
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname, polname"""


@pytest.mark.parametrize(("database", "change"), CHANGED_RULES)
def test_a_rule_of_rows_that_was_changed_is_set_again(server, database, change):
    before = _ask(server, "postgres", database, ALL_RULES)
    _ask(server, "postgres", database, change)
    assert _ask(server, "postgres", database, ALL_RULES) != before

    server.apply(FILES[database], database)

    assert _ask(server, "postgres", database, ALL_RULES) == before


@pytest.mark.parametrize(("database", "file"), FILES.items())
def test_rights_that_stand_are_given_again_without_waiting_for_readers(
    server, database, file, monkeypatch
):
    monkeypatch.setenv("PGOPTIONS", "-c lock_timeout=2s")
    with server.connect("postgres", database) as reader, reader.transaction():
        for (table,) in reader.execute(TABLES).fetchall():
            reader.execute(f'LOCK TABLE "{table}" IN ROW EXCLUSIVE MODE')
        server.apply(file, database)


def test_where_rules_are_set_readers_wait_for_one_table_and_nobody_waits_for_ever(server):
    """As at an update that brings a table: who reads a page asks many tables in one transaction."""
    with server.connect("postgres", "sapo") as owner:
        for (table,) in owner.execute("SELECT polrelid::regclass::text FROM pg_policy").fetchall():
            owner.execute(f"DROP POLICY published ON {table}")
        with ThreadPoolExecutor() as beside, server.connect("postgres", "sapo") as reader:
            with reader.transaction():
                reader.execute("SELECT 1 FROM wagtailcore_page")
                done = beside.submit(server.apply, "database_roles.sql", "sapo")
                _wait_until(owner, "SELECT 1 FROM pg_locks WHERE NOT granted")
                reader.execute("SET LOCAL lock_timeout = '2s'")
                for (table,) in owner.execute(TABLES).fetchall():
                    reader.execute(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608
            done.result()
    assert len([rule for rule in _ask(server, "postgres", "sapo", ALL_RULES) if rule[2]]) > 20


def _wait_until(connection: psycopg.Connection, question: LiteralString) -> None:
    until = time.monotonic() + 30
    while not connection.execute(question).fetchall():
        assert time.monotonic() < until, question
        time.sleep(0.02)


# A desk, or a CMS, that was broken into

ACCOUNTS = """
import django
django.setup()
from django.contrib.auth import get_user_model
from django.test import Client
anna = get_user_model().objects.create_superuser("anna", password="annas-losenord-i-redaktionen")
Client().force_login(anna)
"""


@pytest.fixture(scope="module")
def logged_in(server, tmp_path_factory):
    """A superuser who is logged in to the CMS."""
    folder = tmp_path_factory.mktemp("accounts")
    environment = server.environment("editorial", "sapo-editorial", folder)
    run([sys.executable, "-c", ACCOUNTS], environment)


def test_a_desk_that_could_once_read_the_websites_database_cannot_any_more(server):
    """The rights of former versions are taken away, and with them the view is gone."""
    with server.connect("postgres", "sapo") as connection:
        connection.execute('GRANT CONNECT ON DATABASE sapo TO "sapo-desk"')
        connection.execute('GRANT USAGE ON SCHEMA public TO "sapo-desk"')
    server.apply("database_roles.sql", "sapo")

    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        _ask(server, "sapo-desk", "sapo", "SELECT 1")
    assert not _ask(
        server, "postgres", "sapo", "SELECT 1 FROM pg_class WHERE relname = 'sapo_site_handler'"
    )


def test_whoever_owns_the_websites_database_reaches_no_login_of_a_handler(server, logged_in):
    for question in ("SELECT * FROM tips_desksession", "INSERT INTO tips_desksession SELECT"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            _ask(server, "sapo-editorial", "sapo_tips", question)


def test_the_intake_reaches_no_login_of_a_handler(server):
    for table in ("tips_spentchallenge", "tips_desksession"):
        with (
            server.connect("sapo-intake", "sapo_tips") as connection,
            pytest.raises(errors.InsufficientPrivilege),
        ):
            connection.execute(f"SELECT 1 FROM {table}")  # noqa: S608


def test_nothing_in_the_websites_database_is_a_key_to_a_session(server, logged_in):
    """Not even its owner, or a backup, has what the browser of one who is logged in has."""
    kept = _ask(server, "sapo-editorial", "sapo", "SELECT length(session_key) FROM django_session")
    assert set(kept) == {(40,)}, "hashes; a key of Django's has 32 characters"
