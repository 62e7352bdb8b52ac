"""Pixels: how many a picture has, and the picture drawn again from nothing else. Needs no Django."""

from dataclasses import dataclass
from typing import BinaryIO

from PIL import AvifImagePlugin, Image, ImageOps

# A child may have one.
AvifImagePlugin.DEFAULT_MAX_THREADS = THREADS_OF_AVIF = 1

# Options with which a re-encoded file loses nothing that an eye can see. A JPEG is written in one pass:
# with `optimize` or `progressive` the whole picture would lie in memory once more, and larger.
_SAVE_OPTIONS: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 95, "subsampling": 0},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 95, "method": 4},
    "AVIF": {"quality": 90},
    "GIF": {},
}

# What a child draws well below its bounds. A JPEG can be decoded at half its size, a PNG lies in memory once, and
# the others several times.
MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 40_000_000}
MOST_PIXELS_OF_OTHERS = 20_000_000
# However small a frame of a moving picture is, it takes the memory of so many pixels.
_LEAST_PIXELS_OF_FRAME = 20_000
# A picture with more is kept at half its width and height.
_MOST_KEPT_PIXELS = {"JPEG": 26_000_000, "PNG": 26_000_000}
_MOST_KEPT_PIXELS_OF_OTHERS = 10_000_000


class UnreadableImageError(ValueError):
    """The file is not a picture, or not of a kind that we accept."""


class TooManyPixelsError(UnreadableImageError):
    """The picture would take too much memory."""


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


def drawn_at_half(source: Image.Image) -> None:
    """Lets a JPEG that is opened, but not yet decoded, be decoded at half its width and height."""
    source.draft(None, (source.width // 2, source.height // 2))


def _header(source: Image.Image) -> PictureHeader:
    # Some telephones add a depth map to the picture and call the whole MPO.
    image_format = "JPEG" if source.format == "MPO" else source.format or ""
    frames = 1 if image_format == "JPEG" else getattr(source, "n_frames", 1)
    most = MOST_PIXELS.get(image_format, MOST_PIXELS_OF_OTHERS)
    if "progressive" in source.info:  # such a JPEG takes the memory of all its pixels, at any size
        most = MOST_PIXELS["PNG"]
    pixels = source.width * source.height
    if pixels > most or (frames > 1 and max(pixels, _LEAST_PIXELS_OF_FRAME) * frames > most):
        raise TooManyPixelsError
    return PictureHeader(image_format.lower(), source.width, source.height, frames)


def draw_again(source: BinaryIO, target: BinaryIO) -> PictureHeader:
    """Writes the same picture, upright, and of the rest of its file only the colour profile.

    Raises UnreadableImageError and TooManyPixelsError.
    """
    header_of(source)
    try:
        with Image.open(source, formats=list(_SAVE_OPTIONS)) as picture:
            return _drawn_again(picture, target)
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise UnreadableImageError from error


def _drawn_again(source: Image.Image, target: BinaryIO) -> PictureHeader:
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
    clean.save(target, image_format, icc_profile=profile, **options)
    return PictureHeader(header.format_name, clean.width, clean.height, header.frames)


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
