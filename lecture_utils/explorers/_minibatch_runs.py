"""What the mini-batch explorer shows: one dataset's runs with several batch sizes, at all learning rates."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from lecture_utils.datasets import Dataset
from lecture_utils.descent import hessian, stability_limit
from lecture_utils.explorers._explorer import stops
from lecture_utils.explorers._regression import Box, nearest_minimum
from lecture_utils.minibatch import MiniBatchTrace, mini_batch_sweep

N_LEARNING_RATES = 22
N_STOPS = 41


class MinibatchRuns(NamedTuple):
    """One dataset's runs with all batch sizes and learning rates; by batch size unless said otherwise.

    `excess` is how far each loss is above the minimum, (n_rates, n_steps + 1); `seen` how many examples have been seen
    after each step; `stops` the numbers of examples that are shown, the same for all; `steps` the steps made by then.
    """

    dataset: Dataset
    batch_sizes: Sequence[int]
    n_epochs: int
    rates: np.ndarray
    traces: list[list[MiniBatchTrace]]
    excess: list[np.ndarray]
    seen: list[np.ndarray]
    stops: list[int]
    steps: list[list[int]]


def run_all_sizes(dataset: Dataset, batch_sizes: Sequence[int], *, n_epochs: int, seed: int) -> MinibatchRuns:
    """Run descent on a dataset with every batch size and every learning rate of its scale."""
    limit, n = stability_limit(dataset), len(dataset.y)
    rates = np.geomspace(limit / 200, 1.1 * limit, N_LEARNING_RATES)
    traces = [
        mini_batch_sweep(dataset, batch_size=size, learning_rates=rates.tolist(), n_epochs=n_epochs, seed=seed)
        for size in batch_sizes
    ]
    shown = stops(np.geomspace(1, n_epochs * n + 1, N_STOPS) - 1)
    seen = [_examples_seen(n, batch_size=size, n_epochs=n_epochs) for size in batch_sizes]
    return MinibatchRuns(
        dataset=dataset,
        batch_sizes=batch_sizes,
        n_epochs=n_epochs,
        rates=rates,
        traces=traces,
        excess=[excess_loss(dataset, torch.stack([trace.weights for trace in by_rate])).numpy() for by_rate in traces],
        seen=seen,
        stops=shown,
        steps=[(np.searchsorted(examples, shown, side="right") - 1).tolist() for examples in seen],
    )


def excess_loss(dataset: Dataset, weights: Tensor) -> Tensor:
    """Return how far the loss is above its minimum: e·H·e / 2, which loses no digits near the minimum."""
    error = weights.double() - nearest_minimum(dataset)
    return ((error @ hessian(dataset)) * error).sum(dim=-1) / 2


def _examples_seen(n: int, *, batch_size: int, n_epochs: int) -> np.ndarray:
    """Return how many of n examples a pass have been seen after each step."""
    per_epoch = -(-n // batch_size)
    epochs, batches = np.divmod(np.arange(n_epochs * per_epoch + 1), per_epoch)
    return epochs * n + np.minimum(batches * batch_size, n)


def weights_box(minimum: Tensor) -> Box:
    """Return the lower and upper corner of the weights that are drawn."""
    far = 0.45 * minimum.abs().max()
    return torch.clamp(minimum, max=0) - far, torch.clamp(minimum, min=0) + far
