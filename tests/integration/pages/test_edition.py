"""Every public page as a file: written when it is published, taken away when it is old."""

import errno
import gzip
import os
import time
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from pages.models import ContentVersion, Footer, PageTopic, Withdrawal
from pages.newsroom.withdrawals import withdraw_page
from pages.store import editions, wsgi
from pages.store.turning import Turning
from tests.databases import connection_kept_open
from tests.factories import ArticlePageFactory, TopicFactory

from .store_reader import Reader, notice_in_half_a_minute


@pytest.fixture
def reader(db, monkeypatch, settings, tmp_path) -> Iterator[Reader]:
    monkeypatch.setattr(wsgi.watch, "current", ContentVersion.current)
    monkeypatch.setattr(wsgi.watch, "withdrawn", frozenset())
    monkeypatch.setattr(wsgi.watch, "mistakes", frozenset())
    settings.EDITION_DIR = tmp_path / "edition"
    settings.EDITION_URL = "http://testserver"
    with connection_kept_open():
        yield Reader()


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


def test_what_a_change_of_the_frame_made_old_is_taken_away_at_once(
    reader, article, write, settings, home, django_capture_on_commit_callbacks
):
    write()
    with django_capture_on_commit_callbacks(execute=True):
        Footer.objects.create(
            locale=home.locale, mission="Vi avvärjer hot.", social_heading="Sociala medier",
            tips_heading="Tipsa oss", tips_button="Till tipssidan", contact_heading="Kontakt",
        )  # fmt: skip
    with pytest.raises(FileNotFoundError):
        _file(settings, article.url)

    write()
    assert "Vi avvärjer hot." in _file(settings, article.url).decode()


def test_a_page_that_is_withdrawn_is_taken_away_at_once(
    reader, article, write, settings, django_capture_on_commit_callbacks
):
    write()
    with django_capture_on_commit_callbacks(execute=True):
        article.unpublish()
    with pytest.raises(FileNotFoundError):
        _file(settings, "/verksamheten/samverkan/")


def test_former_editions_are_removed_once_the_new_one_is_whole(
    reader, article, write, settings, django_capture_on_commit_callbacks
):
    write()
    with django_capture_on_commit_callbacks(execute=True):
        article.save_revision().publish()
    write()
    folders = [each for each in settings.EDITION_DIR.iterdir() if not each.is_symlink()]
    assert [each.name for each in folders] == [os.readlink(settings.EDITION_DIR / "current")]


def test_a_change_that_is_undone_leaves_the_edition_standing(
    reader, article, write, settings, django_capture_on_commit_callbacks
):
    write()
    before = os.readlink(settings.EDITION_DIR / "current")
    with django_capture_on_commit_callbacks():  # as when the transaction is rolled back
        ContentVersion.raise_version()
    assert os.readlink(settings.EDITION_DIR / "current") == before


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


def test_who_looks_whether_the_edition_has_to_turn_waits_for_the_second_of_a_notice(
    reader, article, home, settings, monkeypatch
):
    let_it_begin = notice_in_half_a_minute(home, monkeypatch)
    turning = Turning()
    assert 0 < turning.look() <= 0.25
    first = editions.Edition.current()
    began = time.time()
    monkeypatch.setattr(time, "time", lambda: began + 29.95)
    assert 0 < turning.look() <= 0.1
    assert editions.Edition.current() == first
    let_it_begin()
    # Nothing of it has been written, and nobody who writes has come to its end.
    turning.look()
    assert editions.Edition.current().folder.name == f"{first.version}.1"
    assert 0 < turning.look() <= 0.25
    assert turning.has_turned.is_set()


def test_a_notice_that_begins_while_the_edition_is_written_is_not_left_out_of_half_of_it(
    reader, article, write, settings, home, monkeypatch
):
    let_it_begin = notice_in_half_a_minute(home, monkeypatch)
    monkeypatch.setattr("pages.management.commands.edition._PAGES_BETWEEN_LOOKS", 1)
    write_page = editions.Edition.write

    def and_half_a_minute_goes_by(self, *words):
        write_page(self, *words)
        let_it_begin()

    monkeypatch.setattr(editions.Edition, "write", and_half_a_minute_goes_by)
    with pytest.raises(CommandError, match="publicerades"):
        write()
    write()
    for address in ("/", "/verksamheten/", article.url):
        assert "Driftstörning" in _file(settings, address).decode()


def test_a_page_that_is_written_too_late_brings_no_former_edition_back(
    reader, article, write, settings
):
    write()
    former = editions.Edition.current()
    answer = former.answer_to(article.url)
    ContentVersion.raise_version()
    write()
    former.write(article.url, answer)
    assert not former.folder.exists()


def test_where_no_edition_becomes_whole_the_former_ones_go_all_the_same(
    reader, article, settings, monkeypatch, write
):
    monkeypatch.setattr("pages.management.commands.edition._PAGES_BETWEEN_LOOKS", 1)
    write_page = editions.Edition.write

    def write_while_others_publish(self, *words):
        write_page(self, *words)
        ContentVersion.raise_version("page")

    monkeypatch.setattr(editions.Edition, "write", write_while_others_publish)
    for _ in range(3):
        with pytest.raises(CommandError, match="publicerades"):
            write()
    folders = [each for each in settings.EDITION_DIR.iterdir() if not each.is_symlink()]
    assert [each.name for each in folders] == [os.readlink(settings.EDITION_DIR / "current")]


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


def test_many_pages_that_are_published_together_write_what_lists_them_once(
    reader, section, write, django_capture_on_commit_callbacks, monkeypatch
):
    pages = [ArticlePageFactory(parent=section) for _ in range(5)]
    written, write_page = [], editions.Edition.write

    def write_and_count(self, address, answer):
        written.append(address)
        write_page(self, address, answer)

    monkeypatch.setattr(editions.Edition, "write", write_and_count)
    with django_capture_on_commit_callbacks(execute=True):
        for page in pages:
            page.save_revision().publish()
    assert sorted(written) == sorted(["/", "/verksamheten/", *(page.url for page in pages)])


def test_without_a_database_and_in_a_process_that_has_just_started_the_edition_answers(
    reader, article, write, monkeypatch
):
    page = reader.get(article.url)
    write()

    def lose_the_database(*_words):
        raise OperationalError("connection refused")

    monkeypatch.setattr("pages.reading.views.page_in", lose_the_database)
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


def test_what_was_withdrawn_on_another_machine_is_taken_out_of_the_former_edition_by_the_job(
    reader, article, write, settings, monkeypatch
):
    write()
    # As where another machine publishes: no receiver runs here.
    type(article).objects.filter(pk=article.pk).update(live=False)
    ContentVersion.raise_version()
    monkeypatch.setattr(editions.Edition, "make_whole", lambda self, until: None)
    write()
    former = settings.EDITION_DIR / "former" / "verksamheten"
    assert (former / "index.html").exists()
    assert not list((former / "samverkan").glob("*"))


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


def test_what_another_machine_has_withdrawn_by_mistake_leaves_no_former_edition_to_the_job(
    reader, article, write, settings, monkeypatch
):
    write()
    type(article).objects.filter(pk=article.pk).update(live=False)
    Withdrawal.objects.create(address="/verksamheten/samverkan/", reason="mistake")
    monkeypatch.setattr(editions.Edition, "make_whole", lambda self, until: None)
    write()
    assert not (settings.EDITION_DIR / "former").exists()


def test_an_edition_that_lacks_a_page_because_of_an_outage_is_not_whole(
    reader, article, write, settings, monkeypatch
):
    def lose_the_database(*_words):
        raise OperationalError("connection refused")

    monkeypatch.setattr("pages.reading.views.page_in", lose_the_database)
    with pytest.raises(CommandError, match="Databasen går inte att använda"):
        write()
    assert editions.Edition.current().whole_until() is None


@pytest.mark.parametrize("address", ["/../../etc/passwd", "/.whole/", "/a\0b/", "/x/..%2f/"])
def test_an_address_never_leads_out_of_the_edition(reader, article, write, address):
    write()
    assert (
        editions.standing_answer_to(wsgi.Question("http", "testserver", address, "", False)) is None
    )


def test_a_page_that_cannot_be_rendered_is_published_all_the_same(
    reader, article, write, settings, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    write()
    monkeypatch.setattr(reader.store, "answer_at", lambda *_, **__: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        article.title = "Ny rubrik"
        article.save_revision().publish()
    assert "Ny rubrik" in reader.get(article.url).html
    with pytest.raises(FileNotFoundError):
        _file(settings, article.url)
    assert "could not be written into the edition" in caplog.text


def test_without_an_address_there_is_no_edition_and_the_command_says_so(db, settings):
    settings.EDITION_URL = ""
    with pytest.raises(CommandError, match="SAPO_EDITION_URL"):
        call_command("edition")
