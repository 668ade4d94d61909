"""Pictures of backpropagation: the chain rule, one module, a chain of modules, the activations' derivatives."""

from itertools import pairwise

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lecture_utils._look.style import FORWARD, GRADIENT, INK, INPUT_JACOBIAN, MUTED, OWN_JACOBIAN, new_figure
from lecture_utils._words import word
from lecture_utils.activations import ACTIVATIONS
from tools.figures.diagram import arrow, box, canvas, formula, label, plate

_FAINT = "#b6bfc8"


def partial(above: str, below: str) -> str:
    """Return ∂above/∂below as a formula."""
    return rf"$\dfrac{{\partial {above}}}{{\partial {below}}}$"


def error_flow() -> Figure:
    """Draw a network of three layers: values run forward to the error, its gradient runs back, and down to weights."""
    ax = canvas(9.6, 5.0)
    centers, half, middle = (1.85, 4.15, 6.45, 8.75), 0.62, 2.65
    for number, center in enumerate(centers[:3], start=1):
        box(ax, (center, middle), f"$h_{number}$", size=(2 * half, 1.5), fontsize=26)
        arrow(ax, (center, 4.15), (center, 3.42), color=FORWARD)
        label(ax, (center, 4.38), f"$w_{number}$", color=FORWARD, fontsize=24)
        arrow(ax, (center, 1.88), (center, 1.2), color=OWN_JACOBIAN)
        label(ax, (center, 0.8), partial("E", f"w_{number}"), color=OWN_JACOBIAN, fontsize=21)
    box(ax, (centers[3], middle), "$E$", size=(2 * half, 1.5), fontsize=26)
    arrow(ax, (centers[3], 4.15), (centers[3], 3.42), color=FORWARD)
    label(ax, (centers[3], 4.38), "$y$", color=FORWARD, fontsize=24)
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
    """Draw how z depends on x₁: by three paths, through y₁, y₂ and y₃; with the chain rule as a sum over them."""
    ax = canvas(9.6, 5.0)
    heights = (4.4, 3.1, 1.8)
    x_places, z_place = ((1.0, 3.75), (1.0, 2.45)), (8.6, 3.1)
    size = (0.95, 0.72)
    for number, (x, y) in enumerate(x_places, start=1):
        box(ax, (x, y), f"$x_{number}$", size=size, fontsize=24, color=INK if number == 1 else _FAINT)
    for number, height in enumerate(heights, start=1):
        arrow(ax, (x_places[1][0] + 0.5, x_places[1][1]), (4.3, height - 0.14), color=_FAINT, width=1.6)
        arrow(ax, (x_places[0][0] + 0.5, x_places[0][1]), (4.3, height + 0.08), color=INPUT_JACOBIAN, width=3)
        arrow(ax, (5.3, height), (z_place[0] - 0.5, z_place[1] + 0.12 * (2 - number)), color=GRADIENT, width=3)
        box(ax, (4.8, height), f"$y_{number}$", size=size, fontsize=24)
    box(ax, z_place, "$z$", size=size, fontsize=24)
    for number, place in enumerate(((2.75, 4.1), (3.5, 3.35), (2.72, 2.93)), start=1):
        plate(ax, place, partial(f"y_{number}", "x_1"), color=INPUT_JACOBIAN)
    for number, place in enumerate(((6.3, 3.98), (6.95, 3.1), (6.3, 2.22)), start=1):
        plate(ax, place, partial("z", f"y_{number}"), color=GRADIENT)
    total = [(rf"{partial('z', 'x_1')}", INK), ("$=$", INK)]
    for number in (1, 2, 3):
        factors = [(partial("z", f"y_{number}"), GRADIENT), (partial(f"y_{number}", "x_1"), INPUT_JACOBIAN)]
        total += [*factors, ("$+$", INK)] if number < 3 else factors
    formula(ax, (4.8, 0.65), total, fontsize=22, gap=0.17)
    return ax.figure


def forward_backward_modules() -> Figure:
    """Draw one module: what it takes and gives on the way forward and on the way back, by its two Jacobians."""
    ax = canvas(9.6, 5.2)
    box(ax, (4.8, 2.2), "", size=(5.0, 3.7))
    ax.plot([2.5, 7.1], [2.75, 2.75], color=_FAINT, linewidth=1.5)
    label(ax, (4.8, 3.75), "forward", color=FORWARD, fontsize=22)
    label(ax, (4.8, 3.2), "$a_l = h_l(x_l,\\ w_l)$", color=FORWARD, fontsize=24)
    label(ax, (4.8, 2.45), "backward", color=GRADIENT, fontsize=22)
    for height, name, color in ((1.75, "x_l", INPUT_JACOBIAN), (0.85, "w_l", OWN_JACOBIAN)):
        jacobian = rf"$\left(\dfrac{{\partial a_l}}{{\partial {name}}}\right)^{{\top}}$"
        parts = [(partial("E", name), INK), ("$=$", INK), (jacobian, color), (partial("E", "a_l"), GRADIENT)]
        formula(ax, (4.8, height), parts, fontsize=21, gap=0.15)
    forward, backward = 3.3, 1.5
    arrow(ax, (0.25, forward), (2.3, forward), color=FORWARD)
    arrow(ax, (7.3, forward), (9.35, forward), color=FORWARD)
    arrow(ax, (9.35, backward), (7.3, backward), color=GRADIENT)
    arrow(ax, (2.3, backward), (0.25, backward), color=GRADIENT)
    label(ax, (1.2, forward + 0.3), "$x_l$", color=FORWARD, fontsize=26)
    label(ax, (8.4, forward + 0.3), "$a_l$", color=FORWARD, fontsize=26)
    label(ax, (8.4, backward + 0.48), partial("E", "a_l"), color=GRADIENT, fontsize=22)
    label(ax, (1.2, backward + 0.48), partial("E", "x_l"), color=GRADIENT, fontsize=22)
    arrow(ax, (3.6, 4.7), (3.6, 4.05), color=FORWARD)
    label(ax, (3.25, 4.72), "$w_l$", color=FORWARD, fontsize=26)
    arrow(ax, (6.0, 4.05), (6.0, 4.75), color=OWN_JACOBIAN)
    label(ax, (6.45, 4.66), partial("E", "w_l"), color=OWN_JACOBIAN, fontsize=22)
    label(ax, (1.2, 2.72), word("backprop_previous"), color=MUTED, fontsize=18)
    label(ax, (8.4, 2.72), word("backprop_next"), color=MUTED, fontsize=18)
    return ax.figure


def activation_derivatives() -> Figure:
    """Draw six activation functions, each with its derivative."""
    figure = new_figure(9.6, 5.4)
    x = torch.linspace(-4, 4, 401)
    for index, name in enumerate(("sigmoid", "tanh", "ReLU", "leaky ReLU", "SiLU", "GELU")):
        column, row = index % 3, index // 3
        ax = figure.add_axes((0.05 + 0.325 * column, 0.63 - 0.455 * row, 0.28, 0.285))
        _function_and_derivative(ax, x, name)
    figure.legend(
        figure.axes[0].lines[-2:],
        [word("activation_function_line"), word("activation_derivative_line")],
        loc="lower center",
        ncols=2,
        fontsize=18,
        borderaxespad=0.1,
    )
    return figure


def _function_and_derivative(ax: Axes, x: torch.Tensor, name: str) -> None:
    activation = ACTIVATIONS[name]
    slope = activation.derivative(x)
    jump = slope.diff().abs() > 0.5
    slope[1:][jump] = torch.nan  # a jump is no line
    ax.axhline(0, color=_FAINT, linewidth=1)
    ax.axvline(0, color=_FAINT, linewidth=1)
    ax.plot(x, activation.function(x), color=FORWARD, linewidth=3.2)
    ax.plot(x, slope, color=GRADIENT, linewidth=3.2, linestyle=(0, (2.2, 1.1)))
    ax.set(xlim=(-4, 4), ylim=(-1.3, 2.2), xticks=[-4, 0, 4], yticks=[-1, 0, 1, 2])
    ax.tick_params(labelsize=18, length=0)
    ax.set_title(name, fontsize=21, pad=5)
