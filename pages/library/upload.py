"""Removes everything but the pixels from an uploaded picture."""

from io import BytesIO
from typing import BinaryIO

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

# Options with which a re-encoded file loses nothing that an eye can see.
_SAVE_OPTIONS: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 95, "subsampling": 0, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 95, "method": 4},
    "AVIF": {"quality": 90},
    "GIF": {},
}


class UnreadableImageError(ValueError):
    """The file is not a picture, or not of a kind that we accept."""


class PictureFile(ContentFile):
    """A file that holds nothing but a picture."""


def without_metadata(file: BinaryIO, name: str) -> PictureFile:
    """The same picture, upright, without EXIF, XMP, IPTC, comments or thumbnails.

    The picture is drawn again from its pixels, so that nothing else in the file survives; only
    the colour profile is kept. Raises UnreadableImageError.
    """
    file.seek(0)
    try:
        with Image.open(file) as source:
            # Some telephones add a depth map to the picture and call the whole MPO.
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
