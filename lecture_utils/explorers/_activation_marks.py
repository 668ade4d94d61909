"""What the activation explorer draws: a function with its tangent, its derivative, and how one shows the other."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from matplotlib.axes import Axes

from lecture_utils._live import Curve, Label, Rows
from lecture_utils._look.style import FORWARD, INK, INPUT_JACOBIAN, LIMIT, new_figure, picture_style
from lecture_utils._words import word
from lecture_utils.activations import ACTIVATIONS
from lecture_utils.plots._axes import activation_axes

#: Where the derivative is smaller than this from here to the end of the axis, the function is called saturated.
SATURATED = 0.05
HALF_WIDTH = 5.0
POINTS = [round(-HALF_WIDTH + index / 10, 1) for index in range(int(20 * HALF_WIDTH) + 1)]

#: The size of the picture in inches, and where the function stands, and its derivative.
_WIDE = (9.6, 4.2), (0.055, 0.235, 0.43, 0.64), (0.565, 0.235, 0.43, 0.64)
_STACKED = (3.6, 5.4), (0.115, 0.6, 0.865, 0.345), (0.115, 0.155, 0.865, 0.3)
_TANGENT = 0.13  # of the picture's width that it goes to each side of its point
#: What is seen of a function and of its derivative, whose scales are one wherever both fit.
_BOUNDED = {"sigmoid": ((-0.15, 1.15),) * 2, "tanh": ((-1.25, 1.25),) * 2}
_UNBOUNDED = ((-1.4, HALF_WIDTH + 0.2), (-0.35, 1.35))


class ActivationRuns(NamedTuple):
    """The functions at all points, their derivatives, and where they are saturated: (n_functions, n_points) each."""

    values: np.ndarray
    slopes: np.ndarray
    saturated: np.ndarray


def compute_all() -> ActivationRuns:
    """Return the functions and their derivatives at all points."""
    x = torch.tensor(POINTS, dtype=torch.float64)
    values = np.stack([activation.function(x).numpy() for activation in ACTIVATIONS.values()])
    slopes = np.stack([activation.derivative(x).numpy() for activation in ACTIVATIONS.values()])
    return ActivationRuns(values, slopes, np.stack([saturated(one) for one in slopes]))


def saturated(slopes: np.ndarray) -> np.ndarray:
    """Return where |slope| < 0.05 from there to an end of the axis, bool: shape (n_points,) → (n_points,)."""
    flat = np.abs(slopes) < SATURATED
    return np.logical_and.accumulate(flat) | np.logical_and.accumulate(flat[::-1])[::-1]


class ActivationAxes(NamedTuple):
    """Where a function is drawn, where its derivative, and the whole picture, in inches."""

    left: Axes
    right: Axes
    whole: Axes


def draw_axes(*, stacked: bool = False) -> list[ActivationAxes]:
    """Draw what does not move, for each function; those that grow without bound share their axes."""
    unbounded = _axes(_UNBOUNDED, stacked=stacked)
    return [_axes(_BOUNDED[name], stacked=stacked) if name in _BOUNDED else unbounded for name in ACTIVATIONS]


def _axes(limits: tuple[tuple[float, float], tuple[float, float]], *, stacked: bool) -> ActivationAxes:
    size, *boxes = _STACKED if stacked else _WIDE
    with picture_style(stacked=stacked):
        figure = new_figure(*size)
        left, right, whole = map(figure.add_axes, (*boxes, (0, 0, 1, 1)))
        left.set_ylim(*limits[0])
        right.set_ylim(*limits[1])
        activation_axes(left, right, half_width=HALF_WIDTH, saturated=SATURATED)
        whole.set(xlim=(0, size[0]), ylim=(0, size[1]))
        whole.set_axis_off()
    return ActivationAxes(left, right, whole)


def moving(runs: ActivationRuns, axes: ActivationAxes, *, function: int, layout: str = "") -> list[Curve | Label]:
    """Return what is drawn while that function is chosen: the curves, and what moves with the point.

    What joins both plots stands elsewhere in each layout, whose name their marks have, too.
    """
    return [replace(mark, name=mark.name + layout) for mark in _marks(runs, axes, function)]


def _marks(runs: ActivationRuns, axes: ActivationAxes, function: int) -> list[Curve | Label]:
    x, values, slopes = np.array(POINTS), runs.values[function], runs.slopes[function]
    when = {"when": {"function": function}}
    sides = (
        ("function", axes.left, values, FORWARD, "value", "activation_value"),
        ("derivative", axes.right, slopes, INPUT_JACOBIAN, "slope", "activation_slope"),
    )
    marks = []
    for name, ax, rows, color, *_ in sides:
        band, wide = np.where(runs.saturated[function], rows, np.nan), {"line": 13}
        marks += [
            Curve(
                name=f"saturated {name} {function}", axes=ax, x=x, y=band, color=LIMIT, widths=wide, opacity=0.3, **when
            ),
            Curve(
                name=f"{name} {function}", axes=ax, **_with_jumps(x, rows), color=color, widths={"line": 2.6}, **when
            ),
        ]
    marks += [*_tangent(axes.left, values, slopes, function), *_rise_and_height(axes, values, slopes, function)]
    for _, ax, rows, color, dot, key in sides:
        x_left, y_top = _on_picture(ax, -HALF_WIDTH, ax.get_ylim()[1])
        place = {"axes": axes.whole, "x": x_left, "y": y_top + 0.15}  # above the plot, where no axis crosses it
        template = word(key)
        said = [
            template.format(x=short_number(at, 1), value=short_number(row)) for at, row in zip(x, rows, strict=True)
        ]
        look = {"texts": Rows(said, by=("point",)), "color": color, "size": 17, "anchor": "start", "halo": True}
        head = {"color": color, "widths": {"head": 13}, "grab": "point"}
        marks += [
            Curve(name=f"{dot} {function}", axes=ax, x=_by_point(x), y=_by_point(rows), **head, **when),
            Label(name=f"{dot} text {function}", **place, **look, **when),
        ]
    return marks


def _with_jumps(x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
    """Return a curve with a gap where it jumps; there, what lies to the right begins where the left part ends."""
    (jumps,) = np.nonzero(np.abs(np.diff(y)) > 0.5)
    after = [place for jump in jumps for place in (jump + 1, jump + 1)]
    gaps = [value for jump in jumps for value in (np.nan, y[jump + 1])]
    return {"x": np.insert(x, after, x[np.array(after, dtype=int) - 1]), "y": np.insert(y, after, gaps)}


def _tangent(ax: Axes, values: np.ndarray, slopes: np.ndarray, function: int) -> list[Curve]:
    """Return the tangent, of one length on the picture."""
    right, up = _inches(ax, axis=0), _inches(ax, axis=1)
    across = _TANGENT * ax.figure.get_figwidth() / np.hypot(right, slopes * up)
    ends = np.array([-1, 1])
    x = np.array(POINTS)[:, None] + across[:, None] * ends
    y = values[:, None] + (across * slopes)[:, None] * ends
    place = {"axes": ax, "x": _by_point(x), "y": _by_point(y)}
    return [Curve(name=f"tangent {function}", color=INK, when={"function": function}, **place)]


def _rise_and_height(
    axes: ActivationAxes, values: np.ndarray, slopes: np.ndarray, function: int
) -> list[Curve | Label]:
    """Return the slope triangle, 1 across and φ′ up, the height of φ′ on the right, and the line that joins both."""
    x, when = np.array(POINTS), {"when": {"function": function}}
    run = np.where(x < HALF_WIDTH - 1, 1.0, -1.0)
    end, top = x + run, values + run * slopes
    legs = {"axes": axes.left, "x": _by_point(np.stack([end, end], 1)), "y": _by_point(np.stack([values, top], 1))}
    base = {"axes": axes.left, "x": _by_point(np.stack([x, end], 1)), "y": _by_point(np.stack([values, values], 1))}
    stem = {"axes": axes.right, "x": _by_point(np.stack([x, x], 1)), "y": _by_point(np.stack([0 * slopes, slopes], 1))}
    from_leg = _on_picture(axes.left, end, (values + top) / 2)
    to_stem = _on_picture(axes.right, x, slopes / 2)
    guide = [_by_point(np.stack([one, other], 1)) for one, other in zip(from_leg, to_stem, strict=True)]
    below = np.where(slopes < 0, 1, -1)
    place = {
        "x": _by_point(x + run / 2),
        "y": _by_point(values + (0.045 * below - 0.025) * np.ptp(axes.left.get_ylim())),
    }
    thick = {"color": INPUT_JACOBIAN, "widths": {"line": 4}}
    return [
        Curve(name=f"base {function}", color=INK, widths={"line": 1.2}, **base, **when),
        Label(name=f"base text {function}", axes=axes.left, texts="1", size=15, halo=True, **place, **when),
        Curve(
            name=f"guide {function}",
            axes=axes.whole,
            x=guide[0],
            y=guide[1],
            color=INPUT_JACOBIAN,
            widths={"line": 1.4},
            opacity=0.55,
            **when,
        ),
        Curve(name=f"rise {function}", **legs, **thick, **when),
        Curve(name=f"height {function}", **stem, **thick, **when),
    ]


def _by_point(rows: np.ndarray) -> Rows:
    return Rows(rows, by=("point",))


def _inches(ax: Axes, *, axis: int) -> float:
    """Return how long a unit of an axis is."""
    box, limits = ax.get_position().size * ax.figure.get_size_inches(), (ax.get_xlim(), ax.get_ylim())[axis]
    return box[axis] / (limits[1] - limits[0])


def _on_picture(ax: Axes, x: float | np.ndarray, y: float | np.ndarray) -> tuple:
    """Return where points of some axes are on the picture, in inches."""
    corner = ax.get_position().min * ax.figure.get_size_inches()
    return (
        corner[0] + (x - ax.get_xlim()[0]) * _inches(ax, axis=0),
        corner[1] + (y - ax.get_ylim()[0]) * _inches(ax, axis=1),
    )


def short_number(value: float, digits: int = 3) -> str:
    """Write a number with so many digits, zero without a sign."""
    text = f"{value:.{digits}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")
