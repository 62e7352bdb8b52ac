"""Draws renditions in a process of its own, from what Wagtail's filters say."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files.base import ContentFile
from wagtail.images.exceptions import UnknownOutputImageFormatError
from wagtail.images.models import AbstractImage, Filter, SourceImageIOError

from pages.library.apart.parent import Bounds, NoTurnError, ask_child, copy_to, told_wrongly

_WORK = "pages.library.drawing_job:render_and_tell"
_BOUNDS = Bounds(seconds=90)


class _Drawn(NamedTuple):
    """What Wagtail asks of a picture that it has drawn."""

    f: ContentFile
    format_name: str


class DrawnFilter(Filter):
    """A filter whose picture has been drawn."""

    def __init__(self, spec: str, drawn: _Drawn) -> None:
        super().__init__(spec)
        self._drawn = drawn

    def run(self, *_given: object, **_more: object) -> _Drawn:
        return self._drawn


def drawn_filters(image: AbstractImage, filters: Iterable[Filter]) -> list[DrawnFilter]:
    """The filters with their pictures; one process draws all. Raises SourceImageIOError."""
    wanted = list(filters)
    with tempfile.TemporaryDirectory(
        prefix="renditions-", dir=settings.FILE_UPLOAD_TEMP_DIR
    ) as folder:
        source = Path(folder, "source")
        with image.open_file() as file:
            copy_to(source, file)
        given = {
            "source": source.name,
            "folder": "made",
            "recipes": [_recipe_of(each, image) for each in wanted],
        }
        try:
            told: Any = ask_child(_WORK, given, Path(folder), _BOUNDS) if wanted else None
        except NoTurnError:
            told = None
        with told_wrongly(SourceImageIOError(f"Nobody could draw picture {image.pk}")):
            return [
                DrawnFilter(
                    each.spec,
                    _Drawn(
                        ContentFile(Path(folder, "made", str(number)).read_bytes()),
                        str(told["formats"][number]),
                    ),
                )
                for number, each in enumerate(wanted)
            ]


class _Ground:
    """Takes the place of the picture while a filter says what is to be done with it."""

    colour: tuple[int, ...] | None = None

    def set_background_color_rgb(self, colour: tuple[int, ...]) -> "_Ground":
        self.colour = colour
        return self


def _recipe_of(filter: Filter, image: AbstractImage) -> dict[str, object]:
    """What `Filter.run` would do, in words that cross to the child."""
    transform = filter.get_transform(image)
    said: dict[str, Any] = {}
    ground = _Ground()
    for operation in filter.filter_operations:
        operation.run(ground, image, said)
    left, top, right, bottom = transform.get_rect().round()
    box = (max(0, left), max(0, top), min(right, image.width), min(bottom, image.height))
    output = said.get("output-format")
    return {
        "box": box,
        "size": transform.size,
        "format": output,
        "ground": ground.colour,
        "options": _options(output, said),
    }


def _options(output: str | None, said: dict[str, object]) -> dict[str, object]:
    if output == "jpeg":
        quality = said.get("jpeg-quality", 76)
        return {"quality": quality, "progressive": True, "optimize": True}
    if output == "webp":
        return {"quality": said.get("webp-quality", 80)}
    if output == "avif":
        return {"quality": said.get("avif-quality", 61), "max_threads": 1}
    if output not in (None, "png", "gif"):
        raise UnknownOutputImageFormatError(f"Unknown output image format '{output}'")
    return {}
