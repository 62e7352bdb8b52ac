"""A page of a PDF: its objects in the order of painting, its letters, and how it looks without some."""

from collections.abc import Iterator, Sequence
from ctypes import byref, c_double, c_float, c_int, c_ushort, c_void_p, cast
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import pypdfium2
from PIL import Image, ImageChops
from pypdfium2 import raw

from .found import CannotBeRead

_SCALE = 1.0
_MOST_PIXELS = 4_000_000
# A letter whose colour is no further from its ground is not seen (of 255).
_FAINTEST = 12
_DEEPEST = 12
_NEVER_PAINTED = {raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP}

Box = tuple[float, float, float, float]  # left, bottom, right, top, in points
Pixels = tuple[int, int, int, int]  # left, upper, right, lower


@dataclass
class PaintedObject:
    """One object of a page; `order` says when it is painted."""

    order: int
    kind: int
    box: Box
    raw: object
    # Whether a text paints its letters, or a path its inside.
    paints: bool = True


class ReadLetter(NamedTuple):
    text: str
    box: Box
    of: PaintedObject


@dataclass
class Word:
    letters: list[ReadLetter] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(letter.text for letter in self.letters)

    @property
    def letter_count(self) -> int:
        return sum(letter.text.isalnum() for letter in self.letters)

    @property
    def box(self) -> Box:
        lefts, bottoms, rights, tops = zip(*(letter.box for letter in self.letters), strict=True)
        return min(lefts), min(bottoms), max(rights), max(tops)


class Difference(NamedTuple):
    """Where two drawings differ, as one byte a pixel."""

    differs: bytes
    width: int
    height: int
    left: int = 0
    upper: int = 0

    def is_within(self, pixels: Pixels) -> bool:
        return any(self._projected(pixels, is_upright=False))

    def has_gap(self, pixels: Pixels) -> bool:
        """Whether a line of text may have letters that are not seen: a gap wider than a space."""
        left, upper, right, lower = pixels
        is_upright = lower - upper > right - left
        tall = min(right - left, lower - upper)
        inner = tall // 5  # letters of the lines beside it may reach in
        band = (
            (left + inner, upper, right - inner, lower)
            if is_upright
            else (left, upper + inner, right, lower - inner)
        )
        line = self._projected(band, is_upright=is_upright)
        return not any(line) or bytes(max(3, tall * 7 // 10)) in line

    def _projected(self, pixels: Pixels, *, is_upright: bool) -> bytes:
        """Each column of the box as one byte, or each row of an upright one: 0 where nothing differs."""
        left, right = (max(0, min(self.width, x - self.left)) for x in pixels[::2])
        upper, lower = (max(0, min(self.height, y - self.upper)) for y in pixels[1::2])
        wide = right - left
        if wide <= 0 or upper >= lower:
            return b""
        rows = (
            self.differs[row * self.width + left : row * self.width + right]
            for row in range(upper, lower)
        )
        if is_upright:
            return bytes(any(row) for row in rows)
        together = 0
        for row in rows:
            together |= int.from_bytes(row, "big")
        return together.to_bytes(wide, "big")


class DrawnPage:
    """Draws the page at one scale; coordinates are those of the whole page, whatever is drawn of it."""

    def __init__(self, page: pypdfium2.PdfPage, larger: float = 1.0) -> None:
        self.page = page
        self.width, self.height = page.get_size()
        if self.width < 1 or self.height < 1:
            raise CannotBeRead
        fitting = (_MOST_PIXELS / (self.width * self.height)) ** 0.5
        self.scale = min(_SCALE, fitting) * larger
        self.size = max(1, round(self.width * self.scale)), max(1, round(self.height * self.scale))

    @property
    def whole(self) -> Pixels:
        return (0, 0, *self.size)

    def drawn(self, window: Pixels | None = None, *, in_colour: bool = True) -> Image.Image:
        left, upper, right, lower = window or self.whole
        kind = raw.FPDFBitmap_BGRx if in_colour else raw.FPDFBitmap_Gray
        bitmap = pypdfium2.PdfBitmap.new_native(max(1, right - left), max(1, lower - upper), kind)
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, bitmap.width, bitmap.height)
        raw.FPDF_RenderPageBitmap(
            bitmap.raw, self.page.raw, -left, -upper, *self.size, 0, raw.FPDF_ANNOT
        )
        picture: Image.Image = bitmap.to_pil()
        picture = picture.convert("RGB") if in_colour else picture.copy()
        bitmap.close()
        return picture

    def without(
        self,
        texts: Sequence[PaintedObject],
        window: Pixels | None = None,
        *,
        in_colour: bool = True,
    ) -> Image.Image:
        """The drawing with these texts left out."""
        for each in texts:
            raw.FPDFPageObj_SetIsActive(each.raw, False)
        try:
            return self.drawn(window, in_colour=in_colour)
        finally:
            for each in texts:
                raw.FPDFPageObj_SetIsActive(each.raw, True)

    def changed_by(
        self,
        texts: Sequence[PaintedObject],
        window: Pixels | None = None,
        *,
        in_colour: bool = True,
    ) -> Difference:
        """Where the page would look another way without these texts."""
        return difference(
            self.drawn(window, in_colour=in_colour),
            self.without(texts, window, in_colour=in_colour),
            window,
        )

    def pixels(self, box: Box) -> Pixels:
        a, b, c, d, e, f = self._to_pixels
        left, bottom, right, top = box
        corners = [
            (a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)
        ]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return int(min(xs)), int(min(ys)), int(max(xs)) + 1, int(max(ys)) + 1

    def on_page(self, pixels: Pixels, margin: int = 0) -> Pixels:
        """As much as lies on the page; nothing at all is a box of no width."""
        width, height = self.size
        left, right = (max(0, min(width, x)) for x in (pixels[0] - margin, pixels[2] + margin))
        upper, lower = (max(0, min(height, y)) for y in (pixels[1] - margin, pixels[3] + margin))
        return left, upper, right, lower

    @cached_property
    def _to_pixels(self) -> tuple[float, ...]:
        """From points to pixels, whichever way the page is turned and cropped."""
        fine = 100  # what pdfium answers is rounded

        def at(x: float, y: float) -> tuple[float, float]:
            right, down = c_int(), c_int()
            shown = (0, 0, self.size[0] * fine, self.size[1] * fine, 0)
            raw.FPDF_PageToDevice(self.page.raw, *shown, x, y, byref(right), byref(down))
            return right.value / fine, down.value / fine

        (x0, y0), (x1, y1), (x2, y2) = at(0, 0), at(100, 0), at(0, 100)
        return (x1 - x0) / 100, (y1 - y0) / 100, (x2 - x0) / 100, (y2 - y0) / 100, x0, y0


def difference(one: Image.Image, other: Image.Image, window: Pixels | None = None) -> Difference:
    most, *others = ImageChops.difference(one, other).split()
    for channel in others:
        most = ImageChops.lighter(most, channel)
    differs = most.point([0] * (_FAINTEST + 1) + [1] * (255 - _FAINTEST)).tobytes()
    left, upper = window[:2] if window else (0, 0)
    return Difference(differs, *one.size, left, upper)


def objects_of(page: pypdfium2.PdfPage) -> Iterator[PaintedObject]:
    """All that the page paints, forms unpacked."""
    count = raw.FPDFPage_CountObjects(page.raw)
    found = (raw.FPDFPage_GetObject(page.raw, index) for index in range(count))
    for order, (each, matrices) in enumerate(_unpacked(found, ())):
        kind = raw.FPDFPageObj_GetType(each)
        box = _box_of(each, matrices)
        if box is None:
            continue
        painted = PaintedObject(order, kind, box, each)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            painted.paints = raw.FPDFTextObj_GetTextRenderMode(each) not in _NEVER_PAINTED
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            fill, stroke = c_int(), c_int()
            raw.FPDFPath_GetDrawMode(each, byref(fill), byref(stroke))
            painted.paints = fill.value != raw.FPDF_FILLMODE_NONE
        yield painted


def _unpacked(
    objects: Iterator[object], matrices: tuple[raw.FS_MATRIX, ...]
) -> Iterator[tuple[object, tuple]]:
    for each in objects:
        if raw.FPDFPageObj_GetType(each) != raw.FPDF_PAGEOBJ_FORM:
            yield each, matrices
        elif len(matrices) >= _DEEPEST:
            raise CannotBeRead  # what lies below is painted, and nobody would look at it
        else:
            matrix = raw.FS_MATRIX()
            raw.FPDFPageObj_GetMatrix(each, byref(matrix))
            inside = (
                raw.FPDFFormObj_GetObject(each, index)
                for index in range(raw.FPDFFormObj_CountObjects(each))
            )
            yield from _unpacked(inside, (*matrices, matrix))


def _box_of(each: object, matrices: tuple[raw.FS_MATRIX, ...]) -> Box | None:
    sides = [c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(each, *map(byref, sides)):
        return None
    left, bottom, right, top = (side.value for side in sides)
    corners = [(x, y) for x in (left, right) for y in (bottom, top)]
    for m in reversed(matrices):  # a form within a form has coordinates of its own
        corners = [(m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f) for x, y in corners]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


class ReadPage:
    """What a program reads on the page."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._read = raw.FPDFText_LoadPage(page.raw)
        if not self._read:
            raise CannotBeRead

    def close(self) -> None:
        raw.FPDFText_ClosePage(self._read)

    def text_of(self, each: PaintedObject) -> str:
        """All that one text says."""
        size = raw.FPDFTextObj_GetText(each.raw, self._read, None, 0)
        said = (c_ushort * (size // 2 + 1))()
        raw.FPDFTextObj_GetText(each.raw, self._read, said, size)
        return bytes(said)[: max(0, size - 2)].decode("utf-16-le", "replace")

    def words_in(self, texts: Sequence[PaintedObject]) -> Iterator[Word]:
        """The words of these texts, each letter with the object that paints it."""
        by_address = {_address(each.raw): each for each in texts}
        left, right, bottom, top = (c_double() for _ in range(4))
        sides = [byref(side) for side in (left, right, bottom, top)]
        word = Word()
        for index in range(raw.FPDFText_CountChars(self._read)):
            of = by_address.get(_address(raw.FPDFText_GetTextObject(self._read, index)))
            text = chr(raw.FPDFText_GetUnicode(self._read, index)) if of else " "
            if of is None or text.isspace() or raw.FPDFText_IsGenerated(self._read, index) == 1:
                if word.letters:
                    yield word
                word = Word()
                continue
            raw.FPDFText_GetCharBox(self._read, index, *sides)
            box = left.value, bottom.value, right.value, top.value
            word.letters.append(ReadLetter(text, box, of))
        if word.letters:
            yield word


def _address(pointer: Any) -> int:
    return cast(pointer, c_void_p).value or 0
