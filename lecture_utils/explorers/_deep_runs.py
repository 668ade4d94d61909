"""What the deep-network explorer shows: networks trained on a plane, with what they say of its points meanwhile."""

import io
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from contourpy import contour_generator
from IPython.display import clear_output
from PIL import Image
from torch import Tensor, nn
from tqdm.auto import tqdm

from lecture_utils.datasets import ClassificationDataset
from lecture_utils.explorers._explorer import stops
from lecture_utils.explorers._networks import TrainingTrace, loss_and_errors, multilayer_perceptron, training
from lecture_utils.plots._axes import probability_colors

LOOK_EVERY = 5
MAX_STOPS = 41
#: How many points of the plane the network is asked about, across and up.
GRID = (80, 62)
#: The plane's width by its height.
RATIO = 4.6 / 3.55
#: Of the small maps of what the hidden neurons see.
SMALL_GRID = (20, 15)
#: The largest network whose hidden neurons are shown.
SMALL_HIDDEN = 3
_SHADES, _FEW_SHADES = 48, 16
_LINE_POINTS = 260


@dataclass(frozen=True, eq=False, kw_only=True)
class PlaneRun:
    """One network's training, and its scores of the points of the plane at those rows of the trace that are shown.

    Attributes
    ----------
    trace : TrainingTrace
        Both losses, every few epochs.
    rows : list of int
        The rows of the trace that are shown.
    scores : ndarray, shape (n_rows, GRID[1], GRID[0])
        The score of class 1 at each point, from the lowest left one.
    example_losses : ndarray, shape (n_rows, n_examples)
        The cross-entropy of each training example.
    neurons : ndarray, shape (n_rows, n_neurons, SMALL_GRID[1], SMALL_GRID[0])
        What each hidden neuron of a small network adds up before its tanh, layer by layer; none of a large one.
    """

    trace: TrainingTrace
    rows: list[int]
    scores: np.ndarray
    example_losses: np.ndarray
    neurons: np.ndarray

    @property
    def shares(self) -> np.ndarray:
        """Which part of the training loss each example makes up, 0 of no loss: shape (n_rows, n_examples)."""
        losses = self.example_losses.astype(float)
        total = losses.sum(axis=1, keepdims=True)
        return np.divide(losses, total, out=np.zeros_like(losses), where=np.isfinite(total) & (total > 0))

    @property
    def epochs(self) -> list[int]:
        """After how many epochs each row that is shown stands."""
        return self.trace.epochs[self.rows].tolist()

    @property
    def best(self) -> int:
        """The row of the trace with the lowest held-out loss of those that are shown."""
        return min(self.rows, key=self.trace.held_out_losses.__getitem__)


def looks(n_epochs: int) -> list[int]:
    """Return after which epochs to look at the losses: every fifth, and the last."""
    return [*range(0, n_epochs, LOOK_EVERY), n_epochs]


def plane(dataset: ClassificationDataset) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the limits of both axes of a plane of the usual ratio, in which all training examples lie."""
    low, high = dataset.X.min(dim=0).values, dataset.X.max(dim=0).values
    centre, reach = (low + high) / 2, 0.56 * (high - low).clamp(min=1e-3)
    across = max(reach[0].item(), RATIO * reach[1].item())
    (x, y), (right, up) = centre.tolist(), (across, across / RATIO)
    return (x - right, x + right), (y - up, y + up)


def grid_points(
    limits: tuple[tuple[float, float], tuple[float, float]], grid: tuple[int, int] = GRID
) -> tuple[np.ndarray, np.ndarray]:
    """Return the coordinates of the points of the plane along each axis: the middles of the pixels of its image."""
    return tuple(
        low + (high - low) * (np.arange(count) + 0.5) / count for (low, high), count in zip(limits, grid, strict=True)
    )


def train_on_plane(
    sizes: Sequence[int], dataset: ClassificationDataset, *, n_epochs: int, seed: int, done: Callable[[int], object]
) -> dict[int, PlaneRun]:
    """Train a network of each size; call `done` with how many epochs have been trained since it was last called."""
    points, few_points = (_all_points(plane(dataset), grid) for grid in (GRID, SMALL_GRID))
    epochs = looks(n_epochs)
    rows = stops((len(epochs) - 1) * np.linspace(0, 1, MAX_STOPS) ** 2)
    models = [multilayer_perceptron(hidden, seed=seed) for hidden in sizes]
    parts, seen = [[] for _ in models], [[] for _ in models]
    when = (epoch for epoch in training(models, dataset, n_epochs=n_epochs) if epoch in epochs)
    for row, epoch in enumerate(when):
        for model, losses, looked in zip(models, parts, seen, strict=True):
            held_out = loss_and_errors(model, dataset.X_held_out, dataset.y_held_out)
            losses.append((*loss_and_errors(model, dataset.X, dataset.y), *held_out))
            if row in rows:
                looked.append(_look_at(model, dataset, points, few_points))
        done(epoch - epochs[max(0, row - 1)])
    return {hidden: _run(hidden, epochs, rows, *of) for hidden, *of in zip(sizes, parts, seen, strict=True)}


def _run(hidden: int, epochs: list[int], rows: list[int], losses: list[tuple], looked: list[tuple]) -> PlaneRun:
    columns = [torch.tensor(column) for column in zip(*losses, strict=True)]
    names = ("training_losses", "training_errors", "held_out_losses", "held_out_errors")
    trace = TrainingTrace(hidden=hidden, epochs=torch.tensor(epochs), **dict(zip(names, columns, strict=True)))
    scores, example_losses, neurons = map(np.stack, zip(*looked, strict=True))
    return PlaneRun(trace=trace, rows=rows, scores=scores, example_losses=example_losses, neurons=neurons)


def _all_points(limits: tuple[tuple[float, float], tuple[float, float]], grid: tuple[int, int]) -> Tensor:
    points = np.stack(np.meshgrid(*grid_points(limits, grid)), axis=-1).reshape(-1, 2)
    return torch.tensor(points, dtype=torch.float32)


@torch.no_grad()
def _look_at(model: nn.Module, dataset: ClassificationDataset, points: Tensor, few_points: Tensor) -> tuple:
    """Return the scores of the points, the losses of the training examples, and what the hidden neurons add up."""
    losses = nn.functional.binary_cross_entropy_with_logits(model(dataset.X).squeeze(1), dataset.y, reduction="none")
    neurons, a = [torch.empty(0, len(few_points))], few_points
    for module in list(model.children())[:-1]:
        a = module(a)
        if isinstance(module, nn.Linear) and module.out_features <= SMALL_HIDDEN:
            neurons.append(a.T)
    maps = torch.cat(neurons).reshape(-1, SMALL_GRID[1], SMALL_GRID[0])
    return model(points).reshape(GRID[1], GRID[0]).numpy(), losses.numpy(), maps.numpy()


@contextmanager
def progress(total: int) -> Iterator[Callable[[int], object]]:
    """Show a bar if the work takes longer than two seconds, and leave no trace of it."""
    with tqdm(total=total, leave=False, delay=2, disable="TQDM_DISABLE" in os.environ) as bar:
        yield bar.update
    if getattr(bar, "displayed", False):  # in a notebook, a closed bar would stay in the output as a line of text
        clear_output()


def neuron_png(sums: np.ndarray) -> bytes:
    """Return the plane coloured by tanh of the sums, from purple at −1 to gold at 1, as a tiny PNG."""
    return image_png(2 * sums, shades=_FEW_SHADES)  # tanh(z) = 2·sigmoid(2z) − 1


def image_png(scores: np.ndarray, *, shades: int = _SHADES) -> bytes:
    """Return the plane coloured by the probability of class 1 as a small PNG: scores of shape (height, width)."""
    probability = torch.sigmoid(torch.from_numpy(scores)).numpy()
    image = Image.fromarray(np.round(probability[::-1] * (shades - 1)).astype(np.uint8))
    image.putpalette(_palette(shades))
    buffer = io.BytesIO()
    image.save(buffer, "png", optimize=True)
    return buffer.getvalue()


@cache
def _palette(shades: int) -> bytes:
    return (255 * probability_colors()(np.linspace(0, 1, shades))[:, :3]).round().astype(np.uint8).tobytes()


def boundary_points(limits: tuple[tuple[float, float], tuple[float, float]], scores: np.ndarray) -> np.ndarray:
    """Return the lines on which the score is zero, with NaN between them: shape (260, 2), NaN at the end."""
    lines = contour_generator(*grid_points(limits), scores).lines(0.0)
    gap = np.full((1, 2), np.nan)
    every = 1
    while sum(-(-len(line) // every) + 2 for line in lines) > _LINE_POINTS:  # too many: keep each second, third, …
        every += 1
    thinned = [part for line in lines for part in (line[:-1:every], line[-1:], gap)]
    points = np.concatenate([*thinned, gap])
    return np.concatenate([points, np.tile(gap, (_LINE_POINTS, 1))])[:_LINE_POINTS]
