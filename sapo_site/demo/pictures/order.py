"""Rows, rings and fields: order drawn with a ruler."""

import math

from .field import Field
from .sheet import BLUE, DEEP, GOLD, GOLD_ON_PAPER, NAVY, NIGHT, PAPER, Point, Sheet


def waves(sheet: Sheet) -> None:
    """A field of waves, each row hiding what lies behind it."""
    rows, columns = 70, 220
    tone, gold = sheet.ink(), sheet.ink()
    tone.pen.rectangle((0, 0, *tone.large.size), round(255 * 0.97))

    def height(u: float, v: float) -> float:
        return (
            0.50 * math.sin(u * 1.15 + v * 0.9)
            + 0.24 * math.sin(u * 2.4 - v * 0.7 + 1.3)
            + 0.40 * math.sin(u * 0.5 + v * 1.6 + 4.0)
            + 0.07 * math.sin(u * 5.1 + v * 2.3)
        )

    before: list[Point] = []
    for row in range(rows):
        near = row / (rows - 1)
        base = -70 + 1230 * near**1.3
        swell = 24 + 112 * near
        points, lights = [], []
        for step in range(columns + 1):
            u = (step / columns - 0.5) * (6.4 - 3.6 * near)
            v = near * 6.6
            points.append(
                (sheet.width * (step / columns * 1.04 - 0.02), base - swell * height(u, v))
            )
            facing = (
                height(u - 0.12, v)
                - height(u + 0.12, v)
                + 0.8 * (height(u, v - 0.1) - height(u, v + 0.1))
            )
            lights.append(max(0.02, min(0.98, 0.70 - 0.58 * near + 0.62 * facing)))
        if before:
            for step in range(columns):
                quad = [before[step], before[step + 1], points[step + 1], points[step]]
                tone.shape(quad, (lights[step] + lights[step + 1]) / 2)
                gold.shape(quad, 0)
        for step in range(columns):
            tone.line(points[step : step + 2], 0.9 + 0.7 * near, min(1, lights[step] * 0.9 + 0.3))
        if row == 40:
            gold.line(points, 3.2)
        before = points
    sheet.fill(
        Field.from_mask(tone.mask()),
        [(0, "#041022"), (0.25, NAVY), (0.5, "#1d5590"), (0.75, "#8db9e4"), (1, "#f4f8fc")],
    )
    gold.lay(GOLD)


def compass(sheet: Sheet) -> None:
    """Bearing lines between the sixteen winds of a sea chart, and the one that is followed."""
    x0, y0 = sheet.width * 0.42, 510.0
    tone = sheet.clouds("tone", 500, 4, 0.5) * 0.07
    sheet.fill(
        sheet.away_from(x0, y0) * (1 / 1150) + tone,
        [(0, PAPER), (0.45, "#f1f5f9"), (1, "#c9d8e7")],
    )
    ring = 760.0

    def at(degrees: float, away: float) -> Point:
        angle = math.radians(degrees - 90)
        return x0 + away * math.cos(angle), y0 + away * math.sin(angle)

    winds = [at(step * 22.5, ring) for step in range(16)]
    fine, plain = sheet.ink(), sheet.ink()
    for index, one in enumerate(winds):
        for other in range(index + 1, 16):
            (fine if (other - index) % 2 else plain).line([one, winds[other]], 0.9)
        plain.line([(x0, y0), at(index * 22.5, 2600)], 0.9)
    fine.lay(BLUE, 0.34)
    plain.lay(NAVY, 0.36)
    rose = sheet.ink()
    for degree in range(360):
        long = 22 if degree % 10 == 0 else 14 if degree % 5 == 0 else 8
        rose.line([at(degree, 300), at(degree, 300 - long)], 0.9)
    for away, wide in ((304, 2.2), (272, 0.9), (760, 0.9)):
        rose.ring(x0, y0, away, wide)
    rose.lay(NAVY, 0.85)
    course = sheet.ink()
    course.line([at(56.25, 0), at(56.25, 2600)], 3.2)
    x, y = at(56.25, 760)
    course.lay(GOLD_ON_PAPER)
    mark = sheet.ink()
    mark.dot(x, y, 11)
    mark.lay(PAPER)
    ring_mark = sheet.ink()
    ring_mark.ring(x, y, 12, 3)
    ring_mark.lay(GOLD_ON_PAPER)


def grid(sheet: Sheet) -> None:
    """Tiles in even rows, from light to dark, and one that is turned."""
    sheet.fill(
        sheet.across * (0.5 / sheet.width) + sheet.down * 0.0005,
        [(0, "#ffffff"), (0.5, "#f0f4f8"), (1, "#d3dee9")],
    )
    chance = sheet.chance("tiles")
    rows = 8
    pace = 1000 / rows
    columns = math.ceil(sheet.width / pace / 2 - 0.01) * 2
    start = (sheet.width - columns * pace) / 2
    half = pace * 0.385
    odd = (columns * 2 // 3, 2)
    tones, shadow, one = sheet.ink(), sheet.ink(), sheet.ink()
    for column in range(columns):
        for row in range(rows):
            x, y = start + (column + 0.5) * pace, (row + 0.5) * pace
            turned = (column, row) == odd
            tile = _square(x, y, half, 14 if turned else 0)
            lift = (9, 13) if turned else (4, 6)
            shadow.shape([(px + lift[0], py + lift[1]) for px, py in tile])
            dark = 0.55 * column / (columns - 1) + 0.45 * row / (rows - 1) + chance.near(0, 0.045)
            (one if turned else tones).shape(
                tile, 1 if turned else max(0.02, min(1, 0.04 + 0.96 * dark))
            )
    shadow.lay(NAVY, 0.42, soft=5)
    shape = Field.from_mask(tones.mask()).rise(0.0, 0.012)
    sheet.fill(
        Field.from_mask(tones.mask()),
        [
            (0, "#fdfefe"),
            (0.15, "#e9f0f7"),
            (0.38, "#a9c9ea"),
            (0.6, "#3f7fbe"),
            (0.8, "#123f73"),
            (1, NIGHT),
        ],
        shape.mask(),
    )
    one.lay(GOLD)


def _square(x: float, y: float, half: float, degrees: float) -> list[Point]:
    reach = half * math.sqrt(2)
    turns = [math.radians(degrees + 45 + 90 * corner) for corner in range(4)]
    return [(x + reach * math.cos(turn), y + reach * math.sin(turn)) for turn in turns]


def archive(sheet: Sheet) -> None:
    """Records in stacks, sheet upon sheet, and one that is drawn out."""
    sheet.image.paste(NIGHT, (0, 0, *sheet.size))
    chance = sheet.chance("records")
    tones = ["#ffffff", "#e6eef6", "#c4d6e8", "#8fb2d6", "#4f84ba", "#1f5288"]
    inks = [sheet.ink() for _ in tones]
    columns = 5
    wide = sheet.width / columns
    for column in range(columns):
        left, right = column * wide + 17, (column + 1) * wide - 17
        y = 1006.0
        while y > -20:
            tone = chance.below(len(tones) - 1)
            shift = chance.between(-9, 9)
            for _ in range(4 + chance.below(13)):
                thick = chance.between(2.4, 5.6)
                start = left + shift + chance.between(-5, 5)
                end = right + shift + chance.between(-5, 5)
                y -= thick + 1.1
                own = min(len(tones) - 1, max(0, tone + chance.below(3) - 1))
                inks[own].shape(
                    [(start, y), (end, y), (end, y + thick), (start, y + thick)],
                    chance.between(0.78, 1),
                )
            y -= chance.between(2, 7)
    for ink, colour in zip(inks, tones, strict=True):
        ink.lay(colour)
    place = sheet.across * (1 / wide)
    within = place - (place - 0.5).at_least(0.0).whole()
    round_off = abs(within - 0.42) * 1.75
    sheet.shade(NIGHT, round_off * round_off, 0.86)
    sheet.shade(NAVY, (sheet.down * (1 / 1000)).rise(0.2, 1.25), 0.65)
    start, end, y = 2 * wide + 30, 3 * wide + 62, 430.0
    drawn = sheet.ink()
    drawn.shape([(start, y), (end, y), (end, y + 6.5), (start, y + 6.5)])
    shape = Field.from_mask(drawn.mask())
    sheet.lay(NIGHT, sheet.shadow(shape, 2, 9, 9), 0.9)
    drawn.lay(GOLD)
    sheet.shade("#9a6a10", ((start + 130 - sheet.across) * (1 / 130)).clamped() * shape, 0.45)


def signal(sheet: Sheet) -> None:
    """One event as many stations recorded it, each a little later than the one before."""
    sheet.fill(sheet.down * (1 / 1000), [(0, "#0d2a50"), (0.5, NAVY), (1, NIGHT)])
    chance = sheet.chance("noise")
    traces = 42
    fill, line, gold = sheet.ink(), sheet.ink(), sheet.ink()
    near = 0.44
    for trace in range(traces):
        part = (trace + 0.5) / traces
        x0 = part * sheet.width
        off = (part - near) * sheet.width / 1000
        first = 250 + 300 * (math.sqrt(0.16 + off * off * 1.5) - 0.4)
        second = 300 + 640 * (math.sqrt(0.16 + off * off * 1.25) - 0.4)
        phase = chance.between(0, 6)
        strength = 17 + 30 / (1 + 5 * abs(off))
        points = []
        for step in range(500):
            y = -10 + step * 2.05
            quiet = 0.9 * math.sin(y * 0.11 + phase) + 0.8 * math.sin(y * 0.047 + phase * 2)
            a = y - first
            one = 0.55 * math.exp(-a * 0.022) * math.sin(a * 0.17) * min(1, a / 10) if a > 0 else 0
            b = y - second
            two = (
                math.exp(-b * 0.0095) * math.sin(b * 0.105 + 0.0001 * b * b) * min(1, b / 26)
                if b > 0
                else 0
            )
            points.append((x0 + quiet + strength * (one + two), y))
        pen = gold if trace == 18 else line
        pen.line(points, 2.2 if pen is gold else 1.2)
        shape = [(max(x0, x), y) for x, y in points]
        fill.shape([(x0, -10), *shape, (x0, 1015)])
    fill.lay("#6fb0f0", 0.8)
    line.lay("#cfe4fb", 0.75)
    gold.lay(GOLD)


def circles(sheet: Sheet) -> None:
    """Two round fields, each ruled in its own direction, and what they share."""
    tone = sheet.clouds("tone", 420, 3, 0.5) * 0.05
    sheet.fill(sheet.down * (1 / 1000) + tone, [(0, "#fcfdfe"), (0.5, "#f2f5f9"), (1, "#dbe5ef")])
    fields = [
        (sheet.width / 2 - 265, 590.0, 470.0, BLUE, 62.0),
        (sheet.width / 2 + 265, 410.0, 470.0, DEEP, 118.0),
    ]
    for x, y, radius, colour, degrees in fields:
        away = sheet.away_from(x, y)
        inside = ((radius - away) * sheet.pixels + 0.5).clamped()
        dark = (sheet.away_from(x - radius * 0.4, y - radius * 0.5) * (0.72 / radius)).clamped()
        sheet.shade(colour, inside * (dark * dark * 0.85 + 0.05))
        angle = math.radians(degrees)
        rule = sheet.across * math.cos(angle) + sheet.down * math.sin(angle) + 4000
        sheet.shade(colour, rule.lines(15.0, 1.5 * sheet.pixels) * inside * (dark * 0.7 + 0.2), 0.8)
        sheet.shade(colour, ((away - radius) * (sheet.pixels / 0.9)).bell(), 0.9)
    gold = sheet.ink()
    gold.ring(fields[1][0], fields[1][1], fields[1][2], 3)
    inside = ((470 - sheet.away_from(fields[0][0], fields[0][1])) * sheet.pixels + 0.5).clamped()
    sheet.lay(GOLD, Field.from_mask(gold.mask()) * inside)
