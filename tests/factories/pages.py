"""The plainest valid things of the app `pages`."""

from datetime import date, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory
from PIL import Image
from wagtail.models import Locale
from wagtail_factories import PageFactory

from pages.content.models import (
    Alert,
    ArticlePage,
    Contact,
    Footer,
    HomePage,
    NewsIndexPage,
    NewsPage,
    SectionPage,
    ThreatLevelDecision,
    ThreatLevelPage,
    Topic,
)
from pages.library import drawn_filters
from pages.library.apart.parent import Bounds, ask_child
from pages.library.cleaning.cleaned_files import CleanedFile
from pages.library.models import SiteDocument, SiteImage
from pages.library.renditions import make_missing_renditions
from pages.library.upload import PictureFile


class HomePageFactory(PageFactory):
    title = "Säkerhetspolisen"
    slug = "start"
    heading = "Vi skyddar Sverige och demokratin"

    class Meta:
        model = HomePage


class SectionPageFactory(PageFactory):
    title = factory.Sequence(lambda n: f"Avdelning {n}")
    lead = "Vad avdelningen handlar om."
    show_in_menus = True

    class Meta:
        model = SectionPage


class ArticlePageFactory(PageFactory):
    title = factory.Sequence(lambda n: f"Artikel {n}")
    lead = "En kort ingress."

    class Meta:
        model = ArticlePage


class NewsIndexPageFactory(PageFactory):
    title = "Nyheter"
    slug = "nyheter"
    show_in_menus = True

    class Meta:
        model = NewsIndexPage


class NewsPageFactory(PageFactory):
    title = factory.Sequence(lambda n: f"Nyhet {n}")
    lead = "En kort ingress."
    published_on = date(2026, 11, 20)

    class Meta:
        model = NewsPage


class ThreatLevelPageFactory(PageFactory):
    title = "Terrorhotnivån"
    slug = "terrorhotniva"

    class Meta:
        model = ThreatLevelPage


class ThreatLevelDecisionFactory(DjangoModelFactory):
    level = 3
    decided_at = datetime(2025, 5, 23, 10, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
    decided_by = "Säkerhetspolischefen"
    text = "Nivån sänks från högt till förhöjt hot."
    text_in_english = "The level is lowered from high to elevated."

    class Meta:
        model = ThreatLevelDecision


class FooterFactory(DjangoModelFactory):
    mission = "Vi avvärjer hot."
    social_heading = "Sociala medier"
    tips_heading = "Tipsa oss"
    tips_button = "Till tipssidan"
    contact_heading = "Kontakt"
    locale = factory.LazyFunction(Locale.get_default)

    class Meta:
        model = Footer


class ContactFactory(DjangoModelFactory):
    name = "Växel"
    phone = "010-568 70 00"
    locale = factory.LazyFunction(Locale.get_default)

    class Meta:
        model = Contact


class AlertFactory(DjangoModelFactory):
    heading = "Telefonen ligger nere"
    heading_in_english = "The telephone is down"
    locale = factory.LazyFunction(Locale.get_default)

    class Meta:
        model = Alert


class TopicFactory(DjangoModelFactory):
    name = factory.Sequence(lambda n: f"Ämne {n}")
    slug = factory.Sequence(lambda n: f"amne-{n}")
    locale = factory.LazyFunction(Locale.get_default)

    class Meta:
        model = Topic


def picture_file(width: int = 900, height: int = 600, name: str = "kust.jpg") -> PictureFile:
    """A small one-coloured JPEG, with nothing in it but that: nobody needs to draw it again."""
    output = BytesIO()
    Image.new("RGB", (width, height), "#113158").save(output, "JPEG")
    return PictureFile(ContentFile(output.getvalue()), name)


# What the child told of a picture and laid into a folder: to draw the same one again takes half a second.
_drawn: dict[str, tuple[Any, dict[str, bytes]]] = {}


def _drawn_once(work: str, given: dict[str, Any], folder: Path, bounds: Bounds) -> Any:
    asked = f"{given} {sha256((folder / given['source']).read_bytes()).hexdigest()}"
    made = folder / given["folder"]
    if asked in _drawn:
        made.mkdir()
        for name, content in _drawn[asked][1].items():
            (made / name).write_bytes(content)
    elif told := ask_child(work, given, folder, bounds):
        _drawn[asked] = told, {each.name: each.read_bytes() for each in made.iterdir()}
    return _drawn[asked][0] if asked in _drawn else None


class SiteImageFactory(DjangoModelFactory):
    title = "Kust"
    file = factory.LazyFunction(picture_file)

    class Meta:
        model = SiteImage
        skip_postgeneration_save = True

    @factory.post_generation
    def renditions_after_commit(image: SiteImage, *_given: object, **_more: object) -> None:
        """What the commit of an upload is followed by; most tests commit nothing."""
        with patch.object(drawn_filters, "ask_child", _drawn_once):
            make_missing_renditions(image)


class SiteDocumentFactory(DjangoModelFactory):
    title = "Vägledning"
    file = factory.LazyFunction(lambda: ContentFile(b"x" * 1_572_864, name="vagledning.pdf"))

    class Meta:
        model = SiteDocument

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        """As if the file had been cleaned, whatever it holds."""
        file = kwargs["file"]
        return {**kwargs, "file": CleanedFile(file.file, file.name)}
