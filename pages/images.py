"""Pictures: what is taken out of a file on upload, and the `picture` element that shows it."""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import BinaryIO

from django.core.cache import caches
from django.core.files.base import ContentFile
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from PIL import Image, ImageOps
from wagtail.images.models import AbstractImage, AbstractRendition, Filter

# Widths in CSS pixels times what dense screens show; the last is the article's measure doubled.
WIDTHS = (400, 800, 1400)
# What a shared link shows (Open Graph).
SHARED_SPEC = "fill-1200x630|format-jpeg|jpegquality-76"
# Best first: a browser takes the first type that it knows.
FORMATS = ("avif", "webp", "jpeg")
_QUALITY = {"avif": "avifquality-55", "webp": "webpquality-72", "jpeg": "jpegquality-76"}

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


def make_renditions(image: AbstractImage) -> None:
    """Makes every rendition that pages will ask for, so that no visitor waits for one."""
    image.get_renditions(*_all_specs(image))


def renditions_for(image: AbstractImage) -> dict[str, list[AbstractRendition]]:
    """Format -> renditions from narrow to wide; none is wider than the image itself."""
    specs = list(_specs(image))
    found = image.get_renditions(*(spec for _format, spec in specs))
    by_format: dict[str, list[AbstractRendition]] = {}
    for image_format, spec in specs:
        by_format.setdefault(image_format, []).append(found[spec])
    return by_format


def fetch_renditions(images: list[AbstractImage]) -> None:
    """Makes the renditions of several images known in at most one query."""
    if not images:
        return
    kept = caches["renditions"]
    wanted = {image: _cache_keys(image) for image in images}
    known = kept.get_many([key for keys in wanted.values() for key in keys])
    unknown = [image for image, keys in wanted.items() if not known.keys() >= set(keys)]
    if not unknown:
        return
    by_key = {image.pk: image for image in unknown}
    model = unknown[0].get_rendition_model()
    for rendition in model.objects.filter(image__in=by_key):
        rendition.image = by_key[rendition.image_id]
        kept.set(rendition.get_cache_key(), rendition)


def _cache_keys(image: AbstractImage) -> list[str]:
    model = image.get_rendition_model()
    filters = [Filter(spec) for spec in _all_specs(image)]
    return [
        model.construct_cache_key(image, each.get_cache_key(image), each.spec) for each in filters
    ]


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
    by_format = renditions_for(image)
    fallback = by_format["jpeg"]
    sources = format_html_join(
        "",
        '<source type="image/{}" srcset="{}" sizes="{}">',
        ((name, _srcset(by_format[name]), sizes) for name in FORMATS[:-1]),
    )
    loading = (
        format_html(' fetchpriority="{}"', "high")
        if priority
        else format_html(' loading="{}" decoding="{}"', "lazy", "async")
    )
    return format_html(
        '<picture>{}<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}"{}{}>'
        "</picture>",
        sources,
        fallback[min(1, len(fallback) - 1)].url,
        _srcset(fallback),
        sizes,
        fallback[-1].width,
        fallback[-1].height,
        alt,
        format_html(' class="{}"', css_class) if css_class else "",
        loading,
    )


def still_url(image: AbstractImage) -> str:
    """The address of the picture as a JPEG of full width, for what takes one address only."""
    return renditions_for(image)["jpeg"][-1].url


def _srcset(renditions: Iterable[AbstractRendition]) -> str:
    return ", ".join(f"{rendition.url} {rendition.width}w" for rendition in renditions)
