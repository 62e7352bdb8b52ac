"""What tests/integration/pages/test_library_terms.py says, in more cases."""

import csv
import html
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localdate

from pages.models import SiteDocument, SiteImage
from tests.factories import SiteDocumentFactory, SiteImageFactory
from tests.factories.pages import picture_file
from tests.integration.pages import test_library_terms as first
from tests.integration.pages.test_library_terms import (
    TERMS,
    UNUSED,
    YEAR,
    _change,
    _errors,
    _public_page,
    _upload,
    _words,
)

ending = first.ending

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


def test_the_report_is_exported_as_it_stands(client, editor, ending):
    client.force_login(editor)
    text = b"".join(client.get(f"{TERMS}?export=csv").streaming_content).decode()
    head, first, second = csv.reader(io.StringIO(text))
    assert head[:4] == ["Rubrik", "Typ", "Läge", "Rättigheter och samtycke"]
    assert (first[0], second[0]) == ("Vallokal", "Rapport")
    assert first[2] == "Publicerad på 1 sida"
    assert first[6] == (localdate() - timedelta(days=2)).isoformat()


def test_a_report_asks_as_much_for_many_files_as_for_few(client, editor, section):
    client.force_login(editor)

    def asked() -> dict[str, int]:
        found = {}
        for address in (TERMS, UNUSED, f"{UNUSED}?export=csv", "/admin/"):
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                b"".join(client.get(address))
            found[address] = len(captured)
        return found

    def add() -> None:
        for factory, model in ((SiteImageFactory, SiteImage), (SiteDocumentFactory, SiteDocument)):
            thing = factory(uploaded_by_user=editor, rights_until=localdate())
            model.objects.filter(pk=thing.pk).update(created_at=timezone.now() - YEAR)
        image = SiteImageFactory(file=picture_file(20, 10), rights_until=localdate())
        _public_page(section, image)

    add()
    few = asked()
    for _number in range(3):
        add()
    assert {each: count for each, count in asked().items() if count > few[each]} == {}


def test_an_empty_report_says_so(client, editor, home):
    assert "Inga rättigheter och inga samtycken går ut inom 90 dagar." in _words(
        client, TERMS, editor
    )
    assert "Alla filer och bilder har använts det senaste året." in _words(client, UNUSED, editor)


def test_the_start_page_says_in_one_line_that_nothing_ends(client, editor, home):
    assert (
        "Inga rättigheter eller samtycken för det som är publicerat går ut inom 30 dagar."
        in _words(client, "/admin/", editor)
    )
