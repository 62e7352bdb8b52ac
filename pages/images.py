"""Pictures: what is taken out of a file on upload, and the `picture` element that shows it."""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import IO, BinaryIO, NamedTuple

from django.core.files.base import ContentFile
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from PIL import AvifImagePlugin, Image, ImageOps
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage, AbstractRendition, Filter

# Widths in CSS pixels times what dense screens show; the last is the article's measure doubled.
WIDTHS = (400, 800, 1400)
# What a shared link shows (Open Graph).
SHARED_SPEC = "fill-1200x630|format-jpeg|jpegquality-76"
# Best first: a browser takes the first type that it knows.
FORMATS = ("avif", "webp", "jpeg")
_QUALITY = {"avif": "avifquality-55", "webp": "webpquality-72", "jpeg": "jpegquality-76"}

_AVIF_SPEED = 7  # the usual 6 takes twice the time for as many bytes and as good a picture
_save_avif = Image.SAVE[AvifImagePlugin.AvifImageFile.format]


def _save_avif_quickly(image: Image.Image, file: IO[bytes], name: str | bytes) -> None:
    image.encoderinfo.setdefault("speed", _AVIF_SPEED)
    _save_avif(image, file, name)


Image.register_save("AVIF", _save_avif_quickly)


# What a re-encoded file needs in order to lose nothing that an eye can see.
_SAVE_OPTIONS: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 95, "subsampling": 0, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 95, "method": 4},
    "AVIF": {"quality": 90},
    "GIF": {},
}


# What stands in the text alternative when nobody has written one.
_EMPTY_WORDS = frozenset(
    {"alt", "alt text", "alternativtext", "bild", "bildtext", "foto", "image", "logo", "logotyp",
     "photo", "picture", "placeholder"}
)  # fmt: skip
_FILE_NAME = re.compile(r"[\w%+-]+\.(avif|gif|jpe?g|png|svg|webp)", re.IGNORECASE)


def says_something(alt_text: str) -> bool:
    """Whether a text alternative is more than a placeholder or the name of a file."""
    plain = alt_text.strip().strip(".:!").lower()
    return plain not in _EMPTY_WORDS and not _FILE_NAME.fullmatch(plain)


class UnreadableImageError(ValueError):
    """The file is not a picture of a kind that we take."""


class PictureFile(ContentFile):
    """A file that holds nothing but a picture."""


def without_metadata(file: BinaryIO, name: str) -> PictureFile:
    """The same picture, upright, without EXIF, XMP, IPTC, comments or thumbnails.

    The picture is drawn again from its pixels, so that nothing which is not a pixel can
    come along; the colour profile is kept. Raises UnreadableImageError.
    """
    file.seek(0)
    try:
        with Image.open(file) as source:
            # Telephones put a depth map beside the picture and call the whole MPO.
            image_format = "JPEG" if source.format == "MPO" else source.format or ""
            options = dict(_SAVE_OPTIONS[image_format])
            profile = source.info.get("icc_profile")
            frames = getattr(source, "n_frames", 1)
            if frames > 1 and image_format != "JPEG":
                options |= {"save_all": True, "append_images": _further_frames(source)}
                options["duration"] = source.info.get("duration", 100)
                options["loop"] = source.info.get("loop", 0)
            clean = _pixels_only(source)
            output = BytesIO()
            clean.save(output, image_format, icc_profile=profile, **options)
    except (KeyError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UnreadableImageError(name) from error
    return PictureFile(output.getvalue(), name=name)


def _pixels_only(source: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(source)
    clean = Image.new(upright.mode, upright.size)
    if upright.mode == "P":
        clean.putpalette(upright.getpalette() or [])
        if "transparency" in source.info:
            clean.info["transparency"] = source.info["transparency"]
    clean.paste(upright)
    return clean


def _further_frames(source: Image.Image) -> list[Image.Image]:
    frames = []
    for index in range(1, getattr(source, "n_frames", 1)):
        source.seek(index)
        frames.append(_pixels_only(source.convert("RGBA") if source.mode == "P" else source))
    source.seek(0)
    return frames


def make_missing_renditions(image: AbstractImage) -> bool:
    """Makes the renditions that pages ask for and the image lacks; whether there were any."""
    made = _renditions_of(image)
    missing = [spec for spec in _all_specs(image) if spec not in made]
    if missing:
        image.get_renditions(*missing)
    return bool(missing)


def images_with_renditions(keys: Iterable[int]) -> dict[int, AbstractImage]:
    """The images with these keys, each with its renditions, in one query; two where one has none."""
    model = get_image_model()
    images: dict[int, AbstractImage] = {}
    rows = model.get_rendition_model().objects.filter(image__in=keys).select_related("image")
    for rendition in rows:
        image = images.setdefault(rendition.image_id, rendition.image)
        rendition.image = image
        vars(image).setdefault("prefetched_renditions", []).append(rendition)
    if without := set(keys) - images.keys():
        images |= model.objects.in_bulk(without)
    for image in images.values():
        vars(image).setdefault("prefetched_renditions", [])
        # Each copy of the image has the same: what is written of it while nothing changes.
        vars(image)["pictures_written"] = {}
    return images


def _renditions_of(image: AbstractImage) -> dict[str, AbstractRendition]:
    """Spec -> rendition, of those that exist for the image as it is now. Never makes any."""
    found = vars(image).get("prefetched_renditions")
    if found is None:
        found = image.renditions.all()
    return {
        each.filter_spec: each
        for each in found
        if each.focal_point_key == Filter(each.filter_spec).get_cache_key(image)
    }


def _by_format(image: AbstractImage) -> dict[str, list[AbstractRendition]]:
    """Format -> the renditions that exist, from narrow to wide."""
    found = _renditions_of(image)
    by_format: dict[str, list[AbstractRendition]] = {name: [] for name in FORMATS}
    for name, spec in _specs(image):
        if spec in found:
            by_format[name].append(found[spec])
    return by_format


def _all_specs(image: AbstractImage) -> list[str]:
    return [*(spec for _format, spec in _specs(image)), SHARED_SPEC]


def _specs(image: AbstractImage) -> Iterable[tuple[str, str]]:
    widths = [width for width in WIDTHS if width < image.width] or [image.width]
    for image_format in FORMATS:
        for width in widths:
            yield image_format, f"width-{width}|format-{image_format}|{_QUALITY[image_format]}"


def picture(
    image: AbstractImage, *, alt: str, sizes: str, priority: bool = False, css_class: str = ""
) -> SafeString:
    """A `picture` with AVIF, WebP and JPEG in several widths, and a place kept for it.

    `sizes` says how wide it is shown. A picture with `priority` is above the fold and is
    fetched at once; all others wait until the reader comes near.
    """
    shown_as = (sizes, priority, css_class)
    written = vars(image).get("pictures_written", {})
    if shown_as not in written:
        written[shown_as] = _written(image, *shown_as)
    return format_html("{}{}{}", written[shown_as][0], alt, written[shown_as][1])


def _written(
    image: AbstractImage, sizes: str, priority: bool, css_class: str
) -> tuple[SafeString, SafeString]:
    """The picture's HTML before and after its text alternative."""
    by_format = _by_format(image)
    sources = format_html_join(
        "",
        '<source type="image/{}" srcset="{}" sizes="{}">',
        ((name, _srcset(by_format[name]), sizes) for name in FORMATS[:-1] if by_format[name]),
    )
    loading = (
        format_html(' fetchpriority="{}"', "high")
        if priority
        else format_html(' loading="{}" decoding="{}"', "lazy", "async")
    )
    # The picture as it was uploaded, where there is nothing else yet.
    fallback = by_format["jpeg"] or [image]
    before = format_html(
        '<picture>{}<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="',
        sources,
        fallback[min(1, len(fallback) - 1)].file.url,
        _srcset(fallback),
        sizes,
        fallback[-1].width,
        fallback[-1].height,
    )
    after = format_html(
        '"{}{}></picture>', format_html(' class="{}"', css_class) if css_class else "", loading
    )
    return before, after


def still_url(image: AbstractImage) -> str:
    """The address of the picture as a JPEG of full width, for what takes one address only."""
    return _still(image).file.url


class SharedPicture(NamedTuple):
    """What a shared link shows: an address, and its size in pixels."""

    url: str
    width: int
    height: int


def shared_picture(image: AbstractImage) -> SharedPicture:
    """The picture cropped for a shared link; as it is where that has not been made yet."""
    written = vars(image).get("pictures_written", {})
    if SHARED_SPEC not in written:
        shown = _renditions_of(image).get(SHARED_SPEC) or _still(image)
        written[SHARED_SPEC] = SharedPicture(shown.file.url, shown.width, shown.height)
    shared: SharedPicture = written[SHARED_SPEC]
    return shared


def _still(image: AbstractImage) -> AbstractRendition | AbstractImage:
    return (_by_format(image)["jpeg"] or [image])[-1]


def _srcset(files: Iterable[AbstractRendition | AbstractImage]) -> str:
    return ", ".join(f"{each.file.url} {each.width}w" for each in files)
