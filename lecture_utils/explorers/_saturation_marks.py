"""What the saturation explorer draws, by layer: how long its gradient is, and how steep its sigmoids."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator

from lecture_utils._letters import power_of_ten
from lecture_utils._live import Caption, Curve, Label, Rows
from lecture_utils._look.style import GRADIENT, GRID, INPUT_JACOBIAN, new_figure, picture_style
from lecture_utils._words import word
from lecture_utils.explorers._saturation_runs import N_LAYERS, SCALES, SaturationRuns
from lecture_utils.plots._axes import logarithmic

#: From the size of the picture in inches to where the gradients' lengths stand, and the slopes; above each is a line.
_WIDE = (9.6, 4.0), (0.09, 0.16, 0.39, 0.72), (0.6, 0.16, 0.39, 0.72)
_STACKED = (3.6, 5.4), (0.21, 0.61, 0.76, 0.315), (0.21, 0.1, 0.76, 0.315)
_POWERS = 1e-13, 1e3
_STEEPEST = 0.25
#: What is still neither vanishing nor exploding, as the first layer's gradient in lengths of the last's.
_WHOLE = 0.2, 5.0


class SaturationAxes(NamedTuple):
    """Where the lengths of the gradients are drawn, and where the slopes of the sigmoids."""

    lengths: Axes
    slopes: Axes


def draw_axes(*, stacked: bool = False) -> SaturationAxes:
    """Draw what does not move."""
    size, *boxes = _STACKED if stacked else _WIDE
    with picture_style(stacked=stacked):
        lengths, slopes = map(new_figure(*size).add_axes, boxes)
        logarithmic(lengths)
        lengths.set(ylim=_POWERS, yticks=[10.0**power for power in range(-12, 3, 4)], ylabel=word("backprop_norm_axis"))
        slopes.set(ylim=(0, 1.1 * _STEEPEST), ylabel=word("saturation_slope_axis"))
        slopes.yaxis.set_major_locator(MultipleLocator(0.05))
        slopes.grid(axis="y", color=GRID, linewidth=0.8)
        for ax in (lengths, slopes):
            ax.set(xlim=(0, N_LAYERS + 1), xticks=[1, *range(5, N_LAYERS + 1, 5)], xlabel=word("backprop_layer_axis"))
    return SaturationAxes(lengths, slopes)


def moving(runs: SaturationRuns, axes: SaturationAxes) -> list[Curve | Label]:
    """Return what moves with the scale; each line ends in the first layer, where that of the slopes is grabbed."""
    layers = np.arange(N_LAYERS, 0, -1)
    lines = {"x": layers, "widths": {"line": 2.2, "dots": 5, "head": 13}}
    said = {"size": 16, "anchor": "start", "x": 0}
    top, above = axes.lengths.get_ylim(), 0.04  # of the height of the axes
    return [
        Curve(name="lengths", axes=axes.lengths, y=_by_scale(runs.lengths[:, ::-1]), color=GRADIENT, **lines),
        Curve(
            name="slopes",
            axes=axes.slopes,
            y=_by_scale(runs.slopes[:, ::-1]),
            color=INPUT_JACOBIAN,
            grab="scale",
            **lines,
        ),
        Label(
            name="factor",
            axes=axes.lengths,
            y=top[1] * (top[1] / top[0]) ** above,
            texts=Caption(word("saturation_factor"), _factors(runs)),
            color=GRADIENT,
            **said,
        ),
        Label(
            name="slope",
            axes=axes.slopes,
            y=axes.slopes.get_ylim()[1] * (1 + above),
            texts=Caption(word("saturation_slope"), _slopes(runs)),
            color=INPUT_JACOBIAN,
            **said,
        ),
    ]


def caption(runs: SaturationRuns) -> Caption:
    """Return the state in words."""
    low, high = _WHOLE
    keys = [
        "saturation_vanishes" if one < low else "saturation_explodes" if one > high else "saturation_whole"
        for one in runs.ratios
    ]
    return Caption(
        word("saturation_words"),
        {
            "scale": _by_scale(f"{scale:g}" for scale in SCALES),
            "ratio": _by_scale(map(times, runs.ratios)),
            "ending": _by_scale(map(word, keys)),
        }
        | _factors(runs)
        | _slopes(runs),
    )


def times(ratio: float) -> str:
    """Write how many times as long something is: as a number where that is short, else with a power of ten."""
    if ratio >= 0.01:
        return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.2g}"
    mantissa, power = f"{ratio:.0e}".split("e")
    return f"{mantissa}·{power_of_ten(int(power))}"


def _factors(runs: SaturationRuns) -> dict[str, Rows]:
    return {"factor": _by_scale(f"{one:.2f}" for one in runs.factors)}


def _slopes(runs: SaturationRuns) -> dict[str, Rows]:
    return {
        "slope": _by_scale(f"{one:.3f}" for one in runs.slopes.mean(axis=1)),
        "saturated": _by_scale(f"{100 * one:.0f}" for one in runs.saturated.mean(axis=1)),
    }


def _by_scale(values: object) -> Rows:
    return Rows(values if isinstance(values, np.ndarray) else list(values), by=("scale",))
