"""How the descent explorer draws: what does not move, what does, and how it is said."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from matplotlib.axes import Axes

from lecture_utils import plots
from lecture_utils._letters import power_of_ten
from lecture_utils._live import Caption, Curve, Form, Label, Number, Rows
from lecture_utils._live.motion import number
from lecture_utils._look.style import INK, LIMIT, MINIMUM, PATH, new_figure, picture_style
from lecture_utils._words import word
from lecture_utils.descent import mse
from lecture_utils.explorers._descent_runs import DescentRuns
from lecture_utils.explorers._regression import weights_grid
from lecture_utils.plots._axes import learning_rate_scale, logarithmic, parabola, steps_axis

_TRAIL = 21  # points: the last 20 steps
_IN_SHORT = {"converges": "descent_converges", "jumps": "descent_jumps", "diverges": "descent_diverges"}
_ORDERS = 9  # of magnitude that the axis of the loss has below the highest one


class DescentAxes(NamedTuple):
    """Where the path, the loss, the bounces and the learning rate are drawn."""

    surface: Axes
    losses: Axes
    steepest: Axes
    scale: Axes


#: Where the axes stand, and the size of the picture in inches.
_WIDE = (
    (9.6, 5.4),
    ((0.09, 0.365, 0.405, 0.62), (0.615, 0.695, 0.365, 0.29), (0.615, 0.365, 0.365, 0.2), (0.09, 0.12, 0.89, 0.08)),
)
_STACKED = (
    (3.6, 6.2),
    ((0.17, 0.683, 0.805, 0.309), (0.235, 0.442, 0.74, 0.152), (0.235, 0.235, 0.74, 0.107), (0.06, 0.075, 0.88, 0.052)),
)


def draw_axes(run: DescentRuns, *, stacked: bool = False) -> DescentAxes:
    """Draw what does not move."""
    low, high = run.motion.low, run.motion.high
    w1, w2, grid = weights_grid((torch.tensor(low), torch.tensor(high)), dtype=torch.float32)
    size, boxes = _STACKED if stacked else _WIDE
    with picture_style(stacked=stacked):
        figure = new_figure(*size)
        axes = DescentAxes(*map(figure.add_axes, boxes))
        plots.loss_surface(axes.surface, w1, w2, mse(run.dataset.X, run.dataset.y, grid))
        axes.surface.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        _minimum(axes.surface, run)
        logarithmic(axes.losses)
        steps_axis(axes.losses, n_steps=run.n_steps)
        axes.losses.set(ylim=(loss_floor(run), 30 * run.highest or 1), ylabel=word("loss_axis"))
        parabola(axes.steepest, curvature=run.curvatures[1], least=run.least, half_width=_half_width(run))
        learning_rate_scale(
            axes.scale,
            highest=1.32 * run.limit,
            smooth_until=run.limit / 2,
            limit=run.limit,
            given=run.dataset.learning_rate,
        )
    return axes


def _minimum(ax: Axes, run: DescentRuns) -> None:
    """Mark the minimum: a point, or a line where the loss is flat along one direction."""
    if run.curvatures[0] > 1e-9 * run.curvatures[1]:
        plots.minimum(ax, run.minimum)
        return
    limits = ax.get_xlim(), ax.get_ylim()
    along = np.outer([-1, 1], run.motion.directions[0]) * np.hypot(*np.subtract(run.motion.high, run.motion.low))
    for color, width in ((MINIMUM, 3.5), (INK, 1.2)):
        ax.plot(*(run.minimum.numpy() + along).T, color=color, linewidth=width)
    ax.set(xlim=limits[0], ylim=limits[1])


def _half_width(run: DescentRuns) -> float:
    """Return how far the surface reaches from the minimum along the steepest direction."""
    corners = torch.cartesian_prod(*torch.tensor([run.motion.low, run.motion.high], dtype=torch.float64).T)
    return float(np.abs((corners - run.minimum).numpy() @ run.motion.directions[1]).max())


def loss_floor(run: DescentRuns) -> float:
    """Return where the axis of the loss ends below: a power of ten."""
    lowest = max(run.highest * 10.0**-_ORDERS, run.least / 10, 1e-37)
    return 10.0 ** round(np.log10(lowest))


def moving(run: DescentRuns, axes: DescentAxes, *, dataset: int) -> list[Curve | Label]:
    """Return what moves on the axes, drawn while that dataset is chosen."""
    until = Rows([run.shown.index(stop) + 1 for stop in run.stops], by=("step",))
    when, drawn = {"dataset": dataset}, {"until": until, "when": {"dataset": dataset}}
    w1, w2 = run.weights
    path = {"axes": axes.surface, "x": w1, "y": w2}
    loss = {"axes": axes.losses, "x": run.shown, "y": run.loss, **drawn}
    first = path | {"until": 2, "when": when | {"step": 0}}
    steps = [str(stop) for stop in run.stops]
    readout = Caption(word("descent_readout"), {"step": Rows(steps, by=("step",)), "loss": _loss(run, digits=3)})
    one = {"line": 1.4, "dots": 4.5}

    def named(what: str) -> str:
        return f"{what} {dataset}"

    return [
        Curve(name=named("trail"), **path, **drawn, leaves=True, widths=one, opacity=0.2),
        Curve(name=named("path"), **path, **drawn, leaves=True, last=_TRAIL, widths=one | {"head": 11}, grab="step"),
        Curve(name=named("start rim"), **path, until=1, when=when, widths={"head": 15}, color=INK),
        Curve(name=named("start"), **path, until=1, when=when, widths={"head": 9}, color=MINIMUM, grab="start"),
        Curve(name=named("first step"), **first, widths={"line": 2.6, "arrow": 12}, color=INK),
        Label(name=named("first step words"), **first, texts="−γ∇E", beyond="edge", halo=True, size=16),
        Curve(name=named("way out"), **path, **drawn, beyond="ray", widths={"arrow": 16}, color=LIMIT),
        _farthest(run, path | drawn, name=named("way out words")),
        Curve(name=named("loss"), **loss, widths={"line": 2.4, "head": 11}, grab="step"),
        Curve(name=named("loss beyond"), **loss, beyond="edge", widths={"arrow": 14}),
        Label(name=named("loss words"), **loss, texts=readout, beyond="edge", halo=True, color=PATH, size=14),
        *_bouncing(run, axes.steepest, drawn, named),
        Curve(
            name=named("rate"),
            grab="learning_rate",
            axes=axes.scale,
            x=Rows(run.rates, by=("learning_rate",)),
            y=0.3,
            when=when,
            widths={"head": 18},
        ),
    ]


def _farthest(run: DescentRuns, place: dict, *, name: str) -> Label:
    """Say how far a run has gone that has left the surface: by the weight that goes farther."""
    index = int(np.abs(run.motion.directions[1]).argmax())
    weight = Number(form=run.weights[index], at=_now(run), digits=2)
    words = Caption(f"w{'₁₂'[index]} = {{weight}}", {"weight": weight})
    return Label(name=name, **place, texts=words, beyond="ray", halo=True, color=LIMIT, size=16)


def _bouncing(run: DescentRuns, ax: Axes, drawn: dict, named: object) -> list[Curve | Label]:
    """Return what moves on the parabola: the run's part along the steepest direction, and the factor of each step."""
    place = {
        "axes": ax,
        "x": Form(motion=run.motion, weights=(0, 1)),
        "y": Form(motion=run.motion, weights=(0, run.curvatures[1] / 2), constant=run.least, power=2),
    }
    factors = [number(1 - rate * run.curvatures[1], 3) for rate in run.rates]
    return [
        Curve(name=named("bounces"), **place, **drawn, leaves=True, last=_TRAIL, widths={"line": 1.3}, opacity=0.5),
        Curve(name=named("bounce"), **place, **drawn, widths={"head": 12}, last=1),
        Label(
            name=named("factor"),
            axes=ax,
            x=0.0,
            y=run.least + 0.9 * run.curvatures[1] / 2 * _half_width(run) ** 2,
            texts=Rows([f"1 − γλ = {factor}" for factor in factors], by=("learning_rate",)),
            when=drawn["when"],
            color=PATH,
            size=15,
            halo=True,
        ),
    ]


def _now(run: DescentRuns) -> Rows:
    """Return at which point of a run each stop is."""
    return Rows([run.shown.index(stop) for stop in run.stops], by=("step",))


def _loss(run: DescentRuns, *, digits: int) -> Number:
    floor = loss_floor(run)
    low = f"< {power_of_ten(round(np.log10(floor)))}"
    return Number(form=run.loss, at=_now(run), digits=digits, sign="= ", floor=floor, low=low)


def caption(runs: Sequence[DescentRuns]) -> Caption:
    """Return the state in words."""
    by_dataset, by_rate = ("dataset",), ("dataset", "learning_rate")
    fields = {
        "rate": Rows([_rate(rate) for run in runs for rate in run.rates], by=by_rate),
        "step": Rows([str(stop) for run in runs for stop in run.stops], by=("dataset", "step")),
        "loss": Rows([_loss(run, digits=4) for run in runs], by=by_dataset),
        "verdict": Rows([word(_behaviour(rate, limit=run.limit)) for run in runs for rate in run.rates], by=by_rate),
    }
    for index in (0, 1):
        fields[f"w{index + 1}"] = Rows([_weight(run, index) for run in runs], by=by_dataset)
        fields[f"start{index + 1}"] = Rows([_weight(run, index, at=0, digits=3) for run in runs], by=by_dataset)
    return Caption(word("descent_words"), fields)


def verdict(runs: Sequence[DescentRuns]) -> Caption:
    """Return what to see, in a few words."""
    by = ("dataset", "learning_rate")
    said = [word(_IN_SHORT[_behaviour(rate, limit=run.limit)]) for run in runs for rate in run.rates]
    return Caption("{verdict}", {"verdict": Rows(said, by=by)})


def values(runs: Sequence[DescentRuns]) -> dict[str, Rows]:
    """Return what is said beside the controls."""
    return {
        "learning_rate": Rows([_rate(rate) for run in runs for rate in run.rates], by=("dataset", "learning_rate")),
        "step": Rows([str(stop) for run in runs for stop in run.stops], by=("dataset", "step")),
    }


def _weight(run: DescentRuns, index: int, *, at: object = None, digits: int = 4) -> Number:
    tiny = 1e-9 * (run.motion.high[index] - run.motion.low[index])  # what rounding leaves of a zero
    return Number(form=run.weights[index], at=_now(run) if at is None else at, digits=digits, floor=tiny)


def _rate(rate: float) -> str:
    return f"{rate:.4g}" if rate >= 1e-4 else number(rate)


def _behaviour(learning_rate: float, *, limit: float) -> str:
    """Return what descent does at `learning_rate`: a step multiplies the steepest error by 1 − γλ_max."""
    if learning_rate >= limit:
        return "diverges"
    return "jumps" if learning_rate > limit / 2 else "converges"
