"""Who uploads a file can be told meanwhile how far it has come."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pages.apart import parent
from pages.apart.steps import UploadStep, steps_told_in, tell_step
from pages.library import drawing_job
from pages.models import SiteImage
from tests.factories.pages import picture_file
from tests.factories.pdf_files import lines, pdf_of

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef" * 2
ADDRESS = f"/admin/uppladdning/{KEY}/"


@pytest.fixture
def asked(monkeypatch, settings, tmp_path, editor):
    """What another editor's browser is answered each time that a child has been started."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    answers = []
    run = parent._run
    beside = Client()
    beside.force_login(editor)

    def watched(*given):
        answers.append(beside.get(ADDRESS).json())
        return run(*given)

    monkeypatch.setattr(parent, "_run", watched)
    return answers


def _upload(client, key, commit, **changes):
    form = {
        "title": "Kust", "collection": "1", "shows_people": "no", "upload_steps": key,
        "file": SimpleUploadedFile("kust.jpg", picture_file().read()), **changes,
    }  # fmt: skip
    with commit(execute=True):
        return client.post("/admin/images/add/", form)


def test_who_uploads_a_picture_is_told_what_is_done_with_it(
    client, editor, asked, tmp_path, django_capture_on_commit_callbacks
):
    client.force_login(editor)
    assert _upload(client, KEY, django_capture_on_commit_callbacks).status_code == 302
    # The sizes are drawn after the commit, which comes after the request in this test alone.
    assert asked[0] == {
        "text": "Bilden ritas om utan dolda uppgifter.", "done": 0, "of": 0,
    }  # fmt: skip
    assert list(tmp_path.iterdir()) == [], "and nothing is left"


def test_who_uploads_a_file_is_told_what_is_done_with_it(client, editor, asked):
    client.force_login(editor)
    form = {
        "title": "Plan", "collection": "1", "upload_steps": KEY,
        "file": SimpleUploadedFile("plan.pdf", pdf_of(lines)),
    }  # fmt: skip
    client.post("/admin/documents/add/", form)
    assert [each["text"] for each in asked] == ["Filen gås igenom."]


def test_the_sizes_are_counted_while_they_are_drawn(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(drawing_job, "tell_step", told.append)
    source = tmp_path / "source"
    source.write_bytes(picture_file().read())
    recipe = {"box": (0, 0, 900, 600), "size": (90, 60), "format": "png", "ground": None,
              "options": {}}  # fmt: skip
    drawing_job.render_and_tell(str(source), str(tmp_path), [recipe] * 3)
    assert told == [UploadStep("render_and_tell", number, 3) for number in range(3)]


@pytest.mark.parametrize("key", ["../../etc/passwd", "x" * 32, "0" * 33, ""])
def test_what_is_no_key_names_no_file(
    client, editor, asked, tmp_path, key, django_capture_on_commit_callbacks
):
    client.force_login(editor)
    assert _upload(client, key, django_capture_on_commit_callbacks).status_code == 302
    assert SiteImage.objects.count() == 1
    assert [each["text"] for each in asked] == ["", ""]
    assert client.get(f"/admin/uppladdning/{key or 'x'}/").status_code == 404


def test_visitors_and_those_without_a_login_are_told_nothing(client, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    token = steps_told_in.set(str(tmp_path / f"upload-{KEY}"))
    tell_step(UploadStep("scan"))
    steps_told_in.reset(token)
    assert client.get(ADDRESS).status_code == 302
