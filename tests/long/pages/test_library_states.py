"""What tests/integration/pages/test_library_states.py says, in more cases."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from pages.library.models import FileInVersion, SiteImage
from pages.newsroom.file_queries import unused
from pages.newsroom.submissions import send
from tests.factories import (
    ArticlePageFactory,
    PartnerFactory,
    SiteDocumentFactory,
    SiteImageFactory,
)
from tests.factories.pages import picture_file
from tests.integration.pages import test_library_states as first
from tests.integration.pages.test_library_states import (
    DOCUMENTS,
    IMAGES,
    _address,
    _public_page,
    _show,
    _states,
    _titles,
    _words,
)

picture, file, of_each_kind = first.picture, first.file, first.of_each_kind

pytestmark = pytest.mark.django_db


def test_a_draft_of_a_published_page_counts_as_well(client, editor, section, picture):
    page = _public_page(section, title="Valet")
    _show(page, picture).save_revision()
    words = _states(client, IMAGES, editor)
    assert "○ Stängd · i 1 utkast · bara inloggade når den" in words
    assert not unused(SiteImage.objects.all()).exists()


def test_what_a_version_names_that_waits_counts_while_the_newest_does_not(
    client, editor, section, picture
):
    page = _public_page(section, title="Valet")
    send(editor, [_show(page, picture).save_revision(user=editor)])
    _show(page).save_revision(user=editor)
    assert "i 1 utkast" in _states(client, IMAGES, editor)


def test_an_autosave_that_writes_over_a_version_changes_what_it_names(
    editor, section, picture, file
):
    page = _public_page(section, title="Valet")
    revision = _show(page, picture).save_revision(user=editor)
    _show(page, file=file).save_revision(user=editor, overwrite_revision=revision)
    named = FileInVersion.objects.filter(revision=revision)
    assert [(row.image_id, row.document_id) for row in named] == [(None, file.pk)]


def test_a_picture_on_a_withdrawn_page_is_closed_and_still_named(client, editor, section, picture):
    page = _public_page(section, picture, title="Valet")
    page.unpublish()
    words = _states(client, IMAGES, editor)
    assert "○ Stängd · på 1 borttagen sida · bara inloggade når den" in words
    assert "Radera" not in words


def test_a_register_that_readers_meet_publishes_its_picture(client, editor, picture):
    PartnerFactory(logotype=picture)
    words = _states(client, IMAGES, editor)
    assert "● Publicerad på 1 ställe i registren" in words


def test_states_narrow_down_what_a_search_has_found(client, editor, of_each_kind):
    for address in [IMAGES, DOCUMENTS]:
        for state, title in (("public", "publik"), ("unused", "gammal"), ("waiting", "byte")):
            found = f"{address}?q={title}&state={state}"
            assert _titles(client, found, editor) == {title}
            assert _titles(client, f"{address}?q=ny&state={state}", editor) == set()


def test_a_list_asks_as_much_for_many_files_as_for_few(client, editor, section):
    client.force_login(editor)
    queries = ("", "?layout=list", "?state=public", "?state=closed&q=bild")
    lists = [address + query for address in (IMAGES, DOCUMENTS) for query in queries]

    def asked() -> dict[str, int]:
        found = {}
        for each in lists:
            client.get(each)
            with CaptureQueriesContext(connection) as captured:
                client.get(each)
            found[each] = len(captured)
        return found

    def add(number: int) -> None:
        picture = SiteImageFactory(title=f"Bild {number}", file=picture_file(20, 10))
        file = SiteDocumentFactory(title=f"Bildfil {number}", file=ContentFile(b"x", "x.pdf"))
        _public_page(section, picture, file, title=f"Sida {number}")
        page = ArticlePageFactory(parent=section, live=False)
        _show(page, picture, file).save_revision()
        SiteImageFactory(title=f"Bild {number} b", file=picture_file(20, 10))
        SiteDocumentFactory(title=f"Bildfil {number} b", file=ContentFile(b"x", "x.pdf"))

    add(1)
    few = asked()
    for number in range(2, 5):
        add(number)
    assert {each: count for each, count in asked().items() if count > few[each]} == {}


def test_the_page_of_an_unused_file_leads_to_where_it_is_deleted(client, editor, file):
    shown = client.get(_address(file), follow=True)
    client.force_login(editor)
    shown = client.get(_address(file)).content.decode()
    assert f'href="{DOCUMENTS}delete/{file.pk}/"' in shown
    client.post(f"{DOCUMENTS}delete/{file.pk}/")
    assert _titles(client, DOCUMENTS, editor) == set()


def test_the_page_of_a_file_names_the_former_files_that_are_kept(client, editor, file):
    file.former_files.create(name="documents/checklista-2024.pdf")
    words = _words(client, _address(file), editor)
    assert "1 tidigare fil sparas: checklista-2024.pdf" in words


def test_the_lists_are_narrowed_down_by_state(client, editor, of_each_kind):
    for address in [IMAGES, DOCUMENTS]:
        for state, titles in [
            ("public", {"publik", "byte"}),
            ("closed", {"utkast", "ny", "gammal", "släppt"}),
            ("unused", {"gammal"}),
            ("waiting", {"byte"}),
        ]:
            assert _titles(client, f"{address}?state={state}", editor) == titles
            assert _titles(client, f"{address}results/?state={state}", editor) == titles


def test_the_lists_are_narrowed_down_by_rights_and_consent(client, editor):
    today = localdate()
    for title, fields in {
        "gick ut": {"consent_until": today - timedelta(days=1)},
        "sista dagen": {"rights_until": today},
        "snart": {"consent_until": today + timedelta(days=30)},
        "sedan": {"consent_until": today + timedelta(days=31)},
        "båda": {"consent_until": today, "rights_until": today - timedelta(days=9)},
    }.items():
        SiteImageFactory(title=title, **fields, shows_people="yes", consent="given")
    SiteImageFactory(title="ingen har svarat")
    SiteDocumentFactory(title="avtalet slut", rights_until=today - timedelta(days=1))
    SiteDocumentFactory(title="egen", rights="own")
    assert _titles(client, f"{IMAGES}?terms=over", editor) == {"gick ut", "båda"}
    assert _titles(client, f"{IMAGES}?terms=ending", editor) == {"sista dagen", "snart"}
    assert _titles(client, f"{IMAGES}?terms=unanswered", editor) == {"ingen har svarat"}
    assert _titles(client, f"{DOCUMENTS}?terms=over", editor) == {"avtalet slut"}
