"""The sheet a picture is drawn on: a paper 1000 units high, whatever its size in pixels."""

import hashlib
import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

from .chance import Chance
from .field import BICUBIC, BILINEAR, Field

NIGHT = "#061629"
NAVY = "#0a2140"
DEEP = "#113158"
STEEL = "#1b4474"
BLUE = "#0b56a3"
SKY = "#9ccbff"
GOLD = "#efc14a"
GOLD_ON_PAPER = "#e3ad2b"
MIST = "#f2f5f9"
PAPER = "#ffffff"

Point = tuple[float, float]
Stops = Sequence[tuple[float, str]]


def blend(first: str, second: str, part: float) -> str:
    """The colour that lies that part of the way from the first to the second."""
    one, two = ImageColor.getrgb(first), ImageColor.getrgb(second)
    return "#" + "".join(
        f"{round(a + (b - a) * part):02x}" for a, b in zip(one[:3], two[:3], strict=True)
    )


def colour_at(stops: Stops, place: float) -> str:
    """The colour at that place along the stops."""
    return "#" + "".join(f"{channel:02x}" for channel in _between(stops, place))


class Sheet:
    """A picture being drawn: from the back to the front, in units of a 1000th of its height."""

    def __init__(self, name: str, width: int, height: int, ground: str) -> None:
        self.name = name
        self.size = (width, height)
        self.pixels = height / 1000
        self.width = width / self.pixels
        self.height = 1000.0
        self.image = Image.new("RGB", self.size, ground)

    @property
    def across(self) -> Field:
        return Field.across(self.size, 1 / self.pixels)

    @property
    def down(self) -> Field:
        return Field.down(self.size, 1 / self.pixels)

    def away_from(self, x: float, y: float, *, flatten: float = 1.0) -> Field:
        """The distance to a point; with another flatten than 1, in circles seen from the side."""
        right, lower = self.across - x, (self.down - y) * flatten
        return (right * right + lower * lower).root()

    def below(self, level: float) -> Field:
        """1 below that height on the sheet, 0 above it."""
        return ((self.down - level) * self.pixels + 0.5).clamped()

    def chance(self, what: str) -> Chance:
        """Chance of this picture's own, apart for each purpose."""
        return Chance(f"{self.name}/{what}")

    def clouds(
        self, what: str, scale: float, octaves: int = 1, gain: float = 0.5, *, stretch: float = 1.0
    ) -> Field:
        """Soft noise, about -1 to 1, of shapes that many units high and stretched sideways."""
        total = Field.flat(self.size)
        strength = 1.0
        for octave in range(octaves):
            total = total + self._octave(what, octave, scale, stretch) * strength
            scale, strength = scale / 2, strength * gain
        return total

    def folded(self, field: Field, scale: float, far: float) -> Field:
        """The field with its shapes pushed about, as if the ground had been folded."""
        right, lower = self.clouds("turn", scale, 2), self.clouds("other turn", scale, 2)
        return field.bent(right, lower, far * self.pixels)

    def fill(self, field: Field, stops: Stops, mask: Image.Image | None = None) -> None:
        """Colour the sheet after the field: 0 to 1 along the stops."""
        self.image.paste(self.tinted(field, stops), (0, 0), mask)

    def tinted(self, field: Field, stops: Stops) -> Image.Image:
        """The field in colours: 0 to 1 along the stops."""
        # Half a step of noise before rounding: long gradients then show no bands.
        rounding = Field(self._speckle("tint").convert("F")) * (1 / 255)
        index = (field * 255.0 + rounding).image.convert("L")
        channels = zip(*(_between(stops, step / 255) for step in range(256)), strict=True)
        return Image.merge("RGB", [index.point(list(channel)) for channel in channels])

    def lay(self, colour: str, mask: Field | Image.Image, strength: float = 1.0) -> None:
        """Lay a colour on the sheet where the mask is."""
        if isinstance(mask, Field):
            mask = mask.mask(strength)
        elif strength < 1:
            mask = mask.point([round(value * strength) for value in range(256)])
        self.image.paste(ImageColor.getrgb(colour), (0, 0, *self.size), mask)

    def shine(self, colour: str, light: Field, strength: float = 1.0) -> None:
        """Add light of a colour to what is there."""
        mask = light.mask(strength)
        red, green, blue = ImageColor.getrgb(colour)[:3]
        beam = Image.merge(
            "RGB",
            [mask.point([value * c // 255 for value in range(256)]) for c in (red, green, blue)],
        )
        self.image = ImageChops.screen(self.image, beam)

    def shade(self, colour: str, mask: Field, strength: float = 1.0) -> None:
        """Print a colour over what is there, as ink on paper does."""
        full = Image.new("RGB", self.size, PAPER)
        full.paste(ImageColor.getrgb(colour), (0, 0, *self.size), mask.mask(strength))
        self.image = ImageChops.multiply(self.image, full)

    def light(self, land: Field, relief: float) -> Field:
        """The light from the upper left on a landscape whose heights are in that many units."""
        return land.lit(relief * self.pixels)

    def shadow(self, shape: Field, right: float, lower: float, soft: float) -> Field:
        """The shadow a flat shape casts on what lies under it."""
        mask = shape.mask()
        moved = mask.copy()
        moved.paste(mask, (round(right * self.pixels), round(lower * self.pixels)))
        small = [max(4, round(side / (soft * self.pixels))) for side in self.size]
        moved = moved.resize((small[0], small[1]), BILINEAR).resize(self.size, BICUBIC)
        return Field.from_mask(moved)

    def distance(self, shape: Field) -> Field:
        """How far it is to the shape; zero on it."""
        columns = max(16, round(self.size[0] / self.pixels / 5.5))
        rows = max(16, round(columns * self.size[1] / self.size[0]))
        small = Field(shape.image.resize((columns, rows), BILINEAR))
        away = _distances([value > 0.5 for value in small.numbers()], columns, rows)
        return Field.of((columns, rows), away).scaled(self.size) * (self.width / columns)

    def ink(self) -> "Ink":
        """A pen for exact lines and shapes."""
        return Ink(self)

    def finish(self, grain: int = 2) -> Image.Image:
        """The picture, with the faint tooth of printed paper."""
        speckle = self._speckle("grain").point(
            [value * (2 * grain + 1) // 256 for value in range(256)]
        )
        tooth = Image.merge("RGB", [speckle] * 3)
        return ImageChops.add(self.image, tooth, 1, -grain)

    def _octave(self, what: str, octave: int, scale: float, stretch: float) -> Field:
        # A lattice of chance, made smooth, then turned: straight from the lattice the
        # shapes would line up with the picture's edges.
        smooth = 12
        cells = math.ceil(math.hypot(self.width / stretch, self.height) / scale) + 6
        lattice = Field.of((cells, cells), self.chance(f"{what}/{octave}").many(cells * cells))
        lattice = lattice.scaled((cells * smooth, cells * smooth))
        coarse = max(1.0, scale * self.pixels / 12)
        size = (math.ceil(self.size[0] / coarse), math.ceil(self.size[1] / coarse))
        step = smooth * coarse / (scale * self.pixels)
        turn = 0.6 + 2.4 * octave
        right = (math.cos(turn) * step / stretch, math.sin(turn) * step / stretch)
        lower = (-math.sin(turn) * step, math.cos(turn) * step)
        start = [
            cells * smooth / 2 - (right[axis] * size[0] + lower[axis] * size[1]) / 2
            for axis in (0, 1)
        ]
        matrix = (right[0], lower[0], start[0], right[1], lower[1], start[1])
        turned = lattice.image.transform(size, Image.Transform.AFFINE, matrix, BICUBIC)
        box = (0, 0, self.size[0] / coarse, self.size[1] / coarse)
        return Field(turned.resize(self.size, BICUBIC, box=box))

    def _speckle(self, what: str) -> Image.Image:
        seed = hashlib.shake_128(f"{self.name}/{what}".encode())
        return Image.frombytes("L", self.size, seed.digest(self.size[0] * self.size[1]))


class Ink:
    """Exact lines and shapes, drawn large and made small, to lay on the sheet in one colour."""

    SCALE = 4

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.unit = sheet.pixels * self.SCALE
        size = (sheet.size[0] * self.SCALE, sheet.size[1] * self.SCALE)
        self.large = Image.new("L", size)
        self.pen = ImageDraw.Draw(self.large)

    def line(self, points: Iterable[Point], width: float, strength: float = 1.0) -> None:
        """A line through the points."""
        weight = max(1, round(width * self.unit))
        self.pen.line(self._large(points), round(255 * strength), weight)

    def stroke(self, points: Sequence[Point], width: float, strength: float = 1.0) -> None:
        """A broad line through the points, round at every bend."""
        self.line(points, width, strength)
        for x, y in points:
            self.dot(x, y, width / 2, strength)

    def dashes(
        self, points: Sequence[Point], width: float, dash: float, gap: float, strength: float = 1.0
    ) -> None:
        """A broken line through the points."""
        for part in _broken(points, dash, gap):
            self.line(part, width, strength)

    def shape(self, points: Iterable[Point], strength: float = 1.0) -> None:
        """A filled shape."""
        self.pen.polygon(self._large(points), round(255 * strength))

    def dot(self, x: float, y: float, radius: float, strength: float = 1.0) -> None:
        """A filled circle."""
        self.pen.ellipse(self._box(x, y, radius, radius), round(255 * strength))

    def ring(
        self,
        x: float,
        y: float,
        radius: float,
        width: float,
        strength: float = 1.0,
        *,
        flatten: float = 1.0,
    ) -> None:
        """A circle's outline; with another flatten than 1, a circle seen from the side."""
        weight = max(1, round(width * self.unit))
        box = self._box(x, y, radius, radius / flatten)
        self.pen.ellipse(box, None, round(255 * strength), weight)

    def arc(
        self, x: float, y: float, radius: float, width: float, turns: Point, strength: float = 1.0
    ) -> None:
        """A part of a circle's outline, from one angle to another in degrees."""
        weight = max(1, round(width * self.unit))
        box = self._box(x, y, radius, radius)
        self.pen.arc(box, turns[0], turns[1], round(255 * strength), weight)

    def mask(self, *, soft: float = 0.0) -> Image.Image:
        """What has been drawn, as a mask; blurred by so many units if asked to."""
        mask = self.large.reduce(self.SCALE)
        if soft:
            mask = mask.filter(ImageFilter.GaussianBlur(soft * self.sheet.pixels))
        return mask

    def lay(self, colour: str, strength: float = 1.0, *, soft: float = 0.0) -> None:
        """Lay what has been drawn on the sheet."""
        self.sheet.lay(colour, self.mask(soft=soft), strength)

    def _large(self, points: Iterable[Point]) -> list[Point]:
        unit = self.unit
        return [(x * unit, y * unit) for x, y in points]

    def _box(self, x: float, y: float, wide: float, high: float) -> list[float]:
        unit = self.unit
        return [(x - wide) * unit, (y - high) * unit, (x + wide) * unit, (y + high) * unit]


def smooth(points: Sequence[Point], steps: int = 12) -> list[Point]:
    """A soft curve through the points."""
    ends = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(steps):
            t = step / steps
            curve.append((_through(a[0], b[0], c[0], d[0], t), _through(a[1], b[1], c[1], d[1], t)))
    return [*curve, points[-1]]


def evened(points: Sequence[Point], step: float) -> list[Point]:
    """The same line with its points at even distances."""
    even = [points[0]]
    left = step
    for (x0, y0), (x1, y1) in pairwise(points):
        length = math.hypot(x1 - x0, y1 - y0)
        done = left
        while done < length:
            even.append((x0 + (x1 - x0) * done / length, y0 + (y1 - y0) * done / length))
            done += step
        left = done - length
    return [*even, points[-1]]


def _through(a: float, b: float, c: float, d: float, t: float) -> float:
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))


def _between(stops: Stops, place: float) -> tuple[int, ...]:
    below = [stop for stop in stops if stop[0] <= place] or [stops[0]]
    over = [stop for stop in stops if stop[0] > place] or [stops[-1]]
    (low, first), (high, second) = below[-1], over[0]
    part = (place - low) / (high - low) if high > low else 0.0
    one, two = ImageColor.getrgb(first), ImageColor.getrgb(second)
    return tuple(round(a + (b - a) * part) for a, b in zip(one[:3], two[:3], strict=True))


def _broken(points: Sequence[Point], dash: float, gap: float) -> list[list[Point]]:
    parts: list[list[Point]] = [[points[0]]]
    drawing, left = True, dash
    for (x0, y0), (x1, y1) in pairwise(points):
        length = math.hypot(x1 - x0, y1 - y0)
        done = 0.0
        while length - done > left:
            done += left
            at = (x0 + (x1 - x0) * done / length, y0 + (y1 - y0) * done / length)
            if drawing:
                parts[-1].append(at)
            else:
                parts.append([at])
            drawing, left = not drawing, gap if drawing else dash
        left -= length - done
        if drawing:
            parts[-1].append((x1, y1))
    return [part for part in parts if len(part) > 1]


def _distances(inside: list[bool], columns: int, rows: int) -> list[float]:
    # Each cell learns from its neighbours which cell of the shape is nearest to it.
    far = 10_000
    right = [0 if here else far for here in inside]
    lower = right.copy()

    def learn(cell: int, neighbour: int, across: int, down: int) -> None:
        x, y = right[neighbour] + across, lower[neighbour] + down
        if x * x + y * y < right[cell] * right[cell] + lower[cell] * lower[cell]:
            right[cell], lower[cell] = x, y

    for row in range(rows):
        start = row * columns
        for cell in range(start, start + columns):
            if row:
                learn(cell, cell - columns, 0, 1)
                if cell > start:
                    learn(cell, cell - columns - 1, 1, 1)
                if cell < start + columns - 1:
                    learn(cell, cell - columns + 1, -1, 1)
            if cell > start:
                learn(cell, cell - 1, 1, 0)
        for cell in range(start + columns - 2, start - 1, -1):
            learn(cell, cell + 1, -1, 0)
    for row in range(rows - 2, -1, -1):
        start = row * columns
        for cell in range(start, start + columns):
            learn(cell, cell + columns, 0, -1)
            if cell > start:
                learn(cell, cell + columns - 1, 1, -1)
                learn(cell, cell - 1, 1, 0)
            if cell < start + columns - 1:
                learn(cell, cell + columns + 1, -1, -1)
        for cell in range(start + columns - 2, start - 1, -1):
            learn(cell, cell + 1, -1, 0)
    return [math.hypot(x, y) for x, y in zip(right, lower, strict=True)]
