"""Pictures of backpropagation: the chain rule, one module, a chain of modules, the activations' derivatives."""

from itertools import pairwise

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lecture_utils._look.diagram import arrow, box, canvas, formula, label, partial
from lecture_utils._look.style import FORWARD, GRADIENT, INK, INPUT_JACOBIAN, MUTED, OWN_JACOBIAN, new_figure
from lecture_utils._words import word
from lecture_utils.activations import ACTIVATIONS

_FAINT = "#b6bfc8"


def error_flow() -> Figure:
    """Draw a network of three layers: values run forward to the loss, its gradient runs back, and down to weights."""
    ax = canvas(9.6, 5.0)
    centers, half, middle = (1.85, 4.15, 6.45, 8.75), 0.62, 2.65
    for number, center in enumerate(centers[:3], start=1):
        box(ax, (center, middle), f"$h_{number}$", size=(2 * half, 1.5), fontsize=26)
        arrow(ax, (center, 4.12), (center, 3.42))
        label(ax, (center, 4.36), f"$w_{number}$", fontsize=24)
        arrow(ax, (center, 1.88), (center, 1.2), color=GRADIENT)
        label(ax, (center, 0.8), partial("E", f"w_{number}"), color=GRADIENT, fontsize=21)
    box(ax, (centers[3], middle), "$E$", size=(2 * half, 1.5), fontsize=26)
    arrow(ax, (centers[3], 4.12), (centers[3], 3.42))
    label(ax, (centers[3], 4.36), "$y$", fontsize=24)
    edges = [(0.15, centers[0] - half), *((a + half, b - half) for a, b in pairwise(centers))]
    for (left, right), name in zip(edges, ("x", "a_1", "a_2", "a_3"), strict=True):
        arrow(ax, (left, 3.05), (right, 3.05), color=FORWARD)
        label(ax, ((left + right) / 2, 3.32), f"${name}$", color=FORWARD, fontsize=22)
        if name != "x":
            arrow(ax, (right, 2.25), (left, 2.25), color=GRADIENT)
            label(ax, ((left + right) / 2, 1.72), partial("E", name), color=GRADIENT, fontsize=21)
    label(ax, (0.15, 4.78), word("backprop_forward_arrow"), color=FORWARD, ha="left")
    label(ax, (9.45, 0.22), word("backprop_backward_arrow"), color=GRADIENT, ha="right")
    return ax.figure


def chain_rule_paths() -> Figure:
    """Draw how E depends on x₁: by three paths, through a₁, a₂ and a₃; with the chain rule as a sum over them."""
    ax = canvas(9.6, 5.6)
    starts, heights, end = ((0.75, 4.55), (0.75, 1.75)), (4.8, 3.15, 1.5), (8.85, 3.15)
    size = (0.95, 0.72)
    for height in heights:  # the paths from x₂ lie below, for this is about x₁
        arrow(ax, (starts[1][0] + 0.5, starts[1][1]), (4.4, height - 0.16), color=_FAINT, width=1.6)
    for number, (x, y) in enumerate(starts, start=1):
        look = (
            {"color": FORWARD, "fill": "#e7f4ec", "text_color": FORWARD}
            if number == 1
            else {"color": _FAINT, "text_color": MUTED}
        )
        box(ax, (x, y), f"$x_{number}$", size=size, fontsize=24, **look)
    for number, height in enumerate(heights, start=1):
        start = (starts[0][0] + 0.5, starts[0][1])
        arrow(ax, start, (4.4, height + 0.1), color=INPUT_JACOBIAN, width=3)
        arrow(ax, (5.4, height), (end[0] - 0.5, end[1] + 0.14 * (2 - number)), color=GRADIENT, width=3)
        box(ax, (4.9, height), f"$a_{number}$", size=size, fontsize=24, color=FORWARD, text_color=FORWARD)
    box(ax, end, "$E$", size=size, fontsize=24, color=FORWARD, text_color=FORWARD)
    for number, place in enumerate(((2.6, 5.14), (3.2, 4.25), (1.75, 3.3)), start=1):
        label(ax, place, partial(f"a_{number}", "x_1"), color=INPUT_JACOBIAN)
    for number, place in enumerate(((7.1, 4.62), (6.45, 3.65), (7.1, 1.68)), start=1):
        label(ax, place, partial("E", f"a_{number}"), color=GRADIENT)
    total = [(partial("E", "x_1"), GRADIENT), ("$=$", INK)]
    for number in (1, 2, 3):
        factors = [(partial("E", f"a_{number}"), GRADIENT), (partial(f"a_{number}", "x_1"), INPUT_JACOBIAN)]
        total += [*factors, ("$+$", INK)] if number < 3 else factors
    formula(ax, (4.8, 0.5), total, fontsize=22, gap=0.17)
    return ax.figure


def forward_backward_modules() -> Figure:
    """Draw one module: what it takes and gives in the forward and in the backward pass, by its two Jacobians."""
    ax = canvas(9.6, 5.2)
    box(ax, (4.8, 2.2), "", size=(5.0, 3.7))
    ax.plot([2.5, 7.1], [2.75, 2.75], color=_FAINT, linewidth=1.5)
    label(ax, (4.8, 3.75), "forward", fontsize=22)
    forward = [("$a_l$", FORWARD), ("$= h_l($", INK), ("$x_l$", FORWARD), ("$,\\ w_l)$", INK)]
    formula(ax, (4.8, 3.2), forward, fontsize=24, gap=0.02)
    label(ax, (4.8, 2.45), "backward", fontsize=22)
    for height, name, color in ((1.75, "x_l", INPUT_JACOBIAN), (0.85, "w_l", OWN_JACOBIAN)):
        parts = [(partial("E", name), GRADIENT), ("$=$", INK), (partial("E", "a_l"), GRADIENT)]
        formula(ax, (4.8, height), [*parts, (partial("a_l", name), color)], fontsize=21, gap=0.15)
    _passing(ax, forward=3.3, backward=1.5)
    arrow(ax, (3.6, 4.72), (3.6, 4.08))
    label(ax, (3.25, 4.62), "$w_l$", fontsize=26)
    arrow(ax, (6.0, 4.08), (6.0, 4.75), color=GRADIENT)
    label(ax, (6.45, 4.66), partial("E", "w_l"), color=GRADIENT, fontsize=22)
    label(ax, (1.2, 2.72), word("backprop_previous"), color=MUTED, fontsize=18)
    label(ax, (8.4, 2.72), word("backprop_next"), color=MUTED, fontsize=18)
    return ax.figure


def _passing(ax: Axes, *, forward: float, backward: float) -> None:
    """Draw what passes between the module and its neighbours, at two heights."""
    for left, right, name in ((0.25, 2.3, "x_l"), (7.3, 9.35, "a_l")):
        middle = 1.2 if name == "x_l" else 8.4
        arrow(ax, (left, forward), (right, forward), color=FORWARD)
        label(ax, (middle, forward + 0.3), f"${name}$", color=FORWARD, fontsize=26)
        arrow(ax, (right, backward), (left, backward), color=GRADIENT)
        label(ax, (middle, backward + 0.48), partial("E", name), color=GRADIENT, fontsize=22)


def activation_derivatives() -> Figure:
    """Draw the activation functions of the table, each with its derivative."""
    figure = new_figure(9.6, 5.4)
    x = torch.linspace(-4, 4, 401)
    for index, name in enumerate(ACTIVATIONS):
        column, row = index % 4, index // 4
        ax = figure.add_axes((0.045 + 0.245 * column, 0.58 - 0.5 * row, 0.2, 0.34))
        _function_and_derivative(ax, x, name)
    names = [word("activation_function_line"), word("activation_derivative_line")]
    place = {"loc": "center", "bbox_to_anchor": (0.882, 0.25), "borderaxespad": 0, "labelspacing": 0.9}
    figure.legend(figure.axes[0].lines[-2:], names, fontsize=18, handlelength=1.1, handletextpad=0.4, **place)
    return figure


def _function_and_derivative(ax: Axes, x: torch.Tensor, name: str) -> None:
    activation = ACTIVATIONS[name]
    slope = activation.derivative(x)
    jump = slope.diff().abs() > 0.5
    slope[1:][jump] = torch.nan  # a jump is no line
    ax.axhline(0, color=_FAINT, linewidth=1)
    ax.axvline(0, color=_FAINT, linewidth=1)
    ax.plot(x, activation.function(x), color=FORWARD, linewidth=3.2)
    ax.plot(x, slope, color=INPUT_JACOBIAN, linewidth=3.2, linestyle=(0, (2.2, 1.1)))
    ax.set(xlim=(-4, 4), ylim=(-1.3, 2.2), xticks=[-4, 0, 4], yticks=[-1, 0, 1, 2])
    ax.tick_params(labelsize=18, length=0)
    ax.set_title(name, fontsize=21, pad=5)
