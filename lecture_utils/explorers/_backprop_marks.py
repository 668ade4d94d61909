"""What the backprop explorer draws on the steps' drawings: numbers, which change with the weights, and pulses."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from lecture_utils._live import Curve, Label, Rows
from lecture_utils._look.diagram import outline
from lecture_utils._look.style import FORWARD, GRADIENT, INK, picture_style
from lecture_utils.explorers._backprop_drawing import (
    FORWARD_STEPS,
    N_STEPS,
    Number,
    draw_step,
    numbers,
    place_worked_out,
    worked_out,
)
from lecture_utils.explorers._backprop_places import SCRUBBED, STACKED, Places

_LINE = 0.36 / 0.95  # half the line under a number that can be scrubbed, by the number's width


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
    """Return the numbers on each step's drawing, with a row of `texts` for each pair of weights, and the pulses."""
    shown = []
    for step, ax in enumerate(drawn, start=1):
        shown += _pulses(ax, places, step)
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
