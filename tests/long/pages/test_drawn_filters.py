"""A rendition that is drawn apart is the one that Wagtail's filter would draw."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageChops, ImageStat
from wagtail.images.models import Filter, SourceImageIOError

from pages.library import drawn_filters
from pages.library.apart.parent import Bounds
from pages.library.drawing_job import draw_and_tell, render_and_tell
from pages.library.models import SiteImage
from pages.library.renditions import make_missing_renditions, wanted_specs
from tests.factories import SiteImageFactory

pytestmark = pytest.mark.django_db
SPECS = [
    "width-400|format-webp|webpquality-72", "fill-120x63|format-jpeg|jpegquality-76",
    "fill-90x90-c100|format-jpeg", "max-165x165", "min-50x60", "scale-50", "height-70", "original",
    "width-5000", "width-80|format-jpeg|bgcolor-f00", "width-80|format-png",
    "width-200|format-avif|avifquality-55",
]  # fmt: skip


def _content(mode: str, image_format: str) -> bytes:
    """A picture in which one sees what part of it is shown."""
    picture = Image.merge(
        "RGB", [Image.linear_gradient("L").rotate(90 * turn) for turn in range(3)]
    ).resize((300, 200))
    if "A" in mode:
        picture.putalpha(Image.radial_gradient("L").resize((300, 200)))
    output = BytesIO()
    if mode == "I;16":
        wide = picture.convert("L").convert("I").point(lambda level: level * 257)
        picture = Image.frombytes("I;16", (300, 200), b"".join(
            int(level).to_bytes(2, "little") for level in wide.get_flattened_data()
        ))  # fmt: skip
    else:
        picture = picture.convert(mode)
    picture.save(output, image_format)
    return output.getvalue()


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_it_has_the_size_the_format_and_the_part_that_wagtail_would_show(spec, mode):
    image = SiteImageFactory(
        file=ContentFile(_content(mode, "PNG"), "bild.png"), focal_point_x=240, focal_point_y=60,
        focal_point_width=40, focal_point_height=30,
    )  # fmt: skip
    wanted = Filter(spec).run(image, BytesIO())
    drawn = image.get_rendition(spec)
    with Image.open(wanted.f) as ours, drawn.file.open() as file, Image.open(file) as theirs:
        assert (theirs.size, theirs.format) == (ours.size, ours.format)
        between = ImageChops.difference(ours.convert("RGB"), theirs.convert("RGB"))
        assert max(ImageStat.Stat(between).mean) < 3


@pytest.mark.parametrize(
    ("mode", "image_format"),
    [("1", "PNG"), ("L", "JPEG"), ("LA", "PNG"), ("P", "GIF"), ("P", "PNG"), ("CMYK", "JPEG"),
     ("I;16", "PNG"), ("RGB", "AVIF"), ("RGBA", "WEBP")],
)  # fmt: skip
def test_a_picture_in_any_colours_is_drawn_in_every_format_and_looks_alike(
    tmp_path, mode, image_format
):
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(_content(mode, image_format))
    assert "header" in draw_and_tell(str(source), str(target))
    recipes = [
        {"box": (0, 0, 300, 200), "size": (60, 40), "format": name, "ground": (255, 255, 255),
         "options": {}}
        for name in ("avif", "webp", "jpeg", "png")
    ]  # fmt: skip
    told = render_and_tell(str(target), str(tmp_path), recipes)
    assert told == {"formats": ["avif", "webp", "jpeg", "png"]}
    pictures = []
    for number in range(4):
        with Image.open(tmp_path / str(number)) as picture:
            assert picture.size == (60, 40)
            pictures.append(picture.convert("L"))
    for each in pictures[1:]:
        assert ImageStat.Stat(ImageChops.difference(pictures[0], each)).mean[0] < 6
    low, high = pictures[-1].getextrema()
    assert high - low > 60, "one sees something"


def test_all_sizes_of_a_picture_are_drawn_by_one_child(monkeypatch):
    asked = []
    ask = drawn_filters.ask_child

    def counted(*given):
        asked.append(given)
        return ask(*given)

    image = SiteImage(title="Kust", file=ContentFile(_content("RGB", "PNG"), "bild.png"))
    image.save()
    monkeypatch.setattr(drawn_filters, "ask_child", counted)
    assert make_missing_renditions(image)
    assert len(asked) == 1
    assert image.renditions.count() == len(wanted_specs(image))


def test_a_picture_that_its_child_cannot_draw_is_told_as_one_that_cannot_be_read(monkeypatch):
    image = SiteImageFactory()
    monkeypatch.setattr(drawn_filters, "_BOUNDS", Bounds(megabytes=40))
    with pytest.raises(SourceImageIOError):
        image.get_rendition("width-77")
