"""Gradient descent by dataset, learning rate and number of steps."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from lecture_utils import plots
from lecture_utils.datasets import DATASETS, Dataset, get_dataset
from lecture_utils.descent import Trace, learning_rate_sweep, mse, nearest_minimum, reach, stability_limit
from lecture_utils.explorers.controls import Explorer, buttons, slider, with_label, with_play
from lecture_utils.i18n import speaking, word
from lecture_utils.live import By, Curve, LivePicture, Words
from lecture_utils.require import LARGEST, SMALLEST, require_count, require_instance, shown
from lecture_utils.style import PATH, house, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

N_LEARNING_RATES = 60
N_STOPS = 61
MAX_STEPS = 2000
MAX_DATASETS = 10


class DescentExplorer(Explorer):
    """Gradient descent by dataset, learning rate and number of steps; see `descent_explorer`."""

    def __init__(self, runs: Mapping[str, "_Runs"], *, name: str) -> None:
        self._runs = list(runs.values())
        stops = len(self._runs[0].stops)
        picture = LivePicture(
            {"dataset": len(runs), "learning_rate": N_LEARNING_RATES, "step": stops},
            backgrounds=By(by=("dataset",), rows=[run.figure for run in self._runs]),
            marks=[mark for index, run in enumerate(self._runs) for mark in run.marks(index)],
            words=_descent_words(self._runs),
            chosen={
                "dataset": list(runs).index(name),
                "learning_rate": runs[name].nearest(runs[name].dataset.learning_rate),
                "step": stops - 1,
            },
        )
        dataset = buttons(runs)
        learning_rate = slider(N_LEARNING_RATES, word("learning_rate"))
        step = slider(stops, word("steps_shown"))
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
            f"weights = {_weights_text(trace.weights[-1].tolist())}, loss {_loss_text(trace.losses[-1].item())}"
        )


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
    _require_datasets(datasets, start)
    name = next(iter(datasets)) if dataset is None else dataset
    get_dataset(name, datasets)
    if n_steps is not None:
        require_count(n_steps, "n_steps", most=MAX_STEPS)
    steps = {key: n_steps or max(data.n_steps, N_STOPS - 1) for key, data in datasets.items()}
    if max(steps.values()) > MAX_STEPS:
        raise ValueError(f"n_steps must be at most {MAX_STEPS} here, for every step is kept; but it is {steps}")
    n_stops = min(N_STOPS, min(steps.values()) + 1)
    with speaking(language):
        runs = {key: _Runs(data, n_steps=steps[key], n_stops=n_stops, start=start) for key, data in datasets.items()}
        return DescentExplorer(runs, name=name)


def _require_datasets(datasets: Mapping[str, Dataset], start: Tensor | Sequence[float] | None) -> None:
    if not isinstance(datasets, Mapping) or not datasets:
        raise TypeError(f"datasets must be a mapping of names to Dataset, but it is {shown(datasets)}")
    if len(datasets) > MAX_DATASETS:
        raise ValueError(f"datasets must have at most {MAX_DATASETS} names, but it has {len(datasets)}")
    for name, data in datasets.items():
        require_instance(data, Dataset, f"datasets[{name!r}]")
        if data.X.shape[1] != 2:
            raise ValueError(f"datasets[{name!r}] must have two features, but it has {data.X.shape[1]}")
        if not data.X.any():
            raise ValueError(f"datasets[{name!r}] must have a feature that is not always zero")
        require_range(data, f"datasets[{name!r}]", *_box(data, start))


def require_range(dataset: Dataset, name: str, low: Tensor, high: Tensor) -> None:
    """Raise unless float32 holds the learning rates of `dataset`, and its losses and gradients from `low` to `high`."""
    limit, X = stability_limit(dataset), dataset.X.double().abs()
    residual = (X @ torch.maximum(low.abs(), high.abs()) + dataset.y.double().abs()).max().item()
    if not 1e3 * SMALLEST < limit < LARGEST / 1e3 or residual * max(residual, X.max().item()) > LARGEST / 1e3:
        raise ValueError(f"{name} must have X and y of a size whose learning rates and losses float32 can hold")


class _Runs:
    """One dataset's runs at all learning rates, and the figure that they are drawn on."""

    def __init__(self, dataset: Dataset, *, n_steps: int, n_stops: int, start: Tensor | Sequence[float] | None) -> None:
        self.dataset = dataset
        self.limit = stability_limit(dataset)
        self.rates = learning_rates(self.limit, lecture_rate=dataset.learning_rate)
        self.traces = learning_rate_sweep(dataset, learning_rates=self.rates, n_steps=n_steps, start=start)
        self.stops = steps_to_show(n_steps, n_stops)
        self.figure = self._figure(start)

    def nearest(self, learning_rate: float) -> int:
        """Return the index of the rate that is nearest to `learning_rate` by factor."""
        return int(np.abs(np.log(np.divide(self.rates, learning_rate))).argmin())

    def verdict(self, learning_rate: float) -> str:
        """Say what descent does at `learning_rate`: a step multiplies the steepest error by 1 − γλ_max."""
        if learning_rate >= self.limit:
            return word("diverges")
        return word("jumps") if learning_rate > self.limit / 2 else word("converges")

    def _figure(self, start: Tensor | Sequence[float] | None) -> "Figure":
        data = self.dataset
        (w1_low, w2_low), (w1_high, w2_high) = (corner.tolist() for corner in _box(data, start))
        w1, w2 = torch.linspace(w1_low, w1_high, 80), torch.linspace(w2_low, w2_high, 80)
        grid = torch.stack(torch.meshgrid(w1, w2, indexing="xy"), dim=-1)
        with house():
            figure = new_figure(9.6, 4.4)
            self.surface = figure.add_axes((0.085, 0.13, 0.415, 0.85))
            self.losses = figure.add_axes((0.605, 0.47, 0.365, 0.51))
            self.scale = figure.add_axes((0.605, 0.14, 0.365, 0.13))
            plots.loss_surface(self.surface, w1, w2, mse(data.X, data.y, grid))
            plots.minimum(self.surface, nearest_minimum(data, start))
            plots.loss_axes(self.losses)
            first = max(self.traces[0].losses[0].item(), 1e-6)
            n_steps = self.traces[0].n_steps
            self.losses.set(xlim=(-0.02 * n_steps, 1.02 * n_steps), ylim=(1e-9 * first, 30 * first))
            plots.learning_rate_scale(
                self.scale,
                lowest=self.rates[0] * 0.95,
                highest=self.rates[-1] * 1.1,
                smooth_until=self.limit / 2,
                limit=self.limit,
                marked=data.learning_rate,
            )
        return figure

    def marks(self, index: int) -> list[Curve]:
        """Return what moves on the figure, drawn when the choice of dataset is `index`."""
        weights = torch.stack([trace.weights for trace in self.traces]).double().numpy()
        losses = torch.stack([trace.losses for trace in self.traces]).double().numpy()
        path = _until_it_leaves(weights, self.surface.get_xlim(), self.surface.get_ylim())
        floor, ceiling = self.losses.get_ylim()
        curve = _until_it_leaves(np.maximum(losses, floor)[..., None], (floor, ceiling))[..., 0]
        until = By(by=("step",), rows=[stop + 1 for stop in self.stops])
        by_rate, when = ("learning_rate",), {"dataset": index}
        return [
            Curve(
                name=f"path {index}",
                axes=self.surface,
                x=By(by=by_rate, rows=path[..., 0]),
                y=By(by=by_rate, rows=path[..., 1]),
                until=until,
                when=when,
                widths={"line": 1.4, "dots": 4.5, "head": 11},
            ),
            Curve(
                name=f"loss {index}",
                axes=self.losses,
                x=By(rows=[np.arange(losses.shape[1])]),
                y=By(by=by_rate, rows=curve),
                until=until,
                when=when,
                widths={"line": 2.4, "head": 11},
            ),
            Curve(
                name=f"rate {index}",
                axes=self.scale,
                x=By(by=by_rate, rows=self.rates),
                y=By(rows=[0.28]),
                when=when,
                widths={"head": 15},
                color=PATH,
            ),
        ]


def learning_rates(limit: float, *, lecture_rate: float) -> list[float]:
    """Return 60 learning rates spaced by factor, from limit/50 to 1.1 · limit, `lecture_rate` among them.

    The lecture's rate takes the place of its nearest neighbour; a rate outside the range is left out.
    """
    rates = np.geomspace(limit / 50, 1.1 * limit, N_LEARNING_RATES)
    if rates[0] <= lecture_rate <= rates[-1]:
        rates[np.abs(np.log(rates / lecture_rate)).argmin()] = lecture_rate
    return rates.tolist()


def steps_to_show(n_steps: int, n_stops: int) -> list[int]:
    """Return `n_stops` growing step numbers from 0 to `n_steps`, close together at first."""
    spread = np.round(np.geomspace(1, n_steps + 1, n_stops) - 1).astype(int)
    return np.maximum(spread, np.arange(n_stops)).tolist()


def _descent_words(runs: Sequence[_Runs]) -> Words:
    shown = [
        (trace.weights[run.stops].tolist(), trace.losses[run.stops].tolist()) for run in runs for trace in run.traces
    ]
    by_rate, by_state = ("dataset", "learning_rate"), ("dataset", "learning_rate", "step")
    return Words(
        template=word("descent_words"),
        fields={
            "rate": By(by=by_rate, rows=[f"{rate:.4g}" for run in runs for rate in run.rates]),
            "step": By(by=("dataset", "step"), rows=[stop for run in runs for stop in run.stops]),
            "weights": By(by=by_state, rows=[_weights_text(w) for weights, _ in shown for w in weights]),
            "loss": By(by=by_state, rows=[_loss_text(loss) for _, losses in shown for loss in losses]),
            "verdict": By(by=by_rate, rows=[run.verdict(rate) for run in runs for rate in run.rates]),
        },
    )


def _weights_text(weights: Sequence[float]) -> str:
    return f"({', '.join(_number(weight) for weight in weights)})"


def _loss_text(loss: float) -> str:
    # Below this, float32 arithmetic on another processor would print other digits.
    return "< 0.001" if loss < 1e-3 else f"= {_number(loss)}"


def _number(value: float) -> str:
    return f"{value:#.4g}".rstrip(".") if math.isfinite(value) else "∞"


def _box(dataset: Dataset, start: Tensor | Sequence[float] | None) -> tuple[Tensor, Tensor]:
    """Return a box a quarter wider than what runs reach; a side without length gets that of the other, or 1."""
    low, high = reach(dataset, start)
    length = high - low
    length = torch.where(length > 1e-6 * length.max(), length, length.max())
    length = torch.where(length > 0, length, torch.ones_like(length))
    centre = (low + high) / 2
    return centre - 0.75 * length, centre + 0.75 * length


def _until_it_leaves(runs: np.ndarray, *limits: tuple[float, float]) -> np.ndarray:
    """Cut each run after its first point outside the limits: shape (n_runs, n_points, n_coordinates), NaN beyond."""
    low, high = np.transpose(limits)
    outside = ~((runs >= low) & (runs <= high)).all(axis=-1)
    beyond = np.cumsum(outside, axis=1) - outside > 0
    return np.where(beyond[..., None], np.nan, runs)
