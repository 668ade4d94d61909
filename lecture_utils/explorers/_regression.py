"""What both explorers of linear regression share: the minimum of the loss, what to draw around it, how to say it."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from lecture_utils._require import LARGEST, SMALLEST
from lecture_utils.datasets import Dataset
from lecture_utils.descent import hessian, stability_limit, start_weights

Box = tuple[Tensor, Tensor]


def nearest_minimum(dataset: Dataset, start: Tensor | Sequence[float] | None = None) -> Tensor:
    """Return the minimum of the loss that gradient descent from `start` runs to: float64, shape (n_features,).

    A feature that never varies leaves its weight where it started; so this is the minimum nearest to the start.
    """
    X, y, w = dataset.X.double(), dataset.y.double(), start_weights(dataset, start).double()
    return w + torch.linalg.pinv(X) @ (y - X @ w)


def bounding_box(dataset: Dataset, start: Tensor | Sequence[float] | None = None) -> Box:
    """Return the lower and upper corner of a box that no converging run from `start` leaves: float64, (n_features,).

    Below the stability limit the error along each eigenvector of the Hessian never grows past its first value.
    """
    minimum = nearest_minimum(dataset, start)
    _, eigenvectors = torch.linalg.eigh(hessian(dataset))
    error = (start_weights(dataset, start).double() - minimum) @ eigenvectors
    distance = eigenvectors.abs() @ error.abs()
    return minimum - distance, minimum + distance


def weights_grid(box: Box, *, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    """Return 80 values of each of two weights across the box, and all their pairs, shape (80, 80, 2)."""
    w1, w2 = (torch.linspace(low, high, 80, dtype=dtype) for low, high in zip(*map(Tensor.tolist, box), strict=True))
    return w1, w2, torch.stack(torch.meshgrid(w1, w2, indexing="xy"), dim=-1)


def require_range(dataset: Dataset, name: str, box: Box) -> None:
    """Raise unless float32 holds the learning rates of `dataset`, and its losses and gradients in the box."""
    limit, X = stability_limit(dataset), dataset.X.double().abs()
    residual = (X @ torch.maximum(*(corner.abs() for corner in box)) + dataset.y.double().abs()).max().item()
    if not 1e3 * SMALLEST < limit < LARGEST / 1e3 or residual * max(residual, X.max().item()) > LARGEST / 1e3:
        raise ValueError(f"{name} must have X and y of a size whose learning rates and losses float32 can hold")


def weights_text(weights: Sequence[float]) -> str:
    """Return weights as the caption says them."""
    return f"({', '.join(_number(weight) for weight in weights)})"


def loss_text(loss: float) -> str:
    """Return a loss as the caption says it, with its sign of comparison."""
    # Below this, float32 arithmetic on another processor would print other digits.
    return "< 0.001" if loss < 1e-3 else f"= {_number(loss)}"


def _number(value: float) -> str:
    return f"{value:#.4g}".rstrip(".") if math.isfinite(value) else "∞"
