"""What tests/system/pages/test_page_from_word.py says, in more cases."""

import json
import uuid

import pytest
from django.test import Client
from wagtail.models import Page

from pages.content.models import ArticlePage
from pages.library.models import SiteImage
from tests.factories import ArticlePageFactory, NewsIndexPageFactory, PartnerFactory
from tests.system.pages import test_page_from_word as first
from tests.system.pages.test_page_from_word import _block, _complete, _draft, _made, _upload, _word

media, topics, rolf = first.media, first.topics, first.rolf

pytestmark = pytest.mark.django_db
NOT_COMPARED = "Jämförelsen med filen finns bara tills du har sparat eller loggat ut."


def test_a_decorative_picture_needs_no_words(rolf, section):
    _upload(rolf, section, _word())
    page = _made()
    _complete(rolf, page, **{f"decorative-{_block(page, 'figure').id}": "on"})

    assert _block(page, "figure").value["image"].decorative
    html = rolf.get(f"/admin/redaktion/jamfor/{page.pk}/").content.decode()
    assert "Bild 1: De samtalar." not in html


def test_what_is_not_filled_in_stops_nobody_from_saving(rolf, section):
    _upload(rolf, section, _word())
    page = _made()
    answer = _complete(rolf, page)

    assert answer.url == f"/admin/pages/{page.pk}/edit/"
    told = rolf.get(answer.url).content.decode()
    assert "”Samverkan i norr” är sparad som utkast. Ingen utanför kan se det." in told


def test_a_whole_import_says_that_all_came_along(rolf, section):
    _upload(rolf, section, b"<h1>Norr</h1><p>Ingress.</p><p>Text.</p>", "norr.html")
    page = ArticlePage.objects.get(title="Norr")
    html = rolf.get(f"/admin/redaktion/jamfor/{page.pk}/").content.decode()
    assert "Varje rad i filen står på sidan, i samma ordning." in html


def test_an_abbreviation_that_the_website_explains_is_no_loss(rolf, section):
    PartnerFactory(name="Nationellt centrum", abbreviation="NCT")
    _upload(rolf, section, b"<h1>Norr</h1><p>Ingress.</p><p>Vi och NCT arbetar.</p>", "norr.html")
    page = ArticlePage.objects.get(title="Norr")
    html = rolf.get(f"/admin/redaktion/jamfor/{page.pk}/").content.decode()
    assert "Förlorat" not in html


def test_in_another_login_the_page_can_be_completed_without_the_file(rolf, editor, section):
    _upload(rolf, section, _word())
    page = _made()
    other = Client()
    other.force_login(editor)
    html = other.get(f"/admin/redaktion/jamfor/{page.pk}/").content.decode()
    assert NOT_COMPARED in html
    assert "Bild 1: De samtalar." in html


def test_a_file_that_a_former_release_has_kept_is_not_compared(rolf, section):
    _upload(rolf, section, _word())
    page, session = _made(), rolf.session
    session["imported"] = {str(page.pk): {"kind": "Imported", "given": {}}}
    session.save()
    html = rolf.get(f"/admin/redaktion/jamfor/{page.pk}/").content.decode()
    assert NOT_COMPARED in html


def test_no_file_is_asked_for_again(rolf, section):
    answer = rolf.post(f"/admin/redaktion/fran-fil/{section.pk}/", {"key": uuid.uuid4()})
    assert answer.status_code == 422
    assert "Välj filen som ska bli en sida." in answer.content.decode()


def test_a_draft_that_a_colleague_has_locked_stays_as_it_is(rolf, section, chief_editor):
    _upload(rolf, section, _word(lead=""))
    page = _made()
    Page.objects.filter(pk=page.pk).update(locked=True, locked_by=chief_editor)
    answer = _complete(rolf, page, lead="Något annat.")
    assert answer.url == f"/admin/pages/{page.pk}/edit/"
    assert (_draft(page).lead, page.revisions.count()) == ("", 1)


def test_a_draft_of_a_kind_that_no_import_makes_is_not_compared(rolf, home):
    news = NewsIndexPageFactory(parent=home, live=False, first_published_at=None)
    news.save_revision(clean=False)
    answer = rolf.get(f"/admin/redaktion/jamfor/{news.pk}/")
    assert (answer.status_code, answer.url) == (302, f"/admin/pages/{news.pk}/edit/")


def test_a_page_that_takes_no_articles_says_so(rolf, section):
    root = Page.get_first_root_node()
    address = f"/admin/redaktion/fran-fil/{root.pk}/"
    assert "Här går det inte att göra en sida av en fil." in rolf.get(address).content.decode()
    assert address not in rolf.get(f"/admin/pages/{root.pk}/").content.decode()
    assert _upload(rolf, root, _word()).status_code == 422


def test_a_form_that_is_sent_twice_makes_one_page(rolf, section):
    key = uuid.uuid4()
    first = _upload(rolf, section, _word(), key=key)
    second = _upload(rolf, section, _word(), key=key)
    assert first.url == second.url
    assert ArticlePage.objects.filter(title="Samverkan i norr").count() == 1
    assert SiteImage.objects.count() == 1


def test_the_form_that_comes_second_leaves_the_pictures_to_the_page_of_the_first(
    rolf, section, monkeypatch
):
    """The other arrives when the pictures are stored, and makes the page with them."""
    key = uuid.uuid4()
    save = SiteImage.save

    def meanwhile(image, *given, **more):
        monkeypatch.undo()
        save(image, *given, **more)
        _upload(rolf, section, _word(), key=key)

    monkeypatch.setattr(SiteImage, "save", meanwhile)
    answer = _upload(rolf, section, _word(), key=key)
    assert answer.url == f"/admin/redaktion/jamfor/{_made().pk}/"
    shown = _block(_made(), "figure").value["image"]
    assert shown.pk == SiteImage.objects.get().pk
    assert shown.file.storage.exists(shown.file.name)


def test_a_picture_that_another_draft_shows_stays(rolf, editor, section):
    _upload(rolf, section, _word())
    page, picture = _made(), SiteImage.objects.get()
    figure = {"image": {"image": picture.pk, "alt_text": "", "decorative": True}, "caption": ""}
    other = ArticlePageFactory(parent=section, live=False, first_published_at=None)
    other.body = json.dumps([{"type": "figure", "value": figure}])
    other.save_revision(user=editor)
    _complete(rolf, page, act="delete")
    assert not ArticlePage.objects.filter(pk=page.pk).exists()
    assert SiteImage.objects.get() == picture
