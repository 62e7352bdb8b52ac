"""What the first start has to do, counted: so it cannot grow unseen, on however busy a machine."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from PIL import Image
from wagtail.models import Page

from pages.library.upload import PictureFile
from pages.models import SiteImage, SiteRendition
from sapo_site.demo import site

MOST_QUESTIONS = 15_500
PAGES, PICTURES = 97, 20
# Three widths in three formats, and one to share.
RENDITIONS = 10


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The format of each picture that is encoded."""
    formats: list[str] = []
    save = Image.Image.save

    def noted(self: Image.Image, file: Any, format: str | None = None, **options: Any) -> None:
        formats.append(str(format))
        save(self, file, format, **options)

    monkeypatch.setattr(Image.Image, "save", noted)
    return formats


@pytest.mark.django_db
def test_the_demo_is_built_with_a_known_number_of_questions(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, saved: list[str]
):
    small = tmp_path / "liten.webp"
    Image.new("RGB", (40, 30), "#113158").save(small)
    saved.clear()
    monkeypatch.setattr(site, "picture_file", lambda name: small)
    asked: list[str] = []

    def count(execute: Any, sql: str, *others: Any) -> Any:
        asked.append(sql)
        return execute(sql, *others)

    with connection.execute_wrapper(count):
        site.build_site(lambda text: None)

    assert Page.objects.live().filter(depth__gt=1).count() == PAGES
    assert SiteImage.objects.count() == PICTURES
    assert saved == []  # `serve` lets the renditions be made when it has begun to answer
    assert len(asked) <= MOST_QUESTIONS


@pytest.mark.django_db
def test_a_picture_of_the_demo_is_encoded_once_for_each_of_its_renditions(saved: list[str]):
    file = site.picture_file("norrsken")
    image = SiteImage.objects.create(
        title="Norrsken", file=PictureFile(file.read_bytes(), name=file.name)
    )

    assert image.renditions.count() == RENDITIONS
    assert sorted(saved) == sorted(["AVIF"] * 3 + ["JPEG"] * 4 + ["WEBP"] * 3)
    assert image.file.open().read() == file.read_bytes()
    assert (image.width, image.file_size) == (1600, file.stat().st_size)
    assert {rendition.width for rendition in SiteRendition.objects.all()} == {400, 800, 1200, 1400}
