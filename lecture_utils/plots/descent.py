"""Drawing of descent: the surface of the loss, paths over it, and losses, weights and gradients by step or layer."""

from collections.abc import Mapping

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, LogNorm, to_rgba
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from lecture_utils._letters import lowered
from lecture_utils._look.style import INK, MINIMUM, MUTED, PATH, SURFACE
from lecture_utils._require import (
    as_numbers,
    as_surface,
    brief,
    require_axes,
    require_color,
    require_count,
    require_label,
    require_named,
    require_positive,
)
from lecture_utils._words import word
from lecture_utils.plots._axes import logarithmic, loss_axes

_MARKERS = ("o", "s", "^", "D", "v")
#: A surface that is nowhere higher is flat.
_LOWEST_TOP = 1e-30
#: What is lower counts as zero on a logarithmic axis, for matplotlib's powers of ten end there.
_LOWEST_POWER = 1e-300


def loss_surface(ax: Axes, w1: ArrayLike, w2: ArrayLike, losses: ArrayLike, *, n_levels: int = 14) -> Artist:
    """Draw the loss over two weights as filled contours, their levels spaced by factor.

    `w1` has shape (n,), `w2` shape (m,), `losses` shape (m, n), with n and m from 2 on; `n_levels` is from 2 to 1000.
    """
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


def minimum(ax: Axes, weights: ArrayLike) -> Artist:
    """Mark the minimum of the loss with a cross: `weights` has shape (2,)."""
    require_axes(ax)
    w1, w2 = as_numbers(weights, "weights", (2,))
    (cross,) = ax.plot([w1], [w2], "x", color=MINIMUM, markersize=13, markeredgewidth=4.5, zorder=3)
    ax.plot([w1], [w2], "x", color=INK, markersize=11, markeredgewidth=2, zorder=4)
    return cross


def path(ax: Axes, weights: ArrayLike, *, color: str = PATH, label: str | None = None) -> Artist:
    """Draw the path of two weights, a dot a step: `weights` has shape (n_steps + 1, 2).

    The line between the dots is pale, so that they are seen where a zigzag is dense.
    """
    require_axes(ax)
    require_color(color)
    require_label(label)
    w1, w2 = as_numbers(weights, "weights", ("n_steps + 1", 2), gaps=True).T
    pale = to_rgba(color, 0.45)
    (line,) = ax.plot(w1, w2, "-o", color=pale, linewidth=1.2, markersize=3.5, mfc=color, mec=color, label=label)
    return line


def loss_by_step(ax: Axes, losses: ArrayLike, *, color: str = PATH, label: str | None = None) -> Artist:
    """Draw the loss by step on a logarithmic axis, on which 0 is below all: `losses` has shape (n_steps + 1,).

    At least one loss is above 0.
    """
    require_axes(ax)
    require_color(color)
    require_label(label)
    (line,) = ax.plot(_for_logarithms(losses, "losses", "n_steps + 1"), color=color, label=label)
    loss_axes(ax)
    return line


def losses_by_step(ax: Axes, losses: Mapping[str, ArrayLike], *, threshold: float | None = None) -> list[Artist]:
    """Draw several losses by step under their names, and the threshold that they are to reach; return the curves.

    Each of `losses` has shape (n_steps + 1,); curves differ by colour and by a marker here and there, never by dashes,
    which on a zigzag would be read as noise. A curve that zigzags is thin: each of its turns is seen.
    """
    require_axes(ax)
    require_named(losses, "losses")
    curves = {name: _for_logarithms(values, f"losses[{name!r}]", "n_steps + 1") for name, values in losses.items()}
    if threshold is not None:
        require_positive(threshold, "threshold")
    lines = []
    for index, (name, values) in enumerate(curves.items()):
        width = 1.1 if _zigzags(values) else 2.4
        line = {"color": f"C{index}", "linewidth": width, "solid_joinstyle": "round", "label": name}
        first, apart = index * len(values) // 50, max(1, len(values) // 10)  # markers of two curves stay apart
        marks = {"marker": _MARKERS[index % len(_MARKERS)], "markersize": 6, "markevery": (first, apart)}
        lines += ax.plot(values, **line, **marks)
    loss_axes(ax)
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True, steps=[1, 2.5, 5, 10]))  # on a narrow axis, too
    if threshold is not None:
        threshold = float(threshold)
        ax.axhline(threshold, color=MUTED, linewidth=1.4, label=word("modules_threshold", value=f"{threshold:g}"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)  # above: the curves fill the axes
    return lines


def weight_by_step(ax: Axes, paths: Mapping[str, ArrayLike], *, index: int) -> list[Artist]:
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
        raise ValueError(f"index must be at most {fewest}, the number of weights, but it is {brief(index)}")
    curves = []
    for layer, (name, weights) in enumerate(paths.items()):
        width = 2.2 + 3.2 * (len(paths) - 1 - layer)
        curves += ax.plot(
            weights[:, index - 1], color=f"C{layer}", linewidth=width, label=name, solid_joinstyle="round"
        )
    ax.set(xlabel=word("step"), ylabel=word("weight", index=lowered(index)))
    return curves


def gradient_by_layer(ax: Axes, norms: ArrayLike, *, label: str | None = None) -> Artist:
    """Draw the length of the gradient by layer, counted from 1, on a logarithmic axis: shape (n_layers,).

    At least one length is above 0.
    """
    require_axes(ax)
    require_label(label)
    norms = _for_logarithms(norms, "norms", "n_layers")
    (line,) = ax.plot(np.arange(1, len(norms) + 1), norms, "-o", markersize=5, label=label)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel=word("backprop_layer_axis"), ylabel=word("backprop_norm_axis"))
    logarithmic(ax)
    return line


def _zigzags(values: np.ndarray) -> bool:
    """Say whether a curve turns at more than one in thirty of its points."""
    rises = np.diff(values) > 0
    return bool((rises[1:] != rises[:-1]).mean() > 1 / 30) if len(values) > 2 else False


def _for_logarithms(values: ArrayLike, name: str, length: str) -> np.ndarray:
    """Return numbers to draw on a logarithmic axis, on which zeros stand below all others."""
    values = as_numbers(values, name, (length,), low=0, gaps=True)
    if not (values > _LOWEST_POWER).any():
        raise ValueError(f"{name} must hold a number above 0, for the axis is logarithmic, but it is {brief(values)}")
    return np.where(values < _LOWEST_POWER, 0, values)
