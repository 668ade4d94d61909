"""Drawing: each function draws given data on a given `ax` and returns the artists. Nothing is computed here.

All of them raise a TypeError for an argument of the wrong type, and a ValueError for data of the wrong shape or out of
range, or a number that float32 cannot hold. Only curves may hold such numbers, as those of a diverging run: there, the
curve has a gap.
"""

from typing import TYPE_CHECKING

import numpy as np

from lecture_utils.i18n import word
from lecture_utils.require import (
    as_numbers,
    as_surface,
    require_axes,
    require_between,
    require_color,
    require_count,
    require_label,
    require_named,
    require_positive,
    shown,
)
from lecture_utils.style import INK, LIMIT, MINIMUM, MUTED, PATH, SURFACE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from numpy.typing import ArrayLike

#: A surface that is nowhere higher is flat.
_LOWEST_TOP = 1e-30
#: What is lower counts as zero on a logarithmic axis, for matplotlib's powers of ten end there.
_LOWEST_POWER = 1e-300


def loss_surface(ax: "Axes", w1: "ArrayLike", w2: "ArrayLike", losses: "ArrayLike", *, n_levels: int = 14) -> "Artist":
    """Draw the loss over two weights as filled contours, their levels spaced by factor.

    `w1` has shape (n,), `w2` shape (m,), `losses` shape (m, n), with n and m from 2 on; `n_levels` is from 2 to 1000.
    """
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap, LogNorm

    require_axes(ax)
    w1, w2, losses = as_surface(w1, w2, losses, names=("w1", "w2", "losses"))
    require_count(n_levels, "n_levels", least=2, most=1000)
    highest = losses.max() if losses.max() > _LOWEST_TOP else 1.0
    levels = np.geomspace(1e-4 * highest, highest * 1.0001, n_levels)
    losses = np.maximum(losses, levels[0] / 2)  # a loss of exactly 0 has no logarithm
    # The darkest third of the colour map is left out: the path must stay visible in the valley.
    shades = ListedColormap(colormaps[SURFACE](np.linspace(0.42, 0.98, 256)))
    contours = ax.contourf(
        w1, w2, losses, levels=levels, cmap=shades, norm=LogNorm(levels[0], levels[-1]), extend="min"
    )
    ax.set(xlabel=word("weight", index="₁"), ylabel=word("weight", index="₂"))
    return contours


def minimum(ax: "Axes", weights: "ArrayLike") -> "Artist":
    """Mark the minimum of the loss with a cross: `weights` has shape (2,)."""
    require_axes(ax)
    w1, w2 = as_numbers(weights, "weights", (2,))
    (cross,) = ax.plot([w1], [w2], "x", color=MINIMUM, markersize=13, markeredgewidth=4.5, zorder=3)
    ax.plot([w1], [w2], "x", color=INK, markersize=11, markeredgewidth=2, zorder=4)
    return cross


def path(ax: "Axes", weights: "ArrayLike", *, color: str = PATH, label: str | None = None) -> "Artist":
    """Draw the path of two weights, a dot a step: `weights` has shape (n_steps + 1, 2)."""
    require_axes(ax)
    require_color(color)
    require_label(label)
    w1, w2 = as_numbers(weights, "weights", ("n_steps + 1", 2), gaps=True).T
    (line,) = ax.plot(w1, w2, "-o", color=color, linewidth=1.4, markersize=3.5, label=label)
    return line


def loss_by_step(ax: "Axes", losses: "ArrayLike", *, color: str = PATH, label: str | None = None) -> "Artist":
    """Draw the loss by step on a logarithmic axis, on which 0 is below all: `losses` has shape (n_steps + 1,).

    At least one loss is above 0.
    """
    require_axes(ax)
    require_color(color)
    require_label(label)
    return _loss_by_step(ax, _for_logarithms(losses, "losses", "n_steps + 1"), color=color, label=label)


def losses_by_step(ax: "Axes", losses: "Mapping[str, ArrayLike]", *, threshold: float | None = None) -> "list[Artist]":
    """Draw several losses by step under their names, and the threshold that they are to reach; return the curves.

    Each of `losses` has shape (n_steps + 1,); curves differ by colour and by dashes.
    """
    require_axes(ax)
    require_named(losses, "losses")
    curves = {name: _for_logarithms(values, f"losses[{name!r}]", "n_steps + 1") for name, values in losses.items()}
    if threshold is not None:
        require_positive(threshold, "threshold")
        threshold = float(threshold)
    dashes = ["-", (0, (5, 1.5)), (0, (1.2, 1)), (0, (6, 1.5, 1.2, 1.5)), (0, (9, 2))]
    lines = []
    for index, (name, values) in enumerate(curves.items()):
        lines.append(_loss_by_step(ax, values, color=f"C{index}", label=name))
        lines[-1].set_linestyle(dashes[index % len(dashes)])
    if threshold is not None:
        ax.axhline(threshold, color=MUTED, linewidth=1.4, label=word("modules_threshold", value=f"{threshold:g}"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)  # above: the curves fill the axes
    return lines


def _loss_by_step(ax: "Axes", losses: np.ndarray, *, color: str, label: str | None) -> "Artist":
    (line,) = ax.plot(losses, color=color, label=label)
    _loss_axes(ax)
    return line


def weight_by_step(ax: "Axes", paths: "Mapping[str, ArrayLike]", *, index: int) -> "list[Artist]":
    """Draw weight number `index`, counted from 1, of several paths over each other; return the curves.

    Each of `paths` has shape (n_steps + 1, n_features). Each curve is thinner than the one below it,
    so that all are seen where they agree.
    """
    require_axes(ax)
    require_named(paths, "paths")
    require_count(index, "index")
    shape = ("n_steps + 1", "n_features")
    paths = {name: as_numbers(path, f"paths[{name!r}]", shape, gaps=True) for name, path in paths.items()}
    fewest = min(path.shape[1] for path in paths.values())
    if index > fewest:
        raise ValueError(f"index must be at most {fewest}, the number of weights, but it is {shown(index)}")
    curves = []
    for layer, (name, weights) in enumerate(paths.items()):
        width = 2.2 + 3.2 * (len(paths) - 1 - layer)
        curves += ax.plot(
            weights[:, index - 1], color=f"C{layer}", linewidth=width, label=name, solid_joinstyle="round"
        )
    subscript = str(index).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
    ax.set(xlabel=word("step"), ylabel=word("weight", index=subscript))
    return curves


def loss_axes(ax: "Axes") -> None:
    """Name and scale the axes on which the loss by step is drawn."""
    require_axes(ax)
    _loss_axes(ax)


def _loss_axes(ax: "Axes") -> None:
    ax.set(xlabel=word("step"), ylabel=word("loss"), yscale="log")
    _plain_powers(ax.yaxis)
    ax.grid(axis="y", color="#d9dee3", linewidth=0.8)


def learning_rate_scale(
    ax: "Axes", *, lowest: float, highest: float, smooth_until: float, limit: float, marked: float
) -> "Artist":
    """Draw a logarithmic ruler of learning rates: where descent is smooth, where it jumps, and the limit; return it.

    All are positive and finite, and grow in this order; `marked` is a rate with a mark of its own.
    """
    require_axes(ax)
    edges = {"lowest": lowest, "smooth_until": smooth_until, "limit": limit, "highest": highest}
    for name, rate in (edges | {"marked": marked}).items():
        require_positive(rate, name)
    lowest, smooth_until, limit, highest, marked = map(float, (*edges.values(), marked))
    if not lowest < smooth_until < limit < highest:
        raise ValueError(f"lowest, smooth_until, limit and highest must grow in this order, but they are {edges}")
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


def _for_logarithms(values: "ArrayLike", name: str, length: str) -> np.ndarray:
    """Return numbers to draw on a logarithmic axis, on which zeros stand below all others."""
    values = as_numbers(values, name, (length,), low=0, gaps=True)
    if not (values > _LOWEST_POWER).any():
        raise ValueError(f"{name} must hold a number above 0, for the axis is logarithmic, but it is {shown(values)}")
    return np.where(values < _LOWEST_POWER, 0, values)


def _plain_powers(axis: "Axis") -> None:
    """Label powers of ten with superscript letters: they are set far faster than formulas."""
    from matplotlib.ticker import NullLocator

    superscripts = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

    def label(value: float, position: int) -> str:
        return "10" + f"{np.log10(value):.0f}".translate(superscripts)

    axis.set_major_formatter(label)
    axis.set_minor_locator(NullLocator())


def activation_axes(left: "Axes", right: "Axes", *, reach: float, saturated: float) -> "Artist":
    """Scale two axes, left for an activation function from −reach to reach, right for its derivative.

    Returns the legend of what an explorer draws there besides the curves: the tangent, and where |f′(x)| < `saturated`.
    `reach` is from 1 to 20.
    """
    from matplotlib.lines import Line2D

    require_axes(left, "left")
    require_axes(right, "right")
    require_between(reach, "reach", 1, 20)
    require_positive(saturated, "saturated")
    for ax, limits, ticks in (
        (left, (-1.4, reach + 0.2), range(-1, int(reach) + 1)),
        (right, (-0.3, 1.45), (0, 0.5, 1)),
    ):
        ax.set(xlim=(-reach, reach), ylim=limits, yticks=ticks, xlabel="x")
        ax.axhline(0, color="#b6bfc8", linewidth=1, zorder=0)
        ax.axvline(0, color="#b6bfc8", linewidth=1, zorder=0)
    tangent = Line2D([], [], color=INK, label=word("activation_tangent"))
    band = Line2D([], [], color=LIMIT, alpha=0.3, linewidth=9, label=word("activation_saturation", limit=saturated))
    return left.legend(handles=[tangent, band], loc="lower right", borderaxespad=0)


def gradient_by_layer(ax: "Axes", norms: "ArrayLike", *, label: str | None = None) -> "Artist":
    """Draw the length of the gradient by layer, counted from 1, on a logarithmic axis: shape (n_layers,).

    At least one length is above 0.
    """
    from matplotlib.ticker import MaxNLocator

    require_axes(ax)
    require_label(label)
    norms = _for_logarithms(norms, "norms", "n_layers")
    (line,) = ax.plot(np.arange(1, len(norms) + 1), norms, "-o", markersize=5, label=label)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel=word("backprop_layer_axis"), ylabel=word("backprop_norm_axis"), yscale="log")
    _plain_powers(ax.yaxis)
    ax.grid(axis="y", color="#d9dee3", linewidth=0.8)
    return line
