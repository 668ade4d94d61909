"""Stochastic gradient descent on the mean squared error: each step looks at one mini-batch of the examples."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from lecture_utils._ground import own_ground
from lecture_utils._require import as_rates, brief, require_count, require_instance, require_seed
from lecture_utils.datasets import MAX_EXAMPLES, MAX_STEPS, Dataset
from lecture_utils.descent import Run


@dataclass(frozen=True, eq=False, kw_only=True)
class MiniBatchTrace(Run):
    """A run of stochastic gradient descent, which looks at one mini-batch in each step; see `Run`.

    Attributes
    ----------
    batch_size : int
        How many examples a step looks at.
    """

    batch_size: int


def mini_batches(n_examples: int, *, batch_size: int, n_epochs: int, seed: int = 0) -> Iterator[Tensor]:
    """Yield the rows of each mini-batch: in every epoch, all examples once, in a new random order.

    Parameters
    ----------
    n_examples, batch_size, n_epochs : int
        At least 1 each, and at most 1 000 000 examples; the last batch of an epoch may be smaller than the others.
    seed : int
        Which random orders, from 0 to 2⁶³ − 1; they are the same for every batch size.

    Raises
    ------
    TypeError, ValueError
        If an argument is no whole number in its range.
    """
    require_count(n_examples, "n_examples", most=MAX_EXAMPLES)
    require_count(batch_size, "batch_size")
    require_count(n_epochs, "n_epochs")
    require_seed(seed)
    n, size = int(n_examples), min(int(batch_size), int(n_examples))
    generator = torch.Generator().manual_seed(int(seed))
    return (rows for _ in range(n_epochs) for rows in _in_a_new_order(n, generator).split(size))


@own_ground()
def mini_batch_sweep(
    dataset: Dataset, *, batch_size: int, learning_rates: Sequence[float], n_epochs: int, seed: int = 0
) -> list[MiniBatchTrace]:
    """Run w ← w − γ∇E(w) from zeros, the loss being that of one mini-batch; all learning rates at once.

    Parameters
    ----------
    dataset : Dataset
        What to learn from.
    batch_size : int
        How many examples a step looks at; all of them make a full batch.
    learning_rates : sequence of float
        The learning rates γ, positive and finite; each gets the same mini-batches.
    n_epochs : int
        How many times to go through all examples; at most 1 000 000 steps in all.
    seed : int
        Which random orders.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If a number is out of range.

    Notes
    -----
    As in `gradient_descent`, what diverges ends as inf and NaN.
    """
    require_instance(dataset, Dataset, "dataset")
    learning_rates = as_rates(learning_rates, "learning_rates")
    batches = mini_batches(len(dataset.y), batch_size=batch_size, n_epochs=n_epochs, seed=seed)
    if int(n_epochs) * -(-len(dataset.y) // int(batch_size)) > MAX_STEPS:
        raise ValueError(f"n_epochs must keep to {MAX_STEPS} steps in all, but it is {brief(n_epochs)}")
    rates = torch.tensor(learning_rates, dtype=torch.float32).reshape(-1, 1)
    w = torch.zeros(len(rates), dataset.X.shape[1])
    weights = [w]
    for rows in batches:
        X, y = dataset.X[rows], dataset.y[rows]
        w = w - rates * (2 / len(y) * (w @ X.T - y) @ X)
        weights.append(w)
    weights = torch.stack(weights, dim=1)
    losses = (weights @ dataset.X.T - dataset.y).square().mean(dim=-1)
    return [
        MiniBatchTrace(learning_rate=rate, batch_size=batch_size, weights=weights[i], losses=losses[i])
        for i, rate in enumerate(learning_rates)
    ]


@own_ground()
def _in_a_new_order(n: int, generator: torch.Generator) -> Tensor:
    return torch.randperm(n, generator=generator)
