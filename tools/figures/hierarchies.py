"""The picture of the ways in which layers hang together."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lecture_utils._look.diagram import arrow, box, canvas, label
from lecture_utils._look.style import FORWARD, INK, MUTED
from lecture_utils._words import word

Point = tuple[float, float]

_WIDE, _HIGH = 0.85, 0.62  # a layer's box


def layer_hierarchies() -> Figure:
    """Draw three ways in which layers hang together: a chain, a graph with branches, a cycle with its unrolling."""
    ax = canvas(9.6, 5.4)
    label(ax, (0.15, 5.15), word("autograd_figure_acyclic"), ha="left", fontsize=19, color=MUTED)
    label(ax, (0.15, 4.5), word("autograd_figure_chain"), ha="left", fontsize=19)
    label(ax, (0.15, 3.36), word("autograd_figure_branches"), ha="left", fontsize=19)
    ax.plot([0.15, 9.45], [2.55, 2.55], color="#d9dee3", linewidth=1.2)
    label(ax, (0.15, 2.29), word("autograd_figure_loop"), ha="left", fontsize=19, color=MUTED)
    _chain(ax, 4.5)
    _branches(ax, 3.36)
    _cycle(ax, 1.37)
    _unrolled(ax, 1.37)
    return ax.figure


def _box(ax: Axes, place: Point, name: str) -> None:
    """Draw a node: the input is a green value, weights are ink, a layer is grey with its name in ink."""
    color = FORWARD if name in ("x", "a_0") else INK if name == "w" else MUTED
    fill = {FORWARD: "#e7f4ec", INK: "#ffffff", MUTED: "#f3f5f7"}[color]
    look = {"color": color, "fill": fill, "text_color": FORWARD if color == FORWARD else INK}
    box(ax, place, f"${name}$", size=(_WIDE, _HIGH), **look)


def _chain(ax: Axes, height: float) -> None:
    for place, name in enumerate(["x", "h_1", "h_2", "h_3", "E"]):
        _box(ax, (3.3 + 1.4 * place, height), name)
        if place:
            arrow(ax, (2.33 + 1.4 * place, height), (2.87 + 1.4 * place, height))


def _branches(ax: Axes, height: float) -> None:
    places = {"x": (3.3, 0), "h_1": (4.7, 0), "h_2": (6.1, 0.42), "h_3": (6.1, -0.42), "h_4": (7.5, 0), "E": (8.9, 0)}
    for name, (x, shift) in places.items():
        _box(ax, (x, height + shift), name)
    for x in (3.73, 7.93):
        arrow(ax, (x, height), (x + 0.54, height))
    for shift in (0.42, -0.42):
        arrow(ax, (5.13, height + 0.25 * shift), (5.67, height + shift))
        arrow(ax, (6.53, height + shift), (7.07, height + 0.25 * shift))


def _cycle(ax: Axes, height: float) -> None:
    """Draw a layer whose output is its own input, with its weights below."""
    x = 1.3
    _box(ax, (x, height), "h")
    turn = {"arrowstyle": "-|>,head_width=0.4,head_length=0.7", "color": INK, "linewidth": 2.2}
    turn |= {"shrinkA": 0, "shrinkB": 0, "connectionstyle": "arc3,rad=1.5"}
    top = height + _HIGH / 2
    ax.annotate("", xy=(x - 0.25, top), xytext=(x + 0.25, top), arrowprops=turn)
    label(ax, (x + 0.42, height + 0.52), "$a$", color=FORWARD)
    _box(ax, (x, 0.43), "w")
    arrow(ax, (x, 0.74), (x, height - _HIGH / 2))
    label(ax, (2.75, height), "=", fontsize=26)


def _unrolled(ax: Axes, height: float) -> None:
    """Draw the same layer three times in a row: one w enters all of them."""
    layers = (5.15, 6.75, 8.35)
    _box(ax, (3.65, height), "a_0")
    _box(ax, (layers[1], 0.43), "w")
    arrow(ax, (4.08, height), (layers[0] - 0.43, height))
    for number, x in enumerate(layers, start=1):
        _box(ax, (x, height), "h")
        arrow(ax, (x + 0.43, height), (x + 1.17 if number < 3 else 9.5, height))
        label(ax, (x + 0.78, height + 0.27), f"$a_{number}$", color=FORWARD)
        side = 0.43 * (number - 2)  # the arrows leave w at its left end, its top and its right end
        start = (layers[1] + side, 0.74 if number == 2 else 0.52)
        arrow(ax, start, (x - 0.2 * (number - 2), height - _HIGH / 2))
