"""A net of triangles over a country."""

import math

from .field import Field
from .sheet import BLUE, DEEP, GOLD_ON_PAPER, NAVY, PAPER, STEEL, Point, Sheet

Triangle = tuple[int, int, int]


def triangulation(sheet: Sheet) -> None:
    """Stations and sight lines, as surveyors measured a country."""
    land = sheet.clouds("land", 480, 5, 0.45)
    sheet.fill(
        sheet.light(land, 46),
        [(0.15, "#b4c6d8"), (0.42, "#e0e9f1"), (0.5, "#eff3f8"), (0.62, PAPER)],
    )
    sheet.lay(STEEL, (land + 5.0).lines(0.14, 0.8), 0.16)
    stations = _stations(sheet)
    triangles = _triangles(stations)
    lines = sheet.ink()
    for a, b, c in triangles:
        lines.line([stations[corner] for corner in (a, b, c, a)], 1.1)
    lines.lay(DEEP, 0.6)
    chance = sheet.chance("tints")
    tints = sheet.ink()
    for triangle in triangles:
        if chance.number() < 0.34:
            tints.shape([stations[corner] for corner in triangle], chance.between(0.2, 1))
    sheet.shade(BLUE, Field.from_mask(tints.mask()), 0.13)
    chain = _chain(stations, triangles, (sheet.width * 0.16, 1010.0), (sheet.width * 0.80, -10.0))
    gold = sheet.ink()
    for a, b, c in chain:
        gold.line([stations[corner] for corner in (a, b, c, a)], 3.0)
    gold.lay(GOLD_ON_PAPER)
    for radius, colour in ((8.0, NAVY), (5.2, PAPER), (2.2, NAVY)):
        dots = sheet.ink()
        for x, y in stations:
            dots.dot(x, y, radius)
        dots.lay(colour)


def _stations(sheet: Sheet) -> list[Point]:
    chance = sheet.chance("stations")
    stations: list[Point] = []
    for _ in range(1500):
        x, y = chance.between(-130, sheet.width + 130), chance.between(-130, 1130)
        near = 105 + 40 * math.sin(x * 0.006 + 1) * math.cos(y * 0.007)
        if all((x - a) ** 2 + (y - b) ** 2 > near * near for a, b in stations):
            stations.append((x, y))
    return stations


def _triangles(points: list[Point]) -> list[Triangle]:
    """The points joined to triangles as near to even-sided as can be (Bowyer and Watson)."""
    count = len(points)
    corners = [*points, (-9000.0, -9000.0), (12000.0, -9000.0), (1000.0, 15000.0)]
    found: dict[Triangle, tuple[float, float, float]] = {}

    def add(a: int, b: int, c: int) -> None:
        (ax, ay), (bx, by), (cx, cy) = corners[a], corners[b], corners[c]
        bx, by, cx, cy = bx - ax, by - ay, cx - ax, cy - ay
        twice = 2 * (bx * cy - by * cx)
        if abs(twice) < 1e-9:
            return
        x = (cy * (bx * bx + by * by) - by * (cx * cx + cy * cy)) / twice
        y = (bx * (cx * cx + cy * cy) - cx * (bx * bx + by * by)) / twice
        found[a, b, c] = (x + ax, y + ay, x * x + y * y)

    add(count, count + 1, count + 2)
    for index in range(count):
        x, y = points[index]
        hit = [key for key, (cx, cy, rr) in found.items() if (x - cx) ** 2 + (y - cy) ** 2 < rr]
        edges: dict[tuple[int, int], tuple[int, int] | None] = {}
        for key in hit:
            del found[key]
            for one, two in ((key[0], key[1]), (key[1], key[2]), (key[2], key[0])):
                pair = (min(one, two), max(one, two))
                edges[pair] = None if pair in edges else (one, two)
        for edge in edges.values():
            if edge:
                add(edge[0], edge[1], index)
    return [key for key in found if max(key) < count]


def _chain(
    points: list[Point], triangles: list[Triangle], start: Point, end: Point
) -> list[Triangle]:
    """Triangles side by side from one place to another."""

    def nearest(place: Point) -> Triangle:
        def away(triangle: Triangle) -> float:
            x = sum(points[corner][0] for corner in triangle) / 3
            y = sum(points[corner][1] for corner in triangle) / 3
            return math.hypot(x - place[0], y - place[1])

        return min(triangles, key=away)

    beside: dict[frozenset[int], list[Triangle]] = {}
    for triangle in triangles:
        for corner in triangle:
            beside.setdefault(frozenset(triangle) - {corner}, []).append(triangle)
    goal = nearest(end)
    first = nearest(start)
    reached = {first: first}
    queue = [first]
    for triangle in queue:
        for corner in triangle:
            for other in beside[frozenset(triangle) - {corner}]:
                if other not in reached:
                    reached[other] = triangle
                    queue.append(other)
    chain = [goal]
    while chain[-1] != first:
        chain.append(reached[chain[-1]])
    return chain
