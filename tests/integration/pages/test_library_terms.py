"""An upload asks for rights and consent; the start page tells when they end."""

import html
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate

from pages.library.models import SiteImage
from pages.newsroom.digest import content_digest_of
from pages.newsroom.models import Proposal
from tests.factories import SiteDocumentFactory, SiteImageFactory
from tests.factories.pages import picture_file
from tests.guarding import guarded
from tests.integration.pages.test_library_states import _public_page, _words

pytestmark = pytest.mark.django_db


def _upload(client, **answers):
    """What the form for one picture answers with."""
    form = {"title": "Vallokal", "tags": "", "collection": 1, **answers}
    return client.post("/admin/images/add/", {**form, "file": picture_file(20, 10)})


def _errors(response):
    return {name: list(said) for name, said in response.context["form"].errors.items()}


# Uploading


def test_who_uploads_a_picture_has_to_say_whether_it_shows_people(client, editor):
    client.force_login(editor)
    assert _errors(_upload(client)) == {"shows_people": ["Svara på om bilden visar människor."]}
    assert not SiteImage.objects.exists()
    assert _upload(client, shows_people="no").status_code == 302
    assert SiteImage.objects.get().shows_people == "no"


def test_a_picture_of_people_is_asked_for_their_consent(client, editor):
    client.force_login(editor)
    assert _errors(_upload(client, shows_people="yes")) == {
        "consent": ["Svara på om de som visas har samtyckt."]
    }
    assert _errors(
        _upload(client, shows_people="yes", consent="not_needed", consent_reason=" ")
    ) == {"consent_reason": ["Skriv varför samtycke inte behövs."]}
    until = localdate() + timedelta(days=100)
    assert _upload(
        client, shows_people="yes", consent="given", consent_reason="Ett skäl", consent_until=until,
        rights="bought", rights_terms="TT, bara webb", rights_until=until,
    ).status_code == 302  # fmt: skip
    image = SiteImage.objects.get()
    assert (image.consent, image.consent_until, image.consent_reason) == ("given", until, "")
    assert (image.rights, image.rights_terms, image.rights_until) == (
        "bought", "TT, bara webb", until,
    )  # fmt: skip


def test_a_file_is_asked_for_its_rights(client, editor):
    client.force_login(editor)
    page = html.unescape(client.get("/admin/documents/add/").content.decode())
    for label in ("Rättigheter", "Villkor", "Får visas till", "Lånade, med tillstånd"):
        assert label in page


# Changing


def _change(client, image, **answers):
    form = {"title": image.title, "tags": "", "collection": 1, **answers}
    return client.post(f"/admin/images/{image.pk}/", form)


def test_rights_and_consent_of_a_public_picture_are_changed_at_once(client, editor, section):
    image = SiteImageFactory(title="Vallokal", uploaded_by_user=editor)
    _public_page(section, image)
    before = content_digest_of(image)
    client.force_login(editor)
    with guarded():
        answer = _change(
            client, image, shows_people="yes", consent="not_needed", rights="lent",
            consent_reason="Statsråd i tjänsten", rights_terms="Tack till arkivet",
        )  # fmt: skip
    assert answer.status_code == 302
    image.refresh_from_db()
    assert (image.shows_people, image.rights) == ("yes", "lent")
    assert not Proposal.objects.exists()
    assert content_digest_of(image) == before


def test_readers_never_meet_rights_and_consent(client, editor, section):
    image = SiteImageFactory(
        title="Vallokal", shows_people="yes", consent="not_needed", rights="lent",
        consent_reason="Hemligt skäl", rights_terms="Hemliga villkor",
    )  # fmt: skip
    page = _public_page(section, image)
    shown = client.get(page.url).content.decode()
    assert "Hemlig" not in shown


# The start page


@pytest.fixture
def ending(section, editor):
    """A public picture whose consent has ended, and other things that end sooner or later."""
    today = localdate()
    public = SiteImageFactory(
        title="Vallokal", shows_people="yes", consent="given", rights="bought",
        consent_until=today - timedelta(days=2), rights_until=today + timedelta(days=10),
        uploaded_by_user=editor,
    )  # fmt: skip
    _public_page(section, public)
    SiteDocumentFactory(title="Rapport", rights_until=today + timedelta(days=31))
    return public


def test_the_start_page_lists_what_is_public_and_may_not_be_shown_much_longer(
    client, editor, chief_editor, ending
):
    SiteImageFactory(title="Stängd", rights_until=localdate())
    day = date_format(localdate() - timedelta(days=2), "j b Y")
    for user in (editor, chief_editor):
        words = _words(client, "/admin/", user)
        part = words.partition("Rättigheter och samtycken som går ut (1)")[2]
        assert f"Vallokal rättigheterna går ut {date_format(ending.rights_until, 'j b Y')}" in part
        assert f"samtycket gick ut {day}" in part
        assert "Stängd" not in part
        assert "Rapport" not in part
    assert f'href="/admin/images/{ending.pk}/"' in client.get("/admin/").content.decode()
    assert "Vallokal" in _words(client, reverse("newsdesk:list", args=["terms"]), editor)
