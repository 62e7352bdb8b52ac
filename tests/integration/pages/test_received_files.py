"""Every way in which a file comes to the library leads through the cleaning."""

import html

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection
from wagtail.models import Collection, UploadedFile

from pages.library import virus_scanner
from pages.library.cleaning import cleaned_files
from pages.library.cleaning.cleaned_files import FileRefused
from pages.library.files import fingerprint_of
from pages.library.models import SiteDocument, SiteImage
from pages.newsroom.models import Proposal
from pages.newsroom.submissions import Result
from tests.factories import ArticlePageFactory, SiteDocumentFactory
from tests.factories.office_files import word_file
from tests.factories.pages import picture_file
from tests.factories.pdf_files import box, lines, pdf_of, scan, text
from tests.newsroom import approved_by_two
from tests.upload_doors import upload

pytestmark = pytest.mark.django_db

TELLING = pdf_of(lines)
COVERED = pdf_of(lines, text("Agenten heter Anna"), box(60, 90, 300, 25))
RECEIVED = (
    "Filen är mottagen. Vi tog bort författare, datum, nyckelord och beskrivning, program. Den är "
    "stängd tills en sida som visar den publiceras."
)
REFUSED = "under den svarta rutan på sida 1 går det att läsa ”Agenten heter Anna…”"


def _upload(content, name="plan.pdf"):
    return ContentFile(content, name)


def _words(response):
    return html.unescape(response.content.decode())


def _stored(document):
    with document.file.open("rb") as file:
        return file.read()


def _add(client, file):
    form = {"title": "Plan", "tags": "", "collection": 1, "description": "", "file": file}
    return client.post("/admin/documents/add/", form, follow=True)


def _add_many(client, file):
    return client.post(
        "/admin/documents/multiple/add/", {"title": "Plan", "collection": 1, "files[]": file}
    )


def _choose(client, file):
    form = {"title": "Plan", "tags": "", "collection": 1, "description": "", "file": file}
    return client.post(
        "/admin/documents/chooser/create/",
        {f"document-chooser-upload-{name}": value for name, value in form.items()},
    )


WAYS = [_add, _add_many, _choose]


def _said_after(client, response):
    """The answer itself, and what stands on the next page."""
    if response["Content-Type"].startswith("application/json"):
        told = response.json()
        said = " ".join(
            str(told.get(name, "")) for name in ("form", "htmlFragment", "error_message")
        )
        return html.unescape(said) + _words(client.get("/admin/documents/"))
    return _words(response)


@pytest.mark.parametrize("upload", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_who_uploads_a_file_is_told_what_was_taken_out(client, editor, upload):
    client.force_login(editor)
    said = _said_after(client, upload(client, _upload(TELLING)))
    document = SiteDocument.objects.get()
    after = _stored(document)
    assert b"Anna Hemlig" not in after
    assert RECEIVED in said
    assert document.file_size == len(after)
    assert document.file_hash == fingerprint_of(ContentFile(after))
    assert document.inspection["seen"] == {"title": True, "language": False, "tags": False}


def _replace(client, file):
    document = SiteDocumentFactory()
    form = {"title": "Plan", "tags": "", "collection": 1, "description": "", "file": file}
    response = client.post(f"/admin/documents/edit/{document.pk}/", form)
    document.delete()
    return response


@pytest.mark.parametrize("upload", [*WAYS, _replace], ids=lambda way: way.__name__.strip("_"))
def test_a_file_that_no_scanner_has_looked_at_is_refused_beside_the_field(
    client, admin, upload, settings
):
    settings.CLAMD = "/finns/inte"
    client.force_login(admin)
    said = _said_after(client, upload(client, _upload(TELLING)))
    assert "virusskyddet svarar inte. Försök igen om en stund." in said
    assert not SiteDocument.objects.exists()


def test_a_virus_stands_in_the_audit_log_with_who_sent_it(
    client, editor, monkeypatch, settings, caplog
):
    settings.CLAMD = "/run/clamav/clamd.ctl"
    monkeypatch.setattr(virus_scanner, "_answer_about", lambda path: b"stream: Eicar FOUND\0")
    client.force_login(editor)
    with caplog.at_level("INFO"):
        said = _words(_add(client, _upload(TELLING)))
    assert "virusskyddet hittade Eicar i den. Öppna den ingenstans" in said
    [entry] = [each.audit for each in caplog.records if hasattr(each, "audit")]
    assert entry == {
        "door": "cms", "event": "virus", "who": "redaktor", "found": "Eicar", "kind": "pdf",
    }  # fmt: skip


def test_of_many_files_none_is_kept_that_came_with_a_wrong_title_or_collection(
    client, editor, settings, tmp_path
):
    """Wagtail would keep the file as it came, and ask for the rest."""
    Collection.get_first_root_node().add_child(name="Kartor")  # with one, nobody is asked
    settings.MEDIA_ROOT = tmp_path
    client.force_login(editor)
    for kind in ["images", "documents"]:
        for changes, said in [
            ({"title": "x" * 300}, "Rubrik: Säkerställ att detta värde har som mest 255 tecken"),
            ({"collection": 99}, "Samling: Välj ett giltigt alternativ."),
            ({"collection": "\0"}, "Samling: "),
        ]:
            file = picture_file().read() if kind == "images" else TELLING
            name = "kust.jpg" if kind == "images" else "plan.pdf"
            told = upload(client, f"/admin/{kind}/multiple/add/", name, file, **changes).json()
            assert not told["success"]
            assert said in told["error_message"]
            assert not UploadedFile.objects.exists()
            assert list(tmp_path.rglob("*.*")) == []


def test_what_was_kept_as_it_came_becomes_no_picture_or_file(client, editor):
    client.force_login(editor)
    for kind, model in (("image", SiteImage), ("document", SiteDocument)):
        kept = UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(model),
            file=_upload(TELLING), uploaded_by_user=editor,
        )  # fmt: skip
        address = f"/admin/{kind}s/multiple/create_from_uploaded_{kind}/{kept.pk}/"
        before = f"uploaded-{kind}-{kept.pk}-"
        form = {f"{before}title": "Plan", f"{before}collection": 1, f"{before}tags": ""}
        assert client.post(address, form).status_code == 404
        assert not model.objects.exists()


def test_a_file_is_cleaned_before_anything_is_locked(client, editor, monkeypatch):
    found = []
    ask = cleaned_files.ask_child

    def watched(*given):
        found.append(len(connection.savepoint_ids))
        return ask(*given)

    monkeypatch.setattr(cleaned_files, "ask_child", watched)
    client.force_login(editor)
    before = len(connection.savepoint_ids)
    _add(client, _upload(TELLING))
    assert found == [before]


def test_of_a_refused_file_nothing_is_said_but_why(client, editor):
    client.force_login(editor)
    said = _words(_add(client, _upload(COVERED)))
    assert REFUSED in said
    assert "Filändelsen" not in said


def test_a_file_that_code_puts_in_is_cleaned_or_refused_as_well():
    document = SiteDocument.objects.create(title="Plan", file=_upload(word_file(), "plan.docx"))
    assert b"Anna Hemlig" not in _stored(document)
    document.file.save("plan.pdf", _upload(TELLING))
    assert b"Anna Hemlig" not in _stored(document)
    with pytest.raises(FileRefused):
        document.file.save("plan.pdf", _upload(COVERED))
    with pytest.raises(FileRefused):
        SiteDocument.objects.create(title="Plan", file=_upload(COVERED))


def test_replacing_a_file_cleans_the_new_one_and_tells_it(client, editor):
    document = SiteDocumentFactory(uploaded_by_user=editor)
    client.force_login(editor)
    address = f"/admin/documents/edit/{document.pk}/"
    form = {"title": "Plan", "tags": "", "collection": 1, "description": ""}
    refused = _words(client.post(address, {**form, "file": _upload(COVERED)}))
    assert REFUSED in refused
    assert "Filändelsen" not in refused
    said = _words(client.post(address, {**form, "file": _upload(TELLING)}, follow=True))
    assert RECEIVED in said
    document.refresh_from_db()
    assert b"Anna Hemlig" not in _stored(document)
    assert document.inspection["seen"]["title"]


@pytest.fixture
def public_file(section, editor):
    document = SiteDocumentFactory(title="Plan", uploaded_by_user=editor)
    page = ArticlePageFactory(parent=section, live=False)
    link = f'<p><a linktype="document" id="{document.pk}">Planen</a></p>'
    page.body.append(("prose", link))
    page.save_revision().publish()
    return document


def test_the_proposed_file_is_the_cleaned_one_and_is_put_in_place_to_the_byte(
    client, editor, chief_editor, public_file
):
    client.force_login(editor)
    form = {"title": "Plan", "tags": "", "collection": 1, "description": ""}
    response = client.post(
        f"/admin/documents/edit/{public_file.pk}/",
        {**form, "file": _upload(pdf_of(scan, box(70, 500, 200, 60)))}, follow=True,
    )  # fmt: skip
    said = _words(response)
    assert "Filen är mottagen. Vi tog bort författare" in said
    assert "Den är stängd" not in said
    proposal = Proposal.objects.get()
    with proposal.file.open("rb") as file:
        proposed = file.read()
        assert proposal.parameters["file_hash"] == fingerprint_of(ContentFile(proposed))
    assert b"Anna Hemlig" not in proposed

    assert approved_by_two(editor, chief_editor, proposal).result is Result.PUBLISHED
    stored = SiteDocument.objects.get()
    assert _stored(stored) == proposed
    assert stored.inspection["seen"]["painted_over"] == [1]
