import base64
import hashlib
import struct
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image, PngImagePlugin

from pages.library.models import SiteImage
from pages.library.pixels import TooManyPixelsError, UnreadableImageError, header_of
from pages.library.upload import without_metadata
from tests.factories import SiteImageFactory
from tests.tables import every_row

SECRET = "Fotografens hemliga namn"
IPTC = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x1e\x1c\x02P\x00\x18" + SECRET.encode()


def _telling_file(image_format: str) -> BytesIO:
    """A picture whose file tells place, camera and author in every way its format has."""
    exif = Image.Exif()
    exif[0x013B] = SECRET
    exif[0x010F] = SECRET
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (59.0, 20.0, 30.0)
    options: dict[str, object] = {"exif": exif.tobytes()}
    if image_format == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", SECRET)
        text.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET}</x>")
        options["pnginfo"] = text
    else:
        options["xmp"] = f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode()
    if image_format == "JPEG":
        options["comment"] = SECRET.encode()
    output = BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(output, image_format, **options)
    return output


@every_row("image_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_place_camera_and_author_are_removed(image_format):
    telling = _telling_file(image_format)
    assert SECRET.encode() in telling.getvalue()

    clean = without_metadata(telling, "bild")

    assert SECRET.encode() not in clean.read()
    clean.seek(0)
    with Image.open(clean) as image:
        assert not image.getexif()
        assert image.size == (64, 48)


def test_iptc_of_a_jpeg_is_removed():
    plain = BytesIO()
    Image.new("RGB", (8, 8)).save(plain, "JPEG")
    data = plain.getvalue()
    segment = b"\xff\xed" + (len(IPTC) + 2).to_bytes(2, "big") + IPTC
    assert (
        SECRET.encode()
        not in without_metadata(BytesIO(data[:2] + segment + data[2:]), "bild.jpg").read()
    )


def test_picture_lying_on_its_side_is_set_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    output = BytesIO()
    Image.new("RGB", (60, 40)).save(output, "JPEG", exif=exif.tobytes())
    with Image.open(without_metadata(output, "bild.jpg")) as image:
        assert image.size == (40, 60)


def test_telephone_picture_with_a_second_picture_inside_is_taken():
    output = BytesIO()
    Image.new("RGB", (60, 40)).save(
        output, "MPO", save_all=True, append_images=[Image.new("RGB", (60, 40), "red")]
    )
    with Image.open(without_metadata(output, "bild.jpg")) as image:
        assert (image.format, image.size) == ("JPEG", (60, 40))


def test_transparency_is_kept():
    output = BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 40)).save(output, "PNG")
    with Image.open(without_metadata(output, "bild.png")) as image:
        assert image.getpixel((0, 0)) == (255, 0, 0, 40)


def test_what_is_no_picture_is_refused():
    with pytest.raises(UnreadableImageError):
        without_metadata(BytesIO(b"%PDF-1.7 inte en bild"), "bild.jpg")


def _assigned(image: SiteImage, content: ContentFile) -> None:
    image.file = content


def _saved_directly(image: SiteImage, content: ContentFile) -> None:
    image.file.save("bild.jpg", content, save=False)


@pytest.mark.django_db
@every_row("put", [_assigned, _saved_directly])
def test_every_way_into_the_library_removes_metadata(put):
    image = SiteImage(title="Bild")
    put(image, ContentFile(_telling_file("JPEG").getvalue(), name="bild.jpg"))
    image.save()
    with image.file.open() as stored:
        assert SECRET.encode() not in stored.read()
    assert (image.width, image.height) == (64, 48)


@pytest.mark.django_db
def test_library_knows_the_hash_and_size_of_the_cleaned_file():
    image = SiteImageFactory()
    with image.file.open() as stored:
        content = stored.read()
    assert image.file_size == len(content)
    # All of the 256 bits, in the forty signs of Wagtail's column.
    assert base64.b85decode(image.file_hash) == hashlib.sha256(content).digest()
    assert len(image.file_hash) == 40


def test_a_film_of_countless_tiny_frames_is_refused_before_one_is_decoded():
    """Each takes memory and time of its own: a few megabytes would occupy the one who draws."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(3) + b"\xff" * 3
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    assert header_of(BytesIO(screen + frame * 500 + b";")).frames == 500
    with pytest.raises(TooManyPixelsError):
        header_of(BytesIO(screen + frame * 20_000 + b";"))
