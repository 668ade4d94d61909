"""Pictures of the forward pass of a small perceptron with two hidden layers."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from lecture_utils._look.style import FORWARD, INK, MUTED
from lecture_utils._words import word
from tools.figures.diagram import box, canvas, label

Point = tuple[float, float]


class Layer(NamedTuple):
    """The weights of one layer, shape (n_in, n_out), and its biases, shape (n_out,)."""

    W: Tensor
    b: Tensor


class ForwardPass(NamedTuple):
    """All the numbers of one forward pass: each layer's values before the activation (z) and after it (a)."""

    x: Tensor
    z1: Tensor
    a1: Tensor
    z2: Tensor
    a2: Tensor
    prediction: Tensor
    error: Tensor


#: The perceptron of notebook 01: two inputs, hidden layers of three and of two neurons, one output.
LAYERS = (
    Layer(torch.tensor([[1.0, -1.0, 0.5], [0.5, 1.0, -1.0]]), torch.tensor([0.0, 0.0, 0.5])),
    Layer(torch.tensor([[1.0, -0.5], [-0.5, 1.0], [2.0, 1.0]]), torch.tensor([0.5, 0.5])),
    Layer(torch.tensor([[1.0], [-1.0]]), torch.tensor([1.0])),
)
#: The observation that notebook 01 sends through it, and its target.
X, Y = torch.tensor([1.0, 2.0]), torch.tensor([3.0])

_SIZES = (len(LAYERS[0].W), *(len(layer.b) for layer in LAYERS))
_BANDS = (1.3, 4.05, 6.8)  # the left edge of each layer's band, which holds the layer's links and neurons
_BAND_WIDTH = 2.65
_COLUMNS = (0.7, *(left + _BAND_WIDTH - 0.72 for left in _BANDS))  # where the neurons stand, the input first


def forward_pass(x: Tensor, y: Tensor) -> ForwardPass:
    """Run the perceptron of notebook 01 on one observation, shape (2,), with its target, shape (1,)."""
    (W1, b1), (W2, b2), (W3, b3) = LAYERS
    z1 = x @ W1 + b1
    a1 = torch.relu(z1)
    z2 = a1 @ W2 + b2
    a2 = torch.relu(z2)
    prediction = a2 @ W3 + b3
    return ForwardPass(x, z1, a1, z2, a2, prediction, (prediction - y) ** 2)


def mlp_two_hidden_layers() -> Figure:
    """Draw the perceptron: its neurons and links, and the shape of everything in it."""
    ax = canvas(9.6, 5.3)
    columns = _neurons(middle=2.75, gap=0.95)
    _layers(ax, columns, top=5.2)
    names = ("x", "a_1", "a_2", r"\hat y")
    for name, places in zip(names, columns, strict=True):
        for index, place in enumerate(places):
            _neuron(ax, place, f"${name}$" if len(places) == 1 else f"${name}$[{index}]")
    for name, x, size in zip(names, _COLUMNS, _SIZES, strict=True):
        label(ax, (x, 0.95), f"${name}$", color=FORWARD)
        label(ax, (x, 0.5), f"({size},)", color=FORWARD)
    for number, (left, layer) in enumerate(zip(_BANDS, LAYERS, strict=True), start=1):
        label(ax, (left + 0.15, 0.95), f"$W_{number}$ {tuple(layer.W.shape)}", ha="left")
        label(ax, (left + 0.15, 0.5), f"$b_{number}$ ({len(layer.b)},)", ha="left")
    return ax.figure


def forward_pass_numbers() -> Figure:
    """Draw one forward pass with all its numbers: weights, values before and after ReLU, prediction, error."""
    ax = canvas(9.6, 5.4)
    numbers = forward_pass(X, Y)
    columns = _neurons(middle=2.98, gap=0.7)
    _layers(ax, columns, top=5.3)
    for place, value in zip(columns[0], numbers.x, strict=True):
        _value(ax, place, _short(value), width=0.7)
    for places, z, a in ((columns[1], numbers.z1, numbers.a1), (columns[2], numbers.z2, numbers.a2)):
        for place, before, after in zip(places, z, a, strict=True):
            _value(ax, place, f"{_short(before)} → {_short(after)}", silent=bool(after == 0))
    _value(ax, columns[3][0], _short(numbers.prediction), width=0.9)
    names = ("$x$", r"$z_1 \to a_1$", r"$z_2 \to a_2$", r"$\hat y$")
    for name, places in zip(names, columns, strict=True):
        label(ax, (places[0][0], places[0][1] + 0.52), name, color=FORWARD)
    label(ax, (_COLUMNS[3], 2.46), f"$y$ = {_short(Y)}")
    label(ax, (_COLUMNS[3], 2.06), f"$E$ = {_short(numbers.error)}")
    for number, (left, layer) in enumerate(zip(_BANDS, LAYERS, strict=True), start=1):
        _parameters(ax, left + _BAND_WIDTH / 2, layer, number)
    return ax.figure


def _neurons(*, middle: float, gap: float) -> list[list[Point]]:
    """Return the places of the neurons, layer by layer, the input first."""
    return [
        [(x, middle + gap * ((size - 1) / 2 - row)) for row in range(size)]
        for x, size in zip(_COLUMNS, _SIZES, strict=True)
    ]


def _layers(ax: Axes, columns: Sequence[Sequence[Point]], *, top: float) -> None:
    """Draw what all pictures of the perceptron share: a band for each layer with its name, and the links."""
    from matplotlib.patches import FancyBboxPatch

    names = (word("forward_hidden_1"), word("forward_hidden_2"), word("forward_output_layer"))
    label(ax, (_COLUMNS[0], top - 0.28), word("forward_input"), fontsize=19)
    for number, (left, name, argument) in enumerate(zip(_BANDS, names, ("x", "a_1", "a_2"), strict=True), start=1):
        style = "round,pad=0,rounding_size=0.12"
        band = FancyBboxPatch((left, 0.12), _BAND_WIDTH, top - 0.12, boxstyle=style, color="#f0f3f6", zorder=0)
        ax.add_patch(band)
        middle = left + _BAND_WIDTH / 2
        label(ax, (middle, top - 0.28), name, fontsize=19)
        label(ax, (middle, top - 0.66), f"$h^{number}({argument}, w_{number})$", fontsize=19)
    for left, right in pairwise(columns):
        for start in left:
            for end in right:
                ax.plot(*zip(start, end, strict=True), color="#9aa4ae", linewidth=1.6, zorder=1)


def _neuron(ax: Axes, place: Point, text: str) -> None:
    from matplotlib.patches import Circle

    ax.add_patch(Circle(place, 0.41, facecolor="#e7f4ec", edgecolor=FORWARD, linewidth=2, zorder=2))
    label(ax, place, text, fontsize=19)


def _value(ax: Axes, place: Point, text: str, *, width: float = 1.3, silent: bool = False) -> None:
    """Draw a neuron as a box with its numbers; one that is silent has a dashed edge and no colour."""
    fill, color = ("#ffffff", MUTED) if silent else ("#e7f4ec", FORWARD)
    patch = box(ax, place, text, size=(width, 0.54), color=color, fill=fill, fontsize=18)
    patch.set_zorder(2)
    if silent:
        patch.set_linestyle("--")


def _parameters(ax: Axes, middle: float, layer: Layer, number: int) -> None:
    """Write the weights of a layer as a matrix in brackets, and its biases under it."""
    texts = [[_short(value) for value in row] for row in layer.W]
    column = 0.15 + 0.13 * max(len(text) for row in texts for text in row)
    left = middle + 0.36 - column * len(layer.b) / 2  # the name takes 0.72
    bottom = 1.58 - 0.33 * (len(texts) - 1)
    _matrix(ax, f"$W_{number}$ =", texts, (left, 1.58), column)
    _matrix(ax, f"$b_{number}$ =", [[_short(value) for value in layer.b]], (left, bottom - 0.45), column)


def _matrix(ax: Axes, name: str, rows: Sequence[Sequence[str]], corner: Point, column: float) -> None:
    """Write a matrix in brackets; its first row stands at the height of `corner`."""
    left, top = corner
    right, bottom = left + column * len(rows[0]), top - 0.33 * (len(rows) - 1)
    label(ax, (left - 0.14, (top + bottom) / 2), name, ha="right", fontsize=18)
    for row, texts in enumerate(rows):
        for index, text in enumerate(texts):
            label(ax, (left + column * (index + 0.5), top - 0.33 * row), text, fontsize=18)
    for edge, inward in ((left - 0.05, 0.08), (right + 0.05, -0.08)):
        x, y = [edge + inward, edge, edge, edge + inward], [top + 0.15, top + 0.15, bottom - 0.15, bottom - 0.15]
        ax.plot(x, y, color=INK, linewidth=1.4)


def _short(value: Tensor) -> str:
    """Return one number as it is read: no needless zeros, and a true minus."""
    return f"{value.item():g}".replace("-", "−")
