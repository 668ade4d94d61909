"""Questions that are answered by drawing: where a point will be, or how a curve will run."""

import re

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from lecture_utils._letters import lowered
from lecture_utils._look.style import saved
from lecture_utils._require import as_numbers, require_axes
from lecture_utils._words import word
from lecture_utils.guesses._guess import Guess

_FEWEST, _MOST = 2, 20


def sketch_point(ax: Axes, point: ArrayLike) -> Guess:
    """Return what is drawn on `ax`, for the reader to put a point on; `point`, of shape (2,), shows after it.

    The figure is closed: it is shown by what is returned. Both axes must be linear, and the point within them.
    """
    place = _on(ax, point, "point", (2,))
    return _sketch(ax, place[:1], place[1:], free="xy", name="point")


def sketch_curve(ax: Axes, x: ArrayLike, y: ArrayLike) -> Guess:
    """Return what is drawn on `ax`, for the reader to draw a curve over the `x`; the `y` show after it.

    `x`, which grow, and `y` have shape (n,), with n from 2 to 20. The figure is closed: it is shown by what is
    returned. Both axes must be linear, and all points within them.
    """
    x = _on(ax, x, "x", ("n",))
    if not _FEWEST <= len(x) <= _MOST or (np.diff(x) <= 0).any():
        raise ValueError(f"x must hold {_FEWEST} to {_MOST} numbers that grow, but it is {x.tolist()}")
    return _sketch(ax, x, _on(ax, y, "y", (len(x),)), free="y", name="y")


def _on(ax: Axes, values: ArrayLike, name: str, shape: tuple[int | str, ...]) -> np.ndarray:
    require_axes(ax)
    if ax.get_xscale() != "linear" or ax.get_yscale() != "linear":
        raise ValueError(f"ax must have linear axes, but they are {ax.get_xscale()} and {ax.get_yscale()}")
    return as_numbers(values, name, shape)


def _sketch(ax: Axes, x: np.ndarray, y: np.ndarray, *, free: str, name: str) -> Guess:
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    across, up = (x - left) / (right - left), (y - bottom) / (top - bottom)
    if not ((across >= 0) & (across <= 1) & (up >= 0) & (up <= 1)).all():
        raise ValueError(f"{name} must lie within the axes, but it is {np.column_stack([x, y]).tolist()}")
    figure = ax.figure
    plt.close(figure)
    figure.draw_without_rendering()  # lays it out
    box, background, picture = ax.get_position(), _drawn(figure, "svg"), _drawn(figure, "png")
    width, height = figure.get_size_inches() * 100
    labels = _in_plain_letters(ax.get_xlabel()), _in_plain_letters(ax.get_ylabel())
    about = word("sketch_point" if free == "xy" else "sketch_curve")
    scene = {
        "kind": "sketch",
        "about": about,
        "free": free,
        "size": [float(width), float(height)],
        "background": background.decode(),
        "box": [
            float(part) for part in (box.x0 * width, (1 - box.y1) * height, box.width * width, box.height * height)
        ],
        "limits": [left, right, bottom, top],
        "labels": labels,
        "x": across.tolist(),
        "y": up.tolist(),
    }
    truth = "; ".join(f"({a:.4g}, {b:.4g})" for a, b in zip(x, y, strict=True))
    return Guess(scene, truth=truth, picture=picture)


def _in_plain_letters(label: str) -> str:
    return re.sub(r"_(\d)", lambda index: lowered(index[1]), label.replace("$", ""))


def _drawn(figure: Figure, kind: str) -> bytes:
    engine = figure.get_layout_engine()
    figure.set_layout_engine("none")
    try:
        return saved(figure, kind)
    finally:
        figure.set_layout_engine(engine)
