"""A city from the air."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from .chance import Chance
from .field import Field
from .sheet import Ink, Point, Sheet

HORIZON = 190.0
NEAR = 1150
BRIDGES = (3.6, 5.3, 7.7, 11.0)


class District(NamedTuple):
    """Streets at right angles: where their middle lies, how they turn, how far apart they are."""

    x: float
    z: float
    turn: float
    pace: float


def city(sheet: Sheet) -> None:
    """A city at dusk: streets as rows of lights, and a river that still has the sky in it."""
    ground = sheet.below(HORIZON)
    deep = ((sheet.down - HORIZON) * (1 / (1000 - HORIZON))).clamped()
    sheet.fill(
        (sheet.down * (1 / HORIZON)).clamped(),
        [(0, "#123a69"), (0.5, "#4a7cb0"), (0.85, "#b5cbe0"), (1, "#f0dfb8")],
    )
    sheet.fill(
        deep.root(),
        [(0, "#a9bacb"), (0.10, "#5f83aa"), (0.3, "#234f80"), (0.6, "#0e2c50"), (1, "#081c36")],
        ground.mask(),
    )
    banks = [[_seen(sheet, x, z) for x, z in _bank(side)] for side in (-1, 1)]
    river = sheet.ink()
    river.shape([*banks[0], *reversed(banks[1])])
    water = Field.from_mask(river.mask())
    sheet.lay("#6f97c0", water * (1 - deep * 0.75), 0.95)

    cool, warm = sheet.ink(), sheet.ink()
    chance = sheet.chance("city")
    widest = sheet.width / 2 / NEAR + 0.05
    districts = _districts(chance)
    for number, district in enumerate(districts):
        for x, z, broad in _street_lights(district, chance, widest):
            if _on_land(x, z) and _nearest(districts, x, z) == number:
                size = (4.2 if broad else 3.1) / z**0.72 * chance.between(0.55, 1.2)
                (warm if broad else cool).dot(*_seen(sheet, x, z), size, chance.between(0.4, 1))
    for _ in range(2600):
        z = 1 / chance.between(0.010, 0.036)
        x = chance.between(-widest, widest) * z
        (warm if chance.number() < 0.3 else cool).dot(*_seen(sheet, x, z), 0.55, 0.7)
    _light_the_river(sheet, warm, banks)

    sheet.shine("#4d86c4", Field.from_mask(cool.mask(soft=10)) * 2.0 * (1 - water * 0.6), 0.8)
    sheet.shine("#e8b865", Field.from_mask(warm.mask(soft=11)) * 2.2 * (1 - water * 0.3), 0.75)
    cool.lay("#d5e7fb", 0.85)
    warm.lay("#ffe3ad", 0.95)
    haze = (1 - deep * 4.5).clamped() * ground
    sheet.lay("#b4c3d2", haze * haze, 0.9)


def _seen(sheet: Sheet, x: float, z: float) -> Point:
    return sheet.width / 2 + NEAR * x / z, HORIZON + 1950 / z


def _stream(z: float) -> float:
    return 0.9 * math.sin(z * 0.62 - 0.5) + 0.021 * (z - 9) ** 2 - 0.3


def _breadth(z: float) -> float:
    return 0.36 + 0.012 * z


def _bank(side: int) -> list[Point]:
    depths = [2.05 * 1.035**step for step in range(74)]
    return [(_stream(z) + side * _breadth(z), z) for z in depths]


def _on_land(x: float, z: float) -> bool:
    return z > 26 or abs(x - _stream(z)) > _breadth(z) * 1.06


def _districts(chance: Chance) -> list[District]:
    depths = (2.6, 3.2, 4.2, 4.6, 6, 6.5, 8, 9, 11, 12.5, 15, 17, 21, 24, 29, 34)
    return [
        District(
            x=chance.between(-0.62, 0.62) * z,
            z=z,
            turn=chance.between(-0.8, 0.8),
            pace=chance.between(0.12, 0.19) * max(0.7, z / 8),
        )
        for z in depths
    ]


def _street_lights(
    district: District, chance: Chance, widest: float
) -> Iterator[tuple[float, float, bool]]:
    """Where the lamps of a district stand that can be seen, and whether the street is broad."""
    right = math.cos(district.turn) * district.pace
    lower = math.sin(district.turn) * district.pace
    reach = int(0.45 * district.z / district.pace)
    apart = 0.20 + 0.008 * district.z
    for street in range(-reach, reach + 1):
        broad = street % 6 == 0
        for along in (False, True):
            walked = -float(reach)
            while walked < reach:
                walked += apart * chance.between(0.6, 1.4) * (0.62 if broad else 1)
                u, v = (street, walked) if along else (walked, street)
                x = district.x + u * right - v * lower
                z = district.z + u * lower + v * right
                lit = 0.95 if broad else 0.78 + 0.5 * _built(x, z)
                if 2.1 < z < 40 and abs(x) < z * widest and chance.number() < lit:
                    yield x, z, broad


def _built(x: float, z: float) -> float:
    """Where the houses stand close; below zero, parks."""
    return math.sin(x * 1.9 + 1) * math.sin(z * 1.6 + x) + 0.35 * math.sin(x * 4.3)


def _nearest(districts: list[District], x: float, z: float) -> int:
    """The district a place belongs to; the farther away, the larger they are."""
    near, best = 0, math.inf
    for number, district in enumerate(districts):
        right, deep = (district.x - x) / district.z, (district.z - z) / district.z
        away = right * right + deep * deep
        if away < best:
            near, best = number, away
    return near


def _light_the_river(sheet: Sheet, lamps: Ink, banks: list[list[Point]]) -> None:
    for z in BRIDGES:
        for step in range(31):
            x = _stream(z) + (step / 15 - 1) * _breadth(z)
            lamps.dot(*_seen(sheet, x, z + 0.05 * x), 2.6 / z**0.6, 0.95)
    for bank in banks:
        last = bank[0]
        for x, y in bank:
            if math.dist((x, y), last) >= 9:
                lamps.dot(x, y, 0.7 + 1.5 * (y - HORIZON) / 800, 0.95)
                last = (x, y)
