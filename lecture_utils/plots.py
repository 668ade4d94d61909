"""Drawing: each function draws given data on a given `ax` and returns the artists. Nothing is computed here."""

from typing import TYPE_CHECKING

import numpy as np

from lecture_utils.i18n import word
from lecture_utils.style import INK, LIMIT, MINIMUM, MUTED, PATH, SURFACE

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from numpy.typing import ArrayLike


def loss_surface(ax: "Axes", w1: "ArrayLike", w2: "ArrayLike", losses: "ArrayLike", *, n_levels: int = 14) -> "Artist":
    """Draw the loss over two weights as filled contours, their levels spaced by factor.

    `w1` has shape (n,), `w2` shape (m,), `losses` shape (m, n).
    """
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap, LogNorm

    losses = np.asarray(losses)
    highest = losses.max() if losses.max() > 0 else 1.0
    levels = np.geomspace(1e-4 * highest, highest * 1.0001, n_levels)
    # The darkest third of the colour map is left out: the path must stay visible in the valley.
    shades = ListedColormap(colormaps[SURFACE](np.linspace(0.42, 0.98, 256)))
    contours = ax.contourf(
        w1, w2, losses, levels=levels, cmap=shades, norm=LogNorm(levels[0], levels[-1]), extend="min"
    )
    ax.set(xlabel=word("weight", index="₁"), ylabel=word("weight", index="₂"))
    return contours


def minimum(ax: "Axes", weights: "ArrayLike") -> "Artist":
    """Mark the minimum of the loss with a cross: `weights` has shape (2,)."""
    w1, w2 = np.asarray(weights)
    (cross,) = ax.plot([w1], [w2], "x", color=MINIMUM, markersize=13, markeredgewidth=4.5, zorder=3)
    ax.plot([w1], [w2], "x", color=INK, markersize=11, markeredgewidth=2, zorder=4)
    return cross


def path(ax: "Axes", weights: "ArrayLike", *, color: str = PATH, label: str | None = None) -> "Artist":
    """Draw the path of two weights, a dot a step: `weights` has shape (n_steps + 1, 2)."""
    w1, w2 = np.asarray(weights).T
    (line,) = ax.plot(w1, w2, "-o", color=color, linewidth=1.4, markersize=3.5, label=label)
    return line


def loss_by_step(ax: "Axes", losses: "ArrayLike", *, color: str = PATH, label: str | None = None) -> "Artist":
    """Draw the loss by step on a logarithmic axis: `losses` has shape (n_steps + 1,)."""
    (line,) = ax.plot(np.asarray(losses), color=color, label=label)
    loss_axes(ax)
    return line


def loss_axes(ax: "Axes") -> None:
    """Name and scale the axes on which the loss by step is drawn."""
    ax.set(xlabel=word("step"), ylabel=word("loss"), yscale="log")
    _plain_powers(ax.yaxis)
    ax.grid(axis="y", color="#d9dee3", linewidth=0.8)


def learning_rate_scale(
    ax: "Axes", *, lowest: float, highest: float, smooth_until: float, limit: float, marked: float
) -> "Artist":
    """Draw a logarithmic ruler of learning rates: where descent is smooth, where it jumps, and the limit; return it.

    `marked` is a rate with a mark of its own.
    """
    ax.set_xscale("log")
    _plain_powers(ax.xaxis)
    ax.set(xlim=(lowest, highest), ylim=(0, 1), yticks=[])
    for left, right, color in (
        (lowest, smooth_until, "#cfe6d8"),
        (smooth_until, limit, "#fbe3b5"),
        (limit, highest, "#f3c1bd"),
    ):
        ax.axvspan(left, right, color=color, linewidth=0)
    for key, left, right in (("smooth_zone", lowest, smooth_until), ("jumps_zone", smooth_until, limit)):
        ax.text(np.sqrt(left * right), 0.74, word(key), ha="center", va="center", fontsize=11, color=INK)
    line = ax.axvline(limit, color=LIMIT, linewidth=2, linestyle="--")
    ax.text(limit, 1.08, word("limit", value=f"{limit:.4g}"), color=LIMIT, fontsize=11, ha="right", va="bottom")
    ax.set_xlabel(word("learning_rate_axis"))
    ax.spines["left"].set_visible(False)
    if lowest < marked < highest:
        ax.plot([marked], [0], marker="^", markersize=8, color=MUTED, clip_on=False)
        ax.text(lowest, 1.08, word("given_rate", value=f"{marked:.4g}"), color=MUTED, fontsize=11, va="bottom")
    return line


def _plain_powers(axis: "Axis") -> None:
    """Label powers of ten with superscript letters: they are set far faster than formulas."""
    from matplotlib.ticker import NullLocator

    superscripts = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

    def label(value: float, position: int) -> str:
        return "10" + f"{np.log10(value):.0f}".translate(superscripts)

    axis.set_major_formatter(label)
    axis.set_minor_locator(NullLocator())
