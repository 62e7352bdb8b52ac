"""What tests/integration/pages/test_public_files.py says, in more cases."""

import html

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.models import Collection

from pages.library.models import FormerFile, SiteDocument, SiteImage
from pages.newsroom.before_the_rule import record_all
from pages.newsroom.file_acts import propose_change
from pages.newsroom.models import Publication
from pages.newsroom.proposals import act_of
from pages.newsroom.submissions import Result, open_submission_of, send
from tests.factories import SiteImageFactory
from tests.factories.pages import picture_file
from tests.guarding import guarded
from tests.integration.pages import test_public_files as first
from tests.integration.pages.test_public_files import (
    _address,
    _carried_out,
    _form,
    _now,
    _said,
)
from tests.newsroom import confirm_sent, page_with

picture, file, article = first.picture, first.file, first.article

pytestmark = pytest.mark.django_db


def test_words_and_what_is_cropped_are_told_one_by_one(editor, chief_editor, picture, article):
    words = {"caption": "Valdagen.", "photographer": "Anna Berg", "focal_point_x": 40}
    proposal = propose_change(picture, words, None, editor)
    assert act_of(proposal).lines(picture, proposal.parameters) == [
        "Bildtext: ”I en vallokal.” blir ”Valdagen.”.",
        "Fotograf: ”Anna Berg” läggs till.",
        "En annan del av bilden behålls när den beskärs.",
    ]
    assert _carried_out(proposal, editor, chief_editor) is Result.PUBLISHED
    assert _now(picture).caption == "Valdagen."


def test_what_was_changed_meanwhile_is_proposed_again(editor, chief_editor, picture, article):
    first = propose_change(picture, {"caption": "Ett"}, None, editor)
    second = propose_change(picture, {"caption": "Två"}, None, editor)
    _carried_out(first, editor, chief_editor)
    with pytest.raises(ValidationError, match="har ändrats under tiden"):
        send(editor, [second])


def test_who_opens_the_form_learns_of_a_change_that_waits(
    client, editor, chief_editor, picture, article
):
    send(editor, [propose_change(picture, {"caption": "Valdagen."}, None, editor)])
    client.force_login(chief_editor)
    said = html.unescape(client.get(_address(picture)).content.decode())
    assert "En ändring väntar på godkännande sedan" in said
    assert reverse("newsdesk:confirm", args=[open_submission_of(picture).pk]) in said


def test_the_form_for_many_saves_what_no_reader_meets_and_leads_to_the_others(
    client, editor, picture, file, article
):
    client.force_login(editor)
    doors = {
        f"/admin/images/multiple/{picture.pk}/": (f"image-{picture.pk}", picture),
        f"/admin/documents/multiple/{file.pk}/": (f"doc-{file.pk}", file),
    }
    for address, (prefix, obj) in doors.items():
        form = _form(obj, description="Smygändrad")
        answer = client.post(address, {f"{prefix}-{key}": said for key, said in form.items()})
        assert not answer.json()["success"]
        assert "är publicerad. Ändra den på dess egen sida" in answer.json()["form"]
        assert _now(obj).description == ""
    form = _form(picture, title="Annat namn", shows_people="no")
    address, (prefix, _thing) = next(iter(doors.items()))
    assert client.post(address, {f"{prefix}-{k}": v for k, v in form.items()}).json()["success"]
    assert _now(picture).title == "Annat namn"


def test_a_public_picture_is_put_in_another_collection_at_once(client, editor, picture, article):
    other = Collection.get_first_root_node().add_child(name="Val")
    client.force_login(editor)
    address = f"/admin/bulk/library/siteimage/add_to_collection/?id={picture.pk}"
    client.post(address, {"collection": other.pk})
    assert _now(picture).collection == other


def test_bookkeeping_of_what_is_public_passes(picture, file, article):
    SiteImage.objects.filter(pk=picture.pk).update(file_size=None)
    with guarded():
        _now(picture).get_file_size()
        picture.title = "Annat namn"
        picture.save()
        SiteDocument.objects.filter(pk=file.pk).update(uploaded_by_user=None)
        other = SiteImageFactory()  # that nothing public shows
        other.caption = "Nya ord"
        other.save()
        other.delete()


def test_what_has_a_search_entry_or_was_replaced_is_not_public_for_that(client, editor, file):
    client.force_login(editor)
    for number in (1, 2):
        new = ContentFile(b"ny", f"ny-{number}.txt")
        client.post(_address(file), _form(file, title=f"Fil {number}", file=new))
    assert _now(file).title == "Fil 2"


def test_a_public_picture_exchanged_by_two_asks_nobody_to_confirm_the_waiting_page_again(
    section, editor, chief_editor, picture, file, article
):
    page = page_with(section, picture, file, title="Mer om valet", slug="mer")
    send(editor, [page.save_revision(user=editor)])
    had = picture.file.name
    proposal = propose_change(picture, {}, picture_file(90, 60, "ny.jpg"), editor)
    assert _carried_out(proposal, editor, chief_editor) is Result.PUBLISHED

    assert confirm_sent(chief_editor, open_submission_of(page)).result is Result.PUBLISHED
    assert FormerFile.objects.get(name=had).kept


def test_what_is_public_at_the_upgrade_is_recorded_with_its_files(article, picture, file):
    assert any("bild ”Vallokal”: är publikt, och ingen har godkänt det" in e for e in _said())
    record_all()
    assert _said() == []
    kinds = Publication.objects.filter(approval__ground="before_the_rule").values_list("kind")
    assert {("image",), ("document",)} <= set(kinds)
