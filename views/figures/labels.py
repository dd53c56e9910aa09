"""Where names go: beside what they name, never over one another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from views.report.readings import Numbers

_POINTS = 72.0


def label_ends(axes: Axes, ends: Sequence[tuple[float, str, str]], size: float) -> None:
    """Names (height, text, colour) at the right edge, pushed apart until none covers another."""
    low, high = axes.get_ylim()
    axes.set_ylim(low, high)
    inches = axes.get_position().height * axes.figure.get_figheight()  # type: ignore[union-attr]
    least = size * 1.25 / _POINTS / inches
    tall = [least * (1 + text.count("\n")) for _, text, _ in ends]
    places = spread([(height - low) / (high - low) for height, _, _ in ends], tall)
    for place, (_, text, colour) in zip(places, ends, strict=True):
        axes.annotate(
            text,
            (1.0, place),
            xycoords="axes fraction",
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            ha="left",
            fontsize=size,
            color=colour,
            linespacing=1.1,
            annotation_clip=False,
        )


def spread(wanted: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """Places near the wanted ones, inside 0..1 where they fit, such that none overlaps its neighbour."""
    order = sorted(range(len(wanted)), key=lambda item: wanted[item])
    placed = [min(max(wanted[item], 0.0), 1.0) for item in order]
    heights = [sizes[item] for item in order]
    for item in range(1, len(placed)):
        least = placed[item - 1] + (heights[item - 1] + heights[item]) / 2
        placed[item] = max(placed[item], least)
    if placed and placed[-1] > 1:
        placed[-1] = 1.0
    for item in range(len(placed) - 2, -1, -1):
        most = placed[item + 1] - (heights[item + 1] + heights[item]) / 2
        placed[item] = min(placed[item], most)
    result = [0.0] * len(wanted)
    for place, item in zip(placed, order, strict=True):
        result[item] = place
    return result


def within(axes: Axes, points: Sequence[tuple[float, float]], size: Numbers) -> list[tuple[float, float]]:
    """Where points of the data lie in the panel, in the unit of its `size`."""
    axes.autoscale_view()
    placed = axes.transLimits.transform(points) * size
    return [(float(across), float(up)) for across, up in placed]


Box = tuple[float, float, float, float]


def keep_apart(
    points: Sequence[tuple[float, float]], sizes: Sequence[tuple[float, float]], radii: Sequence[float], frame: Box
) -> list[tuple[float, float]]:
    """Centres for labels beside points (all in one unit), each where it covers least of what is there.

    Labels come in order of importance: the first gets the best place. Points beyond them are only kept free.
    """
    return [place for place in clear_places(points, sizes, radii, frame, math.inf) if place is not None]


def clear_places(
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    radii: Sequence[float],
    frame: Box,
    most: float = 0.1,
) -> list[tuple[float, float] | None]:
    """As `keep_apart`, but a label that would lie over others with more than a share of its area has no place."""
    taken: list[Box] = [(x - r, y - r, x + r, y + r) for (x, y), r in zip(points, radii, strict=False)]
    found: list[tuple[float, float] | None] = []
    for place, (wide, tall) in enumerate(sizes):
        x, y = points[place]
        r = radii[place]
        tries = [
            (x + dx * (r + wide / 2 + 2), y + dy * (r + tall / 2 + 2))
            for dx, dy in ((1, 0), (0, 1), (0, -1), (-1, 0), (0.75, 0.8), (0.75, -0.8), (-0.75, 0.8), (-0.75, -0.8))
        ]
        boxes = [(cx - wide / 2, cy - tall / 2, cx + wide / 2, cy + tall / 2) for cx, cy in tries]
        costs = [sum(_overlap(box, other) for other in taken) + 4 * _outside(box, frame) for box in boxes]
        best = min(range(len(tries)), key=lambda item: (round(costs[item], 3), item))
        if costs[best] <= most * wide * tall:
            taken.append(boxes[best])
            found.append(tries[best])
        else:
            found.append(None)
    return found


def _overlap(one: Box, other: Box) -> float:
    """The area two boxes share."""
    return max(0.0, min(one[2], other[2]) - max(one[0], other[0])) * max(
        0.0, min(one[3], other[3]) - max(one[1], other[1])
    )


def _outside(box: Box, frame: Box) -> float:
    """The area of a box that lies outside the frame."""
    return (box[2] - box[0]) * (box[3] - box[1]) - _overlap(box, frame)
