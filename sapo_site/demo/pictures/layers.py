"""Map sheets in a stack."""

import math

from .chance import Chance
from .sheet import GOLD_ON_PAPER, NAVY, NIGHT, PAPER, SKY, STEEL, Point, Sheet, smooth


def layers(sheet: Sheet) -> None:
    """Map sheets laid over one another, and one place found on all of them."""
    sheet.fill(sheet.down * (1 / 1000), [(0, "#f7f9fb"), (0.55, "#e3ebf3"), (1, "#c3d3e3")])
    middle = sheet.width * 0.5
    side, depth = 365.0, 0.27

    def seen(u: float, v: float, level: float) -> Point:
        return middle + (u - v) * side * 0.87, level + (u + v) * side * depth

    place = (0.30, -0.16)
    levels = [738.0, 622.0, 506.0, 390.0, 274.0]
    tones = [NIGHT, "#0f3566", "#2a69aa", "#9cc4ec", PAPER]
    inks = [SKY, SKY, "#dcebfa", NAVY, STEEL]
    drawings = [_shores, _net, _heights, _roads, _squares]
    for index, (level, tone) in enumerate(zip(levels, tones, strict=True)):
        corner = [seen(u, v, level) for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        drop = sheet.ink()
        drop.shape([(x, y + 64) for x, y in corner])
        sheet.lay(NIGHT, drop.mask(soft=30), 0.26)
        area = sheet.ink()
        area.shape(corner)
        area.lay(tone, 0.84)
        edge = sheet.ink()
        edge.line([*corner, corner[0]], 1.4)
        edge.lay(PAPER if index < 4 else STEEL, 0.7)
        drawing = sheet.ink()
        for line in drawings[index](sheet.chance(f"layer {index}")):
            drawing.line([seen(u, v, level) for u, v in line], 1.3)
        drawing.lay(inks[index], 0.75)
    rod = sheet.ink()
    foot, top = seen(*place, levels[0]), seen(*place, levels[-1])
    rod.line([foot, (top[0], top[1] - 150)], 2.4)
    for level in levels:
        x, y = seen(*place, level)
        rod.ring(x, y, 17, 2.2, flatten=1.9)
    rod.dot(top[0], top[1] - 150, 9)
    rod.lay(GOLD_ON_PAPER)


def _loop(u: float, v: float, reach: float, chance: Chance) -> list[Point]:
    turns = [(chance.between(0, 6), chance.between(-0.16, 0.16) / n, n) for n in (2, 3, 4, 5)]
    loop = []
    for step in range(121):
        angle = math.tau * step / 120
        r = reach * (1 + sum(size * math.sin(n * angle + phase) for phase, size, n in turns))
        loop.append((u + r * math.cos(angle), v + r * math.sin(angle)))
    return loop


def _shores(chance: Chance) -> list[list[Point]]:
    return [_loop(-0.1, 0.05, 0.2 + 0.075 * ring, Chance(chance.seed)) for ring in range(9)]


def _net(_chance: Chance) -> list[list[Point]]:
    steps = [step / 8 for step in range(-7, 8)]
    return [line for at in steps for line in ([(at, -1.0), (at, 1.0)], [(-1.0, at), (1.0, at)])]


def _heights(chance: Chance) -> list[list[Point]]:
    west = [_loop(-0.36, 0.3, 0.09 + 0.075 * ring, Chance(chance.seed)) for ring in range(6)]
    return west + [_loop(0.42, -0.36, 0.08 + 0.075 * ring, Chance("east")) for ring in range(5)]


def _roads(chance: Chance) -> list[list[Point]]:
    roads = []
    for turn in range(4):
        start, end = chance.between(-0.9, 0.9), chance.between(-0.9, 0.9)
        bends = [(-1 + 2 * step / 4, start + (end - start) * step / 4) for step in range(5)]
        bends = [bends[0], *((u, v + chance.between(-0.2, 0.2)) for u, v in bends[1:-1]), bends[-1]]
        curve = smooth(bends, 14)
        roads.append(curve if turn % 2 else [(v, u) for u, v in curve])
    return roads


def _squares(chance: Chance) -> list[list[Point]]:
    half = 0.045
    places = [(column / 7, row / 7) for column in range(-6, 7) for row in range(-6, 7)]
    outline = [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)]
    return [
        [(u + right, v + lower) for right, lower in outline]
        for u, v in places
        if chance.number() < 0.3
    ]
