"""Gradient descent on the mean squared error of linear regression, written with the analytic gradient.

E(w) = 1/N · Σ (x_i·w − y_i)²,   ∇E(w) = 2/N · Xᵀ(Xw − y),   H = 2/N · XᵀX.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import torch
from torch import Tensor

from lecture_utils._ground import own_ground
from lecture_utils._require import (
    as_rates,
    real_array,
    require_count,
    require_float32,
    require_floating,
    require_instance,
    require_positive,
)
from lecture_utils.datasets import MAX_STEPS, Dataset


@dataclass(frozen=True, eq=False, kw_only=True)
class Run:
    """What one run of descent went through; row k is the state after k steps.

    Attributes
    ----------
    learning_rate : float
        The learning rate γ of the run.
    weights : Tensor, float32, shape (n_steps + 1, n_features)
        The weights; row 0 is the start.
    losses : Tensor, float32, shape (n_steps + 1,)
        The mean squared error of **all** examples at those weights.
    """

    learning_rate: float
    weights: Tensor
    losses: Tensor

    @property
    def n_steps(self) -> int:
        """The number of updates made."""
        return len(self.losses) - 1

    def until(self, step: int) -> Self:
        """Return the first `step` steps of the run: from 0 to all of them."""
        require_count(step, "step", least=0, most=self.n_steps)
        rows = {name: value[: step + 1] for name, value in vars(self).items() if isinstance(value, Tensor)}
        return replace(self, **rows)


@dataclass(frozen=True, eq=False, kw_only=True)
class Trace(Run):
    """A run of gradient descent, which looks at all examples in each step; see `Run`.

    Attributes
    ----------
    gradients : Tensor, float32, shape (n_steps + 1, n_features)
        The gradient of the loss at the weights of each row: the one that the next step uses.
    """

    gradients: Tensor


def mse(X: Tensor, y: Tensor, weights: Tensor) -> Tensor:
    """Return the mean squared error of each row of weights: shape (..., n_features) → (...).

    Raises
    ------
    TypeError
        If X, y and weights are not tensors of one floating dtype.
    ValueError
        If their shapes do not fit.
    """
    return _residuals(X, y, weights).square().mean(dim=-1)


def mse_gradient(X: Tensor, y: Tensor, weights: Tensor) -> Tensor:
    """Return 2/N · Xᵀ(Xw − y) at each row of weights: shape (..., n_features) → (..., n_features).

    Raises
    ------
    TypeError, ValueError
        As `mse` does.
    """
    residuals = _residuals(X, y, weights)
    return 2 / len(y) * (residuals.unsqueeze(-1) * X).sum(dim=-2)


def _residuals(X: Tensor, y: Tensor, weights: Tensor) -> Tensor:
    require_floating(X, "X")
    require_floating(y, "y", dtype=X.dtype)
    require_floating(weights, "weights", dtype=X.dtype)
    if X.ndim != 2 or not len(X):
        raise ValueError(f"X must have shape (n_examples, n_features), but it has {tuple(X.shape)}")
    if y.shape != X.shape[:1]:
        raise ValueError(f"y must have shape {tuple(X.shape[:1])}, but it has {tuple(y.shape)}")
    if weights.shape[-1:] != X.shape[1:]:
        raise ValueError(f"weights must have shape (..., {X.shape[1]}), but it has {tuple(weights.shape)}")
    # Not weights @ X.T: its order of summation, and so the last bit, depends on how many rows of weights there are.
    return (weights.unsqueeze(-2) * X).sum(dim=-1) - y


def gradient_descent(
    dataset: Dataset, *, learning_rate: float, n_steps: int, start: Tensor | Sequence[float] | None = None
) -> Trace:
    """Run w ← w − γ∇E(w) in float32 and keep every step.

    Parameters
    ----------
    dataset : Dataset
        What to learn from.
    learning_rate : float
        The learning rate γ, positive and finite.
    n_steps : int
        The number of updates, from 1 to 1 000 000.
    start : Tensor or sequence of float, shape (n_features,), optional
        The first weights; zeros by default.

    Raises
    ------
    TypeError
        If an argument is of the wrong type, or a tensor of the wrong dtype.
    ValueError
        If an argument is out of range, not finite, or of the wrong shape.

    Notes
    -----
    Above the stability limit the weights grow without bound, and in float32 they end as inf and NaN:
    the trace says so as PyTorch does.
    """
    require_positive(learning_rate, "learning_rate")
    return learning_rate_sweep(dataset, learning_rates=[learning_rate], n_steps=n_steps, start=start)[0]


@own_ground()
def learning_rate_sweep(
    dataset: Dataset,
    *,
    learning_rates: Sequence[float],
    n_steps: int,
    start: Tensor | Sequence[float] | None = None,
) -> list[Trace]:
    """Run `gradient_descent` with many learning rates at once: one row of weights a rate.

    Parameters and errors are those of `gradient_descent`; the traces come in the order of the rates.
    """
    require_instance(dataset, Dataset, "dataset")
    learning_rates = as_rates(learning_rates, "learning_rates")
    require_count(n_steps, "n_steps", most=MAX_STEPS)
    X, y = dataset.X, dataset.y
    rates = torch.tensor(learning_rates, dtype=torch.float32).reshape(-1, 1)
    w = start_weights(dataset, start).repeat(len(rates), 1)
    weights, losses, gradients = [], [], []
    for step in range(n_steps + 1):
        gradient = mse_gradient(X, y, w)
        weights.append(w)
        losses.append(mse(X, y, w))  # here, not at the end for all steps at once: that would fill the memory
        gradients.append(gradient)
        if step < n_steps:
            w = w - rates * gradient
    columns = {"weights": weights, "losses": losses, "gradients": gradients}
    columns = {name: torch.stack(rows, dim=1) for name, rows in columns.items()}
    return [
        Trace(learning_rate=rate, **{name: column[i] for name, column in columns.items()})
        for i, rate in enumerate(learning_rates)
    ]


@own_ground()
def start_weights(dataset: Dataset, start: Tensor | Sequence[float] | None) -> Tensor:
    """Return the weights to start from, `start` or zeros: float32, shape (n_features,).

    Raises
    ------
    TypeError, ValueError
        If `start` is not as many finite numbers as the dataset has features, or a tensor of another dtype, or `dataset`
        is no Dataset.
    """
    require_instance(dataset, Dataset, "dataset")
    shape = dataset.X.shape[1:]
    if start is None:
        return torch.zeros(shape)
    if not isinstance(start, Tensor):
        start = torch.tensor(real_array(start, "start", accepted=f"be {shape[0]} numbers"), dtype=torch.float32)
    require_float32(start, "start", shape=shape)
    return start.detach().cpu()


@own_ground()
def hessian(dataset: Dataset) -> Tensor:
    """Return H = 2/N · XᵀX, the same at all weights: float64, shape (n_features, n_features).

    Raises
    ------
    TypeError
        If `dataset` is no Dataset.
    """
    require_instance(dataset, Dataset, "dataset")
    X = dataset.X.double()
    return 2 / len(X) * X.T @ X


@own_ground()
def stability_limit(dataset: Dataset) -> float:
    """Return 2/λ_max, the learning rate from which on gradient descent does not converge.

    A step multiplies the error along an eigenvector of the Hessian by 1 − γλ, which shrinks it only while γ < 2/λ.
    For data that are all zero there is nothing to learn, and the limit is infinite.

    Raises
    ------
    TypeError
        If `dataset` is no Dataset.
    """
    largest = torch.linalg.eigvalsh(hessian(dataset))[-1].item()
    return 2 / largest if largest > 0 else math.inf
