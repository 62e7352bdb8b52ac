"""Ridges and woods."""

import math

from .chance import Chance
from .field import Field
from .sheet import GOLD_ON_PAPER, PAPER, Ink, Point, Sheet, colour_at


def mist(sheet: Sheet) -> None:
    """Wooded ridges, one behind the other, in morning mist."""
    chance = sheet.chance("ridges")
    sheet.fill(
        sheet.down * (1 / 1000),
        [(0, "#b7cfe6"), (0.3, "#dfeaf4"), (0.55, "#f3f6fa"), (1, "#e8eff6")],
    )
    glow = (sheet.away_from(sheet.width * 0.30, 265) * (1 / 420)).bell()
    sheet.lay(PAPER, glow, 0.9)
    layers = 8
    tones = [
        (0.0, "#c3d8ec"),
        (0.3, "#8db3d8"),
        (0.55, "#4a7fb3"),
        (0.8, "#173f6d"),
        (1.0, "#071a33"),
    ]
    drift = sheet.clouds("drift", 130, 4, 0.5, stretch=5)
    for layer in range(layers):
        near = layer / (layers - 1)
        base = 350 + 560 * near**1.1
        outline = skyline(
            chance, sheet.width, 54 + 34 * near, 430 + 160 * near, octaves=6 if near < 0.5 else 4
        )
        crest = [(x, base - y) for x, y in outline]
        ridge = sheet.ink()
        ridge.shape([(-20, 1100), *crest, (sheet.width + 40, 1100)])
        if near > 0.25:
            trees(ridge, chance, crest, 8 + 78 * near**2)
        shape = Field.from_mask(ridge.mask(soft=1.4 * (1 - near)))
        sheet.lay(colour_at(tones, near), shape)
        sunk = (sheet.down + drift * 60 - base).rise(-10, 190 + 60 * near)
        sheet.lay(
            colour_at([(0, "#f4f8fb"), (0.6, "#dfeaf4"), (1, "#7fa3c6")], near),
            sunk * shape,
            0.9 - 0.55 * near**2,
        )
        if layer == 1:
            line = sheet.ink()
            line.line(crest, 2.6)
            line.lay(GOLD_ON_PAPER)


def forest(sheet: Sheet) -> None:
    """Trunks in mist, the nearest dark, the farthest almost light."""
    sheet.fill(
        sheet.down * (1 / 1000),
        [(0, "#cfdeec"), (0.45, "#eef3f8"), (0.7, "#f7f9fb"), (0.86, "#d5e1ec"), (1, "#b4c8db")],
    )
    glow = (sheet.away_from(sheet.width * 0.62, 520) * (1 / 420)).bell()
    sheet.lay(PAPER, glow, 0.95)
    chance = sheet.chance("trunks")
    ground = sheet.clouds("ground", 90, 4, 0.5, stretch=6) * 34
    tones = [(0.0, "#d6e3ef"), (0.35, "#9dbcda"), (0.65, "#45709c"), (1.0, "#0a2140")]
    layers = 7
    for layer in range(layers):
        near = layer / (layers - 1)
        foot = 690 + 330 * near**1.4
        trunks = sheet.ink()
        count = round(56 - 46 * near**0.6)
        gap = (sheet.width + 120) / count
        for index in range(count):
            x = -60 + (index + chance.between(0.12, 0.88)) * gap
            half = (2.2 + 17 * near**1.6) * chance.between(0.55, 1.2) / 1.5
            left, right = _trunk(chance, x, half, near)
            trunks.shape([*left, *reversed(right)])
        blur = 2.4 * (1 - near) ** 2 + (2.6 if layer == layers - 1 else 0)
        shape = Field.from_mask(trunks.mask(soft=blur))
        light = (1 - glow * (0.75 - near * 0.55)).clamped()
        sheet.lay(colour_at(tones, near), shape * light)
        floor = (sheet.down + ground - foot).rise(-200, 110)
        sheet.lay(colour_at([(0, "#f7fafc"), (1, "#a9c1d9")], near), floor, 0.85 - 0.35 * near)
    x = sheet.width * 0.655
    gold = sheet.ink()
    gold.shape([(x + 7, -10), (x + 10, -10), (x + 3, 1010), (x - 4, 1010)])
    sheet.lay(GOLD_ON_PAPER, Field.from_mask(gold.mask()) * (1 - (sheet.down - 640).rise(0, 330)))


def _trunk(chance: Chance, x: float, half: float, near: float) -> tuple[list[Point], list[Point]]:
    lean, wave = chance.near(0, 22), chance.between(-5, 5) * (0.3 + near)
    left, right = [], []
    for step in range(15):
        part = step / 14
        middle = x + lean * (1 - part) + wave * math.sin(part * 5)
        wide = half * (0.60 + 0.40 * part)
        y = -20 + 1060 * part
        left.append((middle - wide, y))
        right.append((middle + wide, y))
    return left, right


def skyline(
    chance: Chance,
    width: float,
    height: float,
    rough: float,
    *,
    step: float = 6.0,
    octaves: int = 5,
) -> list[Point]:
    """The outline of a ridge: heights above zero from the left edge to the right."""
    count = int(width / step) + 4
    heights = [0.0] * count
    span = rough
    strength = height
    for _ in range(octaves):
        knots = [chance.between(-1, 1) for _ in range(int(width / span) + 6)]
        offset = chance.between(0, 1)
        for index in range(count):
            place = index * step / span + offset
            knot = int(place)
            part = place - knot
            part = part * part * (3 - 2 * part)
            heights[index] += strength * (knots[knot] * (1 - part) + knots[knot + 1] * part)
        span, strength = span / 2.1, strength * 0.48
    return [((index - 1) * step, value) for index, value in enumerate(heights)]


def trees(ridge: Ink, chance: Chance, crest: list[Point], tall: float) -> None:
    """Spruces along a ridge, about that tall."""
    x = -20.0
    step = crest[1][0] - crest[0][0]
    while x < crest[-1][0]:
        index = min(len(crest) - 1, max(0, int((x - crest[0][0]) / step)))
        foot = crest[index][1] + tall * 0.2
        height = tall * chance.between(0.45, 1.3)
        half = height * chance.between(0.13, 0.19)
        top = foot - height
        points = [(x, top)]
        tiers = 4 + int(height / 16)
        right, left = [], []
        for tier in range(1, tiers + 1):
            part = tier / tiers
            y = top + height * part
            out = half * part**0.85
            right += [(x + out * chance.between(0.8, 1.15), y), (x + out * 0.55, y - height * 0.01)]
            left += [(x - out * chance.between(0.8, 1.15), y), (x - out * 0.55, y - height * 0.01)]
        ridge.shape([*points, *right, *reversed(left)])
        x += tall * chance.between(0.10, 0.34)
