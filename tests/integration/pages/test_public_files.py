"""What readers meet of a picture or file changes when two persons have confirmed the change."""

import base64
import hashlib
import html
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ReferenceIndex

from pages.content.models import ArticlePage
from pages.ground.models import ContentVersion
from pages.library.models import FormerFile, SiteDocument, SiteImage
from pages.library.picture import still_of
from pages.library.public_storage import is_served
from pages.newsroom.before_the_rule import record_all
from pages.newsroom.due import publish_due
from pages.newsroom.gate import NotConfirmed, sentence_on_file
from pages.newsroom.models import Proposal, Publication
from pages.newsroom.proposals import act_of, object_of_proposal
from pages.newsroom.served_files import serve_what_is_public
from pages.newsroom.submissions import Result, open_submission_of, send
from pages.newsroom.verify import deviations
from tests.factories import ArticlePageFactory, SiteDocumentFactory, SiteImageFactory
from tests.factories.pages import picture_file
from tests.guarding import guarded
from tests.newsroom import confirm_sent, page_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(editor):
    return SiteImageFactory(
        title="Vallokal", caption="I en vallokal.", uploaded_by_user=editor,
        file=picture_file(120, 80),
    )  # fmt: skip


@pytest.fixture
def file(editor):
    return SiteDocumentFactory(title="Checklista", uploaded_by_user=editor)


@pytest.fixture
def article(section, picture, file):
    """A public page that shows the picture and leads to the file."""
    page = page_with(section, picture, file, title="Valet", slug="valet")
    page.save_revision().publish()
    return page


def _form(obj, **changes):
    names = (
        ("caption", "photographer", "description")
        if isinstance(obj, SiteImage)
        else ("description",)
    )
    said = {name: getattr(obj, name) for name in names}
    return {"title": obj.title, "tags": "", "collection": 1, **said, **changes}


def _address(obj):
    if isinstance(obj, SiteImage):
        return f"/admin/images/{obj.pk}/"
    return f"/admin/documents/edit/{obj.pk}/"


def _now(obj):
    return type(obj).objects.get(pk=obj.pk)


def _new_file(obj):
    is_picture = isinstance(obj, SiteImage)
    return picture_file(90, 60, "ny.jpg") if is_picture else ContentFile(b"ny", "ny.txt")


def _content(file_field):
    with file_field.open("rb") as stored:
        return stored.read()


def _carried_out(proposal, editor, chief_editor):
    send(editor, [proposal])
    with guarded():
        return confirm_sent(chief_editor, open_submission_of(object_of_proposal(proposal))).result


@pytest.mark.parametrize("name", ["picture", "file"])
def test_a_change_of_what_is_public_waits_for_two_and_the_new_file_is_read_by_no_visitor(
    request, client, editor, article, name
):
    obj = request.getfixturevalue(name)
    before, had = _content(obj.file), obj.file.name
    client.force_login(editor)
    new = _form(obj, description="En annan beskrivning.", file=_new_file(obj), tags="val")
    response = client.post(_address(obj), new)
    proposal = Proposal.objects.get()
    assert response.status_code == 302
    assert response.url == reverse("newsdesk:send_proposal", args=[proposal.pk])

    stored = _now(obj)
    assert (stored.file.name, stored.description) == (had, "")
    assert _content(stored.file) == before
    assert [tag.name for tag in stored.tags.all()] == ["val"]  # which no reader meets
    lines = act_of(proposal).lines(stored, proposal.parameters)
    assert lines == [
        f"”{obj.title}” byts mot en annan fil.",
        "Beskrivning: ”En annan beskrivning.” läggs till.",
    ]
    said = html.unescape(client.get(response.url).content.decode())
    assert all(line in said for line in lines)
    after = reverse("newsdesk:proposed_file", args=[proposal.pk])
    assert after in said
    shown = client.get(after)
    assert b"".join(shown.streaming_content) == _content(proposal.file)
    assert "no-store" in shown.headers["Cache-Control"]
    assert "Den är publicerad. Ändringen syns när två har godkänt den." in said

    client.logout()
    assert client.get(f"/media/{proposal.file.name}").status_code == 404
    assert client.get(after).status_code == 302


@pytest.mark.parametrize("name", ["picture", "file"])
def test_when_two_have_confirmed_the_address_stays_and_the_former_version_is_kept(
    request, client, editor, chief_editor, article, name, django_capture_on_commit_callbacks
):
    obj = request.getfixturevalue(name)
    before, had = _content(obj.file), obj.file.name
    client.force_login(editor)
    client.post(_address(obj), _form(obj, file=_new_file(obj)))
    proposal, version = Proposal.objects.get(), ContentVersion.current()
    with django_capture_on_commit_callbacks(execute=True):
        assert _carried_out(proposal, editor, chief_editor) is Result.PUBLISHED

    stored = _now(obj)
    new = _content(stored.file)
    assert new == _content(proposal.file) != before
    # SHA-1, which Wagtail takes, would let another file pass for the one that was confirmed.
    assert base64.b85decode(stored.file_hash) == hashlib.sha256(new).digest()
    assert _content(FormerFile.objects.get(name=had).kept) == before
    assert not is_served(had)
    client.logout()
    shown = still_of(stored).file if name == "picture" else stored.file
    answer = client.get(f"/media/{had}", follow=True)
    assert b"".join(answer.streaming_content) == _content(shown)
    if name == "picture":
        assert stored.renditions.count() == 4
        assert (stored.width, stored.height) == (90, 60)
    publication = Publication.objects.get(key=str(obj.pk), kind=proposal.kind)
    assert publication.approval.proposal == proposal
    assert ContentVersion.current() != version


@pytest.mark.parametrize("name", ["picture", "file"])
def test_every_editor_changes_at_once_what_nothing_public_shows(
    request, client, chief_editor, section, name
):
    obj = request.getfixturevalue(name)
    obj.uploaded_by_user = chief_editor
    obj.save()
    page_with(
        section, *(request.getfixturevalue(each) for each in ("picture", "file"))
    ).save_revision()
    client.force_login(request.getfixturevalue("editor"))
    client.post(_address(obj), _form(obj, description="Ny", file=_new_file(obj)))
    stored = _now(obj)
    assert stored.description == "Ny"
    assert stored.file.name != obj.file.name
    assert not Proposal.objects.exists()


def _captioned(picture, file):
    picture.caption = "Någon annans ord"
    picture.save()


def _captioned_alone(picture, file):
    picture.caption = "Någon annans ord"
    picture.save(update_fields=["caption"])


def _replaced(picture, file):
    picture.file = picture_file(50, 50, "annan.jpg")
    picture.save()


def _file_replaced(picture, file):
    file.file = ContentFile(b"annat", "annat.txt")
    file.save()


def _pointed_elsewhere(picture, file):
    file.file.name = "documents/annan.docx"
    file.save()


def _updated(picture, file):
    SiteDocument.objects.filter(pk=file.pk).update(title="Någon annans ord")


def _bulk_updated(picture, file):
    picture.caption = "Någon annans ord"
    SiteImage.objects.bulk_update([picture], ["caption"])


@pytest.mark.parametrize(
    "door",
    [_captioned, _captioned_alone, _replaced, _file_replaced, _pointed_elsewhere, _updated,
     _bulk_updated],
    ids=lambda door: door.__name__.strip("_"),
)  # fmt: skip
def test_saving_refuses_what_nobody_has_confirmed(picture, file, article, door):
    def public():
        return [
            list(SiteImage.objects.values_list("caption", "file", "file_hash")),
            list(SiteDocument.objects.values_list("title", "file", "file_hash")),
        ]

    before = public()
    with guarded(), pytest.raises(NotConfirmed), transaction.atomic():
        door(picture, file)
    assert public() == before


def test_a_picture_that_its_uploader_exchanged_after_the_confirmation_holds_the_page_back(
    client, section, editor, chief_editor, picture, file
):
    page = page_with(section, picture, file, title="Valet", slug="valet")
    send(editor, [page.save_revision(user=editor)])
    client.force_login(editor)
    client.post(_address(picture), _form(picture, file=_new_file(picture)))

    outcome = confirm_sent(chief_editor, open_submission_of(page))
    assert outcome.result is Result.EXCHANGED
    assert not ArticlePage.objects.get(pk=page.pk).live
    [(name, [who])] = outcome.exchanged.items()
    assert sentence_on_file(name, who) == (
        "”Vallokal” byttes efter att redaktor godkände. redaktor måste godkänna igen."
    )
    assert confirm_sent(editor, open_submission_of(page)).result is Result.PUBLISHED


def test_a_scheduled_page_whose_picture_was_exchanged_stays_and_the_next_goes_out(
    section, editor, chief_editor, picture, file, mailoutbox, django_capture_on_commit_callbacks
):
    at = timezone.now() + timedelta(hours=1)
    with_picture = page_with(section, picture, file, title="Valet", slug="valet", go_live_at=at)
    without = ArticlePageFactory(
        parent=section, title="Nästa", slug="nasta", live=False, go_live_at=at
    )
    editor.email = "rolf@example.org"
    editor.save()
    for page in (with_picture, without):
        send(editor, [page.save_revision(user=editor)])
        outcome = confirm_sent(chief_editor, open_submission_of(page))
        assert outcome.result is Result.SCHEDULED
    SiteImage.objects.filter(pk=picture.pk).update(file_hash="0" * 40)

    later = at + timedelta(seconds=1)
    with (
        guarded(),
        patch("django.utils.timezone.now", return_value=later),
        django_capture_on_commit_callbacks(execute=True),
    ):
        mailoutbox.clear()
        publish_due(later)
    assert not ArticlePage.objects.get(pk=with_picture.pk).live
    assert ArticlePage.objects.get(pk=without.pk).live
    [told] = [letter for letter in mailoutbox if "Publicerades inte" in letter.subject]
    assert "”Vallokal” byttes efter att redaktor godkände." in told.body


@pytest.fixture
def confirmed(section, editor, chief_editor, picture, file):
    """A page with picture and file that two persons have confirmed."""
    record_all()
    page = page_with(section, picture, file, title="Valet", slug="valet")
    send(editor, [page.save_revision(user=editor)])
    confirm_sent(chief_editor, open_submission_of(page))
    return page


def _said():
    serve_what_is_public()  # as after each commit, of which there is none here
    return [str(each) for each in deviations()]


def test_what_went_along_is_recorded_with_the_page_and_compared_later(confirmed, picture, file):
    of_page = Publication.objects.get(key=str(confirmed.pk), kind="article")
    along = Publication.objects.filter(kind__in=["image", "document"])
    assert {each.title for each in along} == {"Vallokal", "Checklista"}
    assert {each.approval for each in along} == {of_page.approval}
    assert _said() == []

    ReferenceIndex.objects.all().delete()
    SiteImage.objects.filter(pk=picture.pk).update(caption="Bytt")
    Path(file.file.path).write_bytes(b"bytt")
    assert _said() == [
        "bild ”Vallokal”: är inte det som godkändes",
        "fil ”Checklista”: dess fil är inte den som godkändes",
    ]
    Path(file.file.path).unlink()
    assert _said()[1:] == ["fil ”Checklista”: dess fil är borta"]

    _now(confirmed).unpublish()  # what nothing public shows is compared with nothing
    assert not any("bild" in each or "fil " in each for each in _said())
