"""Activation functions and their derivatives, by function and point."""

from lecture_utils._ground import own_ground
from lecture_utils._live import Caption, LivePicture, Rows
from lecture_utils._require import require_one_of
from lecture_utils._words import speaking, word
from lecture_utils.activations import ACTIVATIONS
from lecture_utils.explorers._activation_marks import (
    POINTS,
    ActivationRuns,
    compute_all,
    draw_axes,
    moving,
    short_number,
)
from lecture_utils.explorers._explorer import Explorer, buttons, slider, with_label, with_play

_START = POINTS.index(1.0)


class ActivationExplorer(Explorer):
    """An activation function and its derivative by function and point; see `activation_explorer`."""

    def __init__(self, name: str) -> None:
        self._runs, axes, stacked = compute_all(), draw_axes(), draw_axes(stacked=True)
        said = _caption(self._runs)
        picture = LivePicture(
            {"function": len(ACTIVATIONS), "point": len(POINTS)},
            backgrounds=Rows([one.left.figure for one in axes], by=("function",)),
            stacked=Rows([one.left.figure for one in stacked], by=("function",)),
            marks=[
                mark
                for layout, drawn in (("", axes), (", stacked", stacked))
                for index, one in enumerate(drawn)
                for mark in moving(self._runs, one, function=index, layout=layout)
            ],
            values={"point": Rows([short_number(point, 1) for point in POINTS], by=("point",))},
            caption=said,
            verdict=said.only("{verdict}"),
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
        numbers = (
            f"x = {short_number(self.point, 1)}, value = {short_number(self.value)}, slope = {short_number(self.slope)}"
        )
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


def _caption(runs: ActivationRuns) -> Caption:
    by = ("function", "point")
    slopes = [short_number(slope) for slope in runs.slopes.ravel()]
    keys = ["activation_saturated" if flat else "activation_passes" for flat in runs.saturated.ravel()]
    return Caption(
        word("activation_words"),
        {
            "function": Rows(list(ACTIVATIONS), by=("function",)),
            "x": Rows([short_number(point, 1) for point in POINTS], by=("point",)),
            "value": Rows([short_number(value) for value in runs.values.ravel()], by=by),
            "slope": Rows(slopes, by=by),
            "verdict": Rows([word(key, slope=slope) for key, slope in zip(keys, slopes, strict=True)], by=by),
        },
    )
