"""Where arrows and what is kept within its axes stand: live.js places them in the same way."""

import itertools
from typing import Literal

import numpy as np

#: A point that rounding has put off the border counts as on it: a fraction of the axes.
BORDER = 1e-6
_HALF_WIDTH = 0.5  # of an arrow's head, by its length
#: How far under a point the words beside it may stand, the best first: over it, under it, and farther off.
_DOWN = tuple(down for more in range(0, 288, 12) for down in (-10 - more, 20 + more))


def at_border(points: np.ndarray, how: Literal["ray", "edge"] | None) -> tuple[np.ndarray, np.ndarray | None]:
    """Return where the last of some points is shown that may be outside its axes, and if it is, which way it lies.

    All is in fractions of the axes; the way has no length of its own. A ray comes from the first point.
    """
    first, last = points[0], points[-1]
    if how is None or not np.isfinite(last).all() or not is_outside(last):
        return last, None
    place = last
    if how == "ray":
        place = first + min(map(_share, first, last)) * (last - first)
    place = place.clip(0, 1)
    beyond = last - place
    return place, beyond / np.abs(beyond).max()


def is_outside(points: np.ndarray) -> np.ndarray:
    """Return which points are outside their axes: shape (..., 2) → (...)."""
    return ~((points >= -BORDER) & (points <= 1 + BORDER)).all(axis=-1)


def _share(start: float, end: float) -> float:
    """Return at which share of the way from 0 … 1 to anywhere the border is."""
    if -BORDER <= end <= 1 + BORDER:
        return 1.0
    return (1 - start) / (end - start) if end > 1 else start / (start - end)


def arrowhead(tip: np.ndarray, way: np.ndarray, *, length: float) -> np.ndarray:
    """Return the three points of an arrow's head, the tip between the others: in points of the picture."""
    way = way / np.hypot(*way)
    back, aside = tip - length * way, _HALF_WIDTH * length * np.array([-way[1], way[0]])
    return np.array([back + aside, tip, back - aside])


def head_of(mark: object, points: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Return the arrow's head at the end of a curve, or none: in points of the picture, counted from its axes' corner.

    `points` are those that are drawn, in fractions of the axes, whose width and height are `size`.
    """
    wanted, (*before, last) = mark.widths["arrow"], points
    if mark.beyond:
        place, way = at_border(points, mark.beyond)
        return np.empty((0, 2)) if way is None else arrowhead(place * size, way * size, length=wanted)
    way = (last - before[-1]) * size if before else np.zeros(2)
    length = min(wanted, 0.7 * np.hypot(*way))
    return arrowhead(last * size, way, length=length) if length > 1 else np.empty((0, 2))


def beside(
    points: np.ndarray, how: Literal["ray", "edge"], *, box: list[float], size: float, text: str, whole: float
) -> tuple[str, np.ndarray]:
    """Return how a text beside the last of some points is anchored there, and how far off it is: right and down.

    It stands as near as it can be on the picture, which is `whole` wide, and at the height of its axes, whose place is
    `box`, so that no line between two of the points goes through it. All but `points` is in points of the picture.
    """
    length, corner, scale = length_of(text, size), np.array(box[:2]), np.array(box[2:])
    place, _ = at_border(points, how)
    way = corner + (points * (1, -1) + (0, 1)) * scale
    x, y = corner + (place * (1, -1) + (0, 1)) * scale
    starts = [("start", 12, x + 12, 0)] if x + 12 + length < whole else []
    ends = [("end", -12, x - 12 - length, 0)] if x - 12 - length > box[0] else []
    middle = np.clip(x, length / 2, whole - length / 2)
    sides = [*(starts + ends if place[0] < 0.62 else ends + starts), ("middle", middle - x, middle - length / 2, 14)]
    high, best = place[1] > 0.85, sides[0]
    for near, (anchor, right, left, away) in itertools.product(_DOWN, sides):
        down = near + np.sign(near) * away  # farther from a point that is over or under the words
        top, bottom = y + down - 0.8 * size, y + down + 0.25 * size
        fits = top >= box[1] - 2 and bottom <= box[1] + box[3] + 2
        if fits and not _meets(way, (left, top), (left + length, bottom)):
            return anchor, np.array([right, down])
    return best[0], np.array([best[1], 20 + best[3] if high else -10 - best[3]])


def _meets(way: np.ndarray, low: tuple[float, float], high: tuple[float, float]) -> bool:
    """Return whether a line between two neighbours of some points goes through a box."""
    start, length = way[:-1], np.diff(way, axis=0)
    with np.errstate(all="ignore"):
        sides = np.stack([(low - start) / length, (high - start) / length])
        return bool(
            (np.maximum(sides.min(axis=0).max(axis=1), 0) <= np.minimum(sides.max(axis=0).min(axis=1), 1)).any()
        )


def length_of(text: str, size: float) -> float:
    """Return about how long a text is, rather too much than too little."""
    return 0.62 * size * len(text)
