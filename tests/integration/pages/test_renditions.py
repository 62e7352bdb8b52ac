"""Renditions are made for editors, never for a visitor."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from PIL import Image

from pages.library.models import SiteRendition
from pages.newsroom.models import Proposal
from tests.factories import ArticlePageFactory, SiteImageFactory
from tests.factories.pages import picture_file
from tests.newsroom import approved_by_two


@pytest.fixture
def image(db):
    return SiteImageFactory()


@pytest.fixture
def article(section, image):
    figure = {"image": {"image": image.pk, "alt_text": "Kust", "decorative": False}, "caption": ""}
    page = ArticlePageFactory(parent=section, live=False)
    page.image = json.dumps([{"type": "figure", "value": figure, "id": "1"}])
    page.save_revision().publish()
    return page


def _html(client, article):
    return client.get(article.url).content.decode()


def test_picture_has_every_rendition_after_its_upload(client, article, image):
    assert _html(client, article).count("image/avif") == 1
    assert image.renditions.count() == 7  # two widths in three formats, and one to share


@pytest.mark.parametrize("kept", [0, 2])
def test_visitor_meets_what_there_is_and_makes_nothing(client, article, image, kept):
    missing = SiteRendition.objects.exclude(
        pk__in=image.renditions.filter(filter_spec__contains="jpeg").values("pk")[:kept]
    )
    missing.delete()
    html = _html(client, article)
    assert SiteRendition.objects.count() == kept
    assert "/original_images/" not in html
    shared = html.split('property="og:image" content="http://testserver')[1].split('"')[0]
    if kept:
        picture = html.split("<picture>")[1].split("</picture>")[0]
        assert 'alt="Kust"' in picture
        assert "/images/" in picture
        assert shared.startswith("/media/images/")
    else:
        assert '<span class="picture-missing">Kust</span>' in html
        assert shared == "/static/images/share.jpg"


@pytest.mark.parametrize("is_made", [True, False])
def test_a_shared_link_is_told_how_large_its_picture_is(client, article, image, is_made):
    if not is_made:
        image.renditions.filter(filter_spec__startswith="fill-").delete()
    html = _html(client, article)
    address, width, height = (
        html.split(f'property="og:image{what}" content="')[1].split('"')[0]
        for what in ("", ":width", ":height")
    )
    with Image.open(Path(settings.MEDIA_ROOT) / address.partition("/media/")[2]) as shown:
        assert (width, height) == tuple(map(str, shown.size))


def test_publishing_makes_what_is_missing(
    client, article, image, django_capture_on_commit_callbacks
):
    SiteRendition.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        article.save_revision().publish()
    assert image.renditions.count() == 7
    assert "image/avif" in _html(client, article)


def test_cropping_in_another_way_makes_the_picture_to_share(
    client, article, image, django_capture_on_commit_callbacks
):
    before = _html(client, article).split('og:image" content="')[1].split('"')[0]
    image.focal_point_x, image.focal_point_y = 100, 100
    image.focal_point_width = image.focal_point_height = 50
    with django_capture_on_commit_callbacks(execute=True):
        image.save()
    assert image.renditions.count() == 8
    assert _html(client, article).split('og:image" content="')[1].split('"')[0] != before


def test_picture_whose_file_is_replaced_has_every_rendition_of_the_new_one(
    client, editor, chief_editor, article, image, django_capture_on_commit_callbacks
):
    file = SimpleUploadedFile("ny.jpg", picture_file(1200, 600, "ny.jpg").read(), "image/jpeg")
    said = {"title": image.title, "collection": image.collection_id, "file": file}
    client.force_login(editor)
    answer = client.post(f"/admin/images/{image.pk}/", said)
    assert answer.status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        approved_by_two(editor, chief_editor, Proposal.objects.get())
    assert image.renditions.count() == 7
    drawn = image.renditions.filter(filter_spec__startswith="width")
    assert {(each.width, each.height) for each in drawn} == {(400, 200), (800, 400)}
    client.logout()
    assert "image/avif" in _html(client, article)


def test_saving_another_file_leaves_nothing_of_the_old_one(
    image, django_capture_on_commit_callbacks
):
    before = set(image.renditions.values_list("pk", flat=True))
    image.file = picture_file(1200, 600, "ny.jpg")
    with django_capture_on_commit_callbacks(execute=True):
        image.save()
    assert image.renditions.count() == 7
    assert not image.renditions.filter(pk__in=before)


def test_command_makes_what_is_missing_and_readers_meet_it_at_once(client, article, image):
    SiteRendition.objects.all().delete()
    assert "image/avif" not in _html(client, article)
    output = StringIO()
    call_command("make_renditions", stdout=output)
    assert output.getvalue() == "Gjorde det som saknades för 1 bild.\n"
    assert "image/avif" in _html(client, article)
    output = StringIO()
    call_command("make_renditions", stdout=output)
    assert output.getvalue() == "Gjorde det som saknades för 0 bilder.\n"


def test_where_there_are_many_images_the_command_says_how_far_it_has_come(image, monkeypatch):
    monkeypatch.setattr("pages.library.management.commands.make_renditions._IMAGES_AT_ONCE", 1)
    SiteImageFactory()
    output = StringIO()
    call_command("make_renditions", stdout=output)
    assert output.getvalue().splitlines() == [
        "1 av 2 bilder",
        "Gjorde det som saknades för 0 bilder.",
    ]


def test_command_goes_on_past_a_file_that_is_gone(image):
    gone = SiteImageFactory()
    SiteRendition.objects.all().delete()
    Path(gone.file.path).unlink()
    with pytest.raises(CommandError, match=f"Bilder vars fil inte kan läsas: {gone.pk}"):
        call_command("make_renditions", stdout=StringIO())
    assert image.renditions.count() == 7
