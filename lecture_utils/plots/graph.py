"""Draws the graph of a computation on given axes: layers from left to right, gradients below the nodes."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path
from matplotlib.text import Text

from lecture_utils._look.style import FORWARD, GRADIENT, INK, MUTED
from lecture_utils._require import require_axes, require_count, require_instance
from lecture_utils.graphs import Graph, Node
from lecture_utils.plots._graph_layout import Layout, layered

Point = tuple[float, float]

_LINE = 0.24  # all lengths are inches: the height of a line of text …
_LETTER = 0.112  # … the width of a letter …
_GAP = 0.55  # … the room between two columns …
_BOX = 2.6 * _LINE  # … and the height of a box
_FONTSIZE = 13
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
        drawn.boxes.append(_draw_box(ax, node, (x, y), width=plan.widths[column]))
        drawn.nodes.append(_write(ax, (x, y), _node_lines(node), va="center", color=INK))
        if node.gradient is not None:
            top = (x, y - _BOX / 2 - 0.3 * _LINE)
            drawn.gradients.append(_write(ax, top, _gradient_lines(node), va="top", color=GRADIENT))
    for way, entry in zip(plan.layout.edges, _entries(graph, plan.layout), strict=True):
        spans = [
            (plan.middles[column] - plan.widths[column] / 2, plan.middles[column] + plan.widths[column] / 2)
            for column, _ in way
        ]
        heights = [plan.height(row) for _, row in way]
        heights[-1] += entry * 0.5 * _LINE
        drawn.ways.append(_way(spans, heights))
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
        letters[column] = max([letters[column], *map(len, _node_lines(node) + _gradient_lines(node))])
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


def _node_lines(node: Node) -> list[str]:
    called = [part for part in (node.name, node.operation) if part is not None]
    return [" = ".join(called) or "?", *([] if node.shape is None else [str(node.shape)])]


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


def _draw_box(ax: Axes, node: Node, middle: Point, *, width: float) -> FancyBboxPatch:

    is_leaf = node.operation is None
    corner = (middle[0] - width / 2, middle[1] - _BOX / 2)
    style = f"round,pad=0,rounding_size={_BOX / 2 if is_leaf else 0.06}"
    colors = {"edgecolor": FORWARD, "facecolor": "#e7f4ec"} if is_leaf else {"edgecolor": MUTED, "facecolor": "#f3f5f7"}
    box = FancyBboxPatch(corner, width, _BOX, boxstyle=style, linewidth=1.6, **colors)
    ax.add_patch(box)
    return box


def _write(ax: Axes, place: Point, lines: list[str], *, va: str, color: str) -> Text:
    text = "\n".join(lines)
    return ax.text(
        *place, text, ha="center", va=va, fontsize=_FONTSIZE, color=color, linespacing=1.15, parse_math=False
    )


def _entries(graph: Graph, layout: Layout) -> list[float]:
    """Return how far from the middle of its target each edge ends, so that edges to one node stay apart."""
    arriving = defaultdict(list)
    for edge, (_, target) in enumerate(graph.edges):
        arriving[target].append(edge)
    entries = [0.0] * len(graph.edges)
    for edges in arriving.values():
        edges.sort(key=lambda edge: layout.edges[edge][-2][1])  # the upper one enters above
        for place, edge in enumerate(edges):
            entries[edge] = (len(edges) - 1) / 2 - place
    return entries


def _way(spans: list[Point], heights: list[float]) -> Path:
    """Return the way of an edge: straight through each column (a span of it, at a height), bent between two."""
    points, codes = [(spans[0][1], heights[0])], [Path.MOVETO]
    for (left, right), height in zip(spans[1:], heights[1:], strict=True):
        x, y = points[-1]
        points += [((x + left) / 2, y), ((x + left) / 2, height), (left, height), (right, height)]
        codes += [Path.CURVE4] * 3 + [Path.LINETO]
    return Path(points[:-1], codes[:-1])  # the last span is the box itself


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
