"""Multilayer perceptrons on two classes: training them, and watching both losses meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lecture_utils.datasets import ClassificationDataset
from lecture_utils.require import (
    require_between,
    require_classes,
    require_count,
    require_float32,
    require_instance,
    require_natural,
    require_positive,
    require_seed,
    shown,
)

#: How many neurons a layer can have.
MAX_WIDTH = 4096


@dataclass(frozen=True, eq=False, kw_only=True)
class TrainingTrace:
    """What one training went through, each time that somebody looked: all tensors of shape (n_looks,).

    Attributes
    ----------
    hidden : int
        How many neurons each of the two hidden layers has; 0 for a linear model.
    epochs : Tensor of int64
        After how many epochs somebody looked.
    training_losses, held_out_losses : Tensor of float32
        The mean cross-entropy on the training part and on the held-out part.
    training_errors, held_out_errors : Tensor of int64
        How many examples of each part got the wrong class.
    """

    hidden: int
    epochs: Tensor
    training_losses: Tensor
    held_out_losses: Tensor
    training_errors: Tensor
    held_out_errors: Tensor

    @property
    def best(self) -> int:
        """The row with the lowest loss on the held-out part."""
        return int(self.held_out_losses.argmin())

    def until(self, row: int) -> "TrainingTrace":
        """Return what was seen up to that row, with it; the first is 0."""
        require_natural(row, "row", most=len(self.epochs) - 1)
        rows = slice(row + 1)
        return TrainingTrace(
            hidden=self.hidden,
            epochs=self.epochs[rows],
            training_losses=self.training_losses[rows],
            held_out_losses=self.held_out_losses[rows],
            training_errors=self.training_errors[rows],
            held_out_errors=self.held_out_errors[rows],
        )


def multilayer_perceptron(hidden: int, *, n_features: int = 2, seed: int = 0) -> nn.Module:
    """Return a new network with two hidden layers of `hidden` tanh neurons and one output, the score of class 1.

    With `hidden` = 0 it is a linear model. The same seed gives the same starting weights.

    Raises
    ------
    TypeError, ValueError
        If `hidden` is no whole number from 0 to 4096, `n_features` none from 1 to 4096, or `seed` none of at least 0.
    """
    require_natural(hidden, "hidden", most=MAX_WIDTH)
    require_seed(seed)
    require_count(n_features, "n_features", most=MAX_WIDTH)
    with torch.random.fork_rng():
        torch.manual_seed(int(seed))
        if hidden == 0:
            return nn.Linear(n_features, 1)
        return nn.Sequential(
            nn.Linear(n_features, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, 1)
        )


def training(
    model: nn.Module,
    dataset: ClassificationDataset,
    *,
    n_epochs: int,
    learning_rate: float = 0.1,
    momentum: float = 0.9,
) -> Iterator[int]:
    """Train on the whole training part at once; stop before each epoch, and after the last, for the caller to look.

    Returns
    -------
    iterator of int
        How many epochs are done: 0, 1, …, n_epochs.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If `n_epochs` is not at least 1, `learning_rate` not positive, `momentum` not from 0 to 1, or `model` has
        nothing to train; or, at the first step, if `model` does not give one float32 score a row of X.
    """
    require_instance(model, nn.Module, "model")
    if not any(parameter.requires_grad for parameter in model.parameters()):
        raise ValueError("model must have parameters to train, but it has none")
    require_instance(dataset, ClassificationDataset, "dataset")
    require_count(n_epochs, "n_epochs")
    require_positive(learning_rate, "learning_rate")
    require_between(momentum, "momentum", 0, 1)
    return _epochs(model, dataset, n_epochs, float(learning_rate), float(momentum))


def _epochs(
    model: nn.Module, dataset: ClassificationDataset, n_epochs: int, learning_rate: float, momentum: float
) -> Iterator[int]:
    X, Y = dataset.X, dataset.y.unsqueeze(1)
    loss_function = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum)
    for epoch in range(n_epochs):
        yield epoch
        loss = loss_function(_scores(model, X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    yield n_epochs


@torch.no_grad()
def loss_and_errors(model: nn.Module, X: Tensor, y: Tensor) -> tuple[float, int]:
    """Return the mean cross-entropy and the number of wrong classes: X of shape (n, n_features), y of shape (n,).

    Raises
    ------
    TypeError
        If `model` is no network, or X or y no float32 tensor.
    ValueError
        If a shape does not fit, a value is not finite, a class is neither 0 nor 1, or `model` does not give
        one float32 score a row of X.
    """
    require_float32(X, "X")
    if X.ndim != 2 or not len(X):
        raise ValueError(f"X must have shape (n, n_features), but it has {tuple(X.shape)}")
    require_classes(y, "y", shape=X.shape[:1])
    require_instance(model, nn.Module, "model")
    scores = _scores(model, X).squeeze(1)
    loss = nn.functional.binary_cross_entropy_with_logits(scores, y)
    return loss.item(), int(((scores > 0) != (y == 1)).sum())


def _scores(model: nn.Module, X: Tensor) -> Tensor:
    """Return the score that the model gives each row of X, or raise unless that is what it gives."""
    wanted = f"model must turn X of shape {tuple(X.shape)} into float32 scores of shape ({len(X)}, 1)"
    try:
        scores = model(X)
    except Exception as error:  # whatever the layers of the model raise
        raise ValueError(f"{wanted}, but it raises {type(error).__name__}: {error}") from error
    if not isinstance(scores, Tensor):
        raise ValueError(f"{wanted}, but it gives {shown(scores)}")
    if scores.shape != (len(X), 1) or scores.dtype != torch.float32:
        raise ValueError(f"{wanted}, but it gives {tuple(scores.shape)} of {scores.dtype}")
    return scores
