"""What tests/integration/pages/test_edition.py says, in more cases."""

import os
import time

import pytest
from django.core.management import CommandError
from django.db import OperationalError

from pages.content.models import Footer, Withdrawal
from pages.ground.models import ContentVersion
from pages.public.store import editions
from pages.public.store.turning import Turning
from tests.factories import ArticlePageFactory
from tests.integration.pages import test_edition as first
from tests.integration.pages.store_reader import notice_in_half_a_minute
from tests.integration.pages.test_edition import _file

reader, article, write = first.reader, first.article, first.write


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

    monkeypatch.setattr("pages.public.reading.views.page_in", lose_the_database)
    with pytest.raises(CommandError, match="Databasen går inte att använda"):
        write()
    assert editions.Edition.current().whole_until() is None


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
