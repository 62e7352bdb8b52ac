"""The media library tells where a picture or file is used, and how long it may be shown."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.timezone import localdate

from pages.content.models import ArticlePage
from pages.library.models import SiteDocument, SiteImage
from pages.newsroom.file_acts import propose_change
from pages.newsroom.keeping_public import was_public
from pages.newsroom.submissions import send
from pages.search.models import PublishedFile
from tests.factories import ArticlePageFactory, SiteDocumentFactory, SiteImageFactory
from tests.factories.pages import picture_file
from tests.newsroom import main_words

pytestmark = pytest.mark.django_db

IMAGES, DOCUMENTS = "/admin/images/", "/admin/documents/"


@pytest.fixture
def picture(editor):
    return SiteImageFactory(
        title="Vallokal", uploaded_by_user=editor, file=picture_file(120, 80, "vallokal.jpg")
    )


@pytest.fixture
def file(editor):
    return SiteDocumentFactory(title="Checklista", uploaded_by_user=editor)


def _show(page, picture=None, file=None):
    """Writes the picture and a link to the file into the page, which is not saved."""
    blocks = []
    if picture:
        image = {"image": picture.pk, "alt_text": "En vallokal.", "decorative": False}
        blocks.append({"type": "figure", "value": {"image": image, "caption": ""}, "id": "1"})
    if file:
        link = f'<p><a linktype="document" id="{file.pk}">Checklistan</a></p>'
        blocks.append({"type": "prose", "value": link, "id": "2"})
    page.body = json.dumps(blocks)
    return page


def _public_page(section, picture=None, file=None, **fields):
    page = _show(ArticlePageFactory(parent=section, live=False, **fields), picture, file)
    page.save_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)


def _words(client, address, user):
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200, address
    return main_words(response)


def _states(client, address, user):
    """What a list says of its rows."""
    client.force_login(user)
    text = client.get(address).content.decode()
    found = re.findall(r'<div class="file-state">.*?</div>', text, re.DOTALL)
    bare = re.sub(r"<[^>]*>", " ", " ".join(found))
    return " ".join(html.unescape(bare).split())


def _titles(client, address, user):
    client.force_login(user)
    return {each.title for each in client.get(address).context["object_list"]}


def _address(obj):
    if isinstance(obj, SiteImage):
        return f"{IMAGES}{obj.pk}/"
    return f"{DOCUMENTS}edit/{obj.pk}/"


# What the lists say


def test_the_list_of_pictures_says_on_how_many_pages_readers_meet_each(
    client, editor, section, picture
):
    _public_page(section, picture, title="Valet")
    _public_page(section, picture, title="Valdagen")
    for layout in ["grid", "list"]:
        words = _states(client, f"{IMAGES}?layout={layout}", editor)
        assert "● Publicerad på 2 sidor" in words
        assert "Stängd" not in words


def test_the_list_of_files_says_what_only_a_draft_shows(client, editor, section, file):
    page = _show(ArticlePageFactory(parent=section, title="Valet", live=False), file=file)
    page.save()
    page.save_revision()
    words = _states(client, DOCUMENTS, editor)
    assert "○ Stängd · i 1 utkast · bara inloggade når den" in words
    assert "Radera" not in words


def test_a_picture_that_a_draft_lets_go_of_is_unused_from_then_on(client, editor, section, picture):
    page = _public_page(section, title="Valet")
    _show(page, picture).save_revision()
    _show(page).save_revision()
    picture.refresh_from_db()
    assert picture.last_used_at is not None
    today = localdate().isoformat()
    assert f"○ Stängd · används inte sedan {today} Radera" in _states(client, IMAGES, editor)


def test_a_change_that_waits_stands_first_and_leads_to_where_it_is_approved(
    client, editor, section, file
):
    _public_page(section, file=file, title="Valet")
    proposal = propose_change(file, {}, ContentFile(b"ny", "ny.txt"), editor)
    submission = send(editor, [proposal]).submission
    words = _states(client, DOCUMENTS, editor)
    assert re.search(r"◐ Byte väntar på godkännande sedan i dag \d\d\.\d\d Visa", words)
    assert f"/admin/redaktion/godkann/{submission.pk}/" in client.get(DOCUMENTS).content.decode()


def test_rights_and_consent_that_have_ended_or_end_soon_are_told(client, editor, picture):
    today = localdate()
    picture.shows_people, picture.consent = "yes", "given"
    picture.consent_until = today - timedelta(days=1)
    picture.rights, picture.rights_until = "bought", today + timedelta(days=30)
    picture.save()
    words = _states(client, IMAGES, editor)
    assert "! samtycket gick ut " in words
    assert "! rättigheterna går ut " in words
    picture.consent_until = picture.rights_until = today + timedelta(days=31)
    picture.save()
    words = _states(client, IMAGES, editor)
    assert "– samtycke till " in words
    assert "!" not in words


# Filters


@pytest.fixture
def of_each_kind(section, editor):
    """A picture and a file of each state, under the name of the state."""
    year = timezone.now() - timedelta(days=366)
    public_page = _public_page(section, title="Publik")
    for factory, name in ((SiteImageFactory, "picture"), (SiteDocumentFactory, "file")):
        made = {title: factory(title=title, uploaded_by_user=editor)
                for title in ("publik", "utkast", "ny", "gammal", "släppt", "byte")}  # fmt: skip
        _public_page(section, **{name: made["publik"]}, title=f"Sida {name}")
        _public_page(section, **{name: made["byte"]}, title=f"Byte {name}")
        draft = ArticlePage.objects.get(pk=public_page.pk)
        other = ArticlePageFactory(parent=section, live=False)
        _show(other, **{name: made["utkast"]}).save_revision()
        model = type(made["ny"])
        model.objects.filter(title__in=("gammal", "släppt", "utkast", "publik")).update(
            created_at=year
        )
        model.objects.filter(title="släppt").update(last_used_at=timezone.now())
        send(editor, [propose_change(made["byte"], {"description": "Ny."}, None, editor)])
        assert draft.live


# The page of one of them


def test_the_page_of_a_picture_says_where_readers_meet_it_and_which_drafts_name_it(
    client, editor, section, picture
):
    public = _public_page(section, picture, title="Valet")
    draft = ArticlePageFactory(parent=section, title="Valdagen", live=False)
    _show(draft, picture).save_revision()
    withdrawn = _public_page(section, picture, title="Förra valet")
    withdrawn.unpublish()
    changed = _public_page(section, title="Beredskap")
    _show(changed, picture).save_revision()
    SiteImage.objects.filter(pk=picture.pk).update(public_since=timezone.now())
    words = _words(client, _address(picture), editor)
    assert "Var den används ● Publicerad på 1 sida · i 2 utkast · på 1 borttagen sida" in words
    assert "Publicerad första gången den" in words
    meets, _, named = words.partition("Här möter läsarna den")[2].partition(
        "Här står den, men ingen läsare möter den"
    )
    assert meets.strip() == "Valet Artikelsida"
    assert "Valet" not in named.partition("Förra valet")[0].replace("Valdagen", "")
    for line in (
        "Valdagen Artikelsida, utkast", "Förra valet Artikelsida, borttagen",
        "Beredskap Artikelsida, i ett utkast till det som är publicerat",
    ):  # fmt: skip
        assert line in named
    shown = client.get(_address(picture)).content.decode()
    for page in (public, draft, withdrawn, changed):
        assert f'href="/admin/pages/{page.pk}/edit/"' in shown


def test_what_was_public_is_never_offered_to_be_thrown_away(client, editor, file):
    SiteDocument.objects.filter(pk=file.pk).update(public_since=timezone.now())
    words = _states(client, DOCUMENTS, editor)
    assert "används inte sedan" in words
    assert "Radera" not in words


def test_what_a_page_showed_was_public_whatever_the_search_has_noted(section, picture, file):
    page = _public_page(section, picture, file)
    for model in (SiteImage, SiteDocument):
        model.objects.update(public_since=None)
    PublishedFile.objects.all().delete()
    assert was_public(picture)
    assert was_public(file)
    page.unpublish()
    assert was_public(picture)
    assert was_public(file)
