"""Where the parts of the worked example's drawing stand, in inches: side by side, or one under another."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import NamedTuple

from lecture_utils._look.style import FORWARD, GRADIENT, INK, STACKED_TYPE

Point = tuple[float, float]

SCRUBBED = ("w1", "w2")

#: The factors by which gradients come: back to each value, the earliest first, and up to the weights, with their steps.
_BACK = ("a2_a1", "2(a2 − y)", None)
_UP = ((6, "a1_w1"), (5, "a2_w2"))


class Arrow(NamedTuple):
    """An arrow: from which step on it is there, counted from 1, at which step something comes along it.

    `factor` is the number that what comes along it has been multiplied by.
    """

    start: Point
    end: Point
    color: str
    first: int
    carries: int
    factor: str | None = None


class Places(NamedTuple):
    """A layout of the drawing.

    `numbers` tells where each number stands, with what is before it; both together begin there, or, if it is one of
    `centered`, have their middle there.
    """

    size: Point
    fontsize: float
    large: float
    stroke: float
    slot: float
    modules: tuple[Point, Point, Point]
    boxes: tuple[Point, Point, Point]
    symbols: tuple[Point, Point, Point, Point]
    arrows: list[Arrow]
    numbers: Mapping[str, Point]
    centered: frozenset[str]
    unit: Point
    worked_out: Point


def _wide() -> Places:
    """Return the three modules in a row: what runs forward over them, what runs back under."""
    modules, edges, half, middle, tall = (2.25, 4.95, 7.65), (0.8, 3.6, 6.3, 9.0), 0.78, 2.17, 1.3
    forward, backward, beside, above, top, local, gradient = 2.52, 1.82, 3.23, 3.88, 4.38, 1.1, 0.4
    lefts = (0.2, *(center + half + 0.06 for center in modules))
    rights = (*(center - half - 0.06 for center in modules), 9.5)
    bottom = middle + tall / 2 + 0.05
    arrows = [
        *_lane([(x, forward) for x in lefts], [(x, forward) for x in rights], FORWARD, (1, 1, 2, 3)),
        *_lane([(x, backward) for x in rights[1:]], [(x, backward) for x in lefts[1:]], GRADIENT, (5, 4, 4), _BACK),
        *(Arrow((x, top - 0.2), (x, bottom), INK, 0, step) for step, x in enumerate((1.8, 4.5, 7.65), start=1)),
        *(
            Arrow((center - 0.12, bottom), (center - 0.12, above - 0.31), GRADIENT, step, step, factor)
            for center, (step, factor) in zip(modules[:2], _UP, strict=True)
        ),
    ]
    numbers = {name: (x, forward + 0.24) for name, x in zip(("x", "a1", "a2", "E"), edges, strict=True)}
    numbers |= {"w1": (modules[0] - 0.55, top), "w2": (modules[1] - 0.55, top), "y": (modules[2], top)}
    numbers |= {"2(a2 − y)": (edges[2], local), "E_a2": (edges[2], gradient)}
    numbers |= {"a2_a1": (edges[1], local), "E_a1": (edges[1], gradient)}
    numbers |= {"a2_w2": (modules[1] - 0.02, beside), "E_w2": (modules[1] - 0.29, above)}
    numbers |= {"a1_w1": (modules[0] - 0.02, beside), "E_w1": (modules[0] - 0.29, above)}
    return Places(
        size=(9.6, 4.6),
        fontsize=18,
        large=21,
        stroke=2.2,
        slot=0.95,
        modules=tuple((x, middle) for x in modules),
        boxes=((2 * half, tall),) * 3,
        symbols=tuple((x, middle) for x in edges),
        arrows=arrows,
        numbers=numbers,
        centered=frozenset(numbers) - {"a2_w2", "E_w2", "a1_w1", "E_w1"},
        unit=(edges[3], local),
        worked_out=(2.3, 0.7),
    )


def _stacked() -> Places:
    """Return the three modules one under another: what runs forward on the left, what runs back on the right."""
    middle, wide, beside, forward, backward = 1.03, 1.15, 1.4, 0.76, 1.3
    tops, heights, end = (5.72, 3.64, 1.56), (1.2, 1.2, 0.62), 0.46
    bottoms = [top - height for top, height in zip(tops, heights, strict=True)]
    right, begins = middle + wide / 2 + 0.05, 2.06
    starts, ends = (6.14, *(bottom - 0.05 for bottom in bottoms)), (*(top + 0.05 for top in tops), end)
    gaps = [(start + end) / 2 for start, end in zip(starts, ends, strict=True)]
    given = (tops[0] - 0.2, tops[1] - 0.2, (tops[2] + bottoms[2]) / 2)
    arrows = [
        *_lane([(forward, y) for y in starts], [(forward, y) for y in ends], FORWARD, (1, 1, 2, 3)),
        *_lane([(backward, y) for y in ends[1:]], [(backward, y) for y in starts[1:]], GRADIENT, (5, 4, 4), _BACK),
        *(Arrow((begins - 0.06, y), (right, y), INK, 0, step) for step, y in enumerate(given, start=1)),
        *(
            Arrow((right, bottom + 0.21), (begins - 0.08, bottom + 0.21), GRADIENT, step, step, factor)
            for bottom, (step, factor) in zip(bottoms[:2], _UP, strict=True)
        ),
    ]
    numbers = {name: (0.38, y) for name, y in zip(("x", "a1", "a2", "E"), gaps, strict=True)}
    numbers |= {name: (begins, y) for name, y in zip(("w1", "w2", "y"), given, strict=True)}
    numbers |= {"2(a2 − y)": (beside, gaps[2] + 0.21), "E_a2": (beside, gaps[2] - 0.21)}
    numbers |= {"a2_a1": (beside, gaps[1] + 0.21), "E_a1": (beside, gaps[1] - 0.21)}
    numbers |= {"a2_w2": (begins, bottoms[1] + 0.63), "E_w2": (begins, bottoms[1] + 0.21)}
    numbers |= {"a1_w1": (begins, bottoms[0] + 0.63), "E_w1": (begins, bottoms[0] + 0.21)}
    return Places(
        size=(3.6, 6.2),
        fontsize=STACKED_TYPE,
        large=12.5,
        stroke=1.7,
        slot=0.57,
        modules=tuple((middle, (top + bottom) / 2) for top, bottom in zip(tops, bottoms, strict=True)),
        boxes=tuple((wide, height) for height in heights),
        symbols=tuple((middle, y) for y in gaps),
        arrows=arrows,
        numbers=numbers,
        centered=frozenset({"x", "a1", "a2", "E"}),
        unit=(beside + 0.42, gaps[3]),
        worked_out=(0.12, 0.2),
    )


def _lane(
    starts: list[Point], ends: list[Point], color: str, steps: tuple[int, ...], factors: tuple[str | None, ...] = ()
) -> list[Arrow]:
    arrows = zip_longest(starts, ends, steps, factors)
    return [Arrow(start, end, color, step, step, factor) for start, end, step, factor in arrows]


WIDE, STACKED = _wide(), _stacked()
