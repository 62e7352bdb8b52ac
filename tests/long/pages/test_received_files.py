"""What tests/integration/pages/test_received_files.py says, in more cases."""

import html
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pages.library.apart import parent
from pages.library.models import SiteDocument, SiteImage
from tests.factories.office_files import sheet_file
from tests.factories.pages import picture_file
from tests.integration.pages.test_received_files import (
    COVERED,
    REFUSED,
    WAYS,
    _add,
    _said_after,
    _upload,
    _words,
)
from tests.upload_doors import DOORS, opened, said_in, upload

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("upload", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_a_file_with_words_under_a_box_is_refused_beside_the_field(client, editor, upload):
    client.force_login(editor)
    said = _said_after(client, upload(client, _upload(COVERED)))
    assert REFUSED in said
    assert not SiteDocument.objects.exists()


@pytest.mark.parametrize("kind", ["documents", "images"])
def test_what_a_file_says_is_no_markup_where_its_refusal_is_shown(client, editor, kind):
    """The page for many files puts the sentence into itself as it comes."""
    client.force_login(editor)
    name = "<img src=x onerror=alert(1)>"
    book = sheet_file(lambda book: setattr(book.create_sheet(name), "sheet_state", "hidden"))
    for each in (SimpleUploadedFile(f"a.{name}", book), SimpleUploadedFile("a.xlsx", book)):
        response = client.post(
            f"/admin/{kind}/multiple/add/", {"title": "Plan", "collection": 1, "files[]": each}
        )
        told = response.json()
        assert not told["success"]
        assert "<" not in told["error_message"]
    if kind == "documents":
        assert "‹img src=x onerror=alert(1)›" in told["error_message"]


def test_who_waits_too_long_for_a_turn_is_told_at_each_door_and_nothing_is_kept(client, admin):
    client.force_login(admin)
    with patch.object(parent, "TURN_SECONDS", 0.1), parent._in_turn():
        for door in DOORS:
            name, file = (
                ("kust.jpg", picture_file().read()) if "images" in door else ("a.txt", b"Hej")
            )
            said = html.unescape(said_in(upload(client, opened(door), name, file)))
            assert "många filer laddas upp just nu. Försök igen om en stund." in said, door
    assert not SiteDocument.objects.exists()
    assert not SiteImage.objects.exists()


def test_a_picture_that_finds_no_turn_for_its_sizes_is_chosen_without_a_preview(
    client, editor, monkeypatch
):
    run = parent._run
    monkeypatch.setattr(
        parent, "_run",
        lambda work, *given: run(work, *given) if "draw_and_tell" in work else None,
    )  # fmt: skip
    client.force_login(editor)
    answer = upload(client, "/admin/images/chooser/create/", "kust.jpg", picture_file().read())
    assert answer.status_code == 200
    chosen = answer.json()["result"]
    assert (chosen["title"], chosen["preview"]["url"]) == ("Kust", "")
    assert SiteImage.objects.get().pk == int(chosen["id"])


def test_a_file_with_nothing_to_take_out_is_received_without_a_list(client, editor):
    client.force_login(editor)
    said = _words(_add(client, _upload(b"Namn;Ort\n", "lista.csv")))
    assert "Filen är mottagen. Den är stängd tills en sida som visar den publiceras." in said


def test_an_ending_that_nobody_may_upload_is_refused_as_before(client, editor):
    client.force_login(editor)
    assert "exe" in _words(_add(client, _upload(b"MZ", "program.exe")))
    assert not SiteDocument.objects.exists()
