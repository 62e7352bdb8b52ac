"""What the child does with a picture: draws it again, or in all the ways that pages need.

Needs neither Django nor a database.
"""

from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms

from .pixels import TooManyPixelsError, UnreadableImageError, draw_again

_WHITE = (255, 255, 255)


def draw_and_tell(source: str, target: str) -> dict[str, object]:
    """Writes the picture without what its file says besides, and tells what it is."""
    try:
        with Path(source).open("rb") as file, Path(target).open("wb") as drawn:
            return {"header": asdict(draw_again(file, drawn))}
    except TooManyPixelsError:
        return {"too_many_pixels": True}
    except UnreadableImageError:
        return {"unreadable": True}


def render_and_tell(source: str, folder: str, recipes: list[dict[str, Any]]) -> dict[str, object]:
    """Writes the picture as each recipe says, to a file with the recipe's number; tells the formats."""
    formats = []
    with Image.open(source) as picture:
        original = "jpeg" if picture.format == "MPO" else (picture.format or "").lower()
        whole = _for_screens(picture)
        for number, recipe in enumerate(recipes):
            formats.append(_render(whole, recipe, original, Path(folder, str(number))))
    return {"formats": formats}


def _for_screens(picture: Image.Image) -> Image.Image:
    """In colours that every format has, and that can be averaged."""
    profile = picture.info.get("icc_profile")
    if picture.mode == "CMYK":
        return _from_print(picture, profile)
    if picture.mode.startswith("I"):  # sixteen bits
        whole = picture.convert("I").point([level >> 8 for level in range(65_536)], "L")
    elif picture.mode in ("1", "P", "PA"):
        whole = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    else:
        whole = picture.copy()
    whole.info = {"icc_profile": profile} if profile else {}
    return whole


def _from_print(picture: Image.Image, profile: bytes | None) -> Image.Image:
    plain = picture.convert("RGB")
    if profile:
        try:
            seen = ImageCms.profileToProfile(
                picture,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError):
            seen = None
        plain = seen or plain
    plain.info = {}
    return plain


def _render(whole: Image.Image, recipe: dict[str, Any], original: str, target: Path) -> str:
    image_format = recipe["format"] or ("png" if original == "gif" else original)
    shown = whole.resize(
        tuple(recipe["size"]), Image.Resampling.LANCZOS, box=tuple(recipe["box"]), reducing_gap=3.0
    )
    shown.info = whole.info
    ground = recipe["ground"] or (_WHITE if image_format == "jpeg" else None)
    if ground and "A" in shown.mode:
        shown = _on_ground(shown.convert("RGBA"), tuple(ground))
    with target.open("wb") as file:
        profile = whole.info.get("icc_profile")
        shown.save(file, image_format.upper(), icc_profile=profile, **recipe["options"])
    return str(image_format)


def _on_ground(picture: Image.Image, colour: tuple[int, ...]) -> Image.Image:
    ground = Image.new("RGBA", picture.size, (*colour, 255))
    ground.alpha_composite(picture)
    return ground.convert("RGB")
