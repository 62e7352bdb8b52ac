"""Takes everything but the pixels out of an uploaded picture, in a process of its own."""

import tempfile
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from pages.library.apart.parent import Bounds, ask_child, copy_to, told_wrongly
from pages.library.virus_scanner import clear_of_viruses

from .pixels import (
    MOST_PIXELS,
    MOST_PIXELS_OF_OTHERS,
    PictureHeader,
    TooManyPixelsError,
    UnreadableImageError,
)

_WORK = "pages.library.drawing_job:draw_and_tell"
# The largest picture that is kept, if nothing in it can be packed.
_BOUNDS = Bounds(most_written=256 * 1024 * 1024)


class PictureFile(File):
    """A file that holds nothing but a picture."""

    # What it is, where it has been drawn here.
    header: PictureHeader | None = None


def too_many_pixels_sentence() -> str:
    """What is said of a picture that nobody may decode."""
    return _(
        "The picture has too many pixels. A JPEG may have %(jpeg)d million, a PNG %(png)d "
        "million, other pictures %(others)d million."
    ) % {
        "jpeg": MOST_PIXELS["JPEG"] // 10**6,
        "png": MOST_PIXELS["PNG"] // 10**6,
        "others": MOST_PIXELS_OF_OTHERS // 10**6,
    }


def without_metadata(file: BinaryIO, name: str) -> PictureFile:
    """The same picture, upright, without EXIF, XMP, IPTC, comments or thumbnails.

    The picture is drawn again from its pixels, so that nothing else in the file survives; only
    the colour profile is kept. Raises UnreadableImageError, TooManyPixelsError and NotClearedError.
    """
    with tempfile.TemporaryDirectory(
        prefix="picture-", dir=settings.FILE_UPLOAD_TEMP_DIR
    ) as folder:
        source, target = Path(folder, "source"), Path(folder, "made", "target")
        copy_to(source, file)
        clear_of_viruses(source, name)
        given = {"source": "source", "target": "made/target"}
        told = ask_child(_WORK, given, Path(folder), _BOUNDS)
        if told and "too_many_pixels" in told:
            raise TooManyPixelsError(name)
        with told_wrongly(UnreadableImageError(name)):
            header = told["header"]
            # The folder goes; the open file stays as long as somebody reads it.
            picture = PictureFile(target.open("rb"), name)
            picture.header = PictureHeader(
                str(header["format_name"]),
                *(int(header[each]) for each in ("width", "height", "frames")),
            )
            return picture
