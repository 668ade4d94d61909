"""What a drawn graph is made of: boxes, texts, and the ways of its edges. All lengths are inches."""

from collections import defaultdict

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch
from matplotlib.path import Path
from matplotlib.text import Text

from lecture_utils._look.style import FORWARD, MUTED
from lecture_utils.graphs import Graph, Node
from lecture_utils.plots._graph_layout import Layout

Point = tuple[float, float]


def node_lines(node: Node) -> list[str]:
    """Return what is written in the box of a node."""
    called = [part for part in (node.name, node.operation) if part is not None]
    return [" = ".join(called) or "?", *([] if node.shape is None else [str(node.shape)])]


def draw_box(ax: Axes, node: Node, middle: Point, *, size: Point, rounding: float) -> FancyBboxPatch:
    """Draw the box of a node: that of a leaf is green, and rounder."""
    is_leaf, (width, height) = node.operation is None, size
    corner = (middle[0] - width / 2, middle[1] - height / 2)
    style = f"round,pad=0,rounding_size={rounding if is_leaf else 0.06}"
    colors = {"edgecolor": FORWARD, "facecolor": "#e7f4ec"} if is_leaf else {"edgecolor": MUTED, "facecolor": "#f3f5f7"}
    box = FancyBboxPatch(corner, width, height, boxstyle=style, linewidth=1.6, **colors)
    ax.add_patch(box)
    return box


def write(ax: Axes, place: Point, lines: list[str], *, va: str, color: str, fontsize: float = 13) -> Text:
    """Write lines of text, which are no formulas, one below another."""
    look = {"fontsize": fontsize, "color": color, "linespacing": 1.15, "parse_math": False}
    return ax.text(*place, "\n".join(lines), ha="center", va=va, **look)


def entries(graph: Graph, layout: Layout) -> list[float]:
    """Return how far from the middle of its target each edge ends, so that edges to one node stay apart."""
    arriving = defaultdict(list)
    for edge, (_, target) in enumerate(graph.edges):
        arriving[target].append(edge)
    found = [0.0] * len(graph.edges)
    for edges in arriving.values():
        edges.sort(key=lambda edge: layout.edges[edge][-2][1])  # the upper one enters above
        for place, edge in enumerate(edges):
            found[edge] = (len(edges) - 1) / 2 - place
    return found


def path_of(spans: list[Point], heights: list[float]) -> Path:
    """Return the way of an edge: straight through each column (a span of it, at a height), bent between two."""
    points, codes = [(spans[0][1], heights[0])], [Path.MOVETO]
    for (left, right), height in zip(spans[1:], heights[1:], strict=True):
        x, y = points[-1]
        points += [((x + left) / 2, y), ((x + left) / 2, height), (left, height), (right, height)]
        codes += [Path.CURVE4] * 3 + [Path.LINETO]
    return Path(points[:-1], codes[:-1])  # the last span is the box itself
