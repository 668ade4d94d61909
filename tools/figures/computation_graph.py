"""The picture of one computation as a graph, with its values and gradients."""

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lecture_utils._look.diagram import arrow, box, canvas, label
from lecture_utils._look.style import FORWARD, GRADIENT, INK
from lecture_utils._words import word

Point = tuple[float, float]

#: What notebook 04 computes E from.
LEAVES = {"w": 3.0, "x": 2.0, "y": 4.0}
_OPERATIONS = (("×", (3.0, 4.1)), ("−", (5.0, 4.1)), ("( )²", (6.9, 4.1)), ("( )²", (5.0, 1.7)), ("+", (7.9, 2.85)))
_LINKS = (
    ((1.45, 4.1), (2.65, 4.1)),
    ((1.1, 2.03), (2.72, 3.75)),
    ((3.35, 4.1), (4.65, 4.1)),
    ((5.0, 3.08), (5.0, 3.75)),
    ((5.35, 4.1), (6.45, 4.1)),
    ((1.45, 1.7), (4.55, 1.7)),
    ((7.1, 3.75), (7.7, 3.2)),
    ((5.45, 1.7), (7.55, 2.7)),
    ((8.25, 2.85), (9.5, 2.85)),
)
# Beside each link, where the value that it carries forward is, and where the gradient that comes back.
_VALUES: dict[str, Point] = {
    "q": (3.98, 4.4),
    "r": (5.87, 4.4),
    "d": (7.86, 3.66),
    "a": (6.62, 2.6),
    "E": (8.87, 3.15),
}
_FROM_LEAVES: tuple[tuple[str, Point], ...] = (
    ("x", (2.05, 4.37)),
    ("w", (1.68, 3.05)),
    ("w", (2.9, 1.97)),
    ("y", (4.8, 3.4)),
)
_GRADIENTS: dict[str, Point] = {
    "q": (3.98, 3.82),
    "r": (5.87, 3.82),
    "d": (6.92, 3.3),
    "a": (6.98, 2.03),
    "E": (8.87, 2.57),
    "x": (2.05, 3.82),
    "w1": (2.4, 2.75),
    "w2": (2.9, 1.42),
    "y": (5.48, 3.4),
}


def _values_and_gradients() -> dict[str, tuple[str, str]]:
    """Return, as texts, the value of each part of E = (w·x − y)² + w² and the derivative of E with respect to it.

    w1 and w2 are what w sends along its two links.
    """
    w, x, y = (torch.tensor(LEAVES[name], requires_grad=True) for name in "wxy")
    w1, w2 = w.clone(), w.clone()
    q = w1 * x
    r = q - y
    d, a = r**2, w2**2
    parts = {"w": w, "x": x, "y": y, "w1": w1, "w2": w2, "q": q, "r": r, "d": d, "a": a, "E": d + a}
    for part in parts.values():
        part.retain_grad()
    parts["E"].backward()
    texts = {name: (f"{part.item():g}", f"{part.grad.item():g}") for name, part in parts.items()}
    return {name: tuple(text.replace("-", "−") for text in pair) for name, pair in texts.items()}


def computation_graph() -> Figure:
    """Draw the graph of E = (w·x − y)² + w²: on each link its value, and below it the gradient that comes back."""
    ax = canvas(9.6, 5.4)
    numbers = _values_and_gradients()
    label(ax, (4.8, 5.05), "$E = (w \\cdot x - y)^2 + w^2$", fontsize=23)
    _nodes(ax, numbers)
    for start, end in _LINKS:
        arrow(ax, start, end)
    for name, place in _VALUES.items():
        label(ax, place, f"${name} = {numbers[name][0]}$", color=FORWARD)
    for name, place in _FROM_LEAVES:
        label(ax, place, numbers[name][0], color=FORWARD)
    for name, place in _GRADIENTS.items():
        label(ax, place, f"∇ {numbers[name][1]}", color=GRADIENT)
    total = f"∇ {numbers['w1'][1]} + {numbers['w2'][1]} = {numbers['w'][1]}"
    label(ax, (0.15, 1.13), total, color=GRADIENT, ha="left")
    label(ax, (0.15, 0.38), f"$q = {numbers['q'][0]}$", color=FORWARD, ha="left")
    label(ax, (1.05, 0.38), word("autograd_figure_value"), color=FORWARD, ha="left")
    label(ax, (5.1, 0.38), f"∇ {numbers['q'][1]}", color=GRADIENT, ha="left")
    label(ax, (5.75, 0.38), word("autograd_figure_gradient"), color=GRADIENT, ha="left")
    return ax.figure


def _nodes(ax: Axes, numbers: dict[str, tuple[str, str]]) -> None:
    """Draw the leaves, of which only x is a value of the forward pass, and the operations."""
    for name, place in (("x", (0.8, 4.1)), ("w", (0.8, 1.7)), ("y", (5.0, 2.75))):
        color, fill = (FORWARD, "#e7f4ec") if name == "x" else (INK, "#ffffff")
        text = f"${name} = {numbers[name][0]}$"
        box(ax, place, text, size=(1.3, 0.66), color=color, fill=fill, text_color=color)
    for sign, place in _OPERATIONS:
        box(ax, place, sign, size=(0.9 if sign == "( )²" else 0.7, 0.7), fontsize=22)
