"""Ways by water."""

import heapq
import math

from .field import BILINEAR, Field
from .sheet import Point, Sheet, smooth


def fairway(sheet: Sheet, away: Field, start: Point, end: Point) -> list[Point]:
    """A way by water from one place to another that keeps clear of land."""
    pace = 22.0
    columns, rows = math.ceil(sheet.width / pace), math.ceil(1000 / pace)
    clear = Field(away.image.resize((columns, rows), BILINEAR)).numbers()
    price = [1 + (30 / max(2.0, room)) ** 2 for room in clear]
    steps = [(x, y) for x in (-2, -1, 0, 1, 2) for y in (-2, -1, 0, 1, 2) if math.gcd(x, y) == 1]

    def cell(place: Point) -> int:
        column = min(columns - 1, max(0, int(place[0] / pace)))
        return min(rows - 1, max(0, int(place[1] / pace))) * columns + column

    first, goal = cell(start), cell(end)
    cost, came = {first: 0.0}, {first: first}
    queue = [(0.0, first)]
    while queue:
        so_far, here = heapq.heappop(queue)
        if here == goal:
            break
        if so_far > cost[here]:
            continue
        for x, y in steps:
            column, row = here % columns + x, here // columns + y
            if 0 <= column < columns and 0 <= row < rows:
                there = row * columns + column
                total = so_far + math.hypot(x, y) * (price[here] + price[there]) / 2
                if total < cost.get(there, math.inf):
                    cost[there], came[there] = total, here
                    heapq.heappush(queue, (total, there))
    cells = [goal]
    while cells[-1] != first:
        cells.append(came[cells[-1]])
    way = [((at % columns + 0.5) * pace, (at // columns + 0.5) * pace) for at in reversed(cells)]
    way = [start, *way[1:-1], end]
    for _ in range(3):
        middle = [
            ((a[0] + 2 * b[0] + c[0]) / 4, (a[1] + 2 * b[1] + c[1]) / 4)
            for a, b, c in zip(way, way[1:], way[2:], strict=False)
        ]
        way = [way[0], *middle, way[-1]]
    return smooth(way, 5)


def clearest(sheet: Sheet, away: Field, x: float) -> Point:
    """The place at that distance from the left edge, not far from the middle, with most water."""
    rows = 50
    column = min(away.size[0] - 1, max(0, round(x * sheet.pixels)))
    strip = away.image.crop((column, 0, column + 1, away.size[1]))
    room = Field(strip.resize((1, rows), BILINEAR)).numbers()
    best = max(range(rows // 3, rows * 2 // 3), key=room.__getitem__)
    return x, (best + 0.5) * 1000 / rows


def ports(sheet: Sheet, away: Field) -> list[Point]:
    """Places by the shore, as far from each other as they can be."""
    columns, rows = 60, 40
    room = Field(away.image.resize((columns, rows), BILINEAR)).numbers()
    by_shore = [
        ((index % columns + 0.5) * sheet.width / columns, (index // columns + 0.5) * 1000 / rows)
        for index, clear in enumerate(room)
        if 12 < clear < 34
        and 3 <= index % columns < columns - 3
        and 4 <= index // columns < rows - 4
    ]
    start = (sheet.width * 0.2, 300.0)
    ports = [min(by_shore, key=lambda place: math.dist(place, start))]
    while len(ports) < 6:
        ports.append(max(by_shore, key=lambda p: min(math.dist(p, port) for port in ports)))
    return ports
