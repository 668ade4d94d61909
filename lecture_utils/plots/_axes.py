"""Names and scales axes: those of the plots beside, and those on which only explorers draw."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, NullLocator, PercentFormatter

from lecture_utils._letters import power_of_ten
from lecture_utils._look.style import GRID, INK, LIMIT, MUTED
from lecture_utils._words import word


def loss_axes(ax: Axes) -> None:
    """Name and scale the axes on which the loss by step is drawn."""
    ax.set(xlabel=word("step"), ylabel=word("loss"))
    logarithmic(ax)


def epoch_axes(ax: Axes) -> None:
    """Name the axes on which losses by epoch are drawn."""
    ax.set(xlabel=word("deep_epoch"), ylabel=word("loss"))
    ax.set_ylim(bottom=0)
    ax.grid(axis="y", color=GRID, linewidth=0.8)


def shares_axes(ax: Axes, *, n_examples: int, highest: float) -> None:
    """Name and scale the axes on which each example's share in a loss is drawn, by its number."""
    ax.set(xlim=(-1, n_examples), ylim=(0, 1.08 * highest), xticks=[], xlabel=word("deep_examples"))
    ax.yaxis.set_major_locator(MaxNLocator(3))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.grid(axis="y", color=GRID, linewidth=0.8)


def examples_axes(ax: Axes) -> None:
    """Name and scale the axes on which the loss above its minimum is drawn by examples seen."""
    ax.set(xlabel=word("deep_examples_seen"), ylabel=word("deep_excess"))
    logarithmic(ax)


def logarithmic(ax: Axes) -> None:
    """Make the vertical axis logarithmic, with a line at each power of ten."""
    ax.set_yscale("log")
    _plain_powers(ax.yaxis)
    ax.grid(axis="y", color=GRID, linewidth=0.8)


def learning_rate_scale(ax: Axes, *, highest: float, smooth_until: float, limit: float, given: float) -> None:
    """Draw a ruler of learning rates from 0: where descent is smooth, where it jumps, and where it diverges.

    The rates grow in this order: `smooth_until`, `limit`, `highest`. `given` has a mark, if it is on the ruler.
    """
    ax.set(xlim=(0, highest), ylim=(0, 1), yticks=[])
    ax.xaxis.set_major_formatter(lambda value, position: f"{value:g}")
    narrow = ax.get_position().width * ax.figure.get_figwidth() < 4  # inches
    for key, left, right, color in (
        ("smooth_zone", 0, smooth_until, "#cfe6d8"),
        ("jumps_zone", smooth_until, limit, "#fbe3b5"),
        ("diverges_zone_in_short" if narrow else "diverges_zone", limit, highest, "#f3c1bd"),
    ):
        ax.axvspan(left, right, color=color, linewidth=0)
        ax.text((left + right) / 2, 0.7, word(key), ha="center", va="center", color=INK)
    ax.axvline(limit, color=LIMIT, linewidth=2, linestyle="--")
    above, late = {"y": 1.1, "va": "bottom"}, given > smooth_until
    x, ha = (highest, "right") if late and narrow else (limit, "left" if late else "center")
    ax.text(x, s=word("limit", value=f"{limit:.4g}"), color=LIMIT, ha=ha, **above)
    if 0 < given < highest:
        ax.plot([given], [0], marker="^", markersize=8, color=MUTED, clip_on=False, zorder=4)
        near_left = (late and narrow) or given <= highest / 5
        x, ha = (0, "left") if near_left else (given, "right" if late else "center")
        ax.text(x, s=word("given_rate", value=f"{given:.4g}"), color=MUTED, ha=ha, **above)
    ax.set_xlabel(word("learning_rate_axis"))
    ax.spines["left"].set_visible(False)


def steps_axis(ax: Axes, *, n_steps: int) -> None:
    """Name the horizontal axis and make it logarithmic in the number of steps, with room for step 0."""
    ax.set_xscale("symlog", linthresh=1, linscale=0.4)
    ax.set_xlim(-0.1, 1.6 * n_steps)
    ax.set_xticks([step for step in (0, 1, 10, 100, 1000) if step <= n_steps])
    ax.xaxis.set_major_formatter(lambda value, position: f"{value:g}")
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlabel(word("step"))


def parabola(ax: Axes, *, curvature: float, least: float, half_width: float) -> None:
    """Draw the loss along the steepest direction, least + ½ · curvature · u², for |u| ≤ half_width."""
    u = np.linspace(-half_width, half_width, 121)
    loss = least + curvature / 2 * u**2
    ax.plot(u, loss, color=MUTED, linewidth=1.6)
    top = loss[0] - least if loss[0] > least else 1.0
    ax.set(xlim=(-1.05 * half_width, 1.05 * half_width), ylim=(least - 0.08 * top, least + 1.12 * top))
    ax.set(xlabel=word("steepest_axis"), ylabel="E", xticks=[0], yticks=[])
    ax.axvline(0, color=GRID, linewidth=1, zorder=0)


def activation_axes(left: Axes, right: Axes, *, half_width: float, saturated: float) -> Legend:
    """Name two axes, left for an activation function from −half_width to half_width, right for its derivative.

    Returns the legend of what an explorer draws there besides the curves: the tangent, and where |φ′(x)| < `saturated`.
    """
    for ax in (left, right):
        ax.set(xlim=(-half_width, half_width), xlabel="x")
        ax.axhline(0, color="#b6bfc8", linewidth=1, zorder=0)
        ax.axvline(0, color="#b6bfc8", linewidth=1, zorder=0)
        ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    tangent = Line2D([], [], color=INK, label=word("activation_tangent"))
    band = Line2D([], [], color=LIMIT, alpha=0.3, linewidth=9, label=word("activation_saturation", limit=saturated))
    columns = 2 if left.get_position().y0 == right.get_position().y0 else 1  # side by side, or one below the other
    place = {"loc": "lower center", "bbox_to_anchor": (0.5, 0.0), "ncols": columns, "borderaxespad": 0.2}
    return left.figure.legend(handles=[tangent, band], **place)


def probability_colors() -> Colormap:
    """Return the colours of the probability of class 1: from pale purple at 0 through white to pale gold at 1."""
    return LinearSegmentedColormap.from_list("probability", ["#c3a9dd", "#efe7f6", "#ffffff", "#fbf0cf", "#f0cf74"])


def _plain_powers(axis: Axis) -> None:
    """Label powers of ten without formulas."""
    axis.set_major_formatter(lambda value, position: power_of_ten(round(np.log10(value))))
    axis.set_minor_locator(NullLocator())
