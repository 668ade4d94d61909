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


class SideBySide:
    """Networks of one depth, trained as one: a step of all costs hardly more than a step of one.

    The narrower ones are filled up with neurons whose weights are all zero: such a neuron says 0, no gradient gets
    past it, and zeros they remain. The networks given become views: they always have the weights trained here.
    """

    def __init__(self, models: Sequence[nn.Module]) -> None:
        linears = [[part for part in model.modules() if isinstance(part, nn.Linear)] for model in models]
        self._layers = [_stacked(layer) for layer in zip(*linears, strict=True)]
        self._velocities = [tuple(map(torch.zeros_like, layer)) for layer in self._layers]

    @torch.no_grad()
    def step(self, X: Tensor, Y: Tensor, *, learning_rate: float, momentum: float) -> None:
        """Make a step with momentum: X of shape (n, 2), Y of shape (n, 1).

        The backward pass is that of notebook 03, written out: of such small networks autograd costs four times more.
        """
        inputs = [X.expand(len(self._layers[0][0]), *X.shape)]
        for weights, biases in self._layers:
            z = torch.baddbmm(biases, inputs[-1], weights.mT)
            inputs.append(z.tanh())
        gradient = (z.sigmoid() - Y) / len(Y)
        for layer, velocities, a in reversed(list(zip(self._layers, self._velocities, inputs[:-1], strict=True))):
            by_layer = gradient.mT @ a, gradient.sum(dim=1, keepdim=True)
            gradient = gradient @ layer[0] * (1 - a * a)
            for value, velocity, by_value in zip(layer, velocities, by_layer, strict=True):
                value.sub_(velocity.mul_(momentum).add_(by_value), alpha=learning_rate)


def _stacked(linears: Sequence[nn.Linear]) -> tuple[Tensor, Tensor]:
    """Return the weights and biases of one layer of each network, of which the modules become views."""
    n_outputs, n_inputs = (max(sizes) for sizes in zip(*(linear.weight.shape for linear in linears), strict=True))
    weights, biases = torch.zeros(len(linears), n_outputs, n_inputs), torch.zeros(len(linears), 1, n_outputs)
    for linear, all_weights, all_biases in zip(linears, weights, biases, strict=True):
        own_weights = all_weights[: linear.out_features, : linear.in_features]
        own_biases = all_biases[0, : linear.out_features]
        linear.weight.data, linear.bias.data = own_weights.copy_(linear.weight.data), own_biases.copy_(linear.bias.data)
    return weights, biases


def training(models: Sequence[nn.Module], dataset: ClassificationDataset, *, n_epochs: int) -> Iterator[int]:
    """Train on the whole training part at once; before each epoch, and after the last, yield how many are done."""
    lines = [model for model in models if isinstance(model, nn.Linear)]
    networks = [model for model in models if model not in lines]
    groups = [SideBySide(group) for group in (lines, networks) if group]
    for epoch in range(n_epochs):
        yield epoch
        for group in groups:
            group.step(dataset.X, dataset.y.unsqueeze(1), learning_rate=0.1, momentum=0.9)
    yield n_epochs


@torch.no_grad()
def loss_and_errors(model: nn.Module, X: Tensor, y: Tensor) -> tuple[float, int]:
    """Return the mean cross-entropy and the number of wrong classes: X of shape (n, 2), y of shape (n,)."""
    scores = model(X).squeeze(1)
    loss = nn.functional.binary_cross_entropy_with_logits(scores, y)
    return loss.item(), int(((scores > 0) != (y == 1)).sum())
