"""What tests/integration/pages/test_library_terms.py says, in more cases."""

import html
import re

import pytest
from django.utils.timezone import localdate

from pages.library.models import SiteImage
from tests.factories import SiteImageFactory
from tests.factories.pages import picture_file
from tests.integration.pages.test_library_terms import _change, _errors, _upload

pytestmark = pytest.mark.django_db


def test_no_form_answers_for_the_one_who_uploads(client, editor):
    client.force_login(editor)
    for prefix in ["", "image-chooser-upload-"]:
        if prefix:
            page = client.get("/admin/images/chooser/").json()["html"]
        else:
            page = client.get("/admin/images/add/").content.decode()
        asked = re.findall(rf'<input[^>]*name="{prefix}shows_people"[^>]*>', page)
        assert [re.search('value="([^"]*)"', each)[1] for each in asked] == ["yes", "no"]
        assert "checked" not in "".join(asked)
        assert "Visar bilden människor som går att känna igen?" in html.unescape(page)


def test_a_picture_of_nobody_keeps_no_consent(client, editor):
    client.force_login(editor)
    _upload(client, shows_people="no", consent="given", consent_until=localdate())
    image = SiteImage.objects.get()
    assert (image.consent, image.consent_until) == ("", None)


def test_a_day_that_is_none_is_refused_in_words(client, editor):
    client.force_login(editor)
    said = _errors(_upload(client, shows_people="no", rights_until="i morgon"))
    assert said == {"rights_until": ["Fyll i ett giltigt datum."]}


def test_a_picture_that_is_uploaded_in_the_chooser_is_asked_for_as_well(client, editor):
    client.force_login(editor)
    form = {"title": "Vallokal", "tags": "", "collection": 1}
    given = {f"image-chooser-upload-{name}": value for name, value in form.items()}
    address = "/admin/images/chooser/create/"

    def post(**more):
        return client.post(
            address, {**given, **more, "image-chooser-upload-file": picture_file(20, 10)}
        )

    assert "Svara på om bilden visar människor." in post().json()["htmlFragment"]
    assert not SiteImage.objects.exists()
    post(**{"image-chooser-upload-shows_people": "no"})
    assert SiteImage.objects.get().shows_people == "no"


def test_many_pictures_arrive_at_once_and_each_is_asked_for(client, editor):
    client.force_login(editor)
    answer = client.post(
        "/admin/images/multiple/add/", {"files[]": picture_file(20, 10), "title": "Vallokal"}
    ).json()
    image = SiteImage.objects.get()
    assert answer["success"]
    assert answer["image_id"] == image.pk
    assert f'name="image-{image.pk}-shows_people"' in answer["form"]
    form = {f"image-{image.pk}-{name}": value
            for name, value in {"title": "Vallokal", "collection": 1, "tags": ""}.items()}  # fmt: skip
    address = f"/admin/images/multiple/{image.pk}/"
    refused = client.post(address, form).json()
    assert not refused["success"]
    assert "Svara på om bilden visar människor." in refused["form"]
    form |= {f"image-{image.pk}-shows_people": "no"}
    assert client.post(address, form).json()["success"]
    assert SiteImage.objects.get().shows_people == "no"


def test_an_old_picture_can_be_changed_by_one_who_does_not_know(client, editor):
    image = SiteImageFactory(title="Gammal", uploaded_by_user=editor)
    client.force_login(editor)
    assert _change(client, image, title="Ny").status_code == 302
    image.refresh_from_db()
    assert (image.title, image.shows_people) == ("Ny", "")
    assert _change(client, image, shows_people="no").status_code == 302
    assert "shows_people" in _errors(_change(client, image))
