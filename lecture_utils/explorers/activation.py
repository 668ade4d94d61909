"""Activation functions and their derivatives, by function and point."""

from typing import NamedTuple

import numpy as np
import torch
from matplotlib.axes import Axes

from lecture_utils._ground import own_ground
from lecture_utils._live import Caption, Curve, Label, LivePicture, Rows
from lecture_utils._look.style import FORWARD, INK, INPUT_JACOBIAN, LIMIT, lecture_style, new_figure
from lecture_utils._require import require_one_of
from lecture_utils._words import speaking, word
from lecture_utils.activations import ACTIVATIONS
from lecture_utils.explorers._explorer import Explorer, buttons, slider, with_label, with_play
from lecture_utils.plots._axes import activation_axes

#: Where the derivative is smaller than this from here to the end of the axis, the function is called saturated.
SATURATED = 0.05
HALF_WIDTH = 5.0
POINTS = [round(-HALF_WIDTH + index / 10, 1) for index in range(int(20 * HALF_WIDTH) + 1)]
_START = POINTS.index(1.0)
_TANGENT = 1.6  # how far the tangent goes to each side of its point


class ActivationExplorer(Explorer):
    """An activation function and its derivative by function and point; see `activation_explorer`."""

    def __init__(self, name: str) -> None:
        self._runs, axes = _runs(), _axes()
        picture = LivePicture(
            {"function": len(ACTIVATIONS), "point": len(POINTS)},
            backgrounds=axes.left.figure,
            marks=[*_curves(self._runs, axes), *_at_point(self._runs, axes)],
            caption=_caption(self._runs),
            names={"point": word("activation_point")},
            chosen={"function": list(ACTIVATIONS).index(name), "point": _START},
        )
        function, point = buttons(list(ACTIVATIONS)), slider(len(POINTS), word("activation_point"))
        super().__init__(
            picture,
            controls={"function": function, "point": point},
            rows=[with_label(function, word("activation_function")), with_play(point, start=_START)],
        )

    @property
    def function(self) -> str:
        """The name of the chosen function."""
        return list(ACTIVATIONS)[self.picture.function]

    @property
    def point(self) -> float:
        """The chosen point."""
        return POINTS[self.picture.point]

    @property
    def value(self) -> float:
        """The function at the chosen point."""
        return float(self._runs.values[self.picture.function, self.picture.point])

    @property
    def slope(self) -> float:
        """The derivative at the chosen point."""
        return float(self._runs.slopes[self.picture.function, self.picture.point])

    def __repr__(self) -> str:
        """Say in numbers, in no language, which function is on the screen, and where."""
        numbers = f"x = {_number(self.point, 1)}, value = {_number(self.value)}, slope = {_number(self.slope)}"
        return f"activation_explorer: {self.function}, {numbers}".replace("−", "-")


@own_ground()
def activation_explorer(*, function: str = "sigmoid", language: str | None = None) -> ActivationExplorer:
    """Show an activation function live: function × point, with its tangent, its derivative and its saturation.

    Parameters
    ----------
    function : str
        The name of the function shown first, one of `lecture_utils.activations.ACTIVATIONS`.
    language : str, optional
        "ru" or "en"; by default the language that `setup` chose.

    Returns
    -------
    ActivationExplorer
        The widget; it knows the ``function`` and ``point`` on the screen, and the ``value`` and ``slope`` there.

    Raises
    ------
    ValueError
        If there is no function of that name, or the language is neither "ru" nor "en".
    """
    require_one_of(function, ACTIVATIONS, "function")
    with speaking(language):
        return ActivationExplorer(function)


class _Runs(NamedTuple):
    """The functions at all points, their derivatives, and where they are saturated: (n_functions, n_points) each."""

    values: np.ndarray
    slopes: np.ndarray
    saturated: np.ndarray


def _runs() -> _Runs:
    x = torch.tensor(POINTS, dtype=torch.float64)
    values = np.stack([activation.function(x).numpy() for activation in ACTIVATIONS.values()])
    slopes = np.stack([activation.derivative(x).numpy() for activation in ACTIVATIONS.values()])
    return _Runs(values, slopes, np.stack([saturated(one) for one in slopes]))


def saturated(slopes: np.ndarray) -> np.ndarray:
    """Return where |slope| < 0.05 from there to an end of the axis, bool: shape (n_points,) → (n_points,)."""
    flat = np.abs(slopes) < SATURATED
    return np.logical_and.accumulate(flat) | np.logical_and.accumulate(flat[::-1])[::-1]


class _Axes(NamedTuple):
    """Where the function is drawn, and where its derivative."""

    left: Axes
    right: Axes


def _axes() -> _Axes:
    """Return two axes: on the left for the function, of one scale, so that a slope of 1 looks like one."""
    width, height, unit = 9.6, 3.9, 0.48  # inches
    with lecture_style():
        figure = new_figure(width, height)
        tall = (HALF_WIDTH + 1.6) * unit / height
        left = figure.add_axes((0.05, 0.15, 2 * HALF_WIDTH * unit / width, tall))
        right = figure.add_axes((0.62, 0.15, 0.36, tall))
        activation_axes(left, right, half_width=HALF_WIDTH, saturated=SATURATED)
    return _Axes(left, right)


def _curves(runs: _Runs, axes: _Axes) -> list[Curve]:
    """Return the function on the left, the derivative on the right, and a broad band where it is saturated."""
    x, by = POINTS, ("function",)
    wide = {"line": 13}
    marks = []
    for ax, name, rows, color in (
        (axes.left, "function", runs.values, FORWARD),
        (axes.right, "derivative", runs.slopes, INPUT_JACOBIAN),
    ):
        band = Rows(np.where(runs.saturated, rows, np.nan), by=by)
        marks += [
            Curve(name=f"saturated {name}", axes=ax, x=x, y=band, color=LIMIT, widths=wide, opacity=0.3),
            Curve(name=name, axes=ax, x=x, y=Rows(rows, by=by), color=color, widths={"line": 2.6}),
        ]
    return marks


def _at_point(runs: _Runs, axes: _Axes) -> list[Curve | Label]:
    """Return what moves with the point: the tangent, a dot on each curve, and the two numbers."""
    by = ("function", "point")
    point, values, slopes = Rows(POINTS, by=("point",)), runs.values.ravel(), runs.slopes.ravel()
    across = _TANGENT / np.sqrt(1 + slopes**2)  # of one length on the picture, whose axes have one scale
    x = np.tile(POINTS, len(ACTIVATIONS))
    ends = np.array([-1, 1])
    marks = [
        Curve(
            name="tangent",
            axes=axes.left,
            x=Rows(x[:, None] + across[:, None] * ends, by=by),
            y=Rows(values[:, None] + (across * slopes)[:, None] * ends, by=by),
            color=INK,
        )
    ]
    for ax, name, text, rows, color in (
        (axes.left, "value", word("activation_value"), values, FORWARD),
        (axes.right, "slope", word("activation_slope"), slopes, INPUT_JACOBIAN),
    ):
        place = {"axes": ax, "x": -HALF_WIDTH + 0.2, "y": _near_top(ax)}
        said = [text.format(x=_number(at, 1), value=_number(row)) for at, row in zip(x, rows, strict=True)]
        marks += [
            Curve(name=name, grab="point", axes=ax, x=point, y=Rows(rows, by=by), color=color, widths={"head": 13}),
            Label(name=f"{name} text", texts=Rows(said, by=by), color=color, size=17, anchor="start", **place),
        ]
    return marks


def _caption(runs: _Runs) -> Caption:
    by = ("function", "point")
    slopes = [_number(slope) for slope in runs.slopes.ravel()]
    keys = ["activation_saturated" if flat else "activation_passes" for flat in runs.saturated.ravel()]
    return Caption(
        word("activation_words"),
        {
            "function": Rows(list(ACTIVATIONS), by=("function",)),
            "x": Rows([_number(point, 1) for point in POINTS], by=("point",)),
            "value": Rows([_number(value) for value in runs.values.ravel()], by=by),
            "slope": Rows(slopes, by=by),
            "verdict": Rows([word(key, slope=slope) for key, slope in zip(keys, slopes, strict=True)], by=by),
        },
    )


def _near_top(axes: Axes) -> float:
    bottom, top = axes.get_ylim()
    return top - 0.07 * (top - bottom)


def _number(value: float, digits: int = 3) -> str:
    """Write a number with so many digits, zero without a sign."""
    text = f"{value:.{digits}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")
