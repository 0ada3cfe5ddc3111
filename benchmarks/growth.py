"""How cost and memory grow with the corpus, as a small drawing."""

import math
from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT, MARGIN, BAND = 640, 320, 48, 140
HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">'
)
GROUND = '<rect width="100%" height="100%" fill="#fff"/>'


class Point(NamedTuple):
    """A run over so many texts: processor time a text, megabytes of the largest process."""

    texts: int
    cost: float
    megabytes: float


def plotted(points: Sequence[Point], unit: str = "CPU ms a text") -> str:
    """The drawing as SVG: the number of texts to the right, each tenfold a step; cost and memory in a band each."""
    cost = curve(points, [point.cost for point in points], "#1a6", unit, 0)
    memory = curve(points, [point.megabytes for point in points], "#a36", "MB, largest process", BAND)
    labels = [text(across(points, point), HEIGHT - 12, f"{point.texts:,}", "#333", "middle") for point in points]
    return "\n".join([HEAD, GROUND, *cost, *memory, *labels, "</svg>"]) + "\n"


def curve(points: Sequence[Point], values: Sequence[float], color: str, name: str, top: float) -> list[str]:
    """A curve in its band, from 0 at the bottom, with its name and, at each of its points, its value."""
    floor, high = top + BAND, BAND - MARGIN
    places = [
        (across(points, point), floor - value / (max(values) or 1) * high)
        for point, value in zip(points, values, strict=True)
    ]
    path = " ".join(f"{x:.0f},{y:.0f}" for x, y in places)
    told = [text(x, y - 8, f"{value:,.0f}", color, "middle") for (x, y), value in zip(places, values, strict=True)]
    ground = f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{floor}" y2="{floor}" stroke="#bbb"/>'
    drawn = f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>'
    return [ground, drawn, *told, text(MARGIN, top + 18, name, color, "start")]


def across(points: Sequence[Point], point: Point) -> float:
    """How far to the right a point lies."""
    low, high = math.log10(points[0].texts), math.log10(points[-1].texts)
    share = (math.log10(point.texts) - low) / (high - low or 1)
    return MARGIN + share * (WIDTH - 2 * MARGIN)


def text(x: float, y: float, words: str, color: str, anchor: str) -> str:
    """A word in the drawing."""
    return f'<text x="{x:.0f}" y="{y:.0f}" fill="{color}" text-anchor="{anchor}">{words}</text>'
