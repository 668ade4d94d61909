"""Multilayer perceptrons on two classes: training them, and watching both losses meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lecture_utils.datasets import ClassificationDataset, require_count, require_natural, require_positive


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
        """Return what was seen up to that row, with it."""
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
        If `hidden` or `seed` is no whole number of at least 0, or `n_features` none of at least 1.
    """
    require_natural(hidden, "hidden")
    require_natural(seed, "seed")
    require_count(n_features, "n_features")
    with torch.random.fork_rng():
        torch.manual_seed(seed)
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

    Yields
    ------
    int
        How many epochs are done: 0, 1, …, n_epochs.

    Raises
    ------
    TypeError, ValueError
        If `n_epochs` is no whole number of at least 1, or a rate is not positive.
    """
    require_count(n_epochs, "n_epochs")
    require_positive(learning_rate, "learning_rate")
    X, Y = dataset.X, dataset.y.unsqueeze(1)
    loss_function = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum)
    for epoch in range(n_epochs):
        yield epoch
        loss = loss_function(model(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    yield n_epochs


@torch.no_grad()
def loss_and_errors(model: nn.Module, X: Tensor, y: Tensor) -> tuple[float, int]:
    """Return the mean cross-entropy and the number of wrong classes: X of shape (n, n_features), y of shape (n,)."""
    scores = model(X).squeeze(1)
    loss = nn.functional.binary_cross_entropy_with_logits(scores, y)
    return loss.item(), int(((scores > 0) != (y == 1)).sum())
