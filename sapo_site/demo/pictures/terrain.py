"""Land and water as a map shows them."""

import math

from .fairway import clearest, fairway, ports
from .sheet import BLUE, DEEP, GOLD, GOLD_ON_PAPER, NAVY, NIGHT, PAPER, SKY, STEEL, Sheet, blend


def coast(sheet: Sheet) -> None:
    """A coast as a contour map: pale land, a sea in sheets of deeper and deeper blue."""
    slope = (sheet.width * 0.40 - sheet.across) * 0.0011 + (520 - sheet.down) * 0.0008
    land = slope + sheet.clouds("land", 470, 5, 0.47) * 0.46
    land = sheet.folded(land, 300, 46)
    depths = [-0.02 - 0.13 * step for step in range(7)]
    sea = [blend("#2c6aa6", NIGHT, (step / 6) ** 0.75) for step in range(7)]
    sheet.image.paste(sea[-1], (0, 0, *sheet.size))
    for level, colour in zip(reversed(depths), reversed(sea), strict=True):
        shelf = land.above(level)
        sheet.lay(NIGHT, sheet.shadow(shelf, 9, 12, 16), 0.5)
        sheet.lay(colour, shelf)
    wet = 1 - land.above(-0.02)
    sheet.lay(SKY, (land + 1.32).lines(0.13, 0.9) * wet, 0.35)
    sheet.lay(SKY, (land + 5.0).lines(0.0433, 0.8) * wet, 0.12)
    shore = land.above(0.08)
    sheet.lay(NIGHT, sheet.shadow(shore, 10, 14, 18), 0.55)
    tone = [(0.25, "#a9bccf"), (0.5, "#e6edf4"), (0.72, PAPER)]
    sheet.fill(sheet.light(land, 140), tone, shore.mask())
    sheet.lay(STEEL, (land + 5.0).lines(0.07, 0.9) * shore, 0.42)
    sheet.lay(GOLD, land.line(0.08, 2.6))


def archipelago(sheet: Sheet) -> None:
    """An archipelago from above, with the water lined around each island as engravers did."""
    belt = (sheet.across - sheet.width / 2) * 0.5 + sheet.down - 500
    land = sheet.clouds("land", 170, 5, 0.5) * 0.5 + (belt * (1 / 430)).bell() * 0.22
    land = sheet.folded(land, 170, 36)
    shore = land.above(0.40)
    away = sheet.distance(shore)
    near = (away * (1 / 260)).clamped()
    sheet.fill(
        near.root(),
        [(0, "#4a86bf"), (0.2, "#215a92"), (0.45, "#143c6a"), (0.75, "#0a2342"), (1, "#071a33")],
    )
    rings = (away + 14.0).root() * 1.6
    sheet.lay(SKY, rings.lines(1.0, 1.0) * ((1 - near) ** 2.0) * (1 - shore), 0.55)
    sheet.lay(NIGHT, sheet.shadow(shore, 5, 8, 9) * (1 - shore), 0.6)
    tone = [(0.2, "#8fa6bd"), (0.5, "#e3eaf2"), (0.7, PAPER)]
    sheet.fill(sheet.light(land, 70), tone, shore.mask())
    sheet.lay(STEEL, (land + 5.0).lines(0.09, 0.8) * shore, 0.4)
    sheet.lay(NIGHT, land.line(0.40, 1.2), 0.5)
    route = fairway(sheet, away, *(clearest(sheet, away, x) for x in (0.0, sheet.width)))
    course = sheet.ink()
    course.dashes(route, 3.0, 20, 11)
    course.lay(GOLD)


def elevation(sheet: Sheet) -> None:
    """A mountain country in contour lines on paper, every fifth line heavier."""
    land = sheet.clouds("land", 560, 5, 0.42) * 0.6
    land = sheet.folded(land, 420, 70) + 4.0
    sheet.fill(
        sheet.light(land, 150),
        [(0.12, "#9fb6cd"), (0.38, "#d6e1ec"), (0.5, "#eef3f8"), (0.66, PAPER)],
    )
    low = (1 - (land - 3.35).clamped()).clamped()
    sheet.shade("#b9d4ef", low * low, 0.7)
    interval = 0.042
    sheet.lay(DEEP, land.lines(interval, 0.9), 0.5)
    sheet.lay(NAVY, (land + interval * 2.5).lines(interval * 5, 1.9), 0.85)
    sheet.lay(GOLD_ON_PAPER, land.line(interval * 97.5, 3.2))


def borderline(sheet: Sheet) -> None:
    """A border from cairn to cairn across a country of hills and lakes in moonlight."""
    land = sheet.clouds("land", 400, 3, 0.40) * 0.6
    land = sheet.folded(land, 320, 80)
    land = land + sheet.clouds("rock", 90, 4, 0.42) * 0.034
    tone = [
        (0.05, "#030b16"),
        (0.3, "#08203d"),
        (0.5, "#15396a"),
        (0.68, "#3a74b0"),
        (0.9, "#b9d6f2"),
    ]
    sheet.fill(sheet.light(land, 210), tone)
    sheet.lay(SKY, (land + 4.0).lines(0.075, 0.8), 0.22)
    dry = land.above(-0.20)
    sheet.lay("#051224", 1 - dry, 0.96)
    sheet.lay(NIGHT, sheet.shadow(dry, 4, 6, 10) * (1 - dry), 0.8)
    sheet.lay(SKY, land.line(-0.20, 1.1), 0.5)
    wide = sheet.width
    cairns = [
        (-40.0, 716.0), (wide * 0.145, 664.0), (wide * 0.29, 712.0), (wide * 0.455, 548.0),
        (wide * 0.60, 512.0), (wide * 0.735, 352.0), (wide * 0.885, 318.0), (wide + 40, 205.0),
    ]  # fmt: skip
    side = sheet.ink()
    side.shape([*cairns, (wide + 40, -40.0), (-40.0, -40.0)])
    sheet.lay(NIGHT, side.mask(), 0.34)
    shadow = sheet.ink()
    shadow.line([(x + 4, y + 6) for x, y in cairns], 5)
    shadow.lay(NIGHT, 0.6, soft=3)
    line = sheet.ink()
    line.line(cairns, 2.6)
    for x, y in cairns:
        line.dot(x, y, 8.5)
    line.lay(GOLD)
    hollow = sheet.ink()
    for x, y in cairns:
        hollow.dot(x, y, 5.4)
    hollow.lay(NAVY)


def north(sheet: Sheet) -> None:
    """Islands and the routes between them, on a net of meridians."""
    land = sheet.clouds("land", 430, 5, 0.5) * 0.6
    land = sheet.folded(land, 260, 60)
    shore = land.above(0.12)
    away = sheet.distance(shore)
    near = (away * (1 / 150)).clamped()
    sheet.fill(near, [(0, "#c3daf0"), (0.3, "#d8e6f3"), (1, "#eef3f8")])
    net = sheet.ink()
    pole = (sheet.width * 0.56, -1500.0)
    for ring in range(12):
        net.ring(*pole, 1400 + ring * 125, 1.0)
    for turn_of in range(-12, 13):
        angle = math.radians(90 + turn_of * 3.2)
        net.line([pole, (pole[0] + 3200 * math.cos(angle), pole[1] + 3200 * math.sin(angle))], 1.0)
    net.lay(BLUE, 0.22)
    sheet.lay(BLUE, (away + 1.0).lines(9.0, 0.8) * (1 - near) * (1 - shore), 0.4)
    sheet.lay(NAVY, sheet.shadow(shore, 6, 9, 12), 0.35)
    sheet.fill(
        sheet.light(land, 70), [(0.2, NIGHT), (0.5, "#123358"), (0.8, "#3b6a9e")], shore.mask()
    )
    sheet.lay(SKY, (land + 4.0).lines(0.07, 0.8) * shore, 0.22)
    places = ports(sheet, away)
    routes, gold, dots, holes = sheet.ink(), sheet.ink(), sheet.ink(), sheet.ink()
    for index, port in enumerate(places[1:], 1):
        nearest = min(places[:index], key=lambda other: math.dist(port, other))
        way = fairway(sheet, away, nearest, port)
        if index == 1:
            gold.line(way, 3.4)
        else:
            routes.dashes(way, 2.4, 13, 8)
    routes.lay(BLUE, 0.95)
    gold.lay(GOLD_ON_PAPER)
    for x, y in places:
        dots.dot(x, y, 9.5)
        holes.dot(x, y, 5.5)
    dots.lay(NAVY)
    holes.lay(PAPER)
