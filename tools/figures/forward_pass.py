"""Pictures of the forward pass of a small perceptron with two hidden layers."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from lecture_utils._look.diagram import box, canvas, label, size_of
from lecture_utils._look.style import FORWARD, INK, MUTED
from lecture_utils._words import word
from tools.figures import perceptron
from tools.figures.perceptron import LAYERS, Layer

Point = tuple[float, float]

SIZES = (len(LAYERS[0].W), *(len(layer.b) for layer in LAYERS))
LINE = 0.33  # the height of a row of a matrix
_BANDS = ((1.3, 2.65), (4.05, 2.65), (6.8, 2.65))  # the left edge and the width of each layer's band
_COLUMNS = (0.7, *(left + width - 0.8 for left, width in _BANDS))  # where the neurons are, the input first


def mlp_two_hidden_layers() -> Figure:
    """Draw the perceptron: its neurons and links, and the shape of everything in it."""
    ax = canvas(9.6, 5.3)
    columns = neurons(_COLUMNS, middle=2.75, gap=0.95)
    _layers(ax, columns, top=5.2)
    names = ("x", "a_1", "a_2", r"\hat y")
    for name, places in zip(names, columns, strict=True):
        for index, place in enumerate(places):
            _neuron(ax, place, f"${name}$" if len(places) == 1 else f"${name}$[{index}]")
    for name, x, size in zip(names, _COLUMNS, SIZES, strict=True):
        label(ax, (x, 0.95), f"${name}$", color=FORWARD)
        label(ax, (x, 0.5), f"({size},)", color=FORWARD)
    for number, ((left, _), layer) in enumerate(zip(_BANDS, perceptron.LAYERS, strict=True), start=1):
        label(ax, (left + 0.1, 0.95), f"$W_{number}$ {tuple(layer.W.shape)}", ha="left")
        label(ax, (left + 0.1, 0.5), f"$b_{number}$ ({len(layer.b)},)", ha="left")
    return ax.figure


def forward_pass_numbers() -> Figure:
    """Draw one forward pass with all its numbers: weights, values before and after ReLU, prediction, error."""
    ax = canvas(9.6, 5.4)
    numbers = perceptron.forward_pass(perceptron.X, perceptron.Y)
    columns = neurons(_COLUMNS, middle=2.98, gap=0.7)
    _layers(ax, columns, top=5.3)
    for place, value in zip(columns[0], numbers.x, strict=True):
        _value(ax, place, short(value), width=0.7)
    for places, z, a in ((columns[1], numbers.z1, numbers.a1), (columns[2], numbers.z2, numbers.a2)):
        for place, before, after in zip(places, z, a, strict=True):
            _value(ax, place, f"{short(before)} → {short(after)}", silent=bool(after == 0))
    _value(ax, columns[3][0], short(numbers.prediction), width=0.9)
    names = ("$x$", r"$z_1 \to a_1$", r"$z_2 \to a_2$", r"$\hat y$")
    for name, places in zip(names, columns, strict=True):
        label(ax, (places[0][0], places[0][1] + 0.52), name, color=FORWARD)
    label(ax, (_COLUMNS[3], 2.46), f"$y$ = {short(perceptron.Y)}")
    label(ax, (_COLUMNS[3], 2.06), f"$E$ = {short(numbers.error)}", color=FORWARD)
    for number, ((left, width), layer) in enumerate(zip(_BANDS, perceptron.LAYERS, strict=True), start=1):
        _parameters(ax, left + width / 2, layer, number)
    return ax.figure


def neurons(columns: Sequence[float], *, middle: float, gap: float) -> list[list[Point]]:
    """Return the places of the neurons, layer by layer, the input first."""
    return [
        [(x, middle + gap * ((size - 1) / 2 - row)) for row in range(size)]
        for x, size in zip(columns, SIZES, strict=True)
    ]


def bands(ax: Axes, places: Sequence[tuple[float, float]], *, top: float) -> None:
    """Draw a band for each layer, given by its left edge and width, with the name of the layer."""
    from matplotlib.patches import FancyBboxPatch

    names = (word("forward_hidden_1"), word("forward_hidden_2"), word("forward_output_layer"))
    for (left, width), name in zip(places, names, strict=True):
        style = "round,pad=0,rounding_size=0.12"
        band = FancyBboxPatch((left, 0.12), width, top - 0.12, boxstyle=style, color="#f0f3f6", zorder=0)
        ax.add_patch(band)
        label(ax, (left + width / 2, top - 0.36), name, fontsize=19, va="baseline")


def _layers(ax: Axes, columns: Sequence[Sequence[Point]], *, top: float) -> None:
    """Draw what both pictures of the forward pass share: the bands, each layer as a function, and the links."""
    bands(ax, _BANDS, top=top)
    label(ax, (_COLUMNS[0], top - 0.36), word("forward_input"), fontsize=19, va="baseline")
    for number, ((left, width), argument) in enumerate(zip(_BANDS, ("x", "a_1", "a_2"), strict=True), start=1):
        label(ax, (left + width / 2, top - 0.66), f"$h_{number}({argument}, w_{number})$", fontsize=19)
    for left, right in pairwise(columns):
        for start in left:
            for end in right:
                ax.plot(*zip(start, end, strict=True), color="#9aa4ae", linewidth=1.6, zorder=1)


def _neuron(ax: Axes, place: Point, text: str) -> None:
    from matplotlib.patches import Circle

    ax.add_patch(Circle(place, 0.41, facecolor="#e7f4ec", edgecolor=FORWARD, linewidth=2, zorder=2))
    label(ax, place, text, fontsize=19, color=FORWARD)


def _value(ax: Axes, place: Point, text: str, *, width: float = 1.45, silent: bool = False) -> None:
    """Draw a neuron as a box with its numbers; one that is silent has a dashed edge and a white ground."""
    fill, color = ("#ffffff", MUTED) if silent else ("#e7f4ec", FORWARD)
    patch = box(ax, place, text, size=(width, 0.54), color=color, fill=fill, fontsize=18, text_color=FORWARD)
    patch.set_zorder(2)
    if silent:
        patch.set_linestyle("--")


def _parameters(ax: Axes, middle: float, layer: Layer, number: int) -> None:
    """Write the weights of a layer as a matrix in brackets, and its biases under it."""
    bottom = 1.58 - LINE * (len(layer.W) - 1)
    matrices(ax, (middle, (1.58, bottom - 0.47)), {f"$W_{number}$": layer.W, f"$b_{number}$": layer.b[None]})


def matrices(
    ax: Axes, place: tuple[float, Point], named: Mapping[str, Tensor], *, color: str = INK, fontsize: float = 18
) -> None:
    """Write two matrices of as many columns, in brackets, about one middle, each from a height of its own down."""
    middle, tops = place
    texts = {f"{name} =": [[short(value) for value in row] for row in values] for name, values in named.items()}
    columns = zip(*(row for rows in texts.values() for row in rows), strict=True)
    widths = [0.15 + max(size_of(cell, fontsize)[0] for cell in column) for column in columns]
    names = 0.14 + max(size_of(name, fontsize)[0] for name in texts)
    left = middle + (names - sum(widths)) / 2
    for top, (name, rows) in zip(tops, texts.items(), strict=True):
        _matrix(ax, name, rows, (left, top), widths=widths, color=color, fontsize=fontsize)


def _matrix(
    ax: Axes,
    name: str,
    rows: Sequence[Sequence[str]],
    corner: Point,
    *,
    widths: Sequence[float],
    color: str,
    fontsize: float,
) -> None:
    """Write a matrix in brackets; its first row is at the height of `corner`."""
    left, top = corner
    right, bottom = left + sum(widths), top - LINE * (len(rows) - 1)
    label(ax, (left - 0.14, (top + bottom) / 2), name, ha="right", fontsize=fontsize, color=color)
    for row, texts in enumerate(rows):
        for index, text in enumerate(texts):
            place = (left + sum(widths[:index]) + widths[index] / 2, top - LINE * row)
            label(ax, place, text, fontsize=fontsize, color=color)
    for edge, inward in ((left - 0.03, 0.08), (right + 0.03, -0.08)):
        x, y = [edge + inward, edge, edge, edge + inward], [top + 0.15, top + 0.15, bottom - 0.15, bottom - 0.15]
        ax.plot(x, y, color=color, linewidth=1.4)


def short(value: Tensor) -> str:
    """Return one number as it is read: no needless zeros, and a true minus."""
    return f"{value.item() + 0.0:g}".replace("-", "−")  # + 0.0, for zero has no sign
