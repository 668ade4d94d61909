"""The cycle of training: forward pass, error, gradient, update."""

from typing import TYPE_CHECKING

from lecture_utils.figures.diagram import arrow, box, canvas, label
from lecture_utils.i18n import word
from lecture_utils.style import GRADIENT, INK, PATH

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def training_cycle_overview() -> "Figure":
    """Draw the whole cycle: data → model → prediction → error → gradient → new parameters."""
    ax = canvas(9.6, 4.6)
    box(ax, (1.2, 3.2), f"{word('figure_data')}\n$x,\\ y$", size=(1.9, 1.3))
    box(ax, (4.45, 3.2), f"{word('figure_model')}\n$\\hat y = f(x, \\theta)$", size=(2.7, 1.3))
    box(ax, (8.15, 3.2), f"{word('figure_error')}\n$E(\\hat y, y)$", size=(2.4, 1.3))
    box(
        ax,
        (8.15, 0.85),
        f"{word('figure_gradient')}\n$\\nabla_\\theta E$",
        size=(2.4, 1.3),
        color=GRADIENT,
        fill="#e8f0fa",
    )
    update = f"{word('figure_update')}\n$\\theta \\leftarrow \\theta - \\gamma\\,\\nabla_\\theta E$"
    box(ax, (4.45, 0.85), update, size=(3.3, 1.3), color=PATH, fill="#fdeee6")
    arrow(ax, (2.15, 3.2), (3.1, 3.2))
    label(ax, (2.6, 3.45), "$x$")
    arrow(ax, (5.8, 3.2), (6.95, 3.2))
    label(ax, (6.35, 3.5), "$\\hat y$")
    ax.plot([1.2, 1.2, 8.15], [3.85, 4.2, 4.2], color=INK, linewidth=2.2)
    arrow(ax, (8.15, 4.2), (8.15, 3.85))
    label(ax, (4.45, 4.38), "$y$")
    arrow(ax, (8.15, 2.55), (8.15, 1.5), color=GRADIENT)
    arrow(ax, (6.95, 0.85), (6.1, 0.85), color=GRADIENT)
    arrow(ax, (4.45, 1.5), (4.45, 2.55), color=PATH)
    label(ax, (4.65, 2.02), word("figure_repeat"), ha="left", color=PATH)
    return ax.figure
