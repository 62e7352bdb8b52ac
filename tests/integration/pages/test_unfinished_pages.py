"""A draft may be unfinished; what is published may not, whichever way it takes."""

import html
import json
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.timezone import localdate
from wagtail.test.utils.form_data import rich_text, streamfield

from pages.content.blocks.body import BodyBlock
from pages.content.models import ArticlePage, Upkeep
from pages.content.publishing.finished import UnfinishedPageError
from pages.newsroom.matching import Seen
from pages.newsroom.submissions import Result, confirm, open_submission_of, send
from tests.factories import ArticlePageFactory, SiteDocumentFactory, SiteImageFactory
from tests.factories.pages import picture_file
from tests.integration.pages.test_editors import _add, _article_form
from tests.newsroom import asked_of_several, flawless_draft, publish_by_two

SEND = {"forward": "send"}


def _words(response) -> str:
    return html.unescape(response.content.decode())


def _figure(alt_text: str) -> dict[str, object]:
    picture = SiteImageFactory(file=picture_file(120, 80))
    image = {"image": picture.pk, "alt_text": alt_text, "decorative": ""}
    return streamfield([("figure", {"image": image, "caption": ""})])


def _all_wrong() -> dict[str, object]:
    """A form with every fault that keeps a page from being published."""
    pdf = SiteDocumentFactory().pk
    video = {"title": "Film", "file": pdf, "poster": "", "captions": pdf,
             "transcript": rich_text("<p>En röst.</p>")}  # fmt: skip
    table = {"data": [["1"]], "cell": [], "table_caption": "", "table_header_choice": ""}
    link = streamfield([("address", {"address": "javascript:alert(1)", "label": "Hit"})])
    pages = {"heading": "Läs", "source": "children", "pages": streamfield([]), "parent": ""}
    blocks = [
        ("video", video), ("table", json.dumps(table)), ("link_row", link), ("page_list", pages),
        ("heading", {"text": "x" * 130, "level": "h2"}),
    ]  # fmt: skip
    return {
        "lead": "",
        "image": _figure("bild"),
        "body": streamfield(blocks),
        "given_changed_on": localdate() + timedelta(days=3),
        "expire_at": timezone.now() - timedelta(days=1),
    }


TOLD = [
    "fältet är obligatoriskt",
    "Skriv vad bilden visar",
    "Välj en fil av typen mp4",
    "Välj en fil av typen vtt",
    "Ge tabellen en rubrik",
    "Ange en hel adress",
    "Välj vad listan ska visa",
    "har som mest 120 tecken",
    "Datumet får inte ligga framåt",
    "måste ligga i framtiden",
]


@pytest.mark.parametrize("without_alt_text", [False, True])
def test_what_may_not_be_sent_may_be_saved_by_hand_and_by_autosave(
    client, editor, section, without_alt_text
):
    changes = {"image": _figure("")} if without_alt_text else _all_wrong()
    client.force_login(editor)
    words = _words(_add(client, section, **changes, **SEND))
    for told in ["Skriv en alternativtext"] if without_alt_text else TOLD:
        assert told in words or json.dumps(told)[1:-1] in words, told
    assert not ArticlePage.objects.exists()

    assert _add(client, section, **changes).status_code == 302
    page = ArticlePage.objects.get()
    edit = f"/admin/pages/{page.pk}/edit/"
    saved = client.post(edit, _article_form(**changes), headers={"accept": "application/json"})
    assert saved.json()["success"]
    assert client.get(edit).status_code == 200
    preview = page.get_latest_revision_as_object().make_preview_request()
    assert preview.status_code == 200


@pytest.fixture
def unfinished(section) -> ArticlePage:
    page = ArticlePageFactory(parent=section, title="Samarbete", slug="samarbete", live=False)
    figure = {"image": {"image": SiteImageFactory().pk, "alt_text": "bild", "decorative": False}}
    page.image = json.dumps([{"type": "figure", "value": {**figure, "caption": ""}, "id": "1"}])
    page.lead = ""
    page.save_revision(clean=False)
    return page


@pytest.mark.parametrize("kind", BodyBlock.base_blocks)
def test_a_block_that_has_just_been_added_is_shown_in_the_preview(home, section, kind):
    page = ArticlePageFactory(parent=section)
    page.body = [(kind, page.body.stream_block.child_blocks[kind].get_default())]
    assert page.make_preview_request().status_code == 200


def test_of_several_that_are_sent_at_once_only_the_finished_is_sent(
    client, chief_editor, section, unfinished
):
    finished = flawless_draft(section, "Klar")
    finished.save_revision()
    client.force_login(chief_editor)
    address, asked = asked_of_several(client, "send", finished, unfinished)
    words = _words(client.post(address, asked, follow=True))

    assert "”Klar” är skickad för godkännande." in words
    assert "”Samarbete” har 1 rött påpekande." in words
    assert open_submission_of(finished) is not None
    assert open_submission_of(unfinished) is None


def test_what_is_not_finished_is_not_sent_past_the_form(editor, unfinished):
    with pytest.raises(UnfinishedPageError, match=r"Rätta detta först: Ingress, Bild\."):
        send(editor, [unfinished.latest_revision])
    assert open_submission_of(unfinished) is None


def test_what_is_read_each_quarter_says_what_has_changed_when_its_date_moves(
    client, editor, chief_editor, section
):
    client.force_login(editor)
    _add(client, section, **SEND)
    page = ArticlePage.objects.get()
    publish_by_two(page, editor, chief_editor)  # new words say no change
    ArticlePage.objects.update(changed_on="2024-03-21")
    edit, asked = f"/admin/pages/{page.pk}/edit/", "skriv vad som har ändrats"
    change = {"lead": "Ett nytt råd."}
    Upkeep.objects.update(months=3)
    assert asked in _words(client.post(edit, _article_form(**change, **SEND)))
    assert client.post(edit, _article_form(**change)).status_code == 302  # a draft says nothing yet
    with pytest.raises(UnfinishedPageError, match=asked):
        send(editor, [ArticlePage.objects.get().latest_revision])
    for said in ({"change_note": "Nytt råd om dörrar."}, {"is_minor_change": "on"}):
        assert client.post(edit, _article_form(**change, **said, **SEND)).status_code == 302
    Upkeep.objects.update(months=12)
    assert client.post(edit, _article_form(**change, **SEND)).status_code == 302
    draft = ArticlePage.objects.get()
    send(editor, [draft.latest_revision])
    Upkeep.objects.update(months=3)  # by one person, which stops nobody who approves what was sent
    item = open_submission_of(draft).items.get()
    outcome = confirm(chief_editor, item.submission, {item.pk: Seen(item.digest)})
    assert outcome.result is Result.PUBLISHED
