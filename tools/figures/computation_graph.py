"""Pictures of graphs: one computation with its values and gradients, and how layers hang together."""

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lecture_utils._look.style import FORWARD, GRADIENT, MUTED, PATH
from lecture_utils._words import word
from tools.figures.diagram import arrow, box, canvas, label

Point = tuple[float, float]


def _values_and_gradients() -> dict[str, tuple[str, str]]:
    """Return, as texts, the value of each part of E = (w·x − y)² + w² and the derivative of E by it.

    w₁ and w₂ are what w sends along its two links.
    """
    w, x, y = (torch.tensor(number, requires_grad=True) for number in (3.0, 2.0, 4.0))
    w1, w2 = w.clone(), w.clone()
    p = w1 * x
    d = p - y
    q, r = d**2, w2**2
    parts = {"w": w, "x": x, "y": y, "w1": w1, "w2": w2, "p": p, "d": d, "q": q, "r": r, "E": q + r}
    for part in parts.values():
        part.retain_grad()
    parts["E"].backward()
    return {name: (f"{part.item():g}", f"{part.grad.item():g}".replace("-", "−")) for name, part in parts.items()}


def computation_graph() -> Figure:
    """Draw the graph of E = (w·x − y)² + w²: on each link its value, and below it the gradient that comes back."""
    ax = canvas(9.6, 5.4)
    numbers = _values_and_gradients()

    def value(name: str, place: Point, ha: str = "center") -> None:
        label(ax, place, f"${name} = {numbers[name][0]}$", color=FORWARD, ha=ha)

    def gradient(name: str, place: Point, ha: str = "center") -> None:
        label(ax, place, f"∇ {numbers[name][1]}", color=GRADIENT, ha=ha)

    label(ax, (4.8, 5.05), "$E = (w \\cdot x - y)^2 + w^2$", fontsize=23)
    for name, place in (("x", (0.8, 4.1)), ("w", (0.8, 1.7)), ("y", (5.0, 2.75))):
        box(ax, place, "", size=(1.3, 0.66), color=FORWARD, fill="#e7f4ec")
        value(name, place)
    signs = (("×", (3.0, 4.1)), ("−", (5.0, 4.1)), ("( )²", (6.9, 4.1)), ("( )²", (5.0, 1.7)), ("+", (7.9, 2.85)))
    for sign, place in signs:
        box(ax, place, sign, size=(0.9 if sign == "( )²" else 0.7, 0.7), fontsize=22)
    links = (
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
    for start, end in links:
        arrow(ax, start, end)
    for name, place in (("p", (3.98, 4.4)), ("d", (5.87, 4.4)), ("E", (8.87, 3.15))):
        value(name, place)
        gradient(name, (place[0], place[1] - 0.58))
    value("q", (7.5, 3.62), ha="left")
    gradient("q", (7.2, 3.3), ha="right")
    value("r", (6.45, 2.5), ha="right")
    gradient("r", (6.75, 2.0), ha="left")
    gradient("x", (2.05, 3.82))
    gradient("w1", (2.05, 2.75), ha="left")
    gradient("y", (5.12, 3.4), ha="left")
    gradient("w2", (2.9, 1.42))
    total = f"∇ {numbers['w1'][1]} + {numbers['w2'][1]} = {numbers['w'][1]}"
    label(ax, (0.15, 1.13), total, color=GRADIENT, ha="left")
    value("p", (0.15, 0.38), ha="left")
    label(ax, (1.05, 0.38), word("autograd_figure_value"), color=FORWARD, ha="left")
    label(ax, (5.1, 0.38), f"∇ {numbers['p'][1]}", color=GRADIENT, ha="left")
    label(ax, (5.75, 0.38), word("autograd_figure_gradient"), color=GRADIENT, ha="left")
    return ax.figure


def layer_hierarchies() -> Figure:
    """Draw three ways in which layers hang together: a chain, a graph with branches, and a loop with its unrolling."""
    ax = canvas(9.6, 5.4)
    for height, text in (
        (4.65, word("autograd_figure_chain")),
        (2.95, word("autograd_figure_branches")),
        (1.0, word("autograd_figure_loop")),
    ):
        label(ax, (0.15, height), text, ha="left", fontsize=19)
    for height in (3.95, 1.95):
        ax.plot([0.15, 9.45], [height, height], color="#d9dee3", linewidth=1.2)
    _chain(ax, 4.65)
    _branches(ax, 2.95)
    _loop(ax, 0.9)
    return ax.figure


def _layer(ax: Axes, place: Point, name: str, *, color: str = MUTED) -> None:
    box(ax, place, f"${name}$", size=(0.85, 0.62), color=color)


def _chain(ax: Axes, height: float) -> None:
    for place, name in enumerate(["x", "h^1", "h^2", "h^3", "E"]):
        _layer(ax, (3.3 + 1.4 * place, height), name, color=FORWARD if name == "x" else MUTED)
        if place:
            arrow(ax, (2.33 + 1.4 * place, height), (2.87 + 1.4 * place, height))


def _branches(ax: Axes, height: float) -> None:
    places = {"x": (3.3, 0), "h^1": (4.7, 0), "h^2": (6.1, 0.5), "h^3": (6.1, -0.5), "h^4": (7.5, 0), "E": (8.9, 0)}
    for name, (x, shift) in places.items():
        _layer(ax, (x, height + shift), name, color=FORWARD if name == "x" else MUTED)
    for x in (3.73, 7.93):
        arrow(ax, (x, height), (x + 0.54, height))
    for shift in (0.5, -0.5):
        arrow(ax, (5.13, height + 0.25 * shift), (5.67, height + shift))
        arrow(ax, (6.53, height + shift), (7.07, height + 0.25 * shift))


def _loop(ax: Axes, height: float) -> None:
    _layer(ax, (3.3, height), "h", color=PATH)
    ax.annotate(
        "",
        xy=(3.05, height + 0.31),
        xytext=(3.55, height + 0.31),
        arrowprops={
            "arrowstyle": "-|>,head_width=0.4,head_length=0.7",
            "color": PATH,
            "linewidth": 2.2,
            "connectionstyle": "arc3,rad=1.6",
        },
    )
    label(ax, (3.85, height + 0.6), "$w$")
    label(ax, (4.25, height), "=", fontsize=26)
    for step in range(4):
        x = 5.05 + 1.3 * step
        _layer(ax, (x, height), f"h_{step}", color=PATH)
        if step:
            arrow(ax, (x - 0.87, height), (x - 0.43, height), color=PATH)
            label(ax, (x - 0.65, height + 0.35), "$w$")
