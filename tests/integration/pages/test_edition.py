"""Every public page as a file: written when it is published, taken away when it is old."""

import errno
import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from pages.content.models import PageTopic
from pages.ground.models import ContentVersion
from pages.newsroom.withdrawals import withdraw_page
from pages.public.store import editions, wsgi
from tests.factories import ArticlePageFactory, TopicFactory

from .store_reader import Reader, a_reader, notice_in_half_a_minute


@pytest.fixture
def reader(db, monkeypatch, settings, tmp_path) -> Iterator[Reader]:
    settings.EDITION_DIR = tmp_path / "edition"
    settings.EDITION_URL = "http://testserver"
    with a_reader(monkeypatch) as reader:
        yield reader


@pytest.fixture
def article(section):
    return ArticlePageFactory(parent=section, title="Samverkan", slug="samverkan")


@pytest.fixture
def write(reader, monkeypatch, capsys):
    """Runs the job once, as it runs beside the services."""
    monkeypatch.setattr(
        "pages.management.commands.edition.get_internal_wsgi_application", lambda: reader.store
    )
    return lambda: call_command("edition")


def _file(settings, address: str, ending: str = "") -> str:
    path = settings.EDITION_DIR / "current" / address.strip("/") / f"index.html{ending}"
    return path.read_bytes()


def test_every_page_lies_there_as_visitors_meet_it(reader, article, write, settings):
    topic = TopicFactory(name="Kontraspionage", slug="kontraspionage")
    write()
    for address in ("/", "/verksamheten/", article.url, topic.url, "/amnen/"):
        page = reader.get(address).body
        assert _file(settings, address) == page
        assert gzip.decompress(_file(settings, address, ".gz")) == page
        assert brotli.decompress(_file(settings, address, ".br")) == page


def test_after_an_update_every_page_is_written_anew_and_the_former_ones_stand_until_then(
    reader, article, write, settings
):
    write()
    page = settings.EDITION_DIR / "current" / article.url.strip("/") / "index.html"
    page.write_bytes(b"as the former templates had it")
    write()
    assert _file(settings, article.url) == b"as the former templates had it"

    call_command("edition", "--anew")

    with pytest.raises(FileNotFoundError):
        _file(settings, article.url)
    former = settings.EDITION_DIR / "former" / article.url.strip("/") / "index.html"
    assert former.read_bytes() == b"as the former templates had it"
    write()
    assert _file(settings, article.url) == reader.get(article.url).body
    assert b"Samverkan" in _file(settings, article.url)


def test_what_a_copy_of_the_database_that_is_behind_gives_is_not_written_as_new(reader, article):
    assert reader.store.answer_at(article.url, editions.begin())
    assert (
        reader.store.answer_at(article.url, editions.Edition(editions.begin().folder / "nyare.0"))
        is None
    )


def test_drafts_and_withdrawn_pages_are_not_in_it(reader, article, section, write, settings):
    draft = ArticlePageFactory(parent=section, title="Utkast", slug="utkast", live=False)
    article.unpublish()
    write()
    for address in (f"/verksamheten/{draft.slug}/", "/verksamheten/samverkan/"):
        with pytest.raises(FileNotFoundError):
            _file(settings, address)


def test_a_page_that_is_published_lies_there_at_once_with_what_lists_it(
    reader, article, write, settings, django_capture_on_commit_callbacks
):
    topic = TopicFactory(name="Kontraspionage", slug="kontraspionage")
    article.page_topics.add(PageTopic(topic=topic))
    article.save()
    write()

    with django_capture_on_commit_callbacks(execute=True):
        article.title = "Samverkan med andra"
        article.save_revision().publish()

    for address in (article.url, "/verksamheten/", topic.url):
        assert "Samverkan med andra" in _file(settings, address).decode()
    assert _file(settings, "/")


def test_a_page_that_is_withdrawn_is_taken_away_at_once(
    reader, article, write, settings, django_capture_on_commit_callbacks
):
    write()
    with django_capture_on_commit_callbacks(execute=True):
        article.unpublish()
    with pytest.raises(FileNotFoundError):
        _file(settings, "/verksamheten/samverkan/")


def test_a_job_with_older_knowledge_does_not_bring_the_old_pages_back(reader, article, write):
    write()
    ContentVersion.raise_version()
    current = editions.begin()
    assert current.version == ContentVersion.current()
    assert editions.begin().folder == current.folder


def test_a_notice_that_begins_by_itself_replaces_the_edition_also_after_a_restart(
    reader, article, write, settings, home, monkeypatch
):
    let_it_begin = notice_in_half_a_minute(home, monkeypatch)
    write()
    standing = os.readlink(settings.EDITION_DIR / "current")
    write()  # each time a job that knows only what the former one has written
    assert os.readlink(settings.EDITION_DIR / "current") == standing
    assert "Driftstörning" not in _file(settings, article.url).decode()
    let_it_begin()
    write()
    assert "Driftstörning" in _file(settings, article.url).decode()


def _full(*_words):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_on_a_full_disk_the_command_says_so_in_a_line(reader, article, write, monkeypatch):
    monkeypatch.setattr(editions, "_replace", _full)
    with pytest.raises(CommandError, match="Sidorna går inte att skriva: No space left"):
        write()


@pytest.mark.fault("disk full")
def test_on_a_full_disk_the_service_answers_and_no_old_page_is_left_in_a_file(
    reader, article, write, settings, monkeypatch, django_capture_on_commit_callbacks, acknowledges
):
    write()
    monkeypatch.setattr(Path, "symlink_to", _full)
    with django_capture_on_commit_callbacks(execute=True):
        article.title = "Samverkan med andra"
        article.save_revision().publish()
    with pytest.raises(FileNotFoundError):
        _file(settings, article.url)
    acknowledges(1, lost="Samverkan med andra" not in reader.get(article.url).html)


def test_without_a_database_and_in_a_process_that_has_just_started_the_edition_answers(
    reader, article, write, monkeypatch
):
    page = reader.get(article.url)
    write()

    def lose_the_database(*_words):
        raise OperationalError("connection refused")

    monkeypatch.setattr("pages.public.reading.views.page_in", lose_the_database)
    given = Reader().get(article.url)
    assert (given.status, given.body) == (200, page.body)
    assert given.headers["Content-Security-Policy"] == page.headers["Content-Security-Policy"]
    assert Reader().get("/verksamheten/finns-inte/").status == 503


def test_the_last_whole_edition_stands_until_the_next_one_is_whole(
    reader, article, section, write, settings, django_capture_on_commit_callbacks
):
    withdrawn = ArticlePageFactory(parent=section, title="Fel", slug="fel")
    write()
    before = reader.get(article.url).body
    with django_capture_on_commit_callbacks(execute=True):
        section.title = "Vår verksamhet"
        section.save_revision().publish()
        withdrawn.unpublish()
    former = settings.EDITION_DIR / "former" / "verksamheten"
    assert (former / "samverkan" / "index.html").read_bytes() == before
    assert not list((former / "fel").glob("*"))
    for address, is_there in ((article.url, True), (withdrawn.url, False)):
        question = wsgi.Question("http", "testserver", address, "", False)
        assert (editions.standing_answer_to(question) is not None) is is_there
    write()
    assert not former.exists()


def _names_it(settings) -> list[Path]:
    files = [path for path in settings.EDITION_DIR.rglob("index.html") if path.is_file()]
    return [path for path in files if "Samverkan" in path.read_text()]


def test_a_page_published_by_mistake_is_named_in_no_file_from_the_same_moment(
    reader, article, write, settings, django_capture_on_commit_callbacks
):
    write()
    with django_capture_on_commit_callbacks(execute=True):
        article.get_parent().specific.save_revision().publish()
    assert (settings.EDITION_DIR / "former").exists()
    assert _names_it(settings)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_page(article, "mistake")
    assert not (settings.EDITION_DIR / "former").exists()
    assert _names_it(settings) == []
    write()
    assert _names_it(settings) == []


def test_an_address_never_leads_out_of_the_edition(reader, article, write):
    write()
    for address in ["/../../etc/passwd", "/.whole/", "/a\0b/", "/x/..%2f/"]:
        assert (
            editions.standing_answer_to(wsgi.Question("http", "testserver", address, "", False))
            is None
        )


def test_without_an_address_there_is_no_edition_and_the_command_says_so(db, settings):
    settings.EDITION_URL = ""
    with pytest.raises(CommandError, match="SAPO_EDITION_URL"):
        call_command("edition")
