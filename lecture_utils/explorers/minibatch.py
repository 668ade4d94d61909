"""Mini-batches by batch size, learning rate and number of examples seen."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from lecture_utils import deep_plots, plots
from lecture_utils.datasets import Dataset, noisy_observations
from lecture_utils.descent import hessian, mse, nearest_minimum, stability_limit
from lecture_utils.explorers.controls import Explorer, buttons, slider, with_label, with_play
from lecture_utils.explorers.descent import require_range
from lecture_utils.i18n import speaking, word
from lecture_utils.live import By, Curve, LivePicture, Words
from lecture_utils.minibatch import MiniBatchTrace, mini_batch_sweep
from lecture_utils.require import as_list, require_count, require_instance, require_seed, shown
from lecture_utils.style import house, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

N_LEARNING_RATES = 22
MAX_EXAMPLES = 4096
MAX_BATCH_SIZES = 8
N_STOPS = 41
_BOTTOM = 1e-5  # of the axis of losses, as a part of the first loss


class MinibatchExplorer(Explorer):
    """Gradient descent by batch size, learning rate and examples seen; see `minibatch_explorer`."""

    def __init__(self, dataset: Dataset, *, batch_sizes: Sequence[int], n_epochs: int, seed: int) -> None:
        self._runs = _Runs(dataset, batch_sizes, n_epochs=n_epochs, seed=seed)
        self.dataset = dataset
        surface, losses = self._runs.axes()
        picture = LivePicture(
            {"batch": len(batch_sizes), "learning_rate": N_LEARNING_RATES, "examples": len(self._runs.stops)},
            backgrounds=By(rows=[surface.figure]),
            marks=[mark for index in range(len(batch_sizes)) for mark in self._runs.marks(index, surface, losses)],
            words=self._runs.words(),
            chosen={
                "batch": len(batch_sizes) // 2,
                "learning_rate": int(np.abs(np.log(self._runs.rates / dataset.learning_rate)).argmin()),
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
            raise ValueError(f"batch_sizes must be at most {n}, the number of observations, but one is {shown(size)}")
    if not batch_sizes or len(set(batch_sizes)) < len(batch_sizes):
        raise ValueError(f"batch_sizes must name at least one size, and none twice, but it is {shown(batch_sizes)}")
    require_count(n_epochs, "n_epochs")
    if int(n_epochs) * n > MAX_EXAMPLES:
        raise ValueError(f"n_epochs must keep to {MAX_EXAMPLES} examples in all, but it is {shown(n_epochs)} times {n}")
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
    require_range(dataset, "dataset", *_box(minimum))


def _box(minimum: Tensor) -> tuple[Tensor, Tensor]:
    """Return the lower and upper corner of the weights that are drawn."""
    far = 0.45 * minimum.abs().max()
    return torch.clamp(minimum, max=0) - far, torch.clamp(minimum, min=0) + far


class _Runs:
    """One dataset's runs with all batch sizes and learning rates."""

    def __init__(self, dataset: Dataset, batch_sizes: Sequence[int], *, n_epochs: int, seed: int) -> None:
        self.dataset, self.batch_sizes, self.n_epochs = dataset, batch_sizes, n_epochs
        limit = stability_limit(dataset)
        self.rates = np.geomspace(limit / 200, 1.1 * limit, N_LEARNING_RATES)
        self.traces = [
            mini_batch_sweep(dataset, batch_size=size, learning_rates=self.rates.tolist(), n_epochs=n_epochs, seed=seed)
            for size in batch_sizes
        ]
        self.stops = examples_to_show(n_epochs * len(dataset.y))
        self.minimum = nearest_minimum(dataset)
        self.lowest = mse(dataset.X.double(), dataset.y.double(), self.minimum).item()
        self.excess = [self._excess(torch.stack([trace.weights for trace in traces])).numpy() for traces in self.traces]
        self.seen = [self._examples_seen(size) for size in batch_sizes]
        self.steps = [(np.searchsorted(seen, self.stops, side="right") - 1).tolist() for seen in self.seen]

    def _excess(self, weights: Tensor) -> Tensor:
        """Return how far the loss is above its minimum: e·H·e / 2, which loses no digits near the minimum."""
        error = weights.double() - self.minimum
        return ((error @ hessian(self.dataset)) * error).sum(dim=-1) / 2

    def _examples_seen(self, size: int) -> np.ndarray:
        """Return how many examples have been seen after each step."""
        n = len(self.dataset.y)
        per_epoch = -(-n // size)
        epochs, batches = np.divmod(np.arange(self.n_epochs * per_epoch + 1), per_epoch)
        return epochs * n + np.minimum(batches * size, n)

    def axes(self) -> "tuple[Axes, Axes]":
        """Draw what does not move; return the axes of the path and of the losses."""
        w1, w2 = (torch.linspace(*ends, 80, dtype=torch.float64) for ends in zip(*_box(self.minimum), strict=True))
        grid = torch.stack(torch.meshgrid(w1, w2, indexing="xy"), dim=-1)
        with house():
            figure = new_figure(9.6, 4.2)
            surface, losses = figure.add_axes((0.085, 0.135, 0.4, 0.84)), figure.add_axes((0.6, 0.135, 0.375, 0.84))
            plots.loss_surface(surface, w1, w2, self._excess(grid))
            plots.minimum(surface, self.minimum)
            deep_plots.examples_axes(losses)
            first, n_examples = self.excess[0][0, 0], self.stops[-1]
            losses.set(xlim=(-0.02 * n_examples, 1.02 * n_examples), ylim=(_BOTTOM * first, 30 * first))
            losses.set_xticks(len(self.dataset.y) * np.arange(0, self.n_epochs + 1, max(1, self.n_epochs // 4)))
        return surface, losses

    def marks(self, index: int, surface: "Axes", losses: "Axes") -> list[Curve]:
        """Return what moves when the choice of the batch size is `index`."""
        size = self.batch_sizes[index]
        weights = torch.stack([trace.weights for trace in self.traces[index]]).double().numpy()
        excess = np.maximum(self.excess[index], losses.get_ylim()[0])
        outside = ~np.isfinite(weights).all(axis=-1) | (excess > losses.get_ylim()[1])
        gone = np.cumsum(outside, axis=1) - outside > 0  # what is left of a diverging run after its first such point
        weights[gone], excess[gone] = np.nan, np.nan
        until = By(by=("examples",), rows=[step + 1 for step in self.steps[index]])
        parts = {"until": until, "when": {"batch": index}}
        by_rate = ("learning_rate",)
        return [
            Curve(
                name=f"path {index}",
                axes=surface,
                x=By(by=by_rate, rows=weights[..., 0]),
                y=By(by=by_rate, rows=weights[..., 1]),
                widths={"line": 1.4, "dots": 4 if size > 4 else 2.5, "head": 11},
                opacity=1.0 if size > 4 else 0.6,
                **parts,
            ),
            Curve(
                name=f"loss {index}",
                axes=losses,
                x=By(rows=[self.seen[index]]),
                y=By(by=by_rate, rows=excess),
                widths={"line": 2 if size > 4 else 1.2, "head": 11},
                **parts,
            ),
        ]

    def verdict(self, batch: int, rate: int) -> str:
        """Say how a whole run ends: near the minimum the noise keeps the loss up by about γ·σ²·tr H / 2B."""
        excess, size, n = self.excess[batch][rate], self.batch_sizes[batch], len(self.dataset.y)
        late = excess[-(len(excess) // 4 + 1) :].mean()
        if not late < excess[0]:
            return word("deep_diverges")
        noise = self.rates[rate] * self.lowest * hessian(self.dataset).trace().item() / (2 * size) * (1 - size / n)
        if late < 4 * noise:
            return word("deep_wanders")
        return word("deep_arrives") if excess[-1] < 1e-2 * excess[0] else word("deep_on_its_way")

    def words(self) -> Words:
        """Return the state in words."""
        by_run, by_state = ("batch", "learning_rate"), ("batch", "learning_rate", "examples")
        shown = [
            (trace.weights[steps].tolist(), excess[steps].tolist())
            for traces, steps, excesses in zip(self.traces, self.steps, self.excess, strict=True)
            for trace, excess in zip(traces, excesses, strict=True)
        ]
        runs = [(batch, rate) for batch in range(len(self.batch_sizes)) for rate in range(N_LEARNING_RATES)]
        fields = {
            "batch": By(by=("batch",), rows=self.batch_sizes),
            "n": By(rows=[len(self.dataset.y)]),
            "epochs": By(rows=[self.n_epochs]),
            "rate": By(by=("learning_rate",), rows=[f"{rate:.3g}" for rate in self.rates]),
            "examples": By(by=("examples",), rows=self.stops),
            "steps": By(by=("batch", "examples"), rows=[step for steps in self.steps for step in steps]),
            "weights": By(by=by_state, rows=[_weights(w) for weights, _ in shown for w in weights]),
            "excess": By(by=by_state, rows=[_excess_text(one) for _, excess in shown for one in excess]),
            "verdict": By(by=by_run, rows=[self.verdict(*run) for run in runs]),
        }
        return Words(template=word("deep_minibatch_words"), fields=fields)


def examples_to_show(n_examples: int) -> list[int]:
    """Return up to 41 growing numbers of examples from 0 to `n_examples`, close together at first."""
    return np.unique(np.round(np.geomspace(1, n_examples + 1, N_STOPS) - 1).astype(int)).tolist()


def _weights(weights: Sequence[float]) -> str:
    return f"({', '.join(f'{weight:.2f}' if abs(weight) < 100 else '∞' for weight in weights)})"


def _excess_text(excess: float) -> str:
    return f"{excess:.4f}" if excess < 1 else f"{excess:.2f}" if excess < 100 else "∞"
