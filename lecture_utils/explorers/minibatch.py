"""Mini-batches by batch size, learning rate and number of examples seen."""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
import torch
from matplotlib.axes import Axes

from lecture_utils import plots
from lecture_utils._ground import own_ground
from lecture_utils._live import Caption, Curve, LivePicture, Rows
from lecture_utils._look.style import lecture_style, new_figure
from lecture_utils._require import as_list, brief, require_count, require_instance, require_seed
from lecture_utils._words import speaking, word
from lecture_utils.datasets import Dataset, noisy_observations
from lecture_utils.descent import hessian, mse
from lecture_utils.explorers._explorer import (
    Explorer,
    buttons,
    nearest,
    slider,
    until_it_leaves,
    with_label,
    with_play,
)
from lecture_utils.explorers._minibatch_runs import (
    N_LEARNING_RATES,
    MinibatchRuns,
    excess_loss,
    run_all_sizes,
    weights_box,
)
from lecture_utils.explorers._regression import nearest_minimum, require_range, weights_grid
from lecture_utils.minibatch import MiniBatchTrace
from lecture_utils.plots._axes import examples_axes

MAX_EXAMPLES = 4096
MAX_BATCH_SIZES = 8
_BOTTOM = 1e-5  # of the axis of losses, as a part of the first loss


class MinibatchExplorer(Explorer):
    """Gradient descent by batch size, learning rate and examples seen; see `minibatch_explorer`."""

    def __init__(self, dataset: Dataset, *, batch_sizes: Sequence[int], n_epochs: int, seed: int) -> None:
        self._runs = run_all_sizes(dataset, batch_sizes, n_epochs=n_epochs, seed=seed)
        self.dataset = dataset
        axes = _axes(self._runs)
        picture = LivePicture(
            {"batch": len(batch_sizes), "learning_rate": N_LEARNING_RATES, "examples": len(self._runs.stops)},
            backgrounds=axes.surface.figure,
            marks=[mark for batch in range(len(batch_sizes)) for mark in _marks(self._runs, axes, batch=batch)],
            caption=_caption(self._runs),
            names={"examples": word("deep_examples_shown")},
            chosen={
                "batch": len(batch_sizes) // 2,
                "learning_rate": nearest(self._runs.rates, dataset.learning_rate),
                "examples": len(self._runs.stops) - 1,
            },
        )
        batch = buttons([str(size) for size in batch_sizes])
        learning_rate = slider(N_LEARNING_RATES, word("learning_rate"))
        examples = slider(len(self._runs.stops), word("deep_examples_shown"))
        super().__init__(
            picture,
            controls={"batch": batch, "learning_rate": learning_rate, "examples": examples},
            rows=[with_label(batch, word("deep_batch_size")), learning_rate, with_play(examples)],
        )

    @property
    def trace(self) -> MiniBatchTrace:
        """The run on the screen: the chosen batch size and learning rate, as far as it is shown."""
        run = self._runs.traces[self.picture.batch][self.picture.learning_rate]
        return run.until(self._runs.steps[self.picture.batch][self.picture.examples])

    def __repr__(self) -> str:
        """Say in numbers, in no language, where the run on the screen stands."""
        trace = self.trace
        return (
            f"minibatch_explorer: batch_size = {trace.batch_size}, learning_rate = {trace.learning_rate:.3g}, "
            f"steps = {trace.n_steps}, weights = {_weights(trace.weights[-1].tolist())}, loss = {trace.losses[-1]:.3f}"
        )


@own_ground()
def minibatch_explorer(
    dataset: Dataset | None = None,
    *,
    batch_sizes: Sequence[int] = (1, 4, 16, 64, 256),
    n_epochs: int = 6,
    seed: int = 0,
    language: str | None = None,
) -> MinibatchExplorer:
    """Show mini-batches live: batch size × learning rate × how many examples have been seen.

    Parameters
    ----------
    dataset : Dataset, optional
        What to learn from: two features; `noisy_observations()` by default.
    batch_sizes : sequence of int
        The sizes on the buttons, up to 8, each from 1 to the number of observations, and none twice.
    n_epochs : int
        How many times each run goes through all observations; at most 4096 examples in all.
    seed : int
        Which random orders.
    language : str, optional
        "ru" or "en"; by default the language that `setup` chose.

    Returns
    -------
    MinibatchExplorer
        The widget; its ``trace`` is the run on the screen, its ``dataset`` what that run learns from.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If a number is out of range, or the dataset does not have two features, both of which vary, or nothing is to
        be learnt from it.
    """
    dataset = noisy_observations() if dataset is None else dataset
    _require_two_features(dataset)
    n = len(dataset.y)
    batch_sizes = as_list(batch_sizes, "batch_sizes", of="whole numbers", most=MAX_BATCH_SIZES)
    for size in batch_sizes:
        require_count(size, "batch_sizes")
        if size > n:
            raise ValueError(f"batch_sizes must be at most {n}, the number of observations, but one is {brief(size)}")
    if not batch_sizes or len(set(batch_sizes)) < len(batch_sizes):
        raise ValueError(f"batch_sizes must name at least one size, and none twice, but it is {brief(batch_sizes)}")
    require_count(n_epochs, "n_epochs")
    if int(n_epochs) * n > MAX_EXAMPLES:
        raise ValueError(f"n_epochs must keep to {MAX_EXAMPLES} examples in all, but it is {brief(n_epochs)} times {n}")
    require_seed(seed)
    with speaking(language):
        return MinibatchExplorer(dataset, batch_sizes=tuple(batch_sizes), n_epochs=n_epochs, seed=seed)


def _require_two_features(dataset: Dataset) -> None:
    require_instance(dataset, Dataset, "dataset")
    if dataset.X.shape[1] != 2 or torch.linalg.eigvalsh(hessian(dataset))[0] < 1e-6:
        raise ValueError("dataset must have two features that vary, neither of them a multiple of the other")
    minimum = nearest_minimum(dataset)
    if minimum @ hessian(dataset) @ minimum < 1e-12:
        raise ValueError("dataset must have something to learn, but zeros are its best weights")
    require_range(dataset, "dataset", weights_box(minimum))


class _Axes(NamedTuple):
    """Where the path and the loss are drawn."""

    surface: Axes
    losses: Axes


def _axes(runs: MinibatchRuns) -> _Axes:
    """Draw what does not move."""
    minimum = nearest_minimum(runs.dataset)
    w1, w2, grid = weights_grid(weights_box(minimum), dtype=torch.float64)
    with lecture_style():
        figure = new_figure(9.6, 4.2)
        surface, losses = figure.add_axes((0.085, 0.135, 0.4, 0.84)), figure.add_axes((0.6, 0.135, 0.375, 0.84))
        plots.loss_surface(surface, w1, w2, excess_loss(runs.dataset, grid))
        plots.minimum(surface, minimum)
        examples_axes(losses)
        first, n_examples = runs.excess[0][0, 0], runs.stops[-1]
        losses.set(xlim=(-0.02 * n_examples, 1.02 * n_examples), ylim=(_BOTTOM * first, 30 * first))
        losses.set_xticks(len(runs.dataset.y) * np.arange(0, runs.n_epochs + 1, max(1, runs.n_epochs // 4)))
    return _Axes(surface, losses)


def _marks(runs: MinibatchRuns, axes: _Axes, *, batch: int) -> list[Curve]:
    """Return what moves while that batch size is chosen."""
    few, (floor, ceiling) = runs.batch_sizes[batch] <= 4, axes.losses.get_ylim()
    weights = torch.stack([trace.weights for trace in runs.traces[batch]]).double().numpy()
    excess = np.maximum(runs.excess[batch], floor)
    outside = ~np.isfinite(weights).all(axis=-1) | (excess > ceiling)
    weights, excess = until_it_leaves(weights, outside), until_it_leaves(excess, outside)
    until = Rows([step + 1 for step in runs.steps[batch]], by=("examples",))
    shared, by_rate = {"until": until, "when": {"batch": batch}}, ("learning_rate",)
    return [
        Curve(
            name=f"path {batch}",
            grab="examples",
            axes=axes.surface,
            x=Rows(weights[..., 0], by=by_rate),
            y=Rows(weights[..., 1], by=by_rate),
            widths={"line": 1.4, "dots": 2.5 if few else 4, "head": 8},
            opacity=0.6 if few else 1.0,
            **shared,
        ),
        Curve(
            name=f"loss {batch}",
            grab="examples",
            axes=axes.losses,
            x=runs.seen[batch],
            y=Rows(excess, by=by_rate),
            widths={"line": 1.2 if few else 2, "head": 11},
            **shared,
        ),
    ]


def _verdict(runs: MinibatchRuns, batch: int, rate: int) -> str:
    """Say how a whole run ends: near the minimum the noise keeps the loss up by about γ·σ²·tr H / 2B."""
    excess, size, n = runs.excess[batch][rate], runs.batch_sizes[batch], len(runs.dataset.y)
    late = excess[-(len(excess) // 4 + 1) :].mean()
    if not late < excess[0]:
        return word("deep_diverges")
    X, y = runs.dataset.X.double(), runs.dataset.y.double()
    lowest = mse(X, y, nearest_minimum(runs.dataset)).item()
    noise = runs.rates[rate] * lowest * hessian(runs.dataset).trace().item() / (2 * size) * (1 - size / n)
    if late < 4 * noise:
        return word("deep_wanders")
    return word("deep_arrives") if excess[-1] < 1e-2 * excess[0] else word("deep_on_its_way")


def _caption(runs: MinibatchRuns) -> Caption:
    states = [
        (trace.weights[steps].tolist(), excess[steps].tolist())
        for traces, steps, excesses in zip(runs.traces, runs.steps, runs.excess, strict=True)
        for trace, excess in zip(traces, excesses, strict=True)
    ]
    by_run, by_state = ("batch", "learning_rate"), ("batch", "learning_rate", "examples")
    pairs = product(range(len(runs.batch_sizes)), range(N_LEARNING_RATES))
    return Caption(
        word("deep_minibatch_words"),
        {
            "batch": Rows(runs.batch_sizes, by=("batch",)),
            "n": len(runs.dataset.y),
            "epochs": runs.n_epochs,
            "rate": Rows([f"{rate:.3g}" for rate in runs.rates], by=("learning_rate",)),
            "examples": Rows(runs.stops, by=("examples",)),
            "steps": Rows([step for steps in runs.steps for step in steps], by=("batch", "examples")),
            "weights": Rows([_weights(w) for weights, _ in states for w in weights], by=by_state),
            "excess": Rows([_excess_text(one) for _, excess in states for one in excess], by=by_state),
            "verdict": Rows([_verdict(runs, *pair) for pair in pairs], by=by_run),
        },
    )


def _weights(weights: Sequence[float]) -> str:
    return f"({', '.join(f'{weight:.2f}' if abs(weight) < 100 else '∞' for weight in weights)})"


def _excess_text(excess: float) -> str:
    return f"{excess:.4f}" if excess < 1 else f"{excess:.2f}" if excess < 100 else "∞"
