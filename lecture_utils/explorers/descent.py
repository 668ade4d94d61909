"""Gradient descent by dataset, learning rate and number of steps."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from matplotlib.axes import Axes
from torch import Tensor

from lecture_utils import plots
from lecture_utils._ground import own_ground
from lecture_utils._live import Caption, Curve, LivePicture, Rows
from lecture_utils._look.style import PATH, lecture_style, new_figure
from lecture_utils._require import brief, require_count, require_instance, require_one_of
from lecture_utils._words import speaking, word
from lecture_utils.datasets import DATASETS, Dataset
from lecture_utils.descent import Trace, mse
from lecture_utils.explorers._descent_runs import N_LEARNING_RATES, DescentRuns, run_all_rates, wide_box
from lecture_utils.explorers._explorer import (
    Explorer,
    buttons,
    nearest,
    slider,
    until_it_leaves,
    with_label,
    with_play,
)
from lecture_utils.explorers._regression import Box, loss_text, require_range, weights_grid, weights_text
from lecture_utils.plots._axes import learning_rate_scale, loss_axes

N_STOPS = 61
MAX_STEPS = 2000
MAX_DATASETS = 10


class DescentExplorer(Explorer):
    """Gradient descent by dataset, learning rate and number of steps; see `descent_explorer`."""

    def __init__(self, runs: Mapping[str, DescentRuns], *, name: str) -> None:
        self._runs, n_stops = list(runs.values()), len(runs[name].stops)
        drawn = [_axes(run) for run in self._runs]
        picture = LivePicture(
            {"dataset": len(runs), "learning_rate": N_LEARNING_RATES, "step": n_stops},
            backgrounds=Rows([axes.surface.figure for axes in drawn], by=("dataset",)),
            marks=[mark for index, run in enumerate(self._runs) for mark in _marks(run, drawn[index], dataset=index)],
            caption=_caption(self._runs),
            chosen={
                "dataset": list(runs).index(name),
                "learning_rate": nearest(runs[name].rates, runs[name].dataset.learning_rate),
                "step": n_stops - 1,
            },
        )
        dataset, step = buttons(runs), slider(n_stops, word("steps_shown"))
        learning_rate = slider(N_LEARNING_RATES, word("learning_rate"))
        super().__init__(
            picture,
            controls={"dataset": dataset, "learning_rate": learning_rate, "step": step},
            rows=[with_label(dataset, word("dataset")), learning_rate, with_play(step)],
        )

    @property
    def dataset(self) -> Dataset:
        """The chosen dataset."""
        return self._runs[self.picture.dataset].dataset

    @property
    def trace(self) -> Trace:
        """The run on the screen: the chosen dataset and learning rate, the steps shown."""
        run = self._runs[self.picture.dataset]
        return run.traces[self.picture.learning_rate].until(run.stops[self.picture.step])

    def __repr__(self) -> str:
        """Say in numbers, in no language, where the run on the screen stands."""
        trace = self.trace
        return (
            f"descent_explorer: learning_rate = {trace.learning_rate:.4g}, step = {trace.n_steps}, "
            f"weights = {weights_text(trace.weights[-1].tolist())}, loss {loss_text(trace.losses[-1].item())}"
        )


@own_ground()
def descent_explorer(
    datasets: Mapping[str, Dataset] = DATASETS,
    *,
    dataset: str | None = None,
    n_steps: int | None = None,
    start: Tensor | Sequence[float] | None = None,
    language: str | None = None,
) -> DescentExplorer:
    """Show gradient descent live: dataset × learning rate × how many steps are shown.

    Parameters
    ----------
    datasets : mapping of str to Dataset
        The data by the name on their button, each with two features, up to 10; the lecture's two variants by default.
    dataset : str, optional
        The name of the data shown first; the first one by default.
    n_steps : int, optional
        How many steps to run, from 1 to 2000; by default as many as each dataset says, and 60 at least.
    start : Tensor or sequence of float, shape (2,), optional
        The first weights; zeros by default.
    language : str, optional
        "ru" or "en"; by default the language that `setup` chose.

    Returns
    -------
    DescentExplorer
        The widget; its ``trace`` is the run on the screen, its ``dataset`` what that run learns from.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If a name is unknown, a number is out of range, or data do not have two features, one of which varies, or
        float32 cannot hold their losses.
    """
    boxes = _require_datasets(datasets, start)
    name = next(iter(datasets)) if dataset is None else dataset
    require_one_of(name, datasets, "dataset")
    if n_steps is not None:
        require_count(n_steps, "n_steps", most=MAX_STEPS)
    steps = {key: n_steps or max(data.n_steps, N_STOPS - 1) for key, data in datasets.items()}
    if max(steps.values()) > MAX_STEPS:
        raise ValueError(f"n_steps must be at most {MAX_STEPS} here, for every step is kept; but it is {steps}")
    n_stops = min(N_STOPS, min(steps.values()) + 1)
    with speaking(language):
        runs = {
            key: run_all_rates(data, boxes[key], n_steps=steps[key], n_stops=n_stops, start=start)
            for key, data in datasets.items()
        }
        return DescentExplorer(runs, name=name)


def _require_datasets(datasets: Mapping[str, Dataset], start: Tensor | Sequence[float] | None) -> dict[str, Box]:
    """Return what to draw of each dataset, or raise."""
    if not isinstance(datasets, Mapping) or not datasets:
        raise TypeError(f"datasets must be a mapping of names to Dataset, but it is {brief(datasets)}")
    if len(datasets) > MAX_DATASETS:
        raise ValueError(f"datasets must have at most {MAX_DATASETS} names, but it has {len(datasets)}")
    boxes = {}
    for key, data in datasets.items():
        name = f"datasets[{key!r}]"
        require_instance(data, Dataset, name)
        if data.X.shape[1] != 2:
            raise ValueError(f"{name} must have two features, but it has {data.X.shape[1]}")
        if not data.X.any():
            raise ValueError(f"{name} must have a feature that is not always zero")
        boxes[key] = wide_box(data, start)
        require_range(data, name, boxes[key])
    return boxes


class _Axes(NamedTuple):
    """Where the path, the loss and the learning rate are drawn."""

    surface: Axes
    losses: Axes
    scale: Axes


def _axes(run: DescentRuns) -> _Axes:
    """Draw what does not move."""
    data, n_steps = run.dataset, run.traces[0].n_steps
    w1, w2, grid = weights_grid(run.box, dtype=torch.float32)
    with lecture_style():
        figure = new_figure(9.6, 4.4)
        axes = _Axes(
            surface=figure.add_axes((0.085, 0.13, 0.415, 0.85)),
            losses=figure.add_axes((0.605, 0.47, 0.365, 0.51)),
            scale=figure.add_axes((0.605, 0.14, 0.365, 0.13)),
        )
        plots.loss_surface(axes.surface, w1, w2, mse(data.X, data.y, grid))
        plots.minimum(axes.surface, run.minimum)
        loss_axes(axes.losses)
        first = max(run.traces[0].losses[0].item(), 1e-6)
        axes.losses.set(xlim=(-0.02 * n_steps, 1.02 * n_steps), ylim=(1e-12 * first, 30 * first))
        learning_rate_scale(
            axes.scale,
            lowest=run.rates[0] * 0.95,
            highest=run.rates[-1] * 1.1,
            smooth_until=run.limit / 2,
            limit=run.limit,
            marked=data.learning_rate,
        )
    return axes


def _marks(run: DescentRuns, axes: _Axes, *, dataset: int) -> list[Curve]:
    """Return what moves on the axes, drawn while that dataset is chosen."""
    weights = torch.stack([trace.weights for trace in run.traces]).double().numpy()
    losses = torch.stack([trace.losses for trace in run.traces]).double().numpy()
    low, high = np.transpose([axes.surface.get_xlim(), axes.surface.get_ylim()])
    path = until_it_leaves(weights, ~((weights >= low) & (weights <= high)).all(axis=-1))
    curve = until_it_leaves(losses, ~(losses <= axes.losses.get_ylim()[1]))
    until, by_rate = Rows([stop + 1 for stop in run.stops], by=("step",)), ("learning_rate",)
    shared = {"until": until, "when": {"dataset": dataset}}
    return [
        Curve(
            name=f"path {dataset}",
            axes=axes.surface,
            x=Rows(path[..., 0], by=by_rate),
            y=Rows(path[..., 1], by=by_rate),
            widths={"line": 1.4, "dots": 4.5, "head": 11},
            **shared,
        ),
        Curve(
            name=f"loss {dataset}",
            axes=axes.losses,
            x=np.arange(losses.shape[1]),
            y=Rows(curve, by=by_rate),
            widths={"line": 2.4, "head": 11},
            **shared,
        ),
        Curve(
            name=f"rate {dataset}",
            axes=axes.scale,
            x=Rows(run.rates, by=by_rate),
            y=0.28,
            when=shared["when"],
            widths={"head": 15},
            color=PATH,
        ),
    ]


def _caption(runs: Sequence[DescentRuns]) -> Caption:
    states = [
        (trace.weights[run.stops].tolist(), trace.losses[run.stops].tolist()) for run in runs for trace in run.traces
    ]
    by_rate, by_state = ("dataset", "learning_rate"), ("dataset", "learning_rate", "step")
    return Caption(
        word("descent_words"),
        {
            "rate": Rows([f"{rate:.4g}" for run in runs for rate in run.rates], by=by_rate),
            "step": Rows([stop for run in runs for stop in run.stops], by=("dataset", "step")),
            "weights": Rows([weights_text(w) for weights, _ in states for w in weights], by=by_state),
            "loss": Rows([loss_text(loss) for _, losses in states for loss in losses], by=by_state),
            "verdict": Rows([_verdict(rate, limit=run.limit) for run in runs for rate in run.rates], by=by_rate),
        },
    )


def _verdict(learning_rate: float, *, limit: float) -> str:
    """Say what descent does at `learning_rate`: a step multiplies the steepest error by 1 − γλ_max."""
    if learning_rate >= limit:
        return word("diverges")
    return word("jumps") if learning_rate > limit / 2 else word("converges")
