"""The worked example, x → a1 = σ(w1·x) → a2 = σ(w2·a1) → E = (a2 − y)², drawn step by step."""

from typing import NamedTuple

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lecture_utils._look.style import FORWARD, GRADIENT, INK, INPUT_JACOBIAN, MUTED, OWN_JACOBIAN
from lecture_utils.explorers._six_steps import EXAMPLE, six_steps
from tools.figures.diagram import arrow, box, canvas, formula, label, plate

_MODULES, _EDGES, _HALF = (2.25, 4.95, 7.65), (0.8, 3.6, 6.3, 9.0), 0.78
_MIDDLE, _HEIGHT = 2.35, 1.4
_FORWARD_LANE, _BACKWARD_LANE = 2.72, 1.98
_BESIDE, _ABOVE, _TOP = 3.59, 4.32, 4.85
_LOCAL, _GRADIENT = 1.22, 0.45
_TINTS = {FORWARD: "#dff1e6", GRADIENT: "#e0ecfa", OWN_JACOBIAN: "#fbe6e0", INPUT_JACOBIAN: "#f8e2f4"}


def backprop_step_1() -> Figure:
    """Draw step 1, forward: a1 = σ(w1·x)."""
    return _figure(1)


def backprop_step_2() -> Figure:
    """Draw step 2, forward: a2 = σ(w2·a1)."""
    return _figure(2)


def backprop_step_3() -> Figure:
    """Draw step 3, forward: E = (a2 − y)²."""
    return _figure(3)


def backprop_step_4() -> Figure:
    """Draw step 4, backward: ∂E/∂a2."""
    return _figure(4)


def backprop_step_5() -> Figure:
    """Draw step 5, backward: ∂E/∂w2 and ∂E/∂a1."""
    return _figure(5)


def backprop_step_6() -> Figure:
    """Draw step 6, backward: ∂E/∂w1."""
    return _figure(6)


class _Number(NamedTuple):
    """A number on the picture: what stands before it, from which step on it is there, and where."""

    name: str
    before: str
    step: int
    place: tuple[float, float]
    color: str
    ha: str = "center"


def _figure(step: int) -> Figure:
    ax = canvas(9.6, 5.05)
    at_work = (0, 1, 2, 2, 1, 0)[step - 1]
    color = FORWARD if step <= 3 else GRADIENT
    for index, text in enumerate((r"$\sigma(w_1 x)$", r"$\sigma(w_2 a_1)$", "$(a_2 - y)^2$")):
        look = {"color": color, "fill": _TINTS[color]} if index == at_work else {"color": MUTED}
        box(ax, (_MODULES[index], _MIDDLE), text, size=(2 * _HALF, _HEIGHT), fontsize=22, **look)
    for x, text in zip(_EDGES, ("$x$", "$a_1$", "$a_2$", "$E$"), strict=True):
        label(ax, (x, _MIDDLE), text, color=FORWARD, fontsize=22)
    _arrows(ax, step)
    values = vars(six_steps(**{name: torch.tensor(value) for name, value in EXAMPLE.items()}))
    for number in _numbers():
        if number.step <= step:
            _write(ax, number, values[number.name].item(), new=number.step == step)
    if step >= 4:
        label(ax, (9.0, _LOCAL), f"${_partial('E', 'E')} = 1$", color=GRADIENT, fontsize=18)
    else:
        _worked_out(ax, step, {name: _digits(value.item()) for name, value in values.items()})
    return ax.figure


def _worked_out(ax: Axes, step: int, numbers: dict[str, str]) -> None:
    """Write a step of the forward pass as a formula with its numbers, where gradients will be later."""
    taken, own = numbers[("x", "a1", "a2")[step - 1]], numbers[("w1", "w2", "y")[step - 1]]
    before, result = ("x", "a_1", "a_2")[step - 1], numbers[("a1", "a2", "E")[step - 1]]
    if step < 3:
        parts = [(f"$a_{step}$", FORWARD), (rf"$\ =\ \sigma(w_{step}$", INK), (f"${before}$", FORWARD)]
        parts += [(rf"$)\ =\ \sigma({own}\cdot$", INK), (taken, FORWARD), (r"$)\ =\ $", INK)]
    else:
        parts = [("$E$", FORWARD), (r"$\ =\ ($", INK), (f"${before}$", FORWARD), (r"$\ -\ y)^2\ =\ ($", INK)]
        parts += [(taken, FORWARD), (rf"$\ -\ {own})^2\ =\ $", INK)]
    formula(ax, (4.8, 0.78), [*parts, (result, FORWARD)], fontsize=26, gap=0.02)


def _arrows(ax: Axes, step: int) -> None:
    lefts = (0.2, *(center + _HALF + 0.06 for center in _MODULES))
    rights = (*(center - _HALF - 0.06 for center in _MODULES), 9.5)
    bottom = _MIDDLE + _HEIGHT / 2 + 0.05
    for left, right, first in zip(lefts, rights, (1, 1, 2, 3), strict=True):
        if step >= first:
            arrow(ax, (left, _FORWARD_LANE), (right, _FORWARD_LANE), color=FORWARD)
    for left, right, first in zip(lefts[1:], rights[1:], (5, 4, 4), strict=True):
        if step >= first:
            arrow(ax, (right, _BACKWARD_LANE), (left, _BACKWARD_LANE), color=GRADIENT)
    for center, first in zip(_MODULES, (6, 5, 7), strict=True):
        arrow(ax, (center - 0.55, _TOP - 0.2), (center - 0.55, bottom))
        if step >= first:
            arrow(ax, (center - 0.05, bottom), (center - 0.05, _ABOVE - 0.33), color=GRADIENT)


def _numbers() -> list[_Number]:
    (first, second, third), (start, gap1, gap2, end) = _MODULES, _EDGES
    over = _FORWARD_LANE + 0.24
    return [
        _Number("x", "", 0, (start, over), FORWARD),
        _Number("a1", "", 1, (gap1, over), FORWARD),
        _Number("a2", "", 2, (gap2, over), FORWARD),
        _Number("E", "", 3, (end, over), FORWARD),
        _Number("w1", "w_1", 0, (first - 0.55, _TOP), INK),
        _Number("w2", "w_2", 0, (second - 0.55, _TOP), INK),
        _Number("y", "y", 0, (third - 0.55, _TOP), INK),
        _Number("E_a2", "2(a_2 - y)", 4, (gap2, _LOCAL), INPUT_JACOBIAN),
        _Number("E_a2", _partial("E", "a_2"), 4, (gap2, _GRADIENT), GRADIENT),
        _Number("a2_a1", _partial("a_2", "a_1"), 5, (gap1, _LOCAL), INPUT_JACOBIAN),
        _Number("E_a1", _partial("E", "a_1"), 5, (gap1, _GRADIENT), GRADIENT),
        _Number("a2_w2", _partial("a_2", "w_2"), 5, (second + 0.12, _BESIDE), OWN_JACOBIAN, "left"),
        _Number("E_w2", _partial("E", "w_2"), 5, (second - 0.15, _ABOVE), GRADIENT, "left"),
        _Number("a1_w1", _partial("a_1", "w_1"), 6, (first + 0.12, _BESIDE), OWN_JACOBIAN, "left"),
        _Number("E_w1", _partial("E", "w_1"), 6, (first - 0.15, _ABOVE), GRADIENT, "left"),
    ]


def _write(ax: Axes, number: _Number, value: float, *, new: bool) -> None:
    """Write a number; one of the present step stands on a tint of its colour."""
    digits = _digits(value)
    text = f"${number.before} = {digits}$" if number.before else f"${digits}$"
    if new:
        plate(
            ax, number.place, text, color=number.color, fill=_TINTS[number.color], fontsize=18, ha=number.ha, zorder=0
        )
    else:
        label(ax, number.place, text, color=number.color, fontsize=18, ha=number.ha)


def _digits(value: float) -> str:
    return (f"{value:.3f}" if value % 0.5 else f"{value:g}").replace("-", "−")


def _partial(above: str, below: str) -> str:
    return rf"\dfrac{{\partial {above}}}{{\partial {below}}}"
