"""What the backprop explorer draws: three modules in a row, what runs forward over them and what runs back under."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from lecture_utils._live import Curve, Label, Rows
from lecture_utils._look.style import (
    FORWARD,
    GRADIENT,
    INK,
    INPUT_JACOBIAN,
    MUTED,
    OWN_JACOBIAN,
    lecture_style,
    new_figure,
)

N_STEPS, FORWARD_STEPS = 6, 3

_HEIGHT = 4.15  # of the picture, in inches
# Where things stand, in inches: the middles of the three modules, and of the four edges before, between and after.
_MODULES, _EDGES = (2.2, 4.9, 7.6), (0.72, 3.55, 6.25, 8.97)
_HALF, _BOTTOM, _TOP = 0.75, 1.7, 3.0
_FORWARD_LANE, _BACKWARD_LANE = 2.68, 2.0
_BESIDE, _ABOVE = 3.37, 3.87


def background() -> Axes:
    """Return the axes of a figure with all that does not move: the modules, and the names of what runs between."""
    with lecture_style():
        ax = new_figure(9.6, _HEIGHT).add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 9.6), ylim=(0, _HEIGHT))
    ax.set_axis_off()
    for center in _MODULES:
        style = {"boxstyle": "round,pad=0,rounding_size=0.1", "facecolor": "#f3f5f7", "edgecolor": MUTED}
        ax.add_patch(FancyBboxPatch((center - _HALF, _BOTTOM), 2 * _HALF, _TOP - _BOTTOM, **style, linewidth=1.6))
    texts = zip((*_MODULES, *_EDGES), ("σ(w₁·x)", "σ(w₂·a₁)", "(a₂ − y)²", "x", "a₁", "a₂", "E"), strict=True)
    for center, text in texts:
        color = FORWARD if center in _EDGES else INK
        ax.text(center, (_FORWARD_LANE + _BACKWARD_LANE) / 2, text, ha="center", va="center", fontsize=17, color=color)
    return ax


def frames(axes: Axes) -> list[Curve]:
    """Return the frame around the module at work: one for the forward steps, one for the backward steps."""
    pad = 0.09
    across = np.array([-1, 1, 1, -1, -1]) * (_HALF + pad)
    up = [_BOTTOM - pad, _BOTTOM - pad, _TOP + pad, _TOP + pad, _BOTTOM - pad]
    around, nowhere = [center + across for center in _MODULES], [np.full(5, np.nan)] * FORWARD_STEPS
    frames = (("forward frame", [*around, *nowhere], FORWARD), ("backward frame", [*nowhere, *around[::-1]], GRADIENT))
    return [
        Curve(name=name, axes=axes, x=Rows(rows, by=("step",)), y=up, color=color, widths={"line": 4})
        for name, rows, color in frames
    ]


def arrows(axes: Axes) -> list[Curve]:
    """Return the arrows of the values, from left to right, and of the gradients, back."""

    def flat(name: str, step: int, edge: int, *, back: bool = False) -> Curve:
        left = _MODULES[edge - 1] + _HALF + 0.12 if edge else 0.15
        right = _MODULES[edge] - _HALF - 0.12 if edge < len(_MODULES) else 9.5
        if back:
            return _arrow(axes, name, step, (right, _BACKWARD_LANE), (left, _BACKWARD_LANE), GRADIENT)
        return _arrow(axes, name, step, (left, _FORWARD_LANE), (right, _FORWARD_LANE), FORWARD)

    def upright(name: str, step: int, module: int, *, back: bool = False) -> Curve:
        low, high, x = _TOP + 0.12, _ABOVE - 0.14, _MODULES[module]
        if back:
            return _arrow(axes, name, step, (x + 0.1, low), (x + 0.1, high), GRADIENT)
        return _arrow(axes, name, step, (x - 0.45, high), (x - 0.45, low), INK)  # what is given

    return [
        *(flat(name, step, edge) for edge, (name, step) in enumerate((("x", 1), ("a1", 1), ("a2", 2), ("E", 3)))),
        *(upright(name, 1, module) for module, name in enumerate(("w1", "w2", "y"))),
        flat("E_E", 4, 3, back=True),
        flat("E_a2", 4, 2, back=True),
        flat("E_a1", 5, 1, back=True),
        upright("E_w2", 5, 1, back=True),
        upright("E_w1", 6, 0, back=True),
    ]


def numbers(axes: Axes, texts: Mapping[str, Sequence[str]]) -> list[Label]:
    """Return the numbers at the edges: values, local derivatives, gradients; `texts` has a row for each weights."""

    def label(
        name: str,
        before: str,
        step: int,
        place: tuple[float, float],
        color: str,
        anchor: Literal["start", "middle"] = "middle",
        *,
        mark: str | None = None,
    ) -> Label:
        rows = [before + text for text in texts[name]]
        x, y = _from(step, place[0]), place[1]
        said = Rows(rows, by=("w1", "w2"))
        look = {"color": color, "size": 17, "anchor": anchor, "grab": name if name in ("w1", "w2") else None}
        return Label(name=mark or name, axes=axes, x=x, y=y, texts=said, **look)

    (first, second, third), (start, gap1, gap2, end) = _MODULES, _EDGES
    over, local, gradient = _FORWARD_LANE + 0.12, 1.37, 1.02
    one = Label(
        name="E_E",
        axes=axes,
        x=_from(4, end),
        y=gradient,
        texts="∂E/∂E = 1",
        color=GRADIENT,
        size=17,
    )
    return [
        label("x", "", 1, (start, over), FORWARD),
        label("a1", "", 1, (gap1, over), FORWARD),
        label("a2", "", 2, (gap2, over), FORWARD),
        label("E", "", 3, (end, over), FORWARD),
        label("w1", "w₁ = ", 1, (first - 0.55, _ABOVE), INK),
        label("w2", "w₂ = ", 1, (second - 0.55, _ABOVE), INK),
        label("y", "y = ", 1, (third - 0.45, _ABOVE), INK),
        one,
        label("E_a2", "× 2(a₂ − y) = ", 4, (gap2, local), INPUT_JACOBIAN, mark="2(a2 − y)"),
        label("E_a2", "∂E/∂a₂ = ", 4, (gap2, gradient), GRADIENT),
        label("a2_a1", "× ∂a₂/∂a₁ = ", 5, (gap1, local), INPUT_JACOBIAN),
        label("E_a1", "∂E/∂a₁ = ", 5, (gap1, gradient), GRADIENT),
        label("a2_w2", "× ∂a₂/∂w₂ = ", 5, (second + 0.24, _BESIDE), OWN_JACOBIAN, "start"),
        label("E_w2", "∂E/∂w₂ = ", 5, (second + 0.02, _ABOVE), GRADIENT, "start"),
        label("a1_w1", "× ∂a₁/∂w₁ = ", 6, (first + 0.24, _BESIDE), OWN_JACOBIAN, "start"),
        label("E_w1", "∂E/∂w₁ = ", 6, (first + 0.02, _ABOVE), GRADIENT, "start"),
    ]


def formulas(axes: Axes, titles: Sequence[str], lines: Sequence[Sequence[Sequence[str]]]) -> list[Label]:
    """Return the title of the step, and below its formulas, given by step, by line, by weights."""
    corner = {"x": 0.3, "y": 0.92, "anchor": "start"}
    shown = [Label(name="step", axes=axes, texts=Rows(titles, by=("step",)), size=17, **corner)]
    place = {"axes": axes, "x": 0.3, "size": 17, "anchor": "start"}
    for step, formulas in enumerate(lines):
        color = FORWARD if step < FORWARD_STEPS else GRADIENT
        for index, rows in enumerate(formulas):
            y, texts = 0.52 - 0.36 * index, Rows(rows, by=("w1", "w2"))
            name = f"formula {step + 1}.{index + 1}"
            shown.append(Label(name=name, y=y, texts=texts, when={"step": step}, color=color, **place))
    return shown


def _arrow(axes: Axes, name: str, step: int, start: tuple[float, float], end: tuple[float, float], color: str) -> Curve:
    """Return an arrow that there is from `step` on: a line with two barbs at its end."""
    start, end = np.array(start), np.array(end)
    along = (end - start) / np.linalg.norm(end - start) * 0.14
    across = along[::-1] * (0.55, -0.55)
    x, y = np.transpose([start, end, end - along + across, end, end - along - across])
    return Curve(name=f"arrow {name}", axes=axes, x=_from(step, x), y=y, color=color)


def _from(step: int, x: float | np.ndarray) -> Rows:
    """Return a coordinate that there is from `step` on, counted from 1."""
    return Rows([np.full(np.shape(x), np.nan)] * (step - 1) + [x] * (N_STEPS + 1 - step), by=("step",))
