"""Multilayer perceptrons on two classes: training them, and watching both losses meanwhile."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from lecture_utils.datasets import ClassificationDataset


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

    def until(self, row: int) -> "TrainingTrace":
        """Return what was seen up to that row, with it; the first is 0."""
        rows = {name: value[: row + 1] for name, value in vars(self).items() if name != "hidden"}
        return replace(self, **rows)


def multilayer_perceptron(hidden: int, *, seed: int) -> nn.Module:
    """Return a new network on two features, with two hidden layers of `hidden` tanh neurons, and one output.

    The output is the score of class 1; with `hidden` = 0 it is a linear model.
    """
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)  # torch's own manual_seed reaches for every device
        if hidden == 0:
            return nn.Linear(2, 1)
        return nn.Sequential(
            nn.Linear(2, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, 1)
        )


def training(models: Sequence[nn.Module], dataset: ClassificationDataset, *, n_epochs: int) -> Iterator[int]:
    """Train on the whole training part at once; before each epoch, and after the last, yield how many are done.

    All models go one step at a time, which is quicker than one after another, and changes none of them: the sum of
    their losses has the gradient of its own loss for each.
    """
    X, Y = dataset.X, dataset.y.unsqueeze(1)
    loss_function = nn.BCEWithLogitsLoss()
    parameters = [parameter for model in models for parameter in model.parameters()]
    optimizer = torch.optim.SGD(parameters, lr=0.1, momentum=0.9)
    for epoch in range(n_epochs):
        yield epoch
        loss = sum(loss_function(model(X), Y) for model in models)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    yield n_epochs


@torch.no_grad()
def loss_and_errors(model: nn.Module, X: Tensor, y: Tensor) -> tuple[float, int]:
    """Return the mean cross-entropy and the number of wrong classes: X of shape (n, 2), y of shape (n,)."""
    scores = model(X).squeeze(1)
    loss = nn.functional.binary_cross_entropy_with_logits(scores, y)
    return loss.item(), int(((scores > 0) != (y == 1)).sum())
