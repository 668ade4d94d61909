"""Drawing for notebook 06: classes and their boundary, losses by epoch, landscapes with several minima."""

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from lecture_utils._look.style import BESIDE, INK, MUTED, PATH, SURFACE
from lecture_utils._require import (
    LARGEST,
    as_numbers,
    as_surface,
    brief,
    real_array,
    require_axes,
    require_between,
    require_count,
    require_positive,
)
from lecture_utils._words import word
from lecture_utils.plots._axes import epoch_axes, probability_colors

# Purple and gold stay apart for all kinds of colour vision, and have no other meaning in the lecture.
CLASS_COLORS = ("#5b2a86", "#9a6a00")
CLASS_MARKERS = ("o", "^")
TRAINING, HELD_OUT = PATH, BESIDE
#: How `descents` and `fits` tell answers apart.
GROUP_COLORS = (PATH, "#049886", "#a880cc", INK)
GROUP_STYLES = ("-", "--", "-.", (0, (9, 3)))  # no dots: those are the data


def classes(ax: Axes, X: ArrayLike, y: ArrayLike, *, size: float = 34) -> list[Artist]:
    """Draw examples of two classes, circles and triangles: `X` has shape (n, 2), `y` 0 or 1, shape (n,) or (n, 1)."""
    require_axes(ax)
    require_positive(size, "size")
    X, y = as_numbers(X, "X", ("n", 2)), real_array(y, "y")
    if y.shape not in ((len(X),), (len(X), 1)) or not np.isin(y, (0, 1)).all():
        raise ValueError(f"y must be {len(X)} zeros and ones, but it is {brief(y)}")
    y, size = y.ravel(), float(size)
    points = [
        ax.scatter(*X[y == index].T, s=size, c=color, marker=marker, edgecolors="white", linewidths=0.7, zorder=3)
        for index, (color, marker) in enumerate(zip(CLASS_COLORS, CLASS_MARKERS, strict=True))
    ]
    ax.set(xlabel="$x_1$", ylabel="$x_2$")
    return points


def probability(ax: Axes, x1: ArrayLike, x2: ArrayLike, values: ArrayLike) -> Artist:
    """Colour a plane by the probability of class 1, with a line where it is 0.5, if it is anywhere.

    `x1` has shape (n,), `x2` shape (m,), `values`, from 0 to 1, shape (m, n), with n and m from 2 on.
    """
    require_axes(ax)
    x1, x2, values = as_surface(x1, x2, values, names=("x1", "x2", "values"), low=0, high=1)
    shades = ax.contourf(x1, x2, values, levels=np.linspace(0, 1, 21), cmap=probability_colors(), zorder=0)
    if values.min() < 0.5 < values.max():
        ax.contour(x1, x2, values, levels=[0.5], colors=INK, linewidths=2, zorder=1)
    ax.set_xticks(_inner_ticks(x1))
    ax.set_yticks(_inner_ticks(x2))
    ax.set(xlabel="$x_1$", ylabel="$x_2$")
    return shades


def _inner_ticks(values: np.ndarray) -> np.ndarray:
    """Return round numbers to mark on an axis, none near its ends: there, those of the next axes are near."""
    low, high = values.min(), values.max()
    ticks, margin = MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(low, high), 0.07 * (high - low)
    return ticks[(ticks > low + margin) & (ticks < high - margin)]


def losses_by_epoch(
    ax: Axes, epochs: ArrayLike, training: ArrayLike, held_out: ArrayLike | None = None, *, best: int | None = None
) -> list[Artist]:
    """Draw the loss on the training part and, if given, on the held-out part by epoch, all of shape (n,).

    The epoch `best` is marked.
    """
    require_axes(ax)
    epochs = as_numbers(epochs, "epochs", ("n",))
    training = as_numbers(training, "training", epochs.shape, low=0, gaps=True)
    if held_out is not None:
        held_out = as_numbers(held_out, "held_out", epochs.shape, low=0, gaps=True)
    if best is not None:
        require_between(best, "best", -LARGEST, LARGEST, accepted="finite number")
    lines = ax.plot(epochs, training, color=TRAINING, label=word("deep_training"))
    if held_out is not None:
        lines += ax.plot(epochs, held_out, "--", color=HELD_OUT, label=word("deep_held_out"))
    if best is not None:
        ax.axvline(best, color=MUTED, linewidth=1.2)
    epoch_axes(ax)
    ax.legend(loc="upper center")
    return lines


def landscape(ax: Axes, w1: ArrayLike, w2: ArrayLike, losses: ArrayLike, *, n_levels: int = 16) -> Artist:
    """Draw a rugged loss over two parameters as filled contours, each shade of which covers the same area.

    `w1` has shape (n,), `w2` shape (m,), `losses` shape (m, n), with n and m from 2 on; `n_levels` is from 2 to 1000.
    """
    require_axes(ax)
    w1, w2, losses = as_surface(w1, w2, losses, names=("w1", "w2", "losses"))
    require_count(n_levels, "n_levels", least=2, most=1000)
    levels = np.unique(np.quantile(losses, np.linspace(0, 1, n_levels) ** 1.5))
    if len(levels) < 2:  # a flat landscape has one shade
        levels = levels[0] + np.array([-1e-3, 1e-3]) * max(abs(levels[0]), 1)
    shades = ListedColormap(colormaps[SURFACE](np.linspace(0.25, 0.98, len(levels) - 1)))
    norm = BoundaryNorm(levels, len(levels) - 1)
    contours = ax.contourf(w1, w2, losses, levels=levels, cmap=shades, norm=norm)
    ax.set(xlabel="$w_1$", ylabel="$w_2$")
    return contours


def descents(ax: Axes, paths: ArrayLike, groups: ArrayLike) -> list[Artist]:
    """Draw paths over two parameters, a dot at each start and a numbered cross at each end, coloured by group.

    `paths` has shape (n_paths, n_steps + 1, 2), `groups`, whole numbers from 0 to 3, shape (n_paths,).
    """
    require_axes(ax)
    paths = as_numbers(paths, "paths", ("n_paths", "n_steps + 1", 2))
    groups = as_numbers(groups, "groups", paths.shape[:1], low=0, high=len(GROUP_COLORS) - 1)
    if (groups != groups.astype(int)).any():
        raise ValueError(f"groups must hold whole numbers, but it holds {brief(groups.tolist())}")
    lines = []
    for path, group in zip(paths, groups.astype(int), strict=True):
        color = GROUP_COLORS[group]
        lines += ax.plot(*path.T, color=color, linewidth=2.2, zorder=3)
        ax.plot(*path[0], "o", color=color, markersize=8, markeredgecolor="white", zorder=4)
        ax.plot(*path[-1], "X", color=color, markersize=13, markeredgecolor="white", zorder=4)
    for path, group in zip(paths, groups.astype(int), strict=True):  # now the axes have their limits
        place = {"textcoords": "offset points", "fontsize": 14, "fontweight": "bold"}
        ax.annotate(str(group + 1), path[-1], xytext=_beside(ax, path[-1]), color=INK, **place)
    return lines


def _beside(ax: Axes, point: np.ndarray) -> tuple[float, float]:
    """Return where the number of a cross is, from the cross, in points: inside the axes even at their edge."""
    ax.autoscale_view()
    across, up = ax.transLimits.transform(point)
    return (-20 if across > 0.1 else 10), (5 if up < 0.9 else -16)


def fits(ax: Axes, x: ArrayLike, y: ArrayLike, predictions: ArrayLike) -> list[Artist]:
    """Draw targets as dots and predictions as lines, each with its number where it is farthest from the others.

    `x` and `y` have shape (n,), `predictions` shape (n_groups, n), with at most 4 groups.
    """
    require_axes(ax)
    x = as_numbers(x, "x", ("n",))
    y = as_numbers(y, "y", x.shape)
    predictions = as_numbers(predictions, "predictions", ("n_groups", len(x)))
    if len(predictions) > len(GROUP_COLORS):
        raise ValueError(f"predictions must have at most {len(GROUP_COLORS)} rows, but it has {len(predictions)}")
    ax.plot(x, y, "o", color=MUTED, markersize=5, markerfacecolor="none", zorder=1)
    lines = [
        ax.plot(x, row, linestyle=style, color=color, label=str(index + 1))[0]
        for index, (row, color, style) in enumerate(zip(predictions, GROUP_COLORS, GROUP_STYLES, strict=False))
    ]
    for line, place in zip(lines, _apart(predictions), strict=True):
        look = {"color": line.get_color(), "fontsize": 14, "fontweight": "bold", "ha": "center", "va": "center"}
        number = ax.annotate(line.get_label(), (x[place], line.get_ydata()[place]), zorder=4, **look)
        number.set_path_effects([withStroke(linewidth=5, foreground="white")])
    ax.set(xlabel="$x$", ylabel="$y$")
    return lines


def _apart(rows: np.ndarray) -> list[int]:
    """Return at which point each row is farthest from all others; of points that are as good, the middle one."""
    places = []
    for index, row in enumerate(rows):
        others = np.delete(rows, index, axis=0)
        distance = np.abs(others - row).min(axis=0, initial=np.inf)
        (best,) = np.nonzero(distance == distance.max())
        places.append(int(best[len(best) // 2]))
    return places
