"""Draws the graph of a computation on given axes: layers from left to right, gradients below the nodes."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path
from matplotlib.text import Text

from lecture_utils._look.style import GRADIENT, INK
from lecture_utils._require import require_axes, require_count, require_instance
from lecture_utils.graphs import Graph, Node
from lecture_utils.plots._graph_layout import Layout, layered
from lecture_utils.plots._graph_parts import Point, draw_box, entries, node_lines, path_of, write

_LINE = 0.24  # all lengths are inches: the height of a line of text …
_LETTER = 0.112  # … the width of a letter …
_GAP = 0.55  # … the room between two columns …
_BOX = 2.6 * _LINE  # … and the height of a box
_MAX_LINES_BELOW = 100
_MAX_NODES = 200  # of a larger graph nothing could be read
_ROWS, _COLUMNS = 4, 3  # how much of a gradient is written; the rest is cut


@dataclass(frozen=True, eq=False, kw_only=True)
class Drawn:
    """The artists: a text and a box for each node, a text for each known gradient, an arrow for each edge.

    `ways` are the ways of the arrows, from the value's box to that of what takes it.
    """

    nodes: list[Text]
    boxes: list[FancyBboxPatch]
    gradients: list[Text]
    arrows: list[FancyArrowPatch]
    ways: list[Path]


def graph_size(graph: Graph, *, lines_below: int = 0) -> tuple[float, float]:
    """Return the width and the height, in inches, at which `computation_graph` fits without overlap.

    Raises
    ------
    TypeError
        If `graph` is no Graph, or `lines_below` no whole number.
    ValueError
        If the graph has more than 200 nodes, or `lines_below` is not from 0 to 100.
    """
    return _measured(graph, lines_below).size


def computation_graph(ax: Axes, graph: Graph, *, backward: bool = False, lines_below: int = 0) -> Drawn:
    """Draw the nodes with their shapes, known gradients below them, and arrows along the edges.

    The arrows lead from a value to what takes it; with `backward`, the other way, as gradients flow.
    Below each node, at least `lines_below` lines stay free, or for its gradient.

    Raises
    ------
    TypeError
        If `ax` is no matplotlib axes, or another argument of the wrong type.
    ValueError
        If the graph has more than 200 nodes, or `lines_below` is not from 0 to 100.
    """
    require_axes(ax)
    require_instance(backward, bool, "backward")
    plan = _measured(graph, lines_below)
    ax.set(xlim=(0, plan.size[0]), ylim=(0, plan.size[1]))
    ax.set_axis_off()
    drawn = Drawn(nodes=[], boxes=[], gradients=[], arrows=[], ways=[])
    for node, (column, row) in zip(graph.nodes, plan.layout.nodes, strict=True):
        x, y = plan.middles[column], plan.height(row)
        drawn.boxes.append(draw_box(ax, node, (x, y), size=(plan.widths[column], _BOX), rounding=_BOX / 2))
        drawn.nodes.append(write(ax, (x, y), node_lines(node), va="center", color=INK))
        if node.gradient is not None:
            top = (x, y - _BOX / 2 - 0.3 * _LINE)
            drawn.gradients.append(write(ax, top, _gradient_lines(node), va="top", color=GRADIENT))
    for way, entry in zip(plan.layout.edges, entries(graph, plan.layout), strict=True):
        spans = [
            (plan.middles[column] - plan.widths[column] / 2, plan.middles[column] + plan.widths[column] / 2)
            for column, _ in way
        ]
        heights = [plan.height(row) for _, row in way]
        heights[-1] += entry * 0.5 * _LINE
        drawn.ways.append(path_of(spans, heights))
        drawn.arrows.append(_draw_arrow(ax, drawn.ways[-1], backward=backward))
    return drawn


@dataclass(frozen=True, eq=False, kw_only=True)
class _Measured:
    """A layout in inches: by column, the middle and the width of its boxes; the height of a row; the whole."""

    layout: Layout
    middles: list[float]
    widths: list[float]
    row: float
    size: Point

    def height(self, row: float) -> float:
        """Return where the middle of a box in that row is."""
        return self.size[1] - row * self.row - 0.4 * _LINE - _BOX / 2


def _measured(graph: Graph, lines_below: int) -> _Measured:
    require_instance(graph, Graph, "graph")
    if len(graph.nodes) > _MAX_NODES:
        raise ValueError(f"graph must have at most {_MAX_NODES} nodes, but it has {len(graph.nodes)}")
    require_count(lines_below, "lines_below", least=0, most=_MAX_LINES_BELOW)
    layout, letters = layered(graph), defaultdict(int)
    for (column, _), node in zip(layout.nodes, graph.nodes, strict=True):
        letters[column] = max([letters[column], *map(len, node_lines(node) + _gradient_lines(node))])
    widths = [max(0.85, letters[column] * _LETTER + 0.25) for column in range(layout.n_columns)]
    ends = list(accumulate(width + _GAP for width in widths))
    row = _BOX + (0.9 + max(lines_below, *(len(_gradient_lines(node)) for node in graph.nodes))) * _LINE
    return _Measured(
        layout=layout,
        middles=[end - (width + _GAP) / 2 for end, width in zip(ends, widths, strict=True)],
        widths=widths,
        row=row,
        size=(ends[-1], layout.n_rows * row),
    )


def _gradient_lines(node: Node) -> list[str]:
    if node.gradient is None:
        return []
    gradient = node.gradient.detach().to_dense()
    n_columns = gradient.shape[-1] if gradient.ndim > 1 else 1
    rows = gradient.reshape(-1, n_columns).tolist() if gradient.numel() else []
    lines = [" ".join(_number(value) for value in row[:_COLUMNS]) + " …" * (len(row) > _COLUMNS) for row in rows]
    return [".grad", *lines[:_ROWS], *["…"] * (len(lines) > _ROWS)]


def _number(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")


def _draw_arrow(ax: Axes, way: Path, *, backward: bool) -> FancyArrowPatch:
    codes = way.codes.tolist()
    arrow = FancyArrowPatch(
        path=Path(way.vertices[::-1], codes[:1] + codes[:0:-1]) if backward else way,
        arrowstyle="-|>,head_width=3.5,head_length=6",
        color=GRADIENT if backward else INK,
        linewidth=1.8,
    )
    ax.add_patch(arrow)
    return arrow
