"""What each service's user may do in the databases, asked of a real PostgreSQL.

The server is set up with the commands of docs/operations.md and the files in deploy/, unchanged.
"""

import uuid
from datetime import date
from typing import LiteralString

import psycopg
import pytest
from psycopg import errors

from tests.postgres import Cluster

pytestmark = pytest.mark.tips

ADD_TIP: LiteralString = (
    "INSERT INTO tips_tip (id, received_on, files_digest, keyring_serial, state, state_on, version,"
    " assigned_to, is_on_hold, register_no, purge_proposed_by, purge_decision)"
    " VALUES (%s, %s, '', 1, 'received', %s, 0, '', false, '', '', '')"
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


@pytest.mark.parametrize("user", ["sapo-intake", "sapo-tips-owner"])
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
        "INSERT INTO tips_tombstone SELECT",
        "CREATE TABLE own (id int)",
    ],
)
def test_the_intake_adds_a_tip_and_sees_none(server, tip, question):
    with pytest.raises(errors.InsufficientPrivilege):
        _ask(server, "sapo-intake", "sapo_tips", question)


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


@pytest.mark.parametrize("table", ["tips_event", "tips_tombstone"])
@pytest.mark.parametrize("question", ["UPDATE {} SET {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_desk_cannot_change_what_has_happened(server, table, question):
    changed = "actor = ''" if table == "tips_event" else "decision = ''"
    with (
        server.connect("sapo-desk", "sapo_tips") as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(question.format(table, changed))


@pytest.mark.parametrize(
    "question",
    [
        "SELECT * FROM wagtailcore_page",
        "SELECT * FROM wagtailcore_revision",
        "UPDATE auth_user SET password = ''",
        "UPDATE auth_user SET is_active = true",
        "INSERT INTO auth_user_groups (user_id, group_id) VALUES (1, 1)",
        "DELETE FROM auth_user",
    ],
)
def test_the_desk_reads_no_page_and_changes_no_account(server, question):
    with pytest.raises(errors.InsufficientPrivilege):
        _ask(server, "sapo-desk", "sapo", question)


@pytest.mark.parametrize("table", ["auth_user", "django_session", "wagtailcore_revision"])
def test_the_service_for_visitors_sees_no_account_session_or_draft(server, table):
    with (
        server.connect("sapo-public", "sapo") as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(f"SELECT * FROM {table}")  # noqa: S608


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
