"""What the backprop explorer draws on the steps' drawings: numbers, which change with the weights, and pulses."""

import math
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from lecture_utils._live import Curve, Label, Rows
from lecture_utils._look.diagram import outline
from lecture_utils._look.style import FORWARD, GRADIENT, INK, picture_style
from lecture_utils._words import word
from lecture_utils.explorers._backprop_drawing import (
    FORWARD_STEPS,
    N_STEPS,
    Number,
    draw_step,
    frame,
    numbers,
    place_worked_out,
    worked_out,
)
from lecture_utils.explorers._backprop_places import SCRUBBED, STACKED, Arrow, Places, Point

#: The factors as they are said.
_FACTORS = {"2(a2 − y)": "2(a₂ − y)", "a2_a1": "∂a₂/∂a₁", "a2_w2": "∂a₂/∂w₂", "a1_w1": "∂a₁/∂w₁"}
_LINE = 0.36 / 0.95  # half the line under a number that can be scrubbed, by the number's width
_HALF_BAND = 0.12 / 18  # half the width of an arrow's light, by the size of type


def backgrounds(places: Places) -> list[Axes]:
    """Draw the steps, with a line under each number that can be scrubbed."""
    line = {"color": GRADIENT, "linewidth": 1.6, "linestyle": (0, (2, 2))}
    half, below = _LINE * places.slot, 0.08 * places.fontsize / 18
    with picture_style(stacked=places is STACKED):
        drawn = [draw_step(step, places) for step in range(1, N_STEPS + 1)]
        for ax in drawn:
            outline(ax)
            for x, y in (number.place for number in numbers(places) if number.name in SCRUBBED):
                ax.plot([x - half, x + half], [y - below, y - below], **line)
    return drawn


def moving(drawn: Sequence[Axes], texts: Mapping[str, Sequence[str]], places: Places) -> list[Curve | Label]:
    """Return the numbers on each step's drawing, with a row of `texts` for each pair of weights, pulses and lights."""
    shown = []
    for step, ax in enumerate(drawn, start=1):
        shown += [*_pulses(ax, places, step), *_lights(ax, places, step)]
        shown += [_number(one, ax, texts, places, step) for one in numbers(places) if one.step <= step]
        if step <= FORWARD_STEPS:
            said, place = [worked_out(step, row) for row in _by_weights(texts)], place_worked_out(step, places)
            shown.append(_label("formula", ax, place, said, places, step, color=FORWARD, anchor="start", pulse="step"))
    return shown


def _pulses(ax: Axes, places: Places, step: int) -> list[Curve]:
    look = {"axes": ax, "when": {"step": step - 1}, "pulse": "step", "opacity": 0.5, "widths": {"line": 10}}
    return [
        Curve(name=_named(f"pulse {index}", step, places), x=x, y=y, color=FORWARD if color == INK else color, **look)
        for index, (x, y, color) in enumerate(
            (*zip(one.start, one.end, strict=True), one.color) for one in places.arrows if one.carries == step
        )
    ]


def _lights(ax: Axes, places: Places, step: int) -> list[Curve]:
    """Return what is seen of each factor, and of the arrow of what it multiplies, where the reader points at either."""
    colors, lights = {one.name: one.color for one in numbers(places)}, []
    for arrow in places.arrows:
        if arrow.factor and step >= arrow.first:
            outline = *_around(arrow, places), (math.nan, math.nan), *_outline(*frame(arrow.factor, places))
            x, y = zip(*outline, strict=True)
            name, when = _named(f"light {arrow.factor}", step, places), {"step": step - 1}
            said = word("backprop_factor", factor=_FACTORS[arrow.factor])
            look = {"color": colors[arrow.factor], "widths": {"line": 2}}
            lights.append(Curve(name=name, axes=ax, x=x, y=y, when=when, lights=said, **look))
    return lights


def _around(arrow: Arrow, places: Places) -> list[Point]:
    (left, right), (bottom, top) = (sorted(ends) for ends in zip(arrow.start, arrow.end, strict=True))
    half = _HALF_BAND * places.fontsize
    across, up = (half, 0) if left == right else (0, half)
    return _outline((left - across, bottom - up), right - left + 2 * across, top - bottom + 2 * up)


def _outline(corner: Point, width: float, height: float) -> list[Point]:
    left, bottom = corner
    right, top = left + width, bottom + height
    return [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]


def _number(one: Number, ax: Axes, texts: Mapping[str, Sequence[str]], places: Places, step: int) -> Label:
    look = {"color": one.color, "anchor": one.anchor, "grab": one.name if one.name in SCRUBBED else None}
    look["pulse"] = "step" if one.step == step else None
    return _label(one.name, ax, one.place, texts[one.name], places, step, **look)


def _label(
    name: str, ax: Axes, place: tuple[float, float], said: Sequence[str], places: Places, step: int, **look: object
) -> Label:
    size = round(places.fontsize / 0.72)  # in points of the picture: 1/100 of an inch instead of 1/72
    texts, when = Rows(said, by=("w1", "w2")), {"step": step - 1}
    return Label(
        name=_named(name, step, places), axes=ax, x=place[0], y=place[1], texts=texts, size=size, when=when, **look
    )


def _named(what: str, step: int, places: Places) -> str:
    return f"{what} {step}" + (" stacked" if places is STACKED else "")


def _by_weights(texts: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    return [dict(zip(texts, row, strict=True)) for row in zip(*texts.values(), strict=True)]
