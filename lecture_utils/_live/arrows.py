"""Where arrows and what is kept within its axes stand: live.js places them in the same way."""

from typing import Literal

import numpy as np

#: A point that rounding has put off the border counts as on it: a fraction of the axes.
BORDER = 1e-6
_HALF_WIDTH = 0.5  # of an arrow's head, by its length


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


def beside(place: np.ndarray, *, box: list[float], length: float, whole: float) -> tuple[str, np.ndarray]:
    """Return how a text that is kept within its axes is anchored there, and how far off it is: right and down.

    It stands on the side that has room: `box` is where the axes are, in points of the picture, which is `whole` wide.
    """
    at, high = box[0] + place[0] * box[2], place[1] > 0.85
    starts, ends = at + 12 + length < whole, at - 12 - length > box[0]
    if starts and (place[0] < 0.62 or not ends):
        return "start", np.array([12, 20 if high else -10])
    if ends:
        return "end", np.array([-12, 20 if high else -10])
    return "middle", np.array([np.clip(at, length / 2, whole - length / 2) - at, 34 if high else -24])


def length_of(text: str, size: float) -> float:
    """Return about how long a text is, rather too much than too little."""
    return 0.62 * size * len(text)
