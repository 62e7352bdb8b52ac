"""SQLite as it is shipped, with as many who write at once as a small installation ever has."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection, transaction

from pages.content.models import ArticlePage, Contact
from pages.ground.models import ContentVersion
from tests.factories import ArticlePageFactory

WRITERS = 16

pytestmark = [
    pytest.mark.django_db(
        transaction=True, serialized_rollback=True, databases=["default", "tips"]
    ),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="Gäller SQLite."),
]


def test_a_writer_waits_for_another_and_readers_for_nobody():
    with connection.cursor() as cursor:
        values = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "busy_timeout", "foreign_keys")
        }
    assert values == {"journal_mode": "wal", "busy_timeout": 20_000, "foreign_keys": 1}


def test_sixteen_writers_and_a_publishing_editor_never_meet_a_locked_database(section, rounds):
    """Drafts, logins and registers are written while pages are published: everybody gets through."""
    drafts = [
        ArticlePageFactory(parent=section, title=f"Utkast {n}", slug=f"utkast-{n}", live=False)
        for n in range(WRITERS // 2)
    ]
    article = ArticlePageFactory(parent=section, title="Samverkan", slug="samverkan")
    first_version = ContentVersion.current()
    tasks: list[Callable[[int], None]] = [
        *[lambda turn, page=page: _save_draft(page.pk, turn) for page in drafts],
        *[lambda turn, n=n: _log_in_and_note(n, turn) for n in range(WRITERS // 2)],
        lambda turn: _publish(article.pk, turn),
    ]
    together = threading.Barrier(len(tasks))

    with ThreadPoolExecutor(len(tasks)) as people:
        work = [people.submit(_work, task, together, rounds(3, 30)) for task in tasks]
        assert sum(each.result() for each in work) == 0

    last = rounds(3, 30) - 1
    assert ContentVersion.current() != first_version
    assert ArticlePage.objects.get(pk=article.pk).title == f"Samverkan {last}"
    assert {page.revisions.count() for page in drafts} == {last + 1}


def _work(task: Callable[[int], None], together: threading.Barrier, turns: int) -> int:
    """Does it again and again on a connection of its own: how often in vain."""
    locked = 0
    try:
        together.wait()
        for turn in range(turns):
            try:
                task(turn)
            except OperationalError:
                locked += 1
    finally:
        connection.close()
    return locked


def _save_draft(pk: int, turn: int) -> None:
    page = ArticlePage.objects.get(pk=pk)
    page.title = f"Utkast {turn}"
    page.save_revision()


def _log_in_and_note(number: int, turn: int) -> None:
    session = SessionStore()
    session["turn"] = turn
    session.save()
    # Reads before it writes, in one transaction: what fails where transactions begin as readers.
    with transaction.atomic():
        contact = Contact.objects.filter(name=f"Kontakt {number}").first()
        contact = contact or Contact(name=f"Kontakt {number}")
        contact.phone = f"010-{turn}"
        contact.save()


def _publish(pk: int, turn: int) -> None:
    page = ArticlePage.objects.get(pk=pk)
    page.title = f"Samverkan {turn}"
    page.save_revision().publish()
