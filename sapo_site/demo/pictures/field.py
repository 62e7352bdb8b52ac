"""Arithmetic on whole pictures of numbers, done by Pillow and therefore fast."""

import math
from array import array
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, Self

from PIL import Image, ImageMath

BICUBIC = Image.Resampling.BICUBIC
LANCZOS = Image.Resampling.LANCZOS
BILINEAR = Image.Resampling.BILINEAR


class Field:
    """One number for every pixel; the operators work on all of them."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image

    @classmethod
    def of(cls, size: tuple[int, int], numbers: Sequence[float]) -> Self:
        """A field with the given numbers, row by row."""
        return cls(Image.frombytes("F", size, array("f", numbers).tobytes()))

    @classmethod
    def flat(cls, size: tuple[int, int], number: float = 0.0) -> Self:
        """A field that is the same everywhere."""
        return cls(Image.new("F", size, number))

    @classmethod
    def across(cls, size: tuple[int, int], unit: float) -> Self:
        """How far each pixel's centre is from the left edge."""
        row = cls.of((size[0], 1), [(x + 0.5) * unit for x in range(size[0])])
        return cls(row.image.resize(size, Image.Resampling.NEAREST))

    @classmethod
    def down(cls, size: tuple[int, int], unit: float) -> Self:
        """How far each pixel's centre is from the upper edge."""
        column = cls.of((1, size[1]), [(y + 0.5) * unit for y in range(size[1])])
        return cls(column.image.resize(size, Image.Resampling.NEAREST))

    @classmethod
    def from_mask(cls, mask: Image.Image) -> "Field":
        """A mask's 0 to 255 as 0 to 1."""
        return Field(mask.convert("F")) * (1 / 255)

    @property
    def size(self) -> tuple[int, int]:
        return self.image.size

    def numbers(self) -> Sequence[float]:
        """The numbers, row by row."""
        return array("f", self.image.tobytes())

    def __add__(self, other: "Field | float") -> "Field":
        if isinstance(other, Field):
            return self._with(other, lambda a, b: a + b)
        return self._straight(1.0, other)

    __radd__ = __add__

    def __sub__(self, other: "Field | float") -> "Field":
        if isinstance(other, Field):
            return self._with(other, lambda a, b: a - b)
        return self._straight(1.0, -other)

    def __rsub__(self, other: float) -> "Field":
        return self._straight(-1.0, other)

    def __mul__(self, other: "Field | float") -> "Field":
        if isinstance(other, Field):
            return self._with(other, lambda a, b: a * b)
        return self._straight(other, 0.0)

    __rmul__ = __mul__

    def __truediv__(self, other: "Field | float") -> "Field":
        if isinstance(other, Field):
            return self._with(other, lambda a, b: a / b)
        return self._straight(1 / other, 0.0)

    def __rtruediv__(self, other: float) -> "Field":
        return Field(ImageMath.lambda_eval(lambda of: other / of["a"], a=self.image))

    def __pow__(self, other: float) -> "Field":
        return Field(ImageMath.lambda_eval(lambda of: of["a"] ** other, a=self.image))

    def __neg__(self) -> "Field":
        return self._straight(-1.0, 0.0)

    def __abs__(self) -> "Field":
        return Field(ImageMath.lambda_eval(lambda of: abs(of["a"]), a=self.image))

    def at_least(self, other: "Field | float") -> "Field":
        """The greater of the two, everywhere."""
        return self._choose(other, "max")

    def at_most(self, other: "Field | float") -> "Field":
        """The smaller of the two, everywhere."""
        return self._choose(other, "min")

    def clamped(self, low: float = 0.0, high: float = 1.0) -> "Field":
        """The same, but nowhere outside the two limits."""
        return self.at_least(low).at_most(high)

    def whole(self) -> "Field":
        """The nearest whole numbers; for numbers above zero."""
        return Field(
            ImageMath.lambda_eval(lambda of: of["float"](of["int"](of["a"] + 0.5)), a=self.image)
        )

    def root(self) -> "Field":
        """The square root, everywhere."""
        return self.at_least(0.0) ** 0.5

    def bell(self) -> "Field":
        """1 where the field is zero, falling softly to 0 on both sides of it."""
        square = (self * self).at_most(60.0)
        return Field(ImageMath.lambda_eval(lambda of: math.exp(-1) ** of["a"], a=square.image))

    def rise(self, low: float, high: float) -> "Field":
        """A soft step: 0 below the first number, 1 above the second."""
        part = ((self - low) * (1 / (high - low))).clamped()
        return part * part * (3.0 - part * 2.0)

    def moved(self, right: int, lower: int) -> "Field":
        """The field pushed that many pixels; the edge that opens keeps what it had."""
        width, height = self.size
        moved = self.image.copy()
        part = self.image.crop(
            (max(0, -right), max(0, -lower), width - max(0, right), height - max(0, lower))
        )
        moved.paste(part, (max(0, right), max(0, lower)))
        return Field(moved)

    def slopes(self) -> tuple["Field", "Field"]:
        """How much the field rises per pixel, to the right and downwards."""
        across = (self.moved(-1, 0) - self.moved(1, 0)) * 0.5
        down = (self.moved(0, -1) - self.moved(0, 1)) * 0.5
        return across, down

    @cached_property
    def steepness(self) -> "Field":
        """How much the field changes per pixel, whatever the direction; never quite zero."""
        across, down = self.slopes()
        return (across * across + down * down).root().at_least(1e-6)

    def scaled(self, size: tuple[int, int]) -> "Field":
        """The same field with another number of pixels."""
        return Field(self.image.resize(size, BICUBIC))

    def bent(self, right: "Field", lower: "Field", pixels: float) -> "Field":
        """The field seen through uneven glass: each place shows what lies that far away."""
        # At half the size: what the glass breaks is then smoothed when it is made large again.
        half = (max(8, self.size[0] // 2), max(8, self.size[1] // 2))
        small, pixels = self.image.resize(half, BILINEAR), pixels / 2
        width, height = half
        columns, rows = max(4, width // 9), max(4, height // 9)
        edges_across = [round(width * column / columns) for column in range(columns + 1)]
        edges_down = [round(height * row / rows) for row in range(rows + 1)]
        lattice = (columns + 1, rows + 1)
        sideways = Field(right.image.resize(lattice, BILINEAR)).numbers()
        downwards = Field(lower.image.resize(lattice, BILINEAR)).numbers()
        corner: list[tuple[float, float]] = []
        for y in edges_down:
            for x in edges_across:
                # Nothing is known outside the edges, so towards them the glass is even.
                pull = pixels
                for side in (x, y, width - x, height - y):
                    part = min(1.0, side / (pixels * 4))
                    pull *= part * part * (3 - 2 * part)
                place = len(corner)
                corner.append((x + sideways[place] * pull, y + downwards[place] * pull))
        mesh = []
        for row, (top, bottom) in enumerate(pairwise(edges_down)):
            for column, (left, end) in enumerate(pairwise(edges_across)):
                first = row * (columns + 1) + column
                below = first + columns + 1
                quad = (*corner[first], *corner[below], *corner[below + 1], *corner[first + 1])
                mesh.append(((left, top, end, bottom), quad))
        bent = small.transform(half, Image.Transform.MESH, mesh, BILINEAR)
        return Field(bent).scaled(self.size)

    def peak(self) -> tuple[float, float]:
        """Where the field is highest, as parts of its width and height."""
        columns, rows = 96, 64
        numbers = Field(self.image.resize((columns, rows), BILINEAR)).numbers()
        best = max(range(len(numbers)), key=numbers.__getitem__)
        return (best % columns + 0.5) / columns, (best // columns + 0.5) / rows

    def softened(self, pixels: float) -> "Field":
        """The field with everything smaller than that many pixels smoothed away."""
        width, height = self.size
        small = (max(4, round(width / pixels)), max(4, round(height / pixels)))
        return Field(self.image.resize(small, BILINEAR).resize(self.size, BICUBIC))

    def above(self, level: "Field | float") -> "Field":
        """1 where the field is above the level, 0 where not, with an even edge."""
        over = self - level
        return (over / over.steepness + 0.5).clamped()

    def lines(self, interval: float, width: float) -> "Field":
        """Contour lines that many pixels wide, one for every interval; for numbers above zero."""
        steps = self * (1 / interval)
        away = abs(steps - steps.whole()) / steps.steepness
        return (width / 2 + 0.5 - away).clamped(0.0, min(1.0, width))

    def line(self, level: float, width: float) -> "Field":
        """The one contour line at that level, that many pixels wide."""
        away = abs(self - level) / self.steepness
        return (width / 2 + 0.5 - away).clamped(0.0, min(1.0, width))

    def lit(self, relief: float, *, from_left: float = 0.6, from_above: float = 0.6) -> "Field":
        """The light on the field as a landscape: 0.5 on level ground, more towards the light."""
        across, down = self.slopes()
        across, down = across * relief, down * relief
        facing = across * from_left + down * from_above
        return facing / (across * across + down * down + 1.0).root() * 0.5 + 0.5

    def mask(self, strength: float = 1.0) -> Image.Image:
        """0 to 1 as a mask of 0 to 255."""
        return (self * (255 * strength) + 0.5).image.convert("L")

    def _with(self, other: "Field", work: Callable[[Any, Any], Any]) -> "Field":
        return Field(
            ImageMath.lambda_eval(lambda of: work(of["a"], of["b"]), a=self.image, b=other.image)
        )

    def _straight(self, scale: float, offset: float) -> "Field":
        return Field(self.image.point(lambda value: value * scale + offset))

    def _choose(self, other: "Field | float", which: str) -> "Field":
        right = other if isinstance(other, Field) else Field.flat(self.size, float(other))
        return Field(
            ImageMath.lambda_eval(
                lambda of: of[which](of["a"], of["b"]), a=self.image, b=right.image
            )
        )
