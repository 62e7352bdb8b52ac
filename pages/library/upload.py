"""Removes everything but the pixels from an uploaded picture, in memory that is bounded."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO, TypeVar

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

# Options with which a re-encoded file loses nothing that an eye can see. A JPEG is written in one pass:
# with `optimize` or `progressive` the whole picture would lie in memory once more, and larger.
_SAVE_OPTIONS: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 95, "subsampling": 0},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 95, "method": 4},
    "AVIF": {"quality": 90},
    "GIF": {},
}

# What fits into some 300 MB. A JPEG can be decoded at half its size, a PNG lies in memory once, and
# the others several times.
_MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 40_000_000}
_MOST_PIXELS_OF_OTHERS = 20_000_000
# However small a frame of a moving picture is, it takes the memory of so many pixels.
_LEAST_PIXELS_OF_FRAME = 20_000
# A picture with more is kept at half its width and height.
_MOST_KEPT_PIXELS = {"JPEG": 26_000_000, "PNG": 26_000_000}
_MOST_KEPT_PIXELS_OF_OTHERS = 10_000_000

T = TypeVar("T")

# One thread decodes and encodes pictures, one at a time in each process: each thread that ever did
# would keep the memory it took.
_drawing = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")


def drawn(draw: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """What `draw` returns, which decodes a picture, once it is its turn."""
    return _drawing.submit(draw, *args, **kwargs).result()


class UnreadableImageError(ValueError):
    """The file is not a picture, or not of a kind that we accept."""


class TooManyPixelsError(UnreadableImageError):
    """The picture would take too much memory."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The picture has too many pixels. A JPEG may have %(jpeg)d million, a PNG %(png)d "
                "million, other pictures %(others)d million."
            )
            % {
                "jpeg": _MOST_PIXELS["JPEG"] // 10**6,
                "png": _MOST_PIXELS["PNG"] // 10**6,
                "others": _MOST_PIXELS_OF_OTHERS // 10**6,
            }
        )


class PictureFile(ContentFile):
    """A file that holds nothing but a picture."""


@dataclass(frozen=True)
class PictureHeader:
    """What the first bytes of a picture say of it; nothing is decoded."""

    format_name: str
    width: int
    height: int
    frames: int

    @property
    def is_too_large_to_keep(self) -> bool:
        most = _MOST_KEPT_PIXELS.get(self.format_name.upper(), _MOST_KEPT_PIXELS_OF_OTHERS)
        return self.frames == 1 and self.width * self.height > most


def header_of(file: BinaryIO, name: str = "") -> PictureHeader:
    """Raises UnreadableImageError, and TooManyPixelsError for a picture that nobody may decode."""
    file.seek(0)
    try:
        with Image.open(file, formats=list(_SAVE_OPTIONS)) as source:
            return _header(source)
    except Image.DecompressionBombError as error:
        raise TooManyPixelsError from error
    except TooManyPixelsError:
        raise
    except (OSError, SyntaxError, ValueError) as error:
        raise UnreadableImageError(name) from error
    finally:
        file.seek(0)


def without_metadata(file: BinaryIO, name: str) -> PictureFile:
    """The same picture, upright, without EXIF, XMP, IPTC, comments or thumbnails.

    The picture is drawn again from its pixels, so that nothing else in the file survives; only
    the colour profile is kept. Raises UnreadableImageError.
    """
    header_of(file, name)
    try:
        return PictureFile(drawn(_drawn_again, file), name=name)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UnreadableImageError(name) from error
    finally:
        file.seek(0)


def drawn_at_half(source: Image.Image) -> None:
    """Lets a JPEG that is opened, but not yet decoded, be decoded at half its width and height."""
    source.draft(None, (source.width // 2, source.height // 2))


def _header(source: Image.Image) -> PictureHeader:
    # Some telephones add a depth map to the picture and call the whole MPO.
    image_format = "JPEG" if source.format == "MPO" else source.format or ""
    frames = 1 if image_format == "JPEG" else getattr(source, "n_frames", 1)
    most = _MOST_PIXELS.get(image_format, _MOST_PIXELS_OF_OTHERS)
    if "progressive" in source.info:  # such a JPEG takes the memory of all its pixels, at any size
        most = _MOST_PIXELS["PNG"]
    pixels = source.width * source.height
    if pixels > most or (frames > 1 and max(pixels, _LEAST_PIXELS_OF_FRAME) * frames > most):
        raise TooManyPixelsError
    return PictureHeader(image_format.lower(), source.width, source.height, frames)


def _drawn_again(file: BinaryIO) -> bytes:
    output = BytesIO()
    with Image.open(file, formats=list(_SAVE_OPTIONS)) as source:
        _draw_again(source, output)
    return output.getvalue()


def _draw_again(source: Image.Image, output: BytesIO) -> None:
    header = _header(source)
    image_format = header.format_name.upper()
    options = dict(_SAVE_OPTIONS[image_format])
    profile = source.info.get("icc_profile")
    clean = source
    if header.frames > 1:
        clean = source.copy()  # only its first frame
        options |= {"save_all": True, "append_images": _further_frames(source)}
        options["duration"] = source.info.get("duration", 100)
        options["loop"] = source.info.get("loop", 0)
    elif header.is_too_large_to_keep:
        clean = _at_half(source)
    _keep_pixels_only(clean)
    clean.save(output, image_format, icc_profile=profile, **options)


def _at_half(source: Image.Image) -> Image.Image:
    size = source.size
    drawn_at_half(source)
    if source.size != size:
        return source
    if source.mode in ("1", "P", "PA"):  # whose values cannot be averaged
        return source.convert("RGBA" if "transparency" in source.info else "RGB").reduce(2)
    return source.reduce(2)


def _keep_pixels_only(image: Image.Image) -> None:
    """Sets the picture upright, and forgets all that an encoder would copy from its file."""
    ImageOps.exif_transpose(image, in_place=True)
    transparency = image.info.get("transparency")
    image.info = {} if transparency is None else {"transparency": transparency}


def _further_frames(source: Image.Image) -> list[Image.Image]:
    frames = []
    for index in range(1, getattr(source, "n_frames", 1)):
        source.seek(index)
        frame = source.convert("RGBA") if source.mode == "P" else source.copy()
        _keep_pixels_only(frame)
        frames.append(frame)
    source.seek(0)
    return frames
