"""A river that wanders."""

import math

from .field import Field
from .sheet import GOLD, NAVY, NIGHT, PAPER, Point, Sheet, blend, evened, smooth


def river(sheet: Sheet) -> None:
    """A river and the beds it has left, one over the other."""
    beds = _beds(sheet)
    turf = sheet.clouds("turf", 300, 5, 0.5)
    sheet.fill(sheet.light(turf, 26), [(0.3, "#dfe7ef"), (0.5, "#f4f6f9"), (0.7, PAPER)])
    last = len(beds) - 1
    for age, bed in enumerate(beds):
        tone = blend("#dbe8f5", "#5e94c9", (age / last) ** 1.6)
        if age % 3 == 1:
            tone = blend(tone, "#8fa4ba", 0.45)
        edge = sheet.ink()
        edge.stroke(bed, 27)
        edge.lay(blend(tone, NAVY, 0.35), 0.8)
        water = sheet.ink()
        water.stroke(bed, 25)
        water.lay(tone)
    water = sheet.ink()
    water.stroke(beds[-1], 24)
    sheet.lay(NIGHT, sheet.shadow(Field.from_mask(water.mask()), 4, 6, 10), 0.3)
    water.lay(NAVY)
    stream = sheet.ink()
    stream.line(beds[-1], 3)
    stream.lay(GOLD)


def _beds(sheet: Sheet) -> list[list[Point]]:
    """The beds of a river that wanders, the oldest first."""
    chance = sheet.chance("river")
    wide = sheet.width + 800
    bed = [
        (-400 + wide * step / 100, 520 + 40 * math.sin(step / 2.4) + chance.between(-30, 30))
        for step in range(101)
    ]
    bed = evened(smooth(bed, 4), 18.0)
    kept = []
    for year in range(400):
        bed = _wander(bed)
        if year % 4 == 0:
            bed = _cut_off(evened(bed, 18.0), 36.0)
        if year >= 40 and year % 24 == 15:
            kept.append(smooth(bed, 3))
    return kept


def _wander(bed: list[Point]) -> list[Point]:
    moved = bed[:2]
    memory = 0.0
    for (x0, y0), (x1, y1), (x2, y2) in zip(bed, bed[2:], bed[4:], strict=False):
        ax, ay, bx, by = x1 - x0, y1 - y0, x2 - x1, y2 - y1
        length = math.hypot(ax, ay) + math.hypot(bx, by) + 1e-6
        bend = 2 * math.atan2(ax * by - ay * bx, ax * bx + ay * by) / length
        # A river moves not where it bends but a little downstream of it.
        memory = memory * 0.55 + bend * 0.45
        push = max(-1.8, min(1.8, 110 * (2.5 * memory - bend)))
        tx, ty = (x2 - x0) / length, (y2 - y0) / length
        moved.append((x1 + ty * push, y1 - tx * push + (520 - y1) * 0.0008))
    even = [
        (a[0] * 0.1 + b[0] * 0.8 + c[0] * 0.1, a[1] * 0.1 + b[1] * 0.8 + c[1] * 0.1)
        for a, b, c in zip(moved, moved[1:], moved[2:], strict=False)
    ]
    return [moved[0], *even, moved[-1], *bed[-2:]]


def _cut_off(bed: list[Point], near: float) -> list[Point]:
    cells: dict[tuple[int, int], list[int]] = {}
    kept: list[Point] = []
    for x, y in bed:
        column, row = int(x // near), int(y // near)
        meets = [
            index
            for across in (-1, 0, 1)
            for down in (-1, 0, 1)
            for index in cells.get((column + across, row + down), ())
            if index < len(kept) - 6 and math.hypot(kept[index][0] - x, kept[index][1] - y) < near
        ]
        if meets:
            del kept[min(meets) + 1 :]
        cells.setdefault((column, row), []).append(len(kept))
        kept.append((x, y))
    return kept
