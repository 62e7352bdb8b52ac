"""Every picture by its name."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from . import city, layers, light, nets, order, river, terrain, woods
from .sheet import NAVY, Sheet

WIDTH, HEIGHT = 1600, 1067
BEST_QUALITY, LEAST_QUALITY = 88, 72
MOST_BYTES = 350 * 1024


@dataclass(frozen=True)
class Picture:
    """A motif, and the seed that gives the composition we chose."""

    title: str
    motif: Callable[[Sheet], None]
    seed: str


PICTURES = {
    "arkiv": Picture("Arkiv", order.archive, "arkiv"),
    "cirklar": Picture("Cirklar", order.circles, "cirklar"),
    "dimma": Picture("Dimma", woods.mist, "dimma"),
    "flode": Picture("Flöde", river.river, "flode 3"),
    "granslinje": Picture("Gränslinje", terrain.borderline, "granslinje 12"),
    "hojdkurvor": Picture("Höjdkurvor", terrain.elevation, "hojdkurvor 9"),
    "horisont": Picture("Horisont", light.horizon, "horisont"),
    "kompass": Picture("Kompass", order.compass, "kompass"),
    "kust": Picture("Kust", terrain.coast, "kust 20"),
    "lager": Picture("Lager", layers.layers, "lager"),
    "ljuskaglor": Picture("Ljuskäglor", light.cones, "ljuskaglor 12"),
    "natverk": Picture("Nätverk", nets.triangulation, "natverk 5"),
    "norden": Picture("Norden", terrain.north, "norden 6"),
    "norrsken": Picture("Norrsken", light.aurora, "norrsken 1"),
    "puls": Picture("Puls", order.signal, "puls"),
    "rutnat": Picture("Rutnät", order.grid, "rutnat"),
    "skargard": Picture("Skärgård", terrain.archipelago, "skargard 6"),
    "skog": Picture("Skog", woods.forest, "skog"),
    "stadsljus": Picture("Stadsljus", city.city, "stadsljus 8"),
    "vagor": Picture("Vågor", order.waves, "vagor"),
}


def draw(name: str, *, width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """The picture of that name; the same pixels every time."""
    picture = PICTURES[name]
    sheet = Sheet(picture.seed, width, height, NAVY)
    picture.motif(sheet)
    return sheet.finish()


def save(name: str, path: Path, *, width: int = WIDTH, height: int = HEIGHT) -> None:
    """Write the picture as a JPEG file without metadata, at most 350 KiB at its usual size."""
    path.write_bytes(_compressed(draw(name, width=width, height=height)))


def _compressed(image: Image.Image) -> bytes:
    for quality in range(BEST_QUALITY, LEAST_QUALITY - 1, -2):
        file = io.BytesIO()
        image.save(file, "JPEG", quality=quality, progressive=True, optimize=True)
        if file.tell() <= MOST_BYTES:
            break
    return file.getvalue()
