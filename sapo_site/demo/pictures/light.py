"""Light in the sky, over water and from lamps."""

import math
from typing import NamedTuple

from PIL import Image, ImageChops, ImageFilter

from .field import BICUBIC, BILINEAR, Field
from .sheet import BLUE, GOLD, PAPER, SKY, Point, Sheet, evened, smooth
from .woods import skyline, trees


class Curtain(NamedTuple):
    """One band of northern lights: its lower edge, its height, its light."""

    path: list[Point]
    tall: float
    strength: float
    tone: str


class Lamp(NamedTuple):
    """A light on a chart: where from the middle, how far it reaches, between which bearings."""

    x: float
    y: float
    reach: float
    first: float
    last: float
    tone: str


# From the back to the front. Places are for a sheet 1500 wide; the aurora stretches with it.
CURTAINS = [
    Curtain(
        [(-120, 470), (170, 395), (420, 470), (640, 560), (900, 500), (1120, 380), (1700, 390)],
        400,
        1.0,
        "#7fc4f5",
    ),
    Curtain(
        [(-100, 250), (260, 210), (560, 300), (760, 270), (1010, 150), (1330, 190), (1750, 90)],
        300,
        0.55,
        "#8fb2ff",
    ),
    Curtain([(500, 640), (760, 655), (1000, 600), (1260, 640), (1700, 560)], 230, 0.5, "#7fe0d8"),
]
LAMPS = [
    Lamp(-592, 700, 760, -16, 16, "#8fc3f7"),
    Lamp(8, 452, 640, 104, 138, "#f0c865"),
    Lamp(395, 600, 640, 196, 226, "#6aa9ea"),
    Lamp(395, 600, 560, -84, -50, "#8fc3f7"),
]


def horizon(sheet: Sheet) -> None:
    """The sun low over calm water."""
    level, sun = 545.0, sheet.width * 0.635
    high = (sheet.down * (1 / level)).clamped()
    sheet.fill(high, [(0, "#0b2b52"), (0.45, "#2b65a0"), (0.8, "#92bbe0"), (1, "#e6eff7")])
    glow = (sheet.away_from(sun, level - 26, flatten=1.9) * (1 / 430)).bell()
    sheet.lay("#fff3d2", glow, 0.85)
    veil = sheet.clouds("veil", 120, 4, 0.45, stretch=9)
    bands = (veil * 0.8 + high * 0.6).rise(0.2, 1.25)
    sheet.lay(PAPER, bands * (high * 0.4 + 0.35), 0.6)
    under = (veil * -0.9 + high * 0.4).rise(0.3, 1.3)
    sheet.lay(BLUE, under * (1 - high * 0.6), 0.35)
    disc = sheet.ink()
    disc.dot(sun, level - 9, 31)
    sheet.shine(GOLD, Field.from_mask(disc.mask(soft=34)), 0.9)
    disc.lay("#f7d887")

    chance = sheet.chance("isles")
    for far, tone in enumerate(("#8fb0d0", "#5f87b0", "#2c5480")):
        outline = skyline(chance, sheet.width, 15 + 8 * far, 330 - 60 * far)
        land = sheet.ink()
        crest = [(x, level - max(-3, y - 5 + far)) for x, y in outline]
        land.shape([(-10, level + 2), *crest, (sheet.width + 40, level + 2)])
        land.lay(tone)
        sheet.lay("#fff3d2", Field.from_mask(land.mask()) * glow, 0.55)

    deep = ((sheet.down - level) * (1 / (1000 - level))).clamped()
    sheet.fill(
        deep.root(),
        [(0, "#cfe0ef"), (0.16, "#6c9cca"), (0.45, "#1f5288"), (1, "#081c36")],
        sheet.below(level).mask(),
    )
    swell, glitter = sheet.ink(), sheet.ink()
    for row in range(1, 151):
        near = (row / 150) ** 1.75
        y = level + 1.5 + near * (1000 - level)
        wide = 10 + 120 * near
        thick = 0.55 + 2.6 * near
        spread = 34 + 205 * near
        x = -chance.between(0, wide)
        while x < sheet.width:
            length = wide * chance.between(0.3, 1.5)
            off = (x + length / 2 - sun) / spread
            bright = math.exp(-off * off)
            points = [(x, y), (x + length, y + chance.between(-0.5, 0.5) * thick)]
            if chance.number() < bright * 0.85:
                glitter.line(points, thick, 0.35 + 0.65 * chance.number())
            elif chance.number() < 0.62:
                swell.line(points, thick * 0.8, 0.25 + 0.5 * chance.number())
            x += length + wide * chance.between(0.1, 1.2)
    swell.lay(SKY, 0.34)
    sheet.shine("#f1c860", Field.from_mask(glitter.mask(soft=7)), 0.5)
    glitter.lay("#fff0c8", 0.92)


def aurora(sheet: Sheet) -> None:
    """Northern lights over a lake."""
    shore = 770.0
    high = (sheet.down * (1 / shore)).clamped()
    sheet.fill(high, [(0, "#030b17"), (0.5, "#071a33"), (0.85, "#0f325a"), (1, "#2a5a86")])
    chance = sheet.chance("sky")
    stars = sheet.ink()
    for _ in range(520):
        x, y = chance.between(0, sheet.width), shore * chance.number() ** 1.25
        bright = chance.between(0.15, 0.95) * (1 - 0.7 * y / shore)
        stars.dot(x, y, chance.between(0.45, 1.25), bright)
    stars.lay("#dcebff", 0.9)
    for curtain in CURTAINS:
        light = _curtain(sheet, curtain)
        sheet.shine(curtain.tone, light, curtain.strength)
        sheet.shine("#d8f2ff", light * light * light, curtain.strength * 0.55)
    far = sheet.ink()
    outline = skyline(chance, sheet.width, 26, 420, octaves=6)
    hills = [(x, shore - 40 - y) for x, y in outline]
    far.shape([(-20, shore + 1), *hills, (sheet.width + 40, shore + 1)])
    far.lay("#0a2443")
    bank = sheet.ink()
    crest = [
        (x, shore - 14 - y - 26 * math.cos(x / sheet.width * 5.2))
        for x, y in skyline(chance, sheet.width, 12, 300)
    ]
    bank.shape([(-20, shore + 1), *crest, (sheet.width + 40, shore + 1)])
    trees(bank, chance, crest, 38)
    bank.lay("#040d1a")
    _reflect(sheet, shore)
    x = sheet.width * 0.715
    lamp = sheet.ink()
    lamp.dot(x, shore - 13, 3.0)
    streak = sheet.ink()
    for step in range(26):
        y = shore + 6 + step * 5.2
        half = (3.4 + step * 0.35) * chance.between(0.4, 1.2)
        streak.line([(x - half, y), (x + half, y)], 1.5, 0.8 * (1 - step / 26))
    sheet.shine(GOLD, Field.from_mask(lamp.mask(soft=9)) * 3.0, 0.9)
    lamp.lay("#ffe2a0")
    streak.lay(GOLD, 0.85)


def _reflect(sheet: Sheet, shore: float) -> None:
    line = round(shore * sheet.pixels)
    depth = sheet.size[1] - line
    above = sheet.image.crop((0, max(0, line - 2 * depth), sheet.size[0], line))
    mirror = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((sheet.size[0], depth))
    mirror = mirror.filter(ImageFilter.GaussianBlur(2.2 * sheet.pixels))
    sheet.image.paste(mirror, (0, line))
    water = sheet.below(shore)
    deep = ((sheet.down - shore) * (1 / (1000 - shore))).clamped()
    sheet.lay("#04101f", water * (deep * 0.5 + 0.28))
    ripple = sheet.clouds("ripple", 9, 3, 0.6, stretch=26)
    sheet.lay("#030b17", ripple.rise(0.05, 0.9) * water, 0.5)
    sheet.lay(SKY, (-ripple).rise(0.35, 1.1) * water, 0.16)
    sheet.lay(SKY, ((sheet.down - shore - 1.2) * (1 / 1.6)).bell(), 0.3)


def _curtain(sheet: Sheet, curtain: Curtain) -> Field:
    chance = sheet.chance(f"curtain {curtain.tone}")
    scale = sheet.pixels / 2
    pace = sheet.width / 1500
    path = smooth([(x * pace, y) for x, y in curtain.path], 40)
    step = 0.8 / scale
    points = evened(path, step)
    light = Image.new("L", (sheet.size[0] // 2, sheet.size[1] // 2))
    length = len(points) * step
    rays = [y for _, y in skyline(chance, length, 1, 320, step=1, octaves=7)]
    reach = [y for _, y in skyline(chance, length, 1, 420, step=1, octaves=4)]
    long = 240
    profile = Image.new("L", (1, long))
    for row in range(long):
        part = row / long
        edge = 1 - max(0.0, (part - 0.94) / 0.06) ** 2
        profile.putpixel((0, row), round(255 * part**2.4 * edge))
    for index, (x, y) in enumerate(points):
        part, place = index / len(points), int(index * step)
        ends = min(1.0, 3 * part, 3 - 3 * part) ** 1.5
        bright = ends * min(1.0, max(0.0, 0.56 + 0.40 * rays[place]))
        height = max(2, round(curtain.tall * scale * (1.15 + 0.4 * reach[place])))
        column, foot = int(x * scale), round((y + 0.055 * curtain.tall) * scale)
        if not 0 <= column < light.width:
            continue
        ray = profile.resize((1, height), BILINEAR)
        ray = ray.point([round(value * bright) for value in range(256)])
        box = (column, foot - height, column + 1, foot)
        light.paste(ImageChops.lighter(light.crop(box), ray), box[:2])
    light = light.filter(ImageFilter.GaussianBlur(1.3 * sheet.pixels))
    wide = light.filter(ImageFilter.GaussianBlur(22 * sheet.pixels))
    both = ImageChops.add(light, wide.point([value // 2 for value in range(256)]))
    return Field.from_mask(both.resize(sheet.size, BICUBIC))


def cones(sheet: Sheet) -> None:
    """Lights on a chart at night, each with the sector it shines over."""
    land = sheet.clouds("land", 240, 5, 0.42) * 0.5
    shore = land.above(0.36)
    depth = (0.36 - land).clamped(0.0, 1.0)
    sheet.fill(depth, [(0, "#123a69"), (0.3, "#0b2546"), (0.7, "#071a33"), (1, "#051225")])
    sheet.lay(SKY, (land + 4.0).lines(0.11, 0.9) * (1 - shore), 0.17)
    for lamp in LAMPS:
        away = sheet.away_from(sheet.width / 2 + lamp.x, lamp.y)
        glow = (1.05 - away * (1 / lamp.reach)).clamped()
        sheet.shine(lamp.tone, _sector(sheet, lamp) * glow * glow, 0.62)
    relief = sheet.light(land.softened(14 * sheet.pixels), 60)
    sheet.fill(relief, [(0.2, "#0d2747"), (0.5, "#1b416e"), (0.75, "#3d6c9f")], shore.mask())
    sheet.lay(SKY, land.line(0.36, 1.2), 0.6)
    for lamp in LAMPS:
        _chart(sheet, lamp)


def _sector(sheet: Sheet, lamp: Lamp) -> Field:
    right, lower = sheet.across - (sheet.width / 2 + lamp.x), sheet.down - lamp.y
    one, two = math.radians(lamp.first), math.radians(lamp.last)
    after = lower * math.cos(one) - right * math.sin(one)
    before = right * math.sin(two) - lower * math.cos(two)
    return (after.at_most(before) * sheet.pixels + 0.5).clamped()


def _chart(sheet: Sheet, lamp: Lamp) -> None:
    x, y = sheet.width / 2 + lamp.x, lamp.y
    limits = sheet.ink()
    for degrees in (lamp.first, lamp.last):
        turn = math.radians(degrees)
        end = (x + lamp.reach * math.cos(turn), y + lamp.reach * math.sin(turn))
        limits.dashes([(x, y), end], 1.3, 14, 8)
    for part in (0.35, 0.62, 0.9):
        limits.arc(x, y, lamp.reach * part, 1.3, (lamp.first, lamp.last), 0.9)
    limits.lay(lamp.tone, 0.75)
    flame = sheet.ink()
    flame.dot(x, y, 7)
    sheet.shine(lamp.tone, Field.from_mask(flame.mask(soft=15)) * 3.0, 0.9)
    flame.lay("#fffaf0")
