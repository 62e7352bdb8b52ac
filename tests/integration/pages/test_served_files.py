"""Visitors can fetch a picture or file only while something public uses it; editors always."""

import errno
import json
from datetime import timedelta
from pathlib import Path, PurePath
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.signals import ModelSignal, post_delete, post_save, pre_delete, pre_save
from django.utils import timezone

from pages.content.models import ArticlePage
from pages.library.models import SiteDocument, SiteImage, SiteRendition
from pages.library.public_storage import public_storage
from pages.library.renditions import renditions_made, wanted_specs
from pages.newsroom import served_files
from pages.newsroom.due import publish_due
from pages.newsroom.file_acts import propose_change
from pages.newsroom.guard import guarded_models
from pages.newsroom.served_files import not_as_it_should_be, serve_what_is_public
from pages.newsroom.verify import deviations
from pages.newsroom.withdrawals import withdraw_page
from tests.factories import PartnerFactory, SiteDocumentFactory, SiteImageFactory
from tests.factories.pages import picture_file
from tests.newsroom import approved_by_two, page_with, publish_by_two

pytestmark = pytest.mark.django_db


class Library:
    """A picture and a file, and what can happen to them; each step is followed by its commit."""

    def __init__(self, section, editor, chief_editor, commit):
        self.section, self.two, self.commit = section, (editor, chief_editor), commit
        with commit(execute=True):
            self.picture = SiteImageFactory(title="Vallokal", file=picture_file(120, 80))
            self.file = SiteDocumentFactory(title="Checklista")

    def draft(self, slug="valet", **fields):
        page = page_with(
            self.section, self.picture, self.file, title=slug.capitalize(), slug=slug, **fields
        )
        with self.commit(execute=True):
            page.save_revision()
        return page

    def publish(self, page):
        with self.commit(execute=True):
            publish_by_two(page, *self.two)
        return ArticlePage.objects.get(pk=page.pk)

    def withdraw(self, page):
        with self.commit(execute=True):
            withdraw_page(page, "outdated")

    def replace(self):
        with self.commit(execute=True):
            for obj, new in (
                (self.picture, picture_file(90, 60, "ny.jpg")),
                (self.file, ContentFile(b"ny", "ny.txt")),
            ):
                approved_by_two(*self.two, propose_change(obj, {}, new, self.two[0]))
        self.picture, self.file = _now(self.picture), _now(self.file)

    def addresses(self):
        """Each address below which the picture and the file may lie -> what it is."""
        renditions = self.picture.renditions.filter(filter_spec__in=wanted_specs(self.picture))
        return {
            self.file.url: "file",
            f"/media/{self.file.file.name}": "file",
            **{each.file.url: "rendition" for each in renditions},
            f"/media/{self.picture.file.name}": "original",
        }


def _status(client, address):
    response = client.get(address)
    b"".join(response.streaming_content if response.streaming else [])
    return response.status_code


def _now(obj):
    return type(obj).objects.get(pk=obj.pk)


@pytest.fixture
def library(section, editor, chief_editor, django_capture_on_commit_callbacks):
    return Library(section, editor, chief_editor, django_capture_on_commit_callbacks)


def _nowhere(library):
    return False


def _in_a_draft(library):
    library.draft()
    return False


def _sent(library):
    with library.commit(execute=True):
        publish_by_two(library.draft(), library.two[0], library.two[0])
    return False


def _scheduled(library):
    library.publish(library.draft(go_live_at=timezone.now() + timedelta(hours=1)))
    return False


def _published(library):
    library.publish(library.draft())
    return True


def _published_at_its_time(library):
    at = timezone.now() + timedelta(hours=1)
    library.publish(library.draft(go_live_at=at))
    later = at + timedelta(seconds=1)
    with library.commit(execute=True), patch("django.utils.timezone.now", return_value=later):
        publish_due(later)
    return True


def _withdrawn(library):
    library.withdraw(library.publish(library.draft()))
    return False


def _used_by_two_pages_of_which_one_is_withdrawn(library):
    first, _second = (library.publish(library.draft(slug)) for slug in ("valet", "mer"))
    library.withdraw(first)
    return True


def _in_an_old_version_alone(library):
    page = library.publish(library.draft())
    page.image, page.body = json.dumps([]), json.dumps([])
    page.save_revision()
    library.publish(page)
    return False


def _public_and_left_out_of_the_new_draft(library):
    page = library.publish(library.draft())
    page.image, page.body = json.dumps([]), json.dumps([])
    with library.commit(execute=True):
        page.save_revision()
    return True


def _replaced(library):
    library.publish(library.draft())
    library.replace()
    return True


def _replaced_and_withdrawn(library):
    page = library.publish(library.draft())
    library.replace()
    library.withdraw(page)
    return False


STATES = [
    _nowhere, _in_a_draft, _sent, _scheduled, _published, _published_at_its_time, _withdrawn,
    _used_by_two_pages_of_which_one_is_withdrawn, _in_an_old_version_alone,
    _public_and_left_out_of_the_new_draft, _replaced, _replaced_and_withdrawn,
]  # fmt: skip


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__.strip("_"))
def test_every_address_in_every_state_for_every_role(client, library, state, no_editor):
    assert_each_role_gets_what_it_may(client, library, state, no_editor)


def assert_each_role_gets_what_it_may(client, library, state, no_editor):
    """Looks at every address, after the library has come into this state."""
    is_public = state(library)
    former = [name for each in (library.picture, library.file) for name in each.former_files.all()]
    wrong = []
    for person in (None, no_editor, *library.two):
        client.logout()
        if person:
            client.force_login(person)
        sees_all = person in library.two
        for address, what in library.addresses().items():
            wanted = 200 if is_public or sees_all else 404
            if what == "original" and not sees_all:
                wanted = 302 if is_public else 404
            response = client.get(address)
            caching = response.headers.get("Cache-Control", "")
            kept = "private" in caching and "no-store" in caching
            if response.status_code != wanted or (
                wanted == 200 and kept != (not is_public or what == "original")
            ):
                wrong.append((str(person), address, response.status_code, caching))
            b"".join(response.streaming_content if response.streaming else [])
        for each in former:
            answer = _status(client, f"/media/{each.name}")
            if answer != (302 if is_public else 404):
                wrong.append((str(person), each.name, answer))
    assert wrong == []
    assert not_as_it_should_be() == (set(), set())
    assert bool(list(public_storage().names())) == is_public


def test_a_logotype_is_served_as_long_as_its_partner_is_public(library, client):
    with library.commit(execute=True):
        partner = PartnerFactory(logotype=library.picture, live=False)
        publish_by_two(partner, *library.two)
    [*renditions] = library.picture.renditions.all()
    assert {_status(client, each.file.url) for each in renditions} == {200}
    with library.commit(execute=True):
        partner.unpublish()
    assert {_status(client, each.file.url) for each in renditions} == {404}


def test_where_nothing_is_public_there_is_nothing_for_visitors():
    assert served_files.names_for_visitors({}) == set()


def test_a_rendition_that_is_made_later_is_served_too(library, client):
    library.publish(library.draft())
    with library.commit(execute=True):
        library.picture.renditions.all().delete()
    with library.commit(execute=True):
        made = [library.picture.get_rendition(spec) for spec in wanted_specs(library.picture)]
    assert {_status(client, each.file.url) for each in made} == {200}
    assert not_as_it_should_be() == (set(), set())


def test_many_pictures_are_looked_at_in_turn(db):
    pictures = [SiteImageFactory(file=picture_file(120, 80)) for _ in range(3)]
    keys = {SiteImage: {each.pk for each in pictures}}
    at_once = served_files.names_for_visitors(keys)
    with patch.object(served_files, "_IMAGES_AT_ONCE", 1):
        assert served_files.names_for_visitors(keys) == at_once
    assert {each.renditions.first().file.name for each in pictures} <= at_once


def test_a_film_is_wound_from_the_public_folder(library, client):
    library.publish(library.draft())
    address = f"/media/{library.file.file.name}"
    answer = client.get(address, headers={"range": "bytes=10-19"})
    assert answer.status_code == 206
    assert b"".join(answer.streaming_content) == b"x" * 10


def test_what_is_public_takes_its_place_on_the_disk_once(library):
    library.publish(library.draft())
    names = list(public_storage().names())
    assert len(names) == 1 + library.picture.renditions.count()
    for name in names:
        assert Path(public_storage().path(name)).samefile(default_storage.path(name))


def test_where_no_link_can_be_made_the_file_is_copied(library, client):
    with patch("os.link", side_effect=OSError(errno.EXDEV, "Invalid cross-device link")):
        library.publish(library.draft())
    assert _status(client, library.file.url) == 200
    assert not_as_it_should_be() == (set(), set())
    assert not [name for name in public_storage().names() if "/." in name]


def test_nobody_guesses_where_an_upload_lies(library):
    again = SiteDocumentFactory(title="Checklista"), SiteImageFactory(file=picture_file(120, 80))
    for one, other in zip((library.file, library.picture), again, strict=True):
        assert one.filename == other.filename
        folder = PurePath(one.file.name).parent.name
        assert len(folder) >= 16
        assert folder != PurePath(other.file.name).parent.name
    rendition = library.picture.renditions.first()
    assert len(PurePath(rendition.file.name).parent.name) >= 16


def test_what_is_undone_was_never_served(library):
    page = library.draft()
    with library.commit(execute=True), transaction.atomic():
        publish_by_two(page, *library.two)
        transaction.set_rollback(True)
    assert list(public_storage().names()) == []


def _crashes(library):
    """The process dies between the commit and what follows it."""
    return patch.object(served_files, "_follow")


def test_after_a_crash_between_commit_and_file_the_job_of_the_edition_puts_it_right(
    library, client
):
    with _crashes(library):
        page = library.publish(library.draft())
    assert _status(client, library.file.url) == 404
    assert any(
        "går inte att hämta, fast något publicerat använder den" in str(each)
        for each in deviations()
    )
    assert serve_what_is_public() == (1 + 4, 0)
    assert _status(client, library.file.url) == 200

    with _crashes(library):
        library.withdraw(page)
    assert any(
        "går att hämta, fast inget publicerat använder den" in str(each) for each in deviations()
    )
    assert serve_what_is_public() == (0, 5)
    assert _status(client, library.file.url) == 404
    assert serve_what_is_public() == (0, 0)


def test_what_is_public_is_so_even_if_its_files_cannot_be_moved(library):
    with patch.object(served_files, "_follow", side_effect=OSError):
        assert library.publish(library.draft()).live


def test_a_picture_without_renditions_is_told_in_words_and_its_upload_is_not_shown(library, client):
    page = library.publish(library.draft())
    with library.commit(execute=True):
        library.picture.renditions.all().delete()
    said = client.get(page.url).content.decode()
    assert "original_images" not in said
    assert '<span class="picture-missing">En vallokal.</span>' in said


def test_all_by_which_a_file_may_become_public_or_cease_to_be_is_followed():
    with (
        patch.object(ModelSignal, "connect", autospec=True) as connect,
        patch.object(renditions_made, "connect") as connect_renditions,
    ):
        served_files.connect_serving()
    followed = {
        (signal, each.kwargs["sender"], receiver)
        for each in connect.call_args_list
        for signal, receiver in [each.args]
    }
    assert followed == {
        (signal, model, receiver)
        for models, before, after in (
            (guarded_models(), served_files._user_is_to_change, served_files._user_changed),
            (
                (SiteImage, SiteDocument, SiteRendition),
                served_files._file_is_to_change,
                served_files._file_changed,
            ),
        )
        for model in models
        for signal, receiver in (
            (pre_save, before),
            (pre_delete, before),
            (post_save, after),
            (post_delete, served_files._follow_after_commit),
        )
    }
    connect_renditions.assert_called_once_with(served_files._file_changed)
