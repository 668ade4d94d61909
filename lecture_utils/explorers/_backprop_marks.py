"""What the backprop explorer draws on the steps' drawings: the numbers, which change with the weights."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from lecture_utils._live import Label, Rows
from lecture_utils._look.diagram import outline
from lecture_utils._look.style import FORWARD, GRADIENT, lecture_style
from lecture_utils.explorers._backprop_drawing import (
    FONTSIZE,
    FORWARD_STEPS,
    N_STEPS,
    SCRUBBED,
    draw_step,
    numbers,
    place_worked_out,
    worked_out,
)

#: Of labels, in points of the picture: 1/100 of an inch instead of 1/72.
_SIZE = round(FONTSIZE / 0.72)


def backgrounds() -> list[Axes]:
    """Draw the steps, with a line under each number that can be scrubbed."""
    line = {"color": GRADIENT, "linewidth": 1.6, "linestyle": (0, (2, 2))}
    with lecture_style():
        drawn = [draw_step(step) for step in range(1, N_STEPS + 1)]
        for ax in drawn:
            outline(ax)
            for x, y in (number.place for number in numbers() if number.name in SCRUBBED):
                ax.plot([x - 0.36, x + 0.36], [y - 0.08, y - 0.08], **line)
    return drawn


def numbers_on(drawn: Sequence[Axes], texts: Mapping[str, Sequence[str]]) -> list[Label]:
    """Return the numbers on each step's drawing; `texts` has a row for each pair of weights."""
    shown = []
    for step, ax in enumerate(drawn, start=1):
        look, when = {"axes": ax, "size": _SIZE}, {"step": step - 1}
        for number in numbers():
            if number.step <= step:
                shown.append(
                    Label(
                        name=f"{number.name} {step}",
                        x=number.place[0],
                        y=number.place[1],
                        texts=Rows(texts[number.name], by=("w1", "w2")),
                        color=number.color,
                        anchor=number.anchor,
                        grab=number.name if number.name in SCRUBBED else None,
                        when=when,
                        **look,
                    )
                )
        if step <= FORWARD_STEPS:
            (x, y), said = place_worked_out(step), [worked_out(step, row) for row in _by_weights(texts)]
            look |= {"texts": Rows(said, by=("w1", "w2")), "color": FORWARD, "anchor": "start", "when": when}
            shown.append(Label(name=f"formula {step}", x=x, y=y, **look))
    return shown


def _by_weights(texts: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    return [dict(zip(texts, row, strict=True)) for row in zip(*texts.values(), strict=True)]
