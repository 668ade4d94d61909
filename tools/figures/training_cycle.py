"""The cycle of training: forward pass, loss, gradient, update."""

from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lecture_utils._look.diagram import arrow, box, canvas, formula, label
from lecture_utils._look.style import FORWARD, GRADIENT, INK, MUTED, PATH
from lecture_utils._words import word


class _Look(NamedTuple):
    """The colours of one part of the cycle: its boxes' edges, their inside, their text, its arrows."""

    edge: str
    fill: str
    text: str
    arrow: str


_PLAIN = _Look(MUTED, "#f3f5f7", INK, INK)
_DIM = _Look("#c4cbd2", "#ffffff", "#7b848e", "#8b949e")
_FORWARD = _Look(FORWARD, "#e7f4ec", INK, FORWARD)
_GRADIENT = _Look(GRADIENT, "#e8f0fa", INK, GRADIENT)
_UPDATE = _Look(PATH, "#fdeee6", INK, PATH)


def training_cycle_overview() -> Figure:
    """Draw the whole cycle: data → model → prediction → loss → gradient → new parameters."""
    return _cycle(forward=_PLAIN, gradient=_GRADIENT, update=_UPDATE).figure


def training_cycle_forward() -> Figure:
    """Draw the cycle with its forward half lit: data → model → prediction → loss."""
    ax = _cycle(forward=_FORWARD, gradient=_DIM, update=_DIM)
    label(ax, (0.25, 2.1), word("forward_pass"), ha="left", color=FORWARD, fontsize=22)
    return ax.figure


def training_cycle_gradient() -> Figure:
    """Draw the cycle with its gradient lit: from the loss back to a derivative for each parameter."""
    ax = _cycle(forward=_DIM, gradient=_GRADIENT, update=_DIM)
    label(ax, (7.9, 2.02), word("backprop_backward_pass"), ha="right", color=GRADIENT, fontsize=22)
    return ax.figure


def _cycle(*, forward: _Look, gradient: _Look, update: _Look) -> Axes:
    """Draw the cycle, each of its three parts with a look of its own."""
    ax = canvas(9.6, 4.6)

    def part(look: _Look, center: tuple[float, float], title: str, parts: list[tuple[str, str]], width: float) -> None:
        box(ax, center, "", size=(width, 1.3), color=look.edge, fill=look.fill)
        label(ax, (center[0], center[1] + 0.27), title, color=look.text)
        formula(ax, (center[0], center[1] - 0.27), parts, fontsize=20)

    part(forward, (1.2, 3.2), word("figure_data"), [("$x,\\ y$", forward.text)], 1.9)
    part(forward, (4.45, 3.2), word("figure_model"), [("$\\hat y = f_L(x, \\theta)$", forward.text)], 2.7)
    part(forward, (8.15, 3.2), word("figure_error"), [("$E(\\hat y, y)$", forward.text)], 2.4)

    def slope(look: _Look) -> tuple[str, str]:
        return "$\\nabla_\\theta E$", look.text if look is _DIM else GRADIENT

    part(gradient, (8.15, 0.85), word("figure_gradient"), [slope(gradient)], 2.4)
    step = [("$\\theta \\leftarrow \\theta - \\gamma$", update.text), slope(update)]
    part(update, (4.45, 0.85), word("figure_update"), step, 3.3)
    arrow(ax, (2.15, 3.2), (3.1, 3.2), color=forward.arrow)
    value = _DIM.text if forward is _DIM else FORWARD
    label(ax, (2.6, 3.45), "$x$", color=value)
    arrow(ax, (5.8, 3.2), (6.95, 3.2), color=forward.arrow)
    label(ax, (6.35, 3.5), "$\\hat y$", color=value)
    target = _DIM.arrow if forward is _DIM else INK  # a target is given: no value of the forward pass
    ax.plot([1.2, 1.2, 8.15], [3.85, 4.2, 4.2], color=target, linewidth=2.2)
    arrow(ax, (8.15, 4.2), (8.15, 3.85), color=target)
    label(ax, (4.45, 4.38), "$y$", color=_DIM.text if forward is _DIM else INK)
    arrow(ax, (8.15, 2.55), (8.15, 1.5), color=gradient.arrow)
    arrow(ax, (6.95, 0.85), (6.1, 0.85), color=gradient.arrow)
    arrow(ax, (4.45, 1.5), (4.45, 2.55), color=update.arrow)
    label(ax, (4.25, 2.02), word("figure_repeat"), ha="right", color=update.arrow)
    return ax
