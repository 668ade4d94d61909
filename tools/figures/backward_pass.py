"""The picture of the backward pass through the perceptron of notebook 01: the twin of `forward_pass_numbers`."""

from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from lecture_utils._look.diagram import arrow, box, canvas, formula, label, partial
from lecture_utils._look.style import FORWARD, GRADIENT, INK, INPUT_JACOBIAN, MUTED
from lecture_utils._words import word
from tools.figures import perceptron
from tools.figures.forward_pass import LINE, SIZES, Point, bands, matrices, neurons, short
from tools.figures.perceptron import LayerGradients

_BANDS = ((0.93, 3.06), (4.08, 2.95), (7.12, 2.42))  # the left edge and the width of each layer's band
_WIDE, _NARROW = 2.34, 0.8  # the boxes of neurons with a gate, and of those without
_COLUMNS = (0.47, 2.66, 5.74, 8.33)
_TOP, _FORMULAS, _HEADINGS, _TAKEN, _MATRICES = 5.85, 5.03, 4.33, 2.27, 1.83
_FIRST = 3.66  # the height of the uppermost neuron of the first hidden layer
_GAP, _HEIGHT = 0.58, 0.48


def backward_pass_numbers() -> Figure:
    """Draw one backward pass with all its numbers: arriving gradients, gates of ReLU, gradients of all parameters."""
    ax = canvas(9.6, 5.95)
    forward = perceptron.forward_pass(perceptron.X, perceptron.Y)
    passed = perceptron.backward_pass(perceptron.X, perceptron.Y)
    columns = neurons(_COLUMNS, middle=_FIRST - _GAP, gap=_GAP)
    bands(ax, _BANDS, top=_TOP)
    _links(ax, columns)
    label(ax, (_COLUMNS[0], _TOP - 0.36), word("forward_input"), fontsize=19, va="baseline")
    label(ax, (_COLUMNS[0], _HEADINGS), "$x$", color=FORWARD)
    for place, value in zip(columns[0], forward.x, strict=True):
        box(ax, place, short(value), size=(0.6, _HEIGHT), color=FORWARD, fill="#e7f4ec", text_color=FORWARD)
    for number, (places, layer) in enumerate(zip(columns[1:3], passed[:2], strict=True), start=1):
        _headings(ax, places[0][0], number)
        for place, *numbers in zip(places, layer.g, layer.gate, layer.z, strict=True):
            _gated(ax, place, *numbers)
    _output(ax, _COLUMNS[3], forward, passed[2])
    for number, taken in enumerate((None, forward.a1, forward.a2), start=1):
        _parameters(ax, number, taken, passed[number - 1])
    return ax.figure


def _links(ax: Axes, columns: list[list[Point]]) -> None:
    """Draw the arrows along which gradients come to the hidden layers; none goes on to the input."""
    for index, (left, right) in enumerate(pairwise(columns)):
        for x, y in left:
            for start_x, start_y in right:
                start = start_x - (_WIDE if SIZES[index + 1] > 1 else _NARROW) / 2
                if index:
                    arrow(ax, (start, start_y), (x + _WIDE / 2, y), color=GRADIENT, width=1.4)
                else:
                    ax.plot([x + 0.3, start], [y, start_y], color="#c4cbd2", linewidth=1.4, zorder=1)


def _headings(ax: Axes, x: float, number: int) -> None:
    """Name the three numbers of each box: what is left of the gradient, the gate, what arrives."""
    parts = [(partial("E", f"z_{number}"), GRADIENT), ("$=$", GRADIENT), (rf"$\varphi'(z_{number})$", INPUT_JACOBIAN)]
    formula(ax, (x, _HEADINGS), [*parts, (partial("E", f"a_{number}"), GRADIENT)], fontsize=18, gap=0.11)


def _gated(ax: Axes, place: Point, g: Tensor, gate: Tensor, z: Tensor) -> None:
    """Draw a neuron as a box with its three numbers; a silent one, which gets 0, has a dashed edge."""
    silent = bool(gate == 0)
    edge, fill = (MUTED, "#ffffff") if silent else (GRADIENT, "#e8f0fa")
    patch = box(ax, place, "", size=(_WIDE, _HEIGHT), color=edge, fill=fill)
    patch.set_linestyle("--" if silent else "-")
    arrived = short(g) if g >= 0 else f"({short(g)})"
    parts = [(short(z), GRADIENT), ("=", GRADIENT), (short(gate), INPUT_JACOBIAN), ("·", GRADIENT)]
    formula(ax, place, [*parts, (arrived, GRADIENT)], fontsize=18, gap=0.08)


def _output(ax: Axes, x: float, forward: perceptron.ForwardPass, layer: LayerGradients) -> None:
    """Draw the output, where the backward pass begins: ∂E/∂ŷ = 2(ŷ − y)."""
    height = _FIRST - _GAP
    box(ax, (x, height), short(layer.g), size=(_NARROW, _HEIGHT), color=GRADIENT, fill="#e8f0fa", text_color=GRADIENT)
    parts = [(partial("E", r"\hat y"), GRADIENT), (r"$=$", GRADIENT), (r"$2(\hat y - y)$", INPUT_JACOBIAN)]
    formula(ax, (x, _HEADINGS), parts, fontsize=18, gap=0.1)
    known = [(rf"$\hat y = {short(forward.prediction)}$", FORWARD), (f"$y = {short(perceptron.Y)}$", INK)]
    formula(ax, (x, height - 0.45), known, fontsize=18, gap=0.25)


def _parameters(ax: Axes, number: int, taken: Tensor | None, layer: LayerGradients) -> None:
    """Write the rule for the weights of a layer, what the layer took, and the gradients of its weights and biases."""
    (left, width), into = _BANDS[number - 1], r"\hat y" if number == 3 else f"z_{number}"
    middle, name = left + width / 2, "x" if taken is None else f"a_{number - 1}"
    rule = [(partial("E", f"W_{number}"), GRADIENT), ("$=$", GRADIENT)]
    rule += [(rf"${name}^\top$", FORWARD), (partial("E", into), GRADIENT)]
    formula(ax, (middle, _FORMULAS), rule, fontsize=18, gap=0.1)
    if taken is not None:
        said = f"${name}$ = ({', '.join(short(value) for value in taken)})"
        label(ax, (middle, _TAKEN), said, color=FORWARD, fontsize=18)
    gradients = {partial("E", f"W_{number}"): layer.W, partial("E", f"b_{number}"): layer.b[None]}
    below = _MATRICES - LINE * (len(layer.W) - 1) - 0.55
    matrices(ax, (middle, (_MATRICES, below)), gradients, color=GRADIENT, fontsize=18)
